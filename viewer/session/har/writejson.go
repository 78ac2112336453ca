package har

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// A member is one of an object: its key as JSON has it, without quotes, and
// its value. A name has no escapes.
type member struct {
	key, value []byte
	passed     bool // it is written, or not to be
}

// members returns the members of a JSON object, nil if b is none. They are
// part of b, but for names that have escapes.
func members(b []byte) []member {
	i := white(b, 0)
	if i == len(b) || b[i] != '{' || valueEnd(b, 0, 0) < 0 {
		return nil
	}
	var all []member
	for i = white(b, i+1); b[i] != '}'; i = white(b, i) {
		if b[i] == ',' {
			i = white(b, i+1)
		}
		end := stringEnd(b, i)
		m := member{key: plainName(b[i+1 : end-1])}
		i = white(b, white(b, end)+1) // behind the colon
		end = valueEnd(b, i, 0)
		m.value = b[i:end]
		all = append(all, m)
		i = end
	}
	return all
}

// items returns the items of a JSON list, and whether b is one.
func items(b []byte) (all [][]byte, ok bool) {
	i := white(b, 0)
	if i == len(b) || b[i] != '[' || valueEnd(b, 0, 0) < 0 {
		return nil, false
	}
	for i = white(b, i+1); b[i] != ']'; i = white(b, i) {
		if b[i] == ',' {
			i = white(b, i+1)
		}
		end := valueEnd(b, i, 0)
		all = append(all, b[i:end])
		i = end
	}
	return all, true
}

// isJSON reports whether b is one JSON value.
func isJSON(b []byte) bool {
	end := valueEnd(b, white(b, 0), 0)
	return end >= 0 && white(b, end) == len(b)
}

// valueEnd returns where the JSON value ends that begins at i of b, behind white
// space, or -1 if none does. What JSON holds came from a file, or from a store
// that may be damaged.
func valueEnd(b []byte, i, depth int) int {
	i = white(b, i)
	if i == len(b) || depth > maxDepth {
		return -1
	}
	switch b[i] {
	case '"':
		return stringEnd(b, i)
	case '{', '[':
		return containerEnd(b, i, depth)
	}
	start := i
	for i < len(b) && isWord(b[i]) {
		i++
	}
	if word := b[start:i]; isNumber(word) || isLiteral(word) {
		return i
	}
	return -1
}

// containerEnd is valueEnd for an object or a list, whose bracket is at i.
func containerEnd(b []byte, i, depth int) int {
	object, end := b[i] == '{', b[i]+2
	i = white(b, i+1)
	if i < len(b) && b[i] == end {
		return i + 1
	}
	for {
		if object {
			if i = white(b, stringEnd(b, i)); i < 0 || i == len(b) || b[i] != ':' {
				return -1
			}
			i = white(b, i+1)
		}
		i = white(b, valueEnd(b, i, depth+1))
		switch {
		case i < 0 || i == len(b):
			return -1
		case b[i] == end:
			return i + 1
		case b[i] != ',':
			return -1
		}
		i = white(b, i+1)
	}
}

// stringEnd is valueEnd for a string.
func stringEnd(b []byte, i int) int {
	if i < 0 || i >= len(b) || b[i] != '"' {
		return -1
	}
	for i++; i < len(b); {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			n := validEscape(b[i:])
			if n == 0 {
				return -1
			}
			i += n
		case c < ' ':
			return -1
		default:
			i++
		}
	}
	return -1
}

// white passes white space from i on. It keeps -1.
func white(b []byte, i int) int {
	for 0 <= i && i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// appendInside appends s as the inside of a JSON string. A byte that is not
// UTF-8 becomes a lone surrogate, from \udc80 to \udcff.
func appendInside(dst, s []byte) []byte {
	const hex = "0123456789abcdef"
	start := 0 // of what needs no escape
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(s[i:])
			if r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
		} else if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		i++
		start = i
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, '\\', 'u', 'd', 'c', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, s[start:]...)
}

func appendQuoted(dst, s []byte) []byte {
	return append(appendInside(append(dst, '"'), s), '"')
}

// appendJSON appends JSON as it is, but for bytes that are not UTF-8, which
// are in its strings.
func appendJSON(dst, b []byte) []byte {
	if utf8.Valid(b) {
		return append(dst, b...)
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			dst = appendInside(dst, b[:1])
		} else {
			dst = append(dst, b[:n]...)
		}
		b = b[n:]
	}
	return dst
}

// appendNumber appends a number, which has to be finite.
func appendNumber(dst []byte, f float64) []byte {
	if math.Abs(f) >= 1e21 {
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// epoch is the date that stands for one that is not known.
const epoch = "1970-01-01T00:00:00.000Z"

// appendDate appends seconds since 1970 as ISO 8601, to the microsecond, and
// epoch if that has no such date.
func appendDate(dst []byte, seconds float64) []byte {
	const first, last = -62167219200, 253402300799 // the years 0 and 9999
	if !(first <= seconds && seconds < last) {
		return append(dst, epoch...)
	}
	whole := math.Floor(seconds)
	micros := int64(math.Round((seconds - whole) * 1e6))
	return time.Unix(int64(whole), micros*1000).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000Z")
}

// isDate reports whether s is a date as HAR has them: ISO 8601 with all its
// parts, to the second at least, and a time zone.
func isDate(s []byte) bool {
	const head = "dddd-dd-ddTdd:dd:dd"
	if len(s) <= len(head) || !matches(s[:len(head)], head) {
		return false
	}
	rest := s[len(head):]
	if rest[0] == '.' {
		i := 1
		for i < len(rest) && isDigit(rest[i]) {
			i++
		}
		if i == 1 {
			return false
		}
		rest = rest[i:]
	}
	if len(rest) == 0 {
		return false
	}
	if string(rest) != "Z" {
		zone := rest[1:]
		if rest[0] != '+' && rest[0] != '-' || !matches(zone, "dd:dd") && !matches(zone, "dddd") {
			return false
		}
	}
	_, ok := parseTime(string(s))
	return ok
}

// matches compares s with a pattern, in which d is any digit.
func matches(s []byte, pattern string) bool {
	if len(s) != len(pattern) {
		return false
	}
	for i, c := range s {
		if p := pattern[i]; p != c && (p != 'd' || !isDigit(c)) {
			return false
		}
	}
	return true
}
