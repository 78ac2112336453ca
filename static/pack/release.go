package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Files of a release besides those of the page.
const (
	licenseName = "LICENSE"
	versionName = "VERSION"
	sumsName    = "SHA256SUMS"
)

// release makes a folder for any static host, of the page in src/dist, which has to
// be of the sources in src and the binaries in wasm. The same sources and the same
// Go make the same bytes, wherever and whenever. The folder is made, or has to be
// empty: nothing of before is published with it. It is there as a whole or not at all.
func release(src, wasm, to string) error {
	to = filepath.Clean(to)
	switch there, err := os.ReadDir(to); {
	case len(there) > 0:
		return fmt.Errorf("%s: the folder is not empty", to)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	s, err := read(src, wasm)
	if err != nil {
		return err
	}
	dist := filepath.Join(src, "dist")
	if err := madeOf(dist, s); err != nil {
		return err
	}
	license, err := os.ReadFile(filepath.Join(src, "..", licenseName))
	if err != nil {
		return err
	}
	making := to + ".making"
	defer os.RemoveAll(making)
	err = errors.Join(os.RemoveAll(making), os.CopyFS(making, seen{os.DirFS(dist)}))
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{licenseName: license, versionName: []byte(s.version() + "\n")} {
		if err := os.WriteFile(filepath.Join(making, name), content, 0o644); err != nil {
			return err
		}
	}
	sums, err := checksums(making)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(making, sumsName), sums, 0o644); err != nil {
		return err
	}
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty one
		return err
	}
	return os.Rename(making, to)
}

// madeOf fails unless the page in dist says that it was made of s.
func madeOf(dist string, s sources) error {
	index, err := os.ReadFile(filepath.Join(dist, "index.html"))
	if err != nil {
		return err
	}
	if !strings.Contains(string(index), "Flowpane "+s.version()) {
		return fmt.Errorf("%s is of other sources: it has to be made anew", dist)
	}
	return nil
}

// seen are the files of a folder whose names begin with no dot.
type seen struct{ fs.FS }

// ReadDir implements fs.ReadDirFS.
func (s seen) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(s.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }), err
}

// checksums returns the list of the files in a folder as sha256sum writes it.
func checksums(folder string) ([]byte, error) {
	var list []byte
	files := os.DirFS(folder)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := files.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			return err
		}
		list = fmt.Appendf(list, "%x  %s\n", sum.Sum(nil), name)
		return nil
	})
	return list, err
}
