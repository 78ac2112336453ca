package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// kinds are the licences that are known, by phrases of their texts with single
// blanks. They ask for nothing but that their text goes along.
var kinds = []struct {
	name  string
	has   []string
	lacks string
}{
	{name: "MIT-0", has: []string{"MIT No Attribution", "Permission is hereby granted, free of charge"}},
	{name: "MIT", has: []string{"Permission is hereby granted, free of charge", "The above copyright notice and this permission notice shall be included"}},
	{name: "BSD-3-Clause", has: []string{"Redistribution and use in source and binary forms", "Neither the "}},
	{name: "BSD-2-Clause", has: []string{"Redistribution and use in source and binary forms"}, lacks: "Neither the "},
	{name: "Apache-2.0", has: []string{"Apache License Version 2.0"}},
}

// demanding are phrases of licences that ask for more.
var demanding = []string{"GNU GENERAL PUBLIC", "GNU LESSER", "GNU AFFERO", "Mozilla Public License", "Eclipse Public", "Creative Commons", "Commons Clause", "Server Side Public"}

// kindsOf names the licences in a text, of which there may be several.
func kindsOf(text string) (names []string, err error) {
	line := strings.Join(strings.Fields(text), " ")
	for _, phrase := range demanding {
		if strings.Contains(strings.ToLower(line), strings.ToLower(phrase)) {
			return nil, fmt.Errorf("the licence says %q: it may ask for more than to be named", phrase)
		}
	}
	for _, k := range kinds {
		known := k.lacks == "" || !strings.Contains(line, k.lacks)
		for _, phrase := range k.has {
			known = known && strings.Contains(line, phrase)
		}
		if known {
			names = append(names, k.name)
		}
	}
	if len(names) == 0 {
		return nil, errors.New("the licence is of no known kind")
	}
	return names, nil
}

// publicDomain is said of what has no licence because it needs none.
const publicDomain = `SQLite, which github.com/ncruces/go-sqlite3-wasm is a translation of, is in the
public domain: its authors have dedicated it, and ask for nothing. See
https://sqlite.org/copyright.html.`

// A passage is a text, and the modules that it is of.
type passage struct {
	text string
	of   []string
}

// notice writes the licence of the viewer itself, a table of the modules and each
// of their texts once.
func notice(w io.Writer, own string, modules []*module) error {
	var table strings.Builder
	var passages []*passage
	for _, m := range modules {
		texts, err := m.texts()
		if err == nil && len(texts) == 0 {
			err = fmt.Errorf("%s: no licence is there", m.path)
		}
		if err != nil {
			return err
		}
		var names []string
		for _, text := range texts {
			found, err := kindsOf(text)
			if err != nil {
				return fmt.Errorf("%s: %w", m.path, err)
			}
			names = append(names, found...)
			passages = put(passages, text, m.path+" "+m.version)
		}
		slices.Sort(names)
		fmt.Fprintf(&table, "%s %s\n    %s; in: %s\n", m.path, m.version, strings.Join(slices.Compact(names), ", "), strings.Join(m.in, ", "))
	}
	_, err := fmt.Fprintf(w, "Flowpane\n\n%s\n\n%s\nFlowpane has in it what others have made, under these licences. Their texts follow.\n\n%s\n%s\n",
		clean(own), rule, table.String(), publicDomain)
	for _, p := range passages {
		if err == nil {
			_, err = fmt.Fprintf(w, "\n%s\n%s\n\n%s\n", rule, strings.Join(p.of, "\n"), p.text)
		}
	}
	return err
}

// put adds a text of a module to the passages.
func put(passages []*passage, text, of string) []*passage {
	for _, p := range passages {
		if p.text == text {
			if !slices.Contains(p.of, of) {
				p.of = append(p.of, of)
			}
			return passages
		}
	}
	return append(passages, &passage{text, []string{of}})
}

var rule = strings.Repeat("-", 80)
