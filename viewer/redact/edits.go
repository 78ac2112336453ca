package redact

// edits are replacements in a text, in their order.
type edits struct {
	b    []byte
	out  []byte
	done int
	// of is what the text was read as, if not as itself. What is to be replaced
	// is then in spans, and the text stays.
	of    *unescaped
	spans []span
}

// A span of a text is to be replaced.
type span struct {
	from, to int
	with     []byte
}

// replace replaces b[from:to]. What was replaced already stays so.
func (e *edits) replace(from, to int, with []byte) {
	if from = max(from, e.done); to <= from {
		return
	}
	if e.of != nil {
		e.spans = append(e.spans, span{from, to, with})
	} else {
		e.out = append(append(e.out, e.b[e.done:from]...), with...)
	}
	e.done = to
}

// seen reports whether b[from:to], and what is beside it, stands so in the text
// that was read: then it was looked at already.
func (e *edits) seen(from, to int) bool {
	if e.of == nil {
		return false
	}
	return e.of.verbatim(max(from-1, 0), min(to+1, len(e.b)))
}

// apply returns the text with its replacements, itself if there are none.
func (e *edits) apply() []byte {
	if e.done == 0 {
		return e.b
	}
	return append(e.out, e.b[e.done:]...)
}
