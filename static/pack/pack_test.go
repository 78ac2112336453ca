package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func page() sources {
	return sources{
		"index.html":        []byte(`<meta content="{{csp}}"><link href="style.css"><script src="boot.js"></script>`),
		"style.css":         []byte(`a { background: url(icons/a.svg) }`),
		"boot.js":           []byte(`new Worker('worker.js'); fetch("page.wasm"); // not page.wasm`),
		"worker.js":         []byte(`fetch('engine.wasm')`),
		"page.wasm":         []byte("page"),
		"engine.wasm":       []byte("engine"),
		"icons/a.svg":       []byte("<svg/>"),
		"samples/shop.mitm": []byte("flows"),
	}
}

func byName(t *testing.T, s sources) map[string]string {
	t.Helper()
	files, err := s.hashed()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, f := range files {
		names[f.name] = string(f.content)
	}
	return names
}

// find returns the name in dist that stands for a source.
func find(t *testing.T, names map[string]string, prefix, suffix string) string {
	t.Helper()
	var found []string
	for name := range names {
		if strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s…%s is %q", prefix, suffix, found)
	}
	return found[0]
}

func TestReferencesFollowTheNames(t *testing.T) {
	names := byName(t, page())
	if len(names) != 8 {
		t.Errorf("%d files", len(names))
	}
	boot, worker := find(t, names, "boot.", ".js"), find(t, names, "worker.", ".js")
	for file, refs := range map[string][]string{
		"index.html":                     {`"` + boot + `"`, `"` + find(t, names, "style.", ".css") + `"`, "default-src 'none'"},
		boot:                             {"'" + worker + "'", `"` + find(t, names, "page.", ".wasm") + `"`, "// not page.wasm"},
		worker:                           {"'" + find(t, names, "engine.", ".wasm") + "'"},
		find(t, names, "style.", ".css"): {"(" + find(t, names, "icons/a.", ".svg") + ")"},
	} {
		for _, ref := range refs {
			if !strings.Contains(names[file], ref) {
				t.Errorf("%s lacks %s: %s", file, ref, names[file])
			}
		}
	}
	if names["samples/shop.mitm"] != "flows" {
		t.Error("a sample lost its name")
	}
}

// A browser that has boot.js in its cache must not be left with the page of
// yesterday: a change shows in every name that leads to it, and in no other.
func TestAChangeRenamesWhatLeadsToIt(t *testing.T) {
	before := byName(t, page())
	changed := page()
	changed["engine.wasm"] = []byte("engine 2")
	after := byName(t, changed)
	for source, want := range map[[2]string]bool{
		{"engine.", ".wasm"}: true, {"worker.", ".js"}: true, {"boot.", ".js"}: true,
		{"page.", ".wasm"}: false, {"style.", ".css"}: false, {"icons/a.", ".svg"}: false,
	} {
		renamed := find(t, before, source[0], source[1]) != find(t, after, source[0], source[1])
		if renamed != want {
			t.Errorf("%v renamed: %v, want %v", source, renamed, want)
		}
	}
}

func TestCycle(t *testing.T) {
	s := sources{"a.js": []byte("'b.js'"), "b.js": []byte("'a.js'")}
	if _, err := s.hashed(); err == nil || !strings.Contains(err.Error(), "refers to itself") {
		t.Errorf("error = %v", err)
	}
}

func TestVariants(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	dist := t.TempDir()
	content := bytes.Repeat([]byte("flow"), 1000)
	for range 2 { // the second time from the cache
		names, err := file{"a/b.js", content}.write(dist, 5)
		if err != nil || len(names) != 3 {
			t.Fatalf("wrote %q, %v", names, err)
		}
		f, err := os.Open(filepath.Join(dist, "a", "b.js.br"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(brotli.NewReader(f))
		f.Close()
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("the variant holds %d bytes, %v", len(got), err)
		}
	}
	if names, err := (file{"samples/x.mitm", content}).write(dist, 5); err != nil || len(names) != 1 {
		t.Errorf("a sample was written as %q, %v", names, err)
	}
}
