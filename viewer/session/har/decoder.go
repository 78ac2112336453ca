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
	page     page
	rests    [3]rest // of the entry, of its request or response, of an object in that
	depth    int     // how many rests are in use
	head     rest    // the first line of a response, as written
	name     []byte  // the key of the member that is read
	headers  []flowpb.HTTPHeader
	texts    [2]bodyText
	server   server
	firstKey string // of the first entry
	entries  int    // that were begun
	issues   []*session.Issue
	charsets func(offset int64, charset string)
	files    func(name string) (number, size int64, err error)
	noFiles  bool // it was said that there are none
}

// issue notes what is not shown of the entry.
func (d *decoder) issue(text string) {
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
	for first := true; d.another(&first, '}'); {
		d.name = d.key(d.name[:0])
		switch take(d.name) {
		case odd:
			key := string(d.name)
			d.isOdd(where+key, d.stay(d.name))
		case stays:
			d.stay(d.name)
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
	*to = d.page.keep(d.str())
	return done
}

// json moves any value but null.
func (d *decoder) json(key []byte, to *[]byte) outcome {
	if d.skip(); string(d.skipped) == "null" {
		d.rests[d.depth-1].add(key, d.skipped)
		return done
	}
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

func parseNumber(word []byte) float64 {
	if n, ok := smallInt(word); ok {
		return float64(n)
	}
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
	for first := true; s.another(&first, '}'); {
		key := string(s.key(nil))
		value = s.copy(value[:0])
		member(key, value)
	}
}
