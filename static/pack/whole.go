package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"flowpane/static"
	"flowpane/viewer/bundle"
)

// whole returns the page in one file, without a session: index.html with all
// that it refers to in the place of the reference, and program, which is both
// binaries in one.
//
// The scripts are those of the page. They look whether what they would ask for
// is in the page; see boot.js.
func (s sources) whole(program []byte) ([]byte, error) {
	icon := "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(s["icons/favicon.svg"])
	started, boot := leanScript(s["wasm_exec.js"]), leanScript(s["boot.js"])
	page := string(s["index.html"])
	for _, r := range []struct {
		old, with string
		count     int
	}{
		{`"icons/favicon.svg"`, `"` + icon + `"`, 2},
		{`<link rel="manifest" href="manifest.webmanifest">` + "\n", "", 1},
		{`<link rel="stylesheet" href="style.css">`, "<style>\n" + leanStyle(s["style.css"]) + "</style>", 1},
		{`<script src="wasm_exec.js"></script>`, inline("wasm_exec", "", started) + inline("worker", data, leanScript(s["worker.js"])), 1},
		{`<script src="boot.js"></script>`, "<script>" + boot + "</script>", 1},
		// There is no sample here, and nobody can be asked for a file.
		{sampleLink, "", 1},
		{`<form id="address-form">`, `<form id="address-form" hidden>`, 1},
		{noticeLink, noticeHere, 1},
		{"{{csp}}", static.WholePolicy(hash(started), hash(boot)), 1},
		{"{{version}}", s.version(), 2},
		{"</body>", bundle.ProgramMark + bundle.SessionsTag + "\n</body>", 1},
	} {
		if n := strings.Count(page, r.old); n != r.count {
			return nil, fmt.Errorf("index.html has %d times %s, and the page in one file is made for %d", n, r.old, r.count)
		}
		page = strings.ReplaceAll(page, r.old, r.with)
	}
	for _, name := range []string{"wasm_exec.js", "boot.js", "worker.js", "style.css"} {
		if endsElement(s[name]) {
			return nil, fmt.Errorf("%s cannot stand in a page: it has what ends an element", name)
		}
	}
	markup, err := gzipped([]byte(page))
	if err != nil {
		return nil, err
	}
	packed, err := gzipped(section(program, "notice", s[noticeName]))
	if err != nil {
		return nil, err
	}
	return bundle.Whole(markup, packed)
}

// leanScript returns a script without lines that are comments, and without
// indents: the page is written in units of two bytes, and twice. A text in the
// script must not go over several lines.
func leanScript(script []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(script)) {
		if line = strings.TrimLeft(line, " \t"); strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "//") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// leanStyle is leanScript for a style sheet.
func leanStyle(sheet []byte) string {
	return leanScript(styleComment.ReplaceAll(sheet, nil))
}

var styleComment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// section returns a WebAssembly module with one more custom section, which has no
// meaning to who runs it. What a program is made of says so in itself then, once.
//
// Source: https://webassembly.github.io/spec/core/binary/modules.html#custom-section
func section(module []byte, name string, content []byte) []byte {
	const custom = 0
	named := append(binary.AppendUvarint(nil, uint64(len(name))), name...)
	b := append(slices.Clone(module), custom)
	b = binary.AppendUvarint(b, uint64(len(named)+len(content)))
	return append(append(b, named...), content...)
}

const (
	// data is the type of a script that is none to a browser.
	data       = ` type="text/plain"`
	noticeLink = `<a href="NOTICE.txt" target="_blank">Licences</a>`
	noticeHere = `<details id="notice"><summary>Licences</summary><pre></pre></details>`
	sampleLink = `<a class="button" href="#url=samples/shop.mitm">Open the sample session</a>`
)

// inline returns a script that boot.js knows by its name.
func inline(name, kind, script string) string {
	return fmt.Sprintf("<script id=\"file-%s\"%s>%s</script>\n", name, kind, script)
}

// endsElement reports whether a script or a style would end, or read otherwise,
// within a page.
func endsElement(content []byte) bool {
	lower := bytes.ToLower(content)
	for _, mark := range []string{"</script", "</style", "<!--", "\r", "\x00"} {
		if bytes.Contains(lower, []byte(mark)) {
			return true
		}
	}
	return false
}

// hash returns what a policy calls a script by.
func hash(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
