// Command pack makes static/dist of the sources in static, the two wasm binaries
// and the notice that static/licenses writes: every file under a name that holds a
// hash of its content, each reference to it rewritten, and compressed variants
// beside it. Besides it makes the page in one file, of the sources and whole.wasm,
// and a list of the others.
//
//	go run ./static/pack -wasm build [-quality 5]
//	go run ./static/pack -release build/dist
//	go run ./static/pack -size
//
// With -release it makes, of what is in static/dist, a folder for any static host,
// with the licence, the version and checksums. With -size it makes nothing, and
// fails if a binary or the page in one file is over its budget.
package main

import (
	"errors"
	"flag"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"flowpane/viewer/bundle"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("pack: ")
	src := flag.String("static", "static", "the folder of the page's sources")
	wasm := flag.String("wasm", "build", "the folder of the binaries and of the notice")
	quality := flag.Int("quality", 5, "brotli quality, from 0 to 11: 5 takes seconds, 11 a minute")
	to := flag.String("release", "", "make a `folder` for a static host; it has to be empty, or not there")
	size := flag.Bool("size", false, "measure page.wasm and engine.wasm against their budgets")
	flag.Parse()
	var err error
	switch {
	case *size:
		err = errors.Join(checkSizes(os.Stdout, *wasm, budgets), checkWhole(os.Stdout, *src, *wasm, wholeBudget))
	case *to != "":
		err = release(*src, *wasm, *to)
	default:
		err = pack(*src, *wasm, *quality)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// pack writes dist anew. What the page no longer asks for is removed, so that
// it is not embedded.
func pack(src, wasm string, quality int) error {
	s, err := read(src, wasm)
	if err != nil {
		return err
	}
	files, err := s.hashed()
	if err != nil {
		return err
	}
	whole, err := s.wholeFile(wasm)
	if err != nil {
		return err
	}
	files = append(files, listed(files), whole)
	dist := filepath.Join(src, "dist")
	keep := map[string]bool{".gitkeep": true}
	for _, f := range files {
		written, err := f.write(dist, quality)
		if err != nil {
			return err
		}
		for _, name := range written {
			keep[name] = true
		}
	}
	return removeOthers(dist, keep)
}

// read collects the sources by the name under which the page asks for them.
func read(src, wasm string) (sources, error) {
	s := sources{}
	for _, dir := range []string{".", "icons", "samples"} {
		entries, err := os.ReadDir(filepath.Join(src, dir))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			name := filepath.ToSlash(filepath.Join(dir, e.Name()))
			if e.IsDir() || strings.HasSuffix(name, ".go") {
				continue
			}
			if s[name], err = os.ReadFile(filepath.Join(src, name)); err != nil {
				return nil, err
			}
		}
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	for name, path := range map[string]string{
		"page.wasm":   filepath.Join(wasm, "page.wasm"),
		"engine.wasm": filepath.Join(wasm, "engine.wasm"),
		noticeName:    filepath.Join(wasm, noticeName),
		// It must be of the toolchain that built the binaries.
		"wasm_exec.js": filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js"),
	} {
		if s[name], err = os.ReadFile(path); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// wholeFile returns the page in one file.
func (s sources) wholeFile(wasm string) (file, error) {
	program, err := os.ReadFile(filepath.Join(wasm, "whole.wasm"))
	if err != nil {
		return file{}, err
	}
	page, err := s.whole(program)
	return file{bundle.Template, page}, err
}

func removeOthers(dist string, keep map[string]bool) error {
	return filepath.WalkDir(dist, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dist, path)
		if err != nil || keep[filepath.ToSlash(name)] {
			return err
		}
		return os.Remove(path)
	})
}
