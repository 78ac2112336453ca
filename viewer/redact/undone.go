package redact

import "strings"

// An unescaped text is a reading that knows which of its bytes were written as
// others.
type unescaped struct {
	*reading
	marked []uint64 // a bit for each
	// tells: names and shapes may look otherwise. Quoted quotes, lines, blanks and
	// signs of markup do not make them.
	tells bool
	// There is none marked from a place to another, which is marked or the end.
	from, to int
}

// undoAll returns what l says without escapes of any kind, nil if it has none.
func undoAll(l *unescaped) *unescaped {
	at, plain, used := anyEscape.find(l.b)
	if used == 0 {
		return nil
	}
	out := &unescaped{marked: make([]uint64, len(l.b)/64+1), from: -1, to: -1}
	text := make([]byte, 0, len(l.b))
	for from := 0; ; {
		for i := from; i < from+at; i++ {
			if l.isMarked(i) {
				out.mark(len(text) + i - from)
			}
		}
		text = append(text, l.b[from:from+at]...)
		if used == 0 {
			break
		}
		for i := range plain {
			out.mark(len(text) + i)
		}
		text = append(text, plain...)
		out.tells = out.tells || len(plain) == 1 && says(plain[0], l.b[from+at])
		from += at + used
		at, plain, used = anyEscape.find(l.b[from:])
	}
	out.reading = anyEscape.over(l.reading, text)
	return out
}

func (u *unescaped) mark(i int) { u.marked[i>>6] |= 1 << (i & 63) }

func (u *unescaped) isMarked(i int) bool { return u.marked != nil && u.marked[i>>6]>>(i&63)&1 == 1 }

// verbatim reports whether bytes stand so in what was read first. It takes as long
// as the text for all places of it, if these grow.
func (u *unescaped) verbatim(from, to int) bool {
	if from < u.from || u.to < from {
		i := from
		for i < len(u.b) && i != u.from && !u.isMarked(i) {
			i++
		}
		if i == u.from && i < u.to {
			i = u.to
		}
		u.from, u.to = from, i
	}
	return to <= u.to
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
	l := &unescaped{reading: &reading{b: b}}
	for range maxLayers {
		if l = undoAll(l); l == nil {
			break
		}
		if !l.tells {
			continue
		}
		var spans []span
		context := byContext()
		for _, look := range append(context[:], byName(), byShape()) {
			e := edits{b: l.b, of: l}
			look(w, &e, kind)
			spans = merged(spans, e.spans)
		}
		if len(spans) > 0 {
			return l.replace(b, spans)
		}
	}
	return b
}

// merged returns the spans of two lists in their order, of two at one place that of
// the first list first: a value by its name before a part of it by its shape.
func merged(a, b []span) []span {
	if len(b) == 0 {
		return a
	}
	list := make([]span, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].from <= b[0].from {
			list, a = append(list, a[0]), a[1:]
		} else {
			list, b = append(list, b[0]), b[1:]
		}
	}
	return append(append(list, a...), b...)
}

// replace returns what was read first with spans of the text replaced, which are in
// their order. Of those that overlap the first stays.
func (u *unescaped) replace(b []byte, spans []span) []byte {
	e := edits{b: b}
	done := 0
	for _, s := range spans {
		if s.from >= done {
			from := u.begin(s.from)
			e.replace(from, u.begin(s.to), s.with)
			done = s.to
		}
	}
	return e.apply()
}
