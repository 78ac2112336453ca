package main

import (
	"bytes"
	"context"
	"errors"
	"io"
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
	var sessions []bundle.Session
	for _, name := range []string{"a b.mitm", "c.har"} {
		path := filepath.Join(from, name)
		if err := os.WriteFile(path, []byte("bytes of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, bundle.Session{Name: name, Write: copyOf(path)})
	}
	if err := exportWith(t.Context(), smallViewer(), to, sessions); err != nil {
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
	if err := exportWith(t.Context(), smallViewer(), to, nil); err == nil || !strings.Contains(err.Error(), "not empty") {
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
	if err := exportWith(t.Context(), smallViewer(), t.TempDir(), []bundle.Session{{Name: "missing.mitm", Write: copyOf("missing.mitm")}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a session that is not there: %v", err)
	}
	if err := exportWith(t.Context(), fstest.MapFS{}, t.TempDir(), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a viewer that is not built: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := exportWith(t.Context(), smallViewer(), file, nil); err == nil {
		t.Error("a file was taken for a folder")
	}
}

// An export that fails leaves nothing behind: neither what it wrote, nor the
// folders that it made.
func TestExportFailsWhole(t *testing.T) {
	above, there := t.TempDir(), t.TempDir()
	good := bundle.Session{Name: "good.mitm", Write: func(w io.Writer) error { _, err := io.WriteString(w, "good"); return err }}
	bad := bundle.Session{Name: "bad.mitm", Write: func(w io.Writer) error { io.WriteString(w, "half of it"); return fs.ErrInvalid }}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for _, dir := range []string{filepath.Join(above, "new", "folder"), there} {
		if err := exportWith(t.Context(), smallViewer(), dir, []bundle.Session{good, bad}); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("a session that cannot be written: %v", err)
		}
		if err := exportWith(stopped, smallViewer(), dir, []bundle.Session{good}); !errors.Is(err, context.Canceled) {
			t.Errorf("an export that is cancelled: %v", err)
		}
	}
	for _, dir := range []string{above, there} {
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left are %v, %v", left, err)
		}
	}
	if err := exportWith(t.Context(), smallViewer(), there, []bundle.Session{good}); err != nil {
		t.Errorf("after it failed: %v", err)
	}
}

// What is exported holds no secrets, unless it is said that it may.
func TestExportRedacts(t *testing.T) {
	const sample = "../../static/samples/shop.mitm"
	plain, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	for _, s := range []bundle.Session{withoutSecrets(t.Context(), sample, &told), {Name: "shop.mitm", Write: copyOf(sample)}} {
		to := t.TempDir()
		if err := exportWith(t.Context(), smallViewer(), to, []bundle.Session{s}); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(filepath.Join(to, "sessions", s.Name))
		if err != nil {
			t.Fatal(err)
		}
		_, token, found := bytes.Cut(plain, []byte("Bearer "))
		if !found {
			t.Fatal("the sample has no token")
		}
		if has := bytes.Contains(file, token[:12]); has != (s.Name == "shop.mitm") {
			t.Errorf("%s has %q: %v", s.Name, token[:12], has)
		}
	}
	if !strings.Contains(told.String(), "shop.mitm: ") || !strings.Contains(told.String(), "Cookies 16") {
		t.Errorf("it says %q", told.String())
	}
	bad := filepath.Join(t.TempDir(), "bad.mitm")
	if err := os.WriteFile(bad, []byte("no session"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{bad, "missing.mitm"} {
		s := withoutSecrets(t.Context(), path, io.Discard)
		if err := s.Write(io.Discard); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
