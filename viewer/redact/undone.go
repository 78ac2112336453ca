package redact

import (
	"slices"
	"strings"
)

// undoAll returns what l says without escapes of any kind, nil if it has none, and
// whether names and shapes may look otherwise by that: quoted quotes, lines, blanks
// and signs of markup make no others.
func undoAll(l *reading) (out *reading, tells bool) {
	b := anyEscape.undo(l.b, func(sign byte, plain []byte) {
		tells = tells || len(plain) == 1 && says(plain[0], sign)
	})
	return anyEscape.over(l, b), tells
}

// says reports whether a byte that an escape of a sign stands for may be part of
// a name or a shape, or of what makes it one.
func says(c, sign byte) bool {
	if c == '"' || c == '\'' {
		return sign != '\\' // which the strings of code have for their own
	}
	return c < 0x80 && (isWord(c) || strings.IndexByte("@=:.-+?#/", c) >= 0)
}

// undone hides what is secret in a text by a name or a shape that is written with
// escapes, which may be within each other: "a%40b.test", "&#64;", "\u0040".
func (w *walker) undone(b []byte, kind textKind) []byte {
	for range maxLayers {
		out := w.undoneOnce(b, kind)
		if same(out, b) {
			break
		}
		b = out
	}
	return b
}

// undoneOnce is undone of the first layer that has something.
func (w *walker) undoneOnce(b []byte, kind textKind) []byte {
	l := &reading{b: b}
	for range maxLayers {
		plain, tells := undoAll(l)
		if plain == nil {
			break
		}
		if l = plain; !tells {
			continue
		}
		var spans []span
		for _, look := range looks() {
			e := edits{b: l.b, of: l}
			look(w, &e, kind)
			spans = append(spans, e.spans...)
		}
		if len(spans) > 0 {
			// Of two at one place that was found first is hidden: a value by its name
			// before a part of it by its shape.
			slices.SortStableFunc(spans, func(a, b span) int { return a.from - b.from })
			raw := edits{b: b}
			for _, s := range spans {
				raw.replace(l.begin(s.from), l.begin(s.to), s.with)
			}
			return raw.apply()
		}
	}
	return b
}
