package redact

import (
	"bytes"
	"slices"
	"strings"
)

// escapeSigns begin the escapes of all kinds.
const escapeSigns = `%\&`

// anyEscape reads an escape of any kind.
func anyEscape(b []byte) ([]byte, int) {
	for _, x := range escapes {
		if b[0] == x.sign {
			return x.read(b)
		}
	}
	return nil, 0
}

// undoAll returns what l says without escapes of any kind, nil if it has none, and
// whether names and shapes may look otherwise by that: quoted quotes, lines, blanks
// and signs of markup make no others.
func undoAll(l *reading) (out *reading, tells bool) {
	i := bytes.IndexAny(l.b, escapeSigns)
	if i < 0 {
		return nil, false
	}
	out = &reading{of: l}
	from := 0
	for i < len(l.b) {
		plain, used := anyEscape(l.b[i:])
		if used == 0 {
			used = 1
		} else {
			out.b = append(append(out.b, l.b[from:i]...), plain...)
			tells = tells || len(plain) == 1 && says(plain[0], l.b[i])
			from = i + used
			out.marks = append(out.marks, mark{len(out.b), from})
		}
		if i += used; i < len(l.b) && strings.IndexByte(escapeSigns, l.b[i]) < 0 {
			if n := bytes.IndexAny(l.b[i:], escapeSigns); n >= 0 {
				i += n
			} else {
				i = len(l.b)
			}
		}
	}
	if from == 0 {
		return nil, false
	}
	out.b = append(out.b, l.b[from:]...)
	return out, tells
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
