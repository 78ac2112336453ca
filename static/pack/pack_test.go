package main

import (
	"bytes"
	"fmt"
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

// emptyCache gives the test a cache of its own, and returns a glob of its files.
func emptyCache(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	before := cacheDir
	t.Cleanup(func() { cacheDir = before })
	cacheDir = func() (string, error) { return dir, nil }
	return filepath.Join(filepath.Dir(cacheName(nil, "")), "*")
}

func TestVariants(t *testing.T) {
	emptyCache(t)
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

func TestCache(t *testing.T) {
	files := emptyCache(t)
	content := bytes.Repeat([]byte("flow"), 1000)
	want, err := compressed(content, 5)
	if err != nil {
		t.Fatal(err)
	}
	cached, err := filepath.Glob(files)
	if err != nil || len(cached) != 1 || cached[0] != cacheName(content, "q5.br") {
		t.Fatalf("the cache holds %q, %v", cached, err)
	}
	if got, err := os.ReadFile(cached[0]); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the cache holds %d bytes, want %d: %v", len(got), len(want), err)
	}
	if err := os.WriteFile(cached[0], []byte("from the cache"), 0o644); err != nil {
		t.Fatal(err)
	}
	for quality, isCached := range map[int]bool{5: true, 6: false} {
		got, err := compressed(content, quality)
		if err != nil || (string(got) == "from the cache") != isCached {
			t.Errorf("quality %d: %q, %v", quality, got, err)
		}
	}
}

// A build that is interrupted must leave nothing that the next one believes.
func TestHalfAFileIsNotKept(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(name, "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := keep(name, []byte("content")); err == nil {
		t.Error("a folder was written over")
	}
	if left, err := filepath.Glob(filepath.Join(dir, "part-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestSizes(t *testing.T) {
	emptyCache(t)
	dir := t.TempDir()
	var text []byte
	for i := range 3000 {
		text = fmt.Appendf(text, "flow %d of %x\n", i, i*i*7919)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.wasm"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	br, err := compressed(text, 9)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		bytes int
		over  bool
		says  string
	}{
		{len(br), false, fmt.Sprintf("%d with brotli 9: within", len(br))},
		{len(br) - 1, true, fmt.Sprintf("%d with brotli 9: OVER", len(br))},
	} {
		var out strings.Builder
		err := checkSizes(&out, dir, []budget{{"a.wasm", test.bytes}})
		if (err != nil) != test.over || !strings.Contains(out.String(), test.says) {
			t.Errorf("budget %d: %v, said %q, want %q", test.bytes, err, out.String(), test.says)
		}
	}
	if err := checkSizes(io.Discard, dir, []budget{{"none.wasm", 1}}); err == nil {
		t.Error("a binary that is not there passed")
	}
}
