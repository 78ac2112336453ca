package har

import (
	"bytes"
	"errors"
	"math"
	"strconv"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
)

// A decoder turns entries into flows as it reads them.
type decoder struct {
	scanner
	page      page
	rests     [3]rest // of the entry, of its request or response, of an object in that
	depth     int     // how many rests are in use
	head      rest    // the first line of a response, as written
	lines     []*flowpb.HTTPHeader
	oddStatus bool   // of a response: it has a status, which is reported unless it is a number
	ofLine    rest   // what stays of a field line
	stayed    []byte // and the list of these
	texts     [2]bodyText
	server    server
	firstKey  string // of the first entry
	entries   int    // that were begun
	issues    []*session.Issue
	charsets  func(offset int64, charset string)
	files     func(name string) (number, size int64, err error)
	noFiles   bool // it was said that there are none
	again     bool // the member read last has taken the place of another of its name
}

// maxIssues is how many issues an entry, or a member of log, can have; one more
// says that there are more.
const (
	maxIssues  = 100
	moreIssues = "and more"
)

// issue notes what is not shown of the entry.
func (d *decoder) issue(text string) {
	if len(d.issues) > maxIssues {
		return
	}
	if len(d.issues) == maxIssues {
		text = moreIssues
	}
	d.issues = append(d.issues, &session.Issue{Place: "entry " + strconv.Itoa(d.entries), Err: errors.New(text)})
}

// An outcome is what became of a member.
type outcome int

const (
	stays outcome = iota // nothing: its value is next
	odd                  // the same, because its value is of another type
	done                 // its value was passed
)

// object walks over the object that is next, of which where is the path. It
// offers each member to take, and keeps what that does not want. The object of
// those is valid until the next object of the same depth. It is false and
// nothing is passed if no object is next.
func (d *decoder) object(where string, take func(key []byte) outcome) (left []byte, ok bool) {
	if !d.is('{') {
		return nil, false
	}
	d.pos++
	r := &d.rests[d.depth]
	d.depth++
	r.b = r.b[:0]
	for first := true; ; {
		key, more := d.member(&first)
		if !more {
			break
		}
		switch take(key) {
		case odd:
			d.isOdd(where+string(key), d.stay(key))
		case stays:
			d.stay(key)
		}
		if d.again {
			d.again = false
			d.issue(where + string(key) + ": it is there twice, and the last is shown")
		}
	}
	d.depth--
	return r.end(), true
}

// stay copies the value that is next into the rest of the object around it,
// and returns the copy.
func (d *decoder) stay(key []byte) []byte {
	r := &d.rests[d.depth-1]
	r.key(key)
	from := len(r.b)
	r.b = d.copy(r.b)
	return r.b[from:]
}

// isOdd reports a value of another type than it should have. Null is none, and
// an empty list is how PHP writes an empty object.
func (d *decoder) isOdd(where string, value []byte) {
	if d.err == nil && string(value) != "null" && string(value) != "[]" {
		d.issue(where + ": it is " + typeOf(value) + ", and not shown")
	}
}

func typeOf(value []byte) string {
	switch c := value[0]; {
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"':
		return "a string"
	case c == '-' || isDigit(c):
		return "the number " + string(value[:min(len(value), 20)])
	}
	return string(value)
}

// leave adds what stays of an object to what stays of the object around it.
func (d *decoder) leave(key string, left []byte) {
	if left != nil {
		d.rests[d.depth-1].add([]byte(key), left)
	}
}

// keep returns a copy of text, and nil of nil.
func (d *decoder) keep(text []byte) []byte {
	if text == nil {
		return nil
	}
	return d.page.keep(text)
}

// string moves a string.
func (d *decoder) string(to *[]byte) outcome {
	if !d.is('"') {
		return odd
	}
	if *to != nil {
		d.again = true
	}
	raw, plain := d.raw()
	if !plain {
		d.text, _ = unescape(d.text[:0], raw, true)
		raw = d.page.keep(d.text)
	}
	*to = raw
	return done
}

// json moves any value but null.
func (d *decoder) json(key []byte, to *[]byte) outcome {
	if d.skip(); string(d.skipped) == "null" {
		d.rests[d.depth-1].add(key, d.skipped)
		return done
	}
	d.again = *to != nil
	*to = d.page.keep(d.skipped)
	return done
}

// number passes a number, and returns it with its word, which is valid until
// the next call. What does not fit is not-a-number.
func (d *decoder) number() (n float64, word []byte, ok bool) {
	if c := d.next(); c != '-' && !isDigit(c) {
		return 0, nil, false
	}
	word = d.word()
	return parseNumber(word), word, true
}

// parseNumber returns the double that is nearest to a number of JSON. One with
// few digits is the quotient of two that are exact.
func parseNumber(word []byte) float64 {
	const exact = 15 // any number of as many digits is
	mantissa, scale := 0, -1
	for i, c := range word {
		switch {
		case isDigit(c):
			mantissa = mantissa*10 + int(c-'0')
		case c == '.':
			scale = len(word) - 1 - i
		case c != '-' || i > 0:
			return parseLong(word)
		}
	}
	if len(word) > exact || len(word) == 0 {
		return parseLong(word)
	}
	n := float64(mantissa)
	if scale > 0 {
		n /= powers[scale]
	}
	if word[0] == '-' {
		n = -n
	}
	return n
}

// powers are those of ten.
var powers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

func parseLong(word []byte) float64 {
	n, err := strconv.ParseFloat(string(word), 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

// smallInt returns the number of up to nine digits that b is.
func smallInt(b []byte) (n int, ok bool) {
	for _, c := range b {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, 0 < len(b) && len(b) <= 9
}

// integer returns the number n, if it is one of 32 bits.
func integer(n float64) (int32, bool) { return int32(n), n == float64(int32(n)) }

// textOf returns the text of a string as copy returns it. It is valid until
// the next call.
func (d *decoder) textOf(value []byte) ([]byte, bool) {
	if len(value) < 2 || value[0] != '"' {
		return nil, false
	}
	raw := value[1 : len(value)-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw, true
	}
	d.text, _ = unescape(d.text[:0], raw, true)
	return d.text, true
}

// members calls member with the text of each key of an object as copy returns
// it, and with its value. Other values have none.
func (d *decoder) members(object []byte, member func(key string, value []byte)) {
	if len(object) == 0 || object[0] != '{' {
		return
	}
	s := scanner{buf: object, pos: 1}
	var value []byte
	for first := true; ; {
		key, more := s.member(&first)
		if !more {
			return
		}
		value = s.copy(value[:0])
		member(string(key), value)
	}
}
