package filter

import "strings"

// near is how much of what is long RE2 gets to see, before and after the place
// where it is known that there is a match: it takes thirty times as long as to
// find that out.
const near = 64 << 10

// What locate returns where it finds nothing, and where it was given up.
const (
	nowhere  = -1
	hopeless = -2
)

// locate returns where the first match in b is, nowhere or hopeless.
func (m *matcher) locate(b []byte) (begin, end int) {
	begin = nowhere
	for _, n := range m.literals {
		if i := index(n, b, 0); i >= 0 && (begin < 0 || i < begin) {
			begin, end = i, i+n.Len()
		}
	}
	switch {
	case m.exact && begin >= 0, begin < 0 && !m.kin:
		return begin, end
	case m.slow != nil:
		return m.slow.locate(b, m.bytes)
	case m.bytes && m.fast != nil:
		known := accepted(m.fast, b)
		if known < 0 {
			return nowhere, 0
		}
		from := max(known-near, 0)
		if begin, end = m.first(b[from:min(known+near, len(b))]); begin < 0 {
			return nowhere, 0 // it is longer than that
		}
		return begin + from, end + from
	}
	return m.first(b)
}

// first has RE2 find the first match, which there is.
func (m *matcher) first(b []byte) (begin, end int) {
	at := m.re.FindIndex(b)
	if m.bytes && !isASCII(b) {
		at = m.re.FindReaderIndex(&byteRunes{b})
	}
	if at == nil {
		return nowhere, 0
	}
	return at[0], at[1]
}

// locate is that of a matcher.
func (b *backtracker) locate(text []byte, asBytes bool) (begin, end int) {
	chars := runes(text)
	if !asBytes {
		chars = []rune(string(text))
	}
	m, err := b.re.FindRunesMatch(chars)
	switch {
	case err != nil:
		return hopeless, 0
	case m == nil:
		return nowhere, 0
	}
	begin, end = m.Index, m.Index+m.Length
	if !asBytes {
		end = len(string(chars[:end]))
		begin = len(string(chars[:begin]))
	}
	return begin, end
}

// Marks find in text what somebody looks for, to mark it. They are not safe for
// concurrent use: what takes too long once is not looked for again.
type Marks struct{ matchers []*matcher }

// Marks returns what finds all that the filter looks for in bodies and messages
// of a side; nil if there is nothing. What must not be there is not looked for.
func (f *Filter) Marks(side Side) *Marks {
	m := new(Marks)
	for t := range wanted(f.root) {
		switch {
		case t.Op == "b", t.Op == "any", t.Op == "bq" && side != Response, t.Op == "bs" && side != Request:
			m.matchers = append(m.matchers, t.arg.regex)
		}
	}
	if len(m.matchers) == 0 {
		return nil
	}
	return m
}

// MarksOf returns what finds text, or a regex, ignoring case. The error says why
// that is no regex.
func MarksOf(text string, isRegex bool) (*Marks, error) {
	if !isRegex {
		return &Marks{[]*matcher{{exact: true, bytes: true, literals: []*Needle{newNeedle([]byte(strings.ToLower(text)))}}}}, nil
	}
	m, bad := newMatcher(text, bodyMode)
	if bad != nil {
		return nil, &Error{End: len(text), Msg: bad.msg, Incomplete: bad.unfinished}
	}
	return &Marks{[]*matcher{m}}, nil
}

// In yields where it finds something, in ascending order, as byte offsets.
// Nothing is found across lines, and ^ and $ match at lines.
func (m *Marks) In(text string) func(yield func(begin, end int) bool) {
	return func(yield func(begin, end int) bool) {
		for start := 0; start < len(text); {
			line := text[start:]
			if end := strings.IndexByte(line, '\n'); end >= 0 {
				line = line[:end]
			}
			if !m.inLine(line, start, yield) {
				return
			}
			start += len(line) + 1
		}
	}
}

func (m *Marks) inLine(line string, start int, yield func(begin, end int) bool) bool {
	rest := []byte(line)
	for len(rest) > 0 {
		first, last := nowhere, 0
		for i, x := range m.matchers {
			if x == nil {
				continue
			}
			begin, end := x.locate(rest)
			if begin == hopeless { // for one line, and seldom for one alone
				m.matchers[i] = nil
			} else if begin >= 0 && end > begin && (first < 0 || begin < first) {
				first, last = begin, end
			}
		}
		if first < 0 {
			return true
		}
		at := start + len(line) - len(rest)
		if !yield(at+first, at+last) {
			return false
		}
		rest = rest[last:]
	}
	return true
}

// wanted yields the terms that a flow has to match, or may: those that stand
// behind no "!", or behind two.
func wanted(n Node) func(yield func(*Term) bool) {
	return func(yield func(*Term) bool) { want(n, true, yield) }
}

func want(n Node, positive bool, yield func(*Term) bool) bool {
	var list []Node
	switch n := n.(type) {
	case *Term:
		return !positive || yield(n)
	case *Not:
		return want(n.X, !positive, yield)
	case *And:
		list = n.X
	case *Or:
		list = n.X
	}
	for _, x := range list {
		if !want(x, positive, yield) {
			return false
		}
	}
	return true
}
