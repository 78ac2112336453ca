package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"

	"flowpane/viewer/bundle"
)

// write writes f into dist, with compressed variants where they are smaller,
// and returns the names written.
func (f file) write(dist string, quality int) ([]string, error) {
	files := map[string][]byte{f.name: f.content}
	if compressible(f.name) {
		br, err := compressed(f.content, quality)
		if err != nil {
			return nil, err
		}
		gz, err := gzipped(f.content)
		if err != nil {
			return nil, err
		}
		files[f.name+".br"], files[f.name+".gz"] = br, gz
	}
	var names []string
	for name, content := range files {
		path := filepath.Join(dist, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// compressible reports whether a file is served compressed. Samples are not:
// ranges of them are asked for. The page in one file is compressed within.
func compressible(name string) bool {
	return name != bundle.Template && slices.Contains([]string{".html", ".js", ".css", ".svg", ".txt", ".wasm", ".webmanifest"}, path.Ext(name)) && name != bundle.Files
}

// gzipped returns content compressed with gzip, as small as that can be.
func gzipped(content []byte) ([]byte, error) {
	return cached(cacheName(content, "gz"), func() ([]byte, error) {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		err = write(w, content)
		return b.Bytes(), err
	})
}

func write(w io.WriteCloser, content []byte) error {
	_, err := w.Write(content)
	return errors.Join(err, w.Close())
}

// compressed returns content compressed with brotli.
func compressed(content []byte, quality int) ([]byte, error) {
	return cached(cacheName(content, fmt.Sprintf("q%d.br", quality)), func() ([]byte, error) {
		var b bytes.Buffer
		err := write(brotli.NewWriterLevel(&b, quality), content)
		return b.Bytes(), err
	})
}

// cached returns what is in the user's cache under a name, or else what is made,
// and keeps that: nothing is compressed twice.
func cached(name string, compress func() ([]byte, error)) ([]byte, error) {
	if b, err := os.ReadFile(name); err == nil {
		return b, nil
	}
	b, err := compress()
	if err != nil {
		return nil, err
	}
	// A cache that cannot be written only costs time.
	_ = keep(name, b)
	return b, nil
}

// keep writes a file whole or not at all: what is in the cache is taken at its
// word, by other builds that run meanwhile as well.
func keep(name string, content []byte) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "part-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := write(f, content); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// cacheName names what content becomes, by content, by how and by what: another
// version of an encoder may write other bytes.
func cacheName(content []byte, how string) string {
	dir, err := cacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	sum := sha256.New()
	io.WriteString(sum, encoders())
	sum.Write(content)
	return filepath.Join(dir, "flowpane", hex.EncodeToString(sum.Sum(nil)[:16])+"."+how)
}

// cacheDir says where the user's cache is. Tests have one of their own, and do not
// move it by $HOME: the go command, which is asked for its root, goes on writing
// there after it has answered.
var cacheDir = os.UserCacheDir

// encoders says which versions compress: those of Go and of the modules.
var encoders = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return runtime.Version()
	}
	versions := info.GoVersion
	for _, m := range info.Deps {
		versions += " " + m.Path + "@" + m.Version
	}
	return versions
})
