package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"flowpane/static"
	"flowpane/viewer/bundle"
)

// real are the sources of the page with binaries of a few bytes.
func real(t *testing.T) (sources, string) {
	t.Helper()
	wasm := t.TempDir()
	for name, content := range map[string]string{"page.wasm": "page", "engine.wasm": "engine", "whole.wasm": "whole", noticeName: "the notice"} {
		if err := os.WriteFile(filepath.Join(wasm, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := read("..", wasm)
	if err != nil {
		t.Fatal(err)
	}
	return s, wasm
}

func TestWhole(t *testing.T) {
	s, _ := real(t)
	b, err := s.whole([]byte("</script>the program"))
	if err != nil {
		t.Fatal(err)
	}
	units := make([]uint16, len(b)/2)
	if err := binary.Read(bytes.NewReader(b), binary.LittleEndian, units); err != nil {
		t.Fatal(err)
	}
	page, marked := strings.CutPrefix(string(utf16.Decode(units)), bundle.ByteOrderMark)
	if !marked {
		t.Error("nothing says that it is UTF-16")
	}
	// What is left to ask for is nothing, and of references none but to data, and to
	// what the page is painted with.
	for _, m := range regexp.MustCompile(`\b(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "data:") && m[1] != "#help" {
			t.Errorf("the page refers to %s", m[1])
		}
	}
	// A script runs if the policy has its hash; those that are data have none.
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1]
	if strings.Contains(policy, "'self'") || strings.Contains(policy, "connect-src") || strings.Contains(policy, "unsafe-eval' '") {
		t.Errorf("the policy is %s", policy)
	}
	run := 0
	for _, m := range regexp.MustCompile(`(?s)<script([^>]*)>(.*?)</script>`).FindAllStringSubmatch(page, -1) {
		isData := strings.Contains(m[1], "type=")
		if strings.Contains(policy, hash(m[2])) == isData {
			t.Errorf("the script %s is data: %v, and the policy is %s", m[1], isData, policy)
		}
		if !isData {
			run++
		}
	}
	if run != 2 {
		t.Errorf("%d scripts run", run)
	}
	if n := strings.Count(page, "Flowpane "+static.Version+" (build "); n != 2 {
		t.Errorf("the page says %d times what it was built of", n)
	}
	if strings.Contains(page, "{{") {
		t.Error("a place is not filled")
	}
	if strings.Count(page, noticeHere) != 1 || strings.Contains(page, noticeLink) {
		t.Error("the page has no place for the notice")
	}
	if err := bundle.HTML(io.Discard, b, bundle.Share{}); err != nil {
		t.Error(err)
	}
}

func TestLean(t *testing.T) {
	if got, want := leanScript([]byte("// of us\n'use strict';\n\n\tif (a) {\n\t\tb('//'); // there\n\t\t// here\n\t}\n")), "'use strict';\nif (a) {\nb('//'); // there\n}\n"; got != want {
		t.Errorf("the script is %q, want %q", got, want)
	}
	if got, want := leanStyle([]byte("/* of\n us */\na {\n  color: red; /* b */\n}\n")), "a {\ncolor: red; \n}\n"; got != want {
		t.Errorf("the sheet is %q, want %q", got, want)
	}
	// Where a text goes over lines, indents are a part of it.
	s, _ := real(t)
	for _, name := range []string{"wasm_exec.js", "boot.js", "worker.js"} {
		for line := range strings.Lines(string(s[name])) {
			if strings.Count(line, "`")%2 != 0 || strings.HasSuffix(line, "\\\n") {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

// The notice is in the program, as a section that is none of the program's.
func TestSection(t *testing.T) {
	module := []byte("\x00asm\x01\x00\x00\x00")
	long := strings.Repeat("x", 300)
	for content, want := range map[string]string{"": "\x00\x05\x04note", "by us": "\x00\x0a\x04noteby us", long: "\x00\xb1\x02\x04note" + long} {
		if got := string(section(module, "note", []byte(content))); got != string(module)+want {
			t.Errorf("%d bytes give %q", len(content), got)
		}
	}
	s, _ := real(t)
	one, err := s.whole(module)
	if err != nil {
		t.Fatal(err)
	}
	s[noticeName] = []byte("another notice")
	if two, err := s.whole(module); err != nil || bytes.Equal(one, two) {
		t.Errorf("the page is the same with another notice: %v", err)
	}
}

// A page that has changed so that something would be left out is no page.
func TestWholeOfAnotherPage(t *testing.T) {
	for name, content := range map[string]string{
		"index.html": "<body></body>",
		"boot.js":    "document.write('<script></script>')",
		"worker.js":  "// <!--",
		"style.css":  "</STYLE>",
	} {
		s, _ := real(t)
		s[name] = []byte(content)
		if _, err := s.whole(nil); err == nil {
			t.Errorf("%s %q was taken", name, content)
		}
	}
}

func TestVersionFollowsTheSources(t *testing.T) {
	one, two := page(), page()
	if one.version() != two.version() {
		t.Error("the same sources have two versions")
	}
	two["engine.wasm"] = []byte("engine 2")
	if one.version() == two.version() {
		t.Error("other sources have one version")
	}
}

func TestFilesListed(t *testing.T) {
	files, err := page().hashed()
	if err != nil {
		t.Fatal(err)
	}
	list := listed(files)
	if list.name != bundle.Files || bytes.Count(list.content, []byte("\n")) != len(files) || !bytes.Contains(list.content, []byte("\nsamples/shop.mitm\n")) {
		t.Errorf("%s is %q", list.name, list.content)
	}
}

func TestWholeSize(t *testing.T) {
	emptyCache(t)
	_, wasm := real(t)
	for budget, over := range map[int]bool{1 << 20: false, 1 << 10: true} {
		var out strings.Builder
		if err := checkWhole(&out, "..", wasm, budget); (err != nil) != over || strings.Contains(out.String(), "OVER") != over {
			t.Errorf("budget %d: %v, said %q", budget, err, out.String())
		}
	}
}
