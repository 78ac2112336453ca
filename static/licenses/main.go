// Command licenses writes the notice that goes with the viewer wherever it goes:
// which modules are linked into its programs, at which versions, and the texts of
// their licences. It takes them from the module cache, of what `go list` says is
// linked.
//
//	go run ./static/licenses -o build/NOTICE.txt
//
// It fails where a module has no licence, or one that asks for more than to be
// named: whoever adds a module decides on that.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

// A program is one of those that the viewer is made of.
type program struct {
	name         string // for people
	path         string // of its package
	goos, goarch string
}

// programs are all that are built for people. What cmd/serve links differs by
// systems in golang.org/x/sys alone: one stands for all, so that the notice is the
// same wherever it is made.
var programs = []program{
	{"page", "flowpane/wasm/page", "js", "wasm"},
	{"engine", "flowpane/wasm/engine", "js", "wasm"},
	{"page in one file", "flowpane/wasm/whole", "js", "wasm"},
	{"serve", "flowpane/cmd/serve", "linux", "amd64"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("licenses: ")
	out := flag.String("o", filepath.Join("build", "NOTICE.txt"), "the file to write")
	own := flag.String("own", "LICENSE", "the licence of the viewer itself")
	flag.Parse()
	text, err := makeNotice(*own)
	if err == nil {
		err = write(*out, text)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// makeNotice returns the notice of all programs.
func makeNotice(own string) ([]byte, error) {
	license, err := os.ReadFile(own)
	if err != nil {
		return nil, err
	}
	modules, err := linked(programs)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := notice(&b, string(license), modules); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// write writes a file, if it is not there as it would be written.
func write(name string, content []byte) error {
	if before, err := os.ReadFile(name); err == nil && bytes.Equal(before, content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
