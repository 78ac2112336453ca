package har

import (
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"strconv"

	"flowpane/viewer/blob"
)

// maxDepth is how deep values may nest.
const maxDepth = 10_000

// errCut is the cause where the file ends too soon.
var errCut = errors.New("the file is cut off")

// A syntaxError is a place where the file is no JSON.
type syntaxError struct {
	offset int64
	text   string
}

func (e *syntaxError) Error() string { return atByte(e.offset, e.text) }

func atByte(offset int64, text string) string {
	return "byte " + strconv.FormatInt(offset, 10) + ": " + text
}

// A scanner reads JSON from a stream, or from buf if there is none. After an
// error its methods do nothing and return zero values; err says why.
//
// It takes more than is JSON where that is clear: one comma too many, control
// characters and unknown escapes in strings, and any word for a number.
type scanner struct {
	stream *blob.Stream
	base   int64  // where in the file buf[0] is, if there is no stream
	buf    []byte // what is at hand; the stream is at buf[0]. Nobody changes its bytes while they are looked at.
	pos    int    // of the next byte, in buf
	err    error  // a *syntaxError, errCut, or an error of the source
	failed int    // pos at the syntaxError
	open   []byte // the brackets around the value that is copied
	text   []byte // of the last string that had escapes, or the last word
	odd    []oddity

	skipped []byte // the last value that was not kept
}

// An oddity is a word that is no JSON, in whose place null was read.
type oddity struct {
	offset int64
	word   string
}

// offset returns where in the file the scanner is, in bytes.
func (s *scanner) offset() int64 { return s.at(s.pos) }

// at returns the offset in the file of byte i of buf.
func (s *scanner) at(i int) int64 {
	if s.stream == nil {
		return s.base + int64(i)
	}
	return s.stream.Offset() + int64(i)
}

func (s *scanner) fail(text string) {
	if s.err == nil {
		s.err, s.failed = &syntaxError{s.offset(), text}, s.pos
	}
}

// more gets bytes behind those of buf, of which it keeps those from keep on.
// It is false at the end of the file and after an error.
func (s *scanner) more(keep int) bool {
	if s.err == nil && s.stream == nil {
		s.err = errCut
	}
	if s.err != nil {
		return false
	}
	s.stream.Advance(int64(keep))
	s.pos -= keep
	s.buf = s.buf[keep:]
	_, err := s.stream.Peek(len(s.buf) + 1)
	if err == nil {
		s.buf, err = s.stream.Buffered()
	}
	if err == io.EOF {
		err = errCut
	}
	s.err = err
	return err == nil
}

// next returns the next byte that is no white space, without passing it; 0 at
// the end.
func (s *scanner) next() byte {
	for {
		for s.pos < len(s.buf) {
			if c := s.buf[s.pos]; c > ' ' {
				return c
			}
			s.pos++ // control characters, which have no meaning, pass for white space
		}
		if !s.more(s.pos) {
			return 0
		}
	}
}

// is reports whether c is next, without passing it.
func (s *scanner) is(c byte) bool {
	return s.pos < len(s.buf) && s.buf[s.pos] == c || s.next() == c
}

// take passes c, which has to be next.
func (s *scanner) take(c byte) {
	if s.is(c) {
		s.pos++
		return
	}
	s.fail("there is no " + string(rune(c)))
}

// another passes what stands between members or items, the end of which is
// the bracket end, and reports whether there is one more. At the first of them
// nothing stands there.
func (s *scanner) another(first *bool, end byte) bool {
	switch {
	case *first:
		*first = false
	case s.is(','):
		s.pos++
	case s.next() != end:
		s.fail("there is neither , nor " + string(rune(end)))
		return false
	}
	if s.is(end) {
		s.pos++
		return false
	}
	return s.err == nil
}

// member passes what stands before the value of the next member: a comma
// unless it is the first, its key and a colon. It returns the key as JSON has
// it, without its quotes, and false at the end of the object.
//
// A member begins within what is at hand as a rule, and is passed in one go:
// in a browser, calls are what reading costs most.
func (s *scanner) member(first *bool) (key []byte, ok bool) {
	b, i := s.buf, s.pos
	switch {
	case *first:
	case i >= len(b) || s.err != nil:
		return s.farMember(first)
	case b[i] == ',':
		i++
	case b[i] == '}':
		s.pos++
		return nil, false
	default:
		return s.farMember(first)
	}
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	if i++; i > len(b) || b[i-1] != '"' {
		return s.farMember(first)
	}
	from := i
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' {
		i++
	}
	if i+2 >= len(b) || b[i] != '"' || b[i+1] != ':' || s.err != nil {
		return s.farMember(first)
	}
	key = b[from:i:i]
	if i += 2; b[i] == ' ' {
		i++
	}
	*first, s.pos = false, i
	return key, true
}

// farMember is member where there is more to it.
func (s *scanner) farMember(first *bool) (key []byte, ok bool) {
	if !s.another(first, '}') {
		return nil, false
	}
	return s.key(), true
}

// key passes the key of a member and its colon, and returns it as JSON has it,
// without its quotes. A name has no escapes.
func (s *scanner) key() []byte {
	key, plain := s.raw()
	if !plain {
		key = plainName(appendValid(nil, key))
	}
	s.take(':')
	return key
}

// raw passes a string. It returns what stands between its quotes, a part of
// buf, and whether that has neither escapes nor control characters.
func (s *scanner) raw() (raw []byte, plain bool) {
	if b, i := s.buf, s.pos+1; s.err == nil && i < len(b) && b[i-1] == '"' {
		if end := special(b, i); end < len(b) && b[end] == '"' {
			s.pos = end + 1
			return b[i:end:end], true
		}
	}
	return s.farRaw()
}

// farRaw is raw where there is more to it.
func (s *scanner) farRaw() (raw []byte, plain bool) {
	if s.err == nil && !s.is('"') {
		s.fail("there is no string")
	}
	if s.err != nil {
		return nil, false
	}
	plain = true
	for i := s.pos + 1; ; {
		i = special(s.buf, i)
		switch {
		case i >= len(s.buf):
			i -= s.pos
			if !s.more(s.pos) {
				return nil, false
			}
		case s.buf[i] == '"':
			raw = s.buf[s.pos+1 : i : i]
			s.pos = i + 1
			return raw, plain
		default:
			plain = false
			i += escapeLen(s.buf[i])
		}
	}
}

// escapeLen returns by how much to pass c, which special found, and what it
// escapes.
func escapeLen(c byte) int {
	if c == '\\' {
		return 2
	}
	return 1
}

// special returns where in b, from i on, the first quote, backslash or control
// character is, or at least len(b) if there is none.
func special(b []byte, i int) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x80 * ones
	)
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, escape := w^(ones*'"'), w^(ones*'\\')
		// The lowest bit of each that is set is in the first byte it is about.
		found := ((quote-ones)&^quote | (escape-ones)&^escape | (w-ones*' ')&^w) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' {
		i++
	}
	return i
}

// word passes a bare word: a number, true, false or null. It is a part of buf.
// Another word counts as null, and is noted.
func (s *scanner) word() []byte {
	s.next()
	if i := number(s.buf, s.pos); i < len(s.buf) && i > s.pos && !isWord(s.buf[i]) && s.err == nil {
		word := s.buf[s.pos:i:i]
		s.pos = i
		return word
	}
	for i := s.pos; s.err == nil; {
		for i < len(s.buf) && isWord(s.buf[i]) {
			i++
		}
		if i == len(s.buf) {
			i -= s.pos
			s.more(s.pos)
			continue
		}
		word := s.buf[s.pos:i:i]
		switch {
		case len(word) == 0:
			s.fail("there is no value")
		case !isLiteral(word) && !isNumber(word):
			if len(s.odd) <= maxIssues { // more are not told
				s.odd = append(s.odd, oddity{s.offset(), string(word[:min(len(word), 20)])})
			}
			word = []byte("null")
		}
		s.pos = i
		return word
	}
	return nil
}

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-' || c == '+' || c == '.'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLiteral(b []byte) bool {
	return string(b) == "true" || string(b) == "false" || string(b) == "null"
}

func isNumber(b []byte) bool { return len(b) > 0 && number(b, 0) == len(b) }

// number returns where the number ends that begins at b[i], as JSON has them;
// i if none does.
func number(b []byte, i int) int {
	start := i
	if i < len(b) && b[i] == '-' {
		i++
	}
	from := i
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	if i == from || b[from] == '0' && i > from+1 {
		return start
	}
	if i < len(b) && b[i] == '.' {
		i++
		from = i
		for i < len(b) && isDigit(b[i]) {
			i++
		}
		if i == from {
			return start
		}
	}
	if i < len(b) && b[i]|' ' == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		from = i
		for i < len(b) && isDigit(b[i]) {
			i++
		}
		if i == from {
			return start
		}
	}
	return i
}
