package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	mit = "Permission is hereby granted, free of charge, to any person\nobtaining a copy\n\nThe above copyright notice and this permission notice shall be\nincluded in all copies"
	bsd = "Redistribution and use in source and binary\nforms, with or without modification"
)

func TestKinds(t *testing.T) {
	for text, want := range map[string]string{
		mit:                          "MIT",
		bsd:                          "BSD-2-Clause",
		bsd + " Neither the name of": "BSD-3-Clause",
		"MIT No Attribution\n\nPermission is hereby granted, free of charge": "MIT-0",
		"Apache License\n   Version 2.0, January 2004":                       "Apache-2.0",
		bsd + "\n---\n" + mit:                   "MIT BSD-2-Clause",
		"All rights reserved.":                  "",
		mit + "\n\nGNU General Public\nLicense": "",
	} {
		names, err := kindsOf(text)
		if got := strings.Join(names, " "); got != want || (err != nil) != (want == "") {
			t.Errorf("%q is %q, want %q: %v", text, got, want, err)
		}
	}
}

// files writes a module: texts by the names of files.
func files(t *testing.T, texts map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, text := range texts {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// Of a module those texts go along that are of what is linked.
func TestTexts(t *testing.T) {
	root := files(t, map[string]string{
		"LICENSE.md": "root", "license_test.go": "code", "a/COPYING": "above", "a/b/Licence.txt": "linked", "a/b/c/LICENSE": "below", "d/LICENSE": "beside",
	})
	m := &module{path: "m", root: root, folders: []string{filepath.Join(root, "a", "b")}}
	texts, err := m.texts()
	slices.Sort(texts)
	if want := []string{"above", "linked", "root"}; err != nil || !slices.Equal(texts, want) {
		t.Errorf("the texts are %q, want %q: %v", texts, want, err)
	}
}

func TestNotice(t *testing.T) {
	same := bsd + " of x\r\n"
	modules := []*module{
		{path: "one", version: "v1", root: files(t, map[string]string{"LICENSE": mit + " of one"}), in: []string{"page", "serve"}},
		{path: "two", version: "v2", root: files(t, map[string]string{"LICENSE": same, "NOTICE": mit + " within two"}), in: []string{"serve"}},
		{path: "three", version: "v3", root: files(t, map[string]string{"LICENSE": "\n" + strings.TrimSpace(same)}), in: []string{"page"}},
	}
	var b strings.Builder
	if err := notice(&b, "the licence of the viewer", modules); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"Flowpane\n\nthe licence of the viewer\n", "one v1\n    MIT; in: page, serve\n", "two v2\n    BSD-2-Clause, MIT; in: serve\n",
		"\ntwo v2\nthree v3\n\n" + bsd + " of x\n", "of one", "within two", "public domain",
	} {
		if strings.Count(b.String(), part) != 1 {
			t.Errorf("the notice has %d times %q:\n%s", strings.Count(b.String(), part), part, &b)
		}
	}
	for _, text := range []string{"", "All rights reserved."} {
		m := &module{path: "closed", root: files(t, map[string]string{"README": text})}
		if text != "" {
			m.root = files(t, map[string]string{"LICENSE": text})
		}
		if err := notice(&b, "", []*module{m}); err == nil || !strings.HasPrefix(err.Error(), "closed: ") {
			t.Errorf("a module with %q: %v", text, err)
		}
	}
}

// The notice is of what is linked: of each program, with Go itself, and of what
// tests and tools need nothing.
func TestNoticeOfThePrograms(t *testing.T) {
	b, err := makeNotice("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, part := range []string{
		"The Flowpane Authors", "\nGo 1.", "BSD-3-Clause; in: page, engine, page in one file, serve\n",
		"\ngithub.com/ncruces/go-sqlite3 v", "\ngithub.com/klauspost/compress v", "Caleb Spare", "\nhonnef.co/go/js/dom/v2 v", "Microsoft",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the notice lacks %q", part)
		}
	}
	for _, tool := range []string{"chromedp", "protocompile", "brotli"} {
		if strings.Contains(text, tool) {
			t.Errorf("the notice names %s, which is linked into no program", tool)
		}
	}
	again, err := makeNotice("../../LICENSE")
	if err != nil || string(again) != text {
		t.Errorf("a second time it is another: %v", err)
	}
}
