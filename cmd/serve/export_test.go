package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"flowpane/viewer/bundle"
)

func smallViewer() fstest.MapFS {
	return fstest.MapFS{
		bundle.Files:  {Data: []byte("icons/a.svg\nindex.html\n")},
		"icons/a.svg": {Data: []byte("<svg/>")},
		"index.html":  {Data: []byte(bundle.StartTag)},
		"other.br":    {Data: []byte("not listed")},
	}
}

func TestExport(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "new", "folder")
	var paths []string
	for _, name := range []string{"a b.mitm", "c.har"} {
		path := filepath.Join(from, name)
		if err := os.WriteFile(path, []byte("bytes of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if err := exportWith(smallViewer(), to, paths); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"icons/a.svg": "<svg/>", "sessions/a-b.mitm": "bytes of a b.mitm", "sessions/c.har": "bytes of c.har",
		"index.html": strings.Replace(bundle.StartTag, `""`, `"url=sessions/a-b.mitm&amp;url=sessions/c.har"`, 1),
	}
	err := fs.WalkDir(os.DirFS(to), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(to, name))
		if string(content) != want[name] {
			t.Errorf("%s is %q, want %q", name, content, want[name])
		}
		delete(want, name)
		return err
	})
	if err != nil || len(want) > 0 {
		t.Errorf("missing are %v, %v", want, err)
	}
	if err := exportWith(smallViewer(), to, nil); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a second time: %v", err)
	}
}

// An export serves nothing, and a call that fails says why.
func TestExportFlag(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"-export", dir}, &out, &errs); code != 1 || out.Len() > 0 || !strings.HasPrefix(errs.String(), "serve: ") {
		t.Errorf("code %d, said %q and %q", code, out.String(), errs.String())
	}
}

func TestExportFails(t *testing.T) {
	if err := exportWith(smallViewer(), t.TempDir(), []string{"missing.mitm"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a session that is not there: %v", err)
	}
	if err := exportWith(fstest.MapFS{}, t.TempDir(), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a viewer that is not built: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := exportWith(smallViewer(), file, nil); err == nil {
		t.Error("a file was taken for a folder")
	}
}
