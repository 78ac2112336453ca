package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"flowpane/static"
)

// builtAt makes a release of the sources of the page and binaries of a few bytes,
// in folders of its own and with an empty cache, and returns where it is.
func builtAt(t *testing.T, quality int) (dir string) {
	t.Helper()
	emptyCache(t)
	root := t.TempDir()
	src, wasm, to := filepath.Join(root, "static"), filepath.Join(root, "build"), filepath.Join(root, "build", "dist")
	for _, name := range []string{".", "icons", "samples"} {
		files, err := filepath.Glob(filepath.Join("..", name, "*.*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range files {
			copyTo(t, from, filepath.Join(src, name))
		}
	}
	copyTo(t, "../../LICENSE", root)
	_, built := real(t)
	if err := os.CopyFS(wasm, os.DirFS(built)); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(src, "dist"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(src, "dist", ".gitkeep"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := pack(src, wasm, quality); err != nil {
		t.Fatal(err)
	}
	if err := release(src, wasm, to); err != nil {
		t.Fatal(err)
	}
	if err := release(src, wasm, to); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a second time: %v", err)
	}
	return to
}

func copyTo(t *testing.T, from, dir string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, filepath.Base(from)), content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Two builds in two folders, each with an empty cache, are the same bytes.
func TestReleaseIsReproducible(t *testing.T) {
	one, two := builtAt(t, 11), builtAt(t, 11)
	list := text(t, one, sumsName)
	if other := text(t, two, sumsName); list != other {
		t.Errorf("the checksums are\n%s\nand\n%s", list, other)
	}
	count := 0
	err := fs.WalkDir(os.DirFS(one), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if count++; name != sumsName && !strings.Contains(list, "  "+name+"\n") {
			t.Errorf("%s has no checksum", name)
		}
		if strings.HasPrefix(filepath.Base(name), ".") {
			t.Errorf("%s is published", name)
		}
		return nil
	})
	if err != nil || strings.Count(list, "\n") != count-1 {
		t.Errorf("%d checksums of %d files, %v", strings.Count(list, "\n"), count, err)
	}
}

// A release says what it is, and the sums are what everybody's tool checks.
func TestRelease(t *testing.T) {
	to := builtAt(t, 5)
	if version := text(t, to, versionName); !strings.HasPrefix(version, static.Version+" (build ") || !strings.Contains(text(t, to, "index.html"), strings.TrimSpace(version)) {
		t.Errorf("the version is %q", version)
	}
	for name, has := range map[string]string{licenseName: "MIT License", noticeName: "the notice", noticeName + ".gz": "\x1f\x8b", "sw.js": "'./NOTICE.txt'", "files.txt": "NOTICE.txt\n"} {
		if content := text(t, to, name); !strings.Contains(content, has) {
			t.Errorf("%s lacks %q: %.200q", name, has, content)
		}
	}
	check := func() error {
		cmd := exec.Command("sha256sum", "--check", "--strict", "--quiet", sumsName)
		cmd.Dir = to
		return cmd.Run()
	}
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip("no sha256sum is there")
	}
	if err := check(); err != nil {
		t.Errorf("sha256sum: %v", err)
	}
	if err := os.WriteFile(filepath.Join(to, "sw.js"), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := check(); err == nil {
		t.Error("a change is not seen")
	}
}

// A page that was made of other sources is not published as of these.
func TestReleaseOfOtherSources(t *testing.T) {
	emptyCache(t)
	_, wasm := real(t)
	dist := t.TempDir()
	s, err := read("..", wasm)
	if err != nil {
		t.Fatal(err)
	}
	for page, made := range map[string]bool{"Flowpane " + s.version(): true, "Flowpane 0.0.1 (build 0123)": false} {
		if err := os.WriteFile(filepath.Join(dist, "index.html"), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := madeOf(dist, s); (err == nil) != made {
			t.Errorf("%s: %v", page, err)
		}
	}
}

// What another version of an encoder has written is not taken for what this one
// writes.
func TestCacheIsOfTheEncoders(t *testing.T) {
	emptyCache(t)
	this, before := cacheName([]byte("flow"), "gz"), encoders
	defer func() { encoders = before }()
	encoders = func() string { return "another" }
	if cacheName([]byte("flow"), "gz") == this {
		t.Error("the name is the same")
	}
	if versions := before(); !strings.Contains(versions, "go1.") || !strings.Contains(versions, "github.com/andybalholm/brotli@v") {
		t.Errorf("the encoders are %q", versions)
	}
}

func text(t *testing.T, dir, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
