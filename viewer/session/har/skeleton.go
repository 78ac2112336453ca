package har

import (
	"encoding/binary"
	"strconv"
)

// maxInline is how long the JSON string of a body may be, with its quotes, to
// be kept in the flow.
const maxInline = 1 << 10

// A skeleton is the JSON of an entry in one piece: valid, without white space
// between its tokens, and with a mark in front of each string that is a body.
// A mark is tagBody, then offset and length of the string in the file and the
// offset of the first byte that makes it no base64, or 0. A string that is
// longer than maxInline is left out. So the memory of an entry is what it says
// besides.
const (
	tagBody = 0x01
	markLen = 1 + 3*8
)

// A mark says where the string of a body is.
type mark struct {
	offset, length int64
	bad            int64
}

func (m mark) append(dst []byte) []byte {
	dst = append(dst, tagBody)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(m.offset))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(m.length))
	return binary.LittleEndian.AppendUint64(dst, uint64(m.bad))
}

func markAt(b []byte) mark {
	at := func(i int) int64 { return int64(binary.LittleEndian.Uint64(b[1+8*i:])) }
	return mark{at(0), at(1), at(2)}
}

// A place is where in an entry a value is, as far as bodies are concerned.
type place byte

const (
	elsewhere place = iota
	entry
	request
	response
	content  // postData, content or _content
	messages // _webSocketMessages
	message
	body

	list = 0x80 // or'ed to the place of a list
)

// member returns the place of the member key of an object at p.
func (p place) member(key []byte) place {
	switch {
	case p == entry && string(key) == "request":
		return request
	case p == entry && string(key) == "response":
		return response
	case p == entry && string(key) == "_webSocketMessages":
		return messages
	case p == request && (string(key) == "postData" || string(key) == "_content"),
		p == response && string(key) == "content":
		return content
	case p == content && string(key) == "text",
		p == message && string(key) == "data":
		return body
	}
	return elsewhere
}

// item returns the place of an item of a list at p.
func (p place) item() place {
	if p == messages {
		return message
	}
	return elsewhere
}

// value passes a value that is at p and appends its skeleton to dst. It does
// not recurse: values nest as deep as they like, up to maxDepth.
func (s *scanner) value(dst []byte, p place) []byte {
	s.places = s.places[:0]
	for s.err == nil {
		var opened bool
		switch c := s.next(); {
		case c == '{' || c == '[':
			dst = s.open(dst, c, p)
			opened = true
		case c == '"' && p == body:
			dst = s.body(dst)
		case c == '"':
			dst = s.quoted(dst)
		default:
			dst = s.word(dst)
		}
		var more bool
		if dst, p, more = s.follow(dst, opened); !more {
			break
		}
	}
	return dst
}

func (s *scanner) open(dst []byte, c byte, p place) []byte {
	s.pos++
	if c == '[' {
		p |= list
	}
	if s.places = append(s.places, p); len(s.places) > maxDepth {
		s.fail("values nest deeper than " + strconv.Itoa(maxDepth))
	}
	return append(dst, c)
}

// follow passes what stands between one value and the next: the end of objects
// and lists, a comma, a key. It returns the place of the next value, if there
// is one more in the whole. After a bracket was opened, no comma is due.
func (s *scanner) follow(dst []byte, opened bool) ([]byte, place, bool) {
	for s.err == nil && len(s.places) > 0 {
		p := s.places[len(s.places)-1]
		end := byte('}')
		if p&list != 0 {
			end = ']'
		}
		first := opened
		if !s.another(&opened, end) {
			s.places = s.places[:len(s.places)-1]
			dst = append(dst, end)
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		if p&list != 0 {
			return dst, (p &^ list).item(), true
		}
		from := len(dst)
		dst = s.quoted(dst)
		if s.err != nil || !s.take(':') {
			return dst, p, false
		}
		key := dst[from+1 : len(dst)-1]
		return append(dst, ':'), p.member(key), true
	}
	return dst, elsewhere, false
}

// quoted passes a string and appends it to dst, as JSON.
func (s *scanner) quoted(dst []byte) []byte {
	raw, plain := s.raw()
	if s.err != nil {
		return dst
	}
	dst = append(dst, '"')
	if plain {
		dst = append(dst, raw...)
	} else {
		dst = appendValid(dst, raw)
	}
	return append(dst, '"')
}

// appendValid appends the inside of a string. Control characters and unknown
// escapes, which JSON has not, become what it has.
func appendValid(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		n := 1
		switch {
		case c == '\\':
			if n = validEscape(raw[i:]); n == 0 {
				dst = append(dst, '\\')
				n = 1
			}
		case c < ' ':
			const hex = "0123456789abcdef"
			dst = append(dst, '\\', 'u', '0', '0', '0'+c>>4, hex[c&15])
			i++
			continue
		}
		dst = append(dst, raw[i:i+n]...)
		i += n
	}
	return dst
}

// validEscape returns the length of the escape that b begins with, 0 if JSON
// has no such.
func validEscape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b[2:]); ok {
			return 6
		}
	}
	return 0
}

// body passes a string that is a body. It appends its mark to dst, and then
// the string, unless that is longer than maxInline.
func (s *scanner) body(dst []byte) []byte {
	m := mark{offset: s.offset()}
	i, base64 := s.pos+1, true // base64: it may be
	for s.err == nil {
		if base64 {
			i = base64Run(s.buf, i)
		} else {
			i = special(s.buf, i)
		}
		if i >= len(s.buf) {
			keep := s.pos
			if i-s.pos > maxInline {
				keep = len(s.buf) // the string is not needed any more
			}
			i -= keep
			s.more(keep)
			continue
		}
		c := s.buf[i]
		if c == '"' {
			break
		}
		if base64 && !s.inBase64(i) {
			m.bad, base64 = s.stream.Offset()+int64(i), false
		}
		i += escapeLen(c)
	}
	if s.err != nil {
		return dst
	}
	m.length = s.stream.Offset() + int64(i) + 1 - m.offset
	dst = m.append(dst)
	if m.length <= maxInline {
		return s.quoted(dst)
	}
	s.pos = i + 1
	return dst
}
