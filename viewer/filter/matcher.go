package filter

import (
	"bytes"
	"io"
	"regexp"
	"unicode/utf8"
)

// matcher finds one regex, in text or in bytes, as its mode says. A regex that
// is plain text, or a choice of plain texts, is searched for as such; another one
// is tried only where text that it requires is found.
type matcher struct {
	literals []*Needle
	exact    bool           // literals alone decide, wherever they can
	re       *regexp.Regexp // nil if it is never needed
	fast     *automaton     // does what re does on bytes, and on ASCII; may be nil
	slow     *backtracker   // in place of re, where that cannot do it
	bytes    bool           // what is searched is bytes, not text

	// kin: a letter of the literals has forms beyond ASCII, which searches of
	// text must find: ı and İ, K (the Kelvin sign), ſ.
	kin bool
}

func newMatcher(regex string, m mode) (*matcher, *syntaxError) {
	t, bad := translate(regex, m)
	if bad != nil {
		return nil, bad
	}
	x := &matcher{exact: t.exact, bytes: m.bytes()}
	for _, text := range t.literals {
		x.literals = append(x.literals, newNeedle(text))
		x.kin = x.kin || !m.bytes() && bytes.ContainsAny(text, "iks")
	}
	if t.exact && !x.kin {
		return x, nil
	}
	if t.backtracks {
		slow, err := newBacktracker(t.re2)
		if err != nil { // what is left are bounds of its parser
			return nil, unsupported("a construct")
		}
		x.slow = slow
		return x, nil
	}
	re, err := regexp.Compile(t.re2)
	if err != nil {
		// Python's syntax was checked, so this is one of RE2's bounds on size.
		return nil, unsupported("repetition of this size")
	}
	x.re = re
	if !t.exact {
		x.fast = newAutomaton(t.re2)
	}
	return x, nil
}

// inText searches text.
func inText[T string | []byte](m *matcher, s T) bool { return around(m, findAny(m.literals, s), s) }

// around searches text of which it is known whether any of the literals is in it.
func around[T string | []byte](m *matcher, found bool, s T) bool {
	switch {
	case found && m.exact || !found && !m.kin:
		return found
	case m.slow != nil:
		return (found || !isASCII(s)) && m.slow.matches([]rune(string(s)))
	case !isASCII(s):
		return m.re.Match([]byte(s))
	case found && m.fast != nil:
		return accepts(m.fast, s)
	}
	return found && m.re.Match([]byte(s))
}

// inBytes searches bytes.
func (m *matcher) inBytes(b []byte) bool {
	found := findAny(m.literals, b)
	if m.exact || !found {
		return found
	}
	if m.slow != nil {
		return m.slow.matches(runes(b))
	}
	if m.fast != nil {
		return accepts(m.fast, b)
	}
	if isASCII(b) {
		return m.re.Match(b)
	}
	return m.re.MatchReader(&byteRunes{b})
}

// byteRunes reads bytes as the characters U+0000 to U+00FF, so that a regex
// sees each byte as itself, not as part of UTF-8.
type byteRunes struct{ rest []byte }

func (r *byteRunes) ReadRune() (rune, int, error) {
	if len(r.rest) == 0 {
		return 0, 0, io.EOF
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	return rune(c), 1, nil
}

func findAny[T string | []byte](needles []*Needle, s T) bool {
	for _, n := range needles {
		if find(n, s) {
			return true
		}
	}
	return false
}

func isASCII[T string | []byte](s T) bool {
	if len(s) >= 8 { // jumps are what costs most in WebAssembly
		var all byte
		i := 0
		for ; i+8 < len(s); i += 8 {
			all |= eight(s, i)
		}
		return all|eight(s, len(s)-8) < utf8.RuneSelf
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// eight returns the bits that are set in any of eight bytes.
func eight[T string | []byte](s T, i int) byte {
	return s[i] | s[i+1] | s[i+2] | s[i+3] | s[i+4] | s[i+5] | s[i+6] | s[i+7]
}
