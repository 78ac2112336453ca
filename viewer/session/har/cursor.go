package har

import (
	"bytes"
	"strconv"
)

// A cursor walks over a skeleton, which is valid: so nothing can go wrong.
type cursor struct {
	b    []byte
	i    int
	text []byte // of the last string that had escapes
}

// object passes the bracket of an object; false if none is next. The members
// are then to be walked over to their end.
func (c *cursor) object() bool { return c.pass('{') }

// list is object for a list.
func (c *cursor) list() bool { return c.pass('[') }

func (c *cursor) pass(b byte) bool {
	if c.b[c.i] != b {
		return false
	}
	c.i++
	return true
}

// member passes the key of the next member of an object, or the end of it.
// The value has to be passed before the next call. The key is as written,
// without its quotes.
func (c *cursor) member() (key []byte, ok bool) {
	c.pass(',')
	if c.pass('}') {
		return nil, false
	}
	key = c.raw()
	c.i++ // the colon
	return key, true
}

// item passes a comma, or the end of a list.
func (c *cursor) item() bool {
	c.pass(',')
	return !c.pass(']')
}

// raw passes a string and returns what stands between its quotes.
func (c *cursor) raw() []byte {
	start := c.i + 1
	i := start
	for {
		i = special(c.b, i)
		if c.b[i] == '"' {
			c.i = i + 1
			return c.b[start:i]
		}
		i += escapeLen(c.b[i])
	}
}

// str passes a string and returns its text, valid until the next call. It is
// false and passes nothing if no string is next.
func (c *cursor) str() ([]byte, bool) {
	if c.b[c.i] != '"' {
		return nil, false
	}
	raw := c.raw()
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw, true
	}
	c.text, _ = unescape(c.text[:0], raw, true)
	return c.text, true
}

// number passes a number. It is false and passes nothing if none is next.
func (c *cursor) number() (float64, bool) {
	if b := c.b[c.i]; b != '-' && !isDigit(b) {
		return 0, false
	}
	start := c.i
	c.skip()
	word := c.b[start:c.i]
	if n, ok := smallInt(word); ok {
		return float64(n), true
	}
	f, err := strconv.ParseFloat(string(word), 64)
	if err != nil { // too large a number
		c.i = start
	}
	return f, err == nil
}

// integer is number for those that have no fraction and fit.
func (c *cursor) integer() (int32, bool) {
	start := c.i
	if f, ok := c.number(); ok && f == float64(int32(f)) {
		return int32(f), true
	}
	c.i = start
	return 0, false
}

// smallInt returns the number of up to nine digits that b is.
func smallInt(b []byte) (n int, ok bool) {
	for _, c := range b {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(b) <= 9
}

// body passes the mark of a body and its string, which is nil if it was left
// out. It is false and passes nothing if no mark is next.
func (c *cursor) body() (m mark, raw []byte, ok bool) {
	if c.b[c.i] != tagBody {
		return mark{}, nil, false
	}
	m = markAt(c.b[c.i:])
	c.i += markLen
	if m.length <= maxInline {
		raw = c.raw()
	}
	return m, raw, true
}

// skip passes a value and returns it. Marks of bodies may be in it.
func (c *cursor) skip() []byte {
	start := c.i
	for depth := 0; ; {
		switch c.b[c.i] {
		case '{', '[':
			depth++
			c.i++
		case '}', ']':
			depth--
			c.i++
		case ',', ':':
			c.i++
			continue
		case '"':
			c.raw()
		case tagBody:
			c.body()
		default:
			for c.i < len(c.b) && isWord(c.b[c.i]) {
				c.i++
			}
		}
		if depth == 0 {
			return c.b[start:c.i]
		}
	}
}
