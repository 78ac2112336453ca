package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"flowpane/static"
	"flowpane/viewer/bundle"
)

// sources are files by the name under which others refer to them.
type sources map[string][]byte

// A file of dist.
type file struct {
	name    string
	content []byte
}

// plain reports whether a file keeps its name: what people and links name, and
// the service worker, which browsers know by its name.
func plain(name string) bool {
	return name == "index.html" || name == serviceWorker || name == noticeName || strings.HasPrefix(name, "samples/")
}

const (
	serviceWorker = "sw.js"
	noticeName    = "NOTICE.txt"
)

// refers reports whether a file may name others.
func refers(name string) bool {
	return name != "wasm_exec.js" && slices.Contains([]string{".html", ".js", ".css", ".svg", ".webmanifest"}, path.Ext(name))
}

// hashed returns the files under their names in dist. A reference is the name
// of a file in quotes or parentheses. A file is named after the files it
// refers to, for its hash depends on their names.
func (s sources) hashed() ([]file, error) {
	done := map[string]file{}
	var visit func(name string, above []string) error
	visit = func(name string, above []string) error {
		if _, ok := done[name]; ok {
			return nil
		}
		if slices.Contains(above, name) {
			return fmt.Errorf("%s refers to itself by way of %s", name, strings.Join(above, ", "))
		}
		content := s[name]
		for _, other := range s.referred(name) {
			if err := visit(other, append(above, name)); err != nil {
				return err
			}
			content = rename(content, other, done[other].name)
		}
		if name == "index.html" {
			content = bytes.ReplaceAll(content, []byte("{{csp}}"), []byte(static.Policy))
			content = bytes.ReplaceAll(content, []byte("{{version}}"), []byte(s.version()))
		}
		done[name] = file{hashedName(name, content), content}
		return nil
	}
	var files []file
	for name := range s {
		if err := visit(name, nil); err != nil {
			return nil, err
		}
		files = append(files, done[name])
	}
	for i := range files {
		if files[i].name == serviceWorker {
			files[i].content = listing(files[i].content, files)
		}
	}
	return files, nil
}

// version says which version of the viewer this is, and what it was built of:
// the same sources and binaries give the same.
func (s sources) version() string {
	build := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s)) {
		sum := sha256.Sum256(s[name])
		fmt.Fprintf(build, "%s %x\n", name, sum)
	}
	return fmt.Sprintf("%s (build %x)", static.Version, build.Sum(nil)[:6])
}

// listed returns the list of files that a copy of the page is made of; see
// viewer/bundle.
func listed(files []file) file {
	var names []string
	for _, f := range files {
		names = append(names, f.name+"\n")
	}
	slices.Sort(names)
	return file{bundle.Files, []byte(strings.Join(names, ""))}
}

// listing returns the service worker with the names of all files but itself, and
// a version that differs wherever one of them does.
func listing(worker []byte, files []file) []byte {
	var names []string
	sums := map[string][32]byte{}
	for _, f := range files {
		if f.name != serviceWorker {
			name := strings.TrimSuffix("./"+f.name, "index.html")
			names = append(names, "'"+name+"'")
			sums[name] = sha256.Sum256(f.content)
		}
	}
	slices.Sort(names)
	version := sha256.New()
	version.Write(worker)
	for _, name := range names {
		sum := sums[strings.Trim(name, "'")]
		version.Write([]byte(name))
		version.Write(sum[:])
	}
	worker = bytes.ReplaceAll(worker, []byte("{{files}}"), []byte(strings.Join(names, ", ")))
	return bytes.ReplaceAll(worker, []byte("{{version}}"), []byte(hex.EncodeToString(version.Sum(nil)[:6])))
}

// referred returns the names that the file called name refers to.
func (s sources) referred(name string) []string {
	var names []string
	if !refers(name) {
		return nil
	}
	for other := range s {
		if other != name && !plain(other) && !bytes.Equal(rename(s[name], other, ""), s[name]) {
			names = append(names, other)
		}
	}
	return names
}

func rename(content []byte, from, to string) []byte {
	for _, marks := range []string{`""`, "''", "()"} {
		open, end := marks[:1], marks[1:]
		content = bytes.ReplaceAll(content, []byte(open+from+end), []byte(open+to+end))
	}
	return content
}

func hashedName(name string, content []byte) string {
	if plain(name) {
		return name
	}
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
}
