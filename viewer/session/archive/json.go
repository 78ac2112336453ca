package archive

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// within returns what stands between the first and the last character of b.
func within(b []byte, first, last byte) ([]byte, bool) {
	b = bytes.TrimSpace(b)
	if len(b) < 2 || b[0] != first || b[len(b)-1] != last {
		return nil, false
	}
	return bytes.TrimSpace(b[1 : len(b)-1]), true
}

// members returns those of a JSON object in their order, or nil if it is none.
// It takes the values for JSON: encoding/json would cost 0.1 MB to download.
func members(object []byte) []jsonMember {
	rest, ok := within(object, '{', '}')
	if !ok {
		return nil
	}
	all := []jsonMember{}
	for len(rest) > 0 {
		var m jsonMember
		m.key, rest = cutAt(rest, ':')
		m.value, rest = cutAt(rest, ',')
		if len(m.key) < 2 || m.key[0] != '"' || len(m.value) == 0 {
			return nil
		}
		all = append(all, m)
	}
	return all
}

// cutAt cuts b at the first end that stands in no string, array or object.
func cutAt(b []byte, end byte) (before, after []byte) {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == end && depth == 0:
			return bytes.TrimSpace(b[:i]), bytes.TrimSpace(b[i+1:])
		}
	}
	return bytes.TrimSpace(b), nil
}

// textOf returns the text of a JSON string, and whether value is one. Escapes
// of half a character are U+FFFD.
func textOf(value []byte) (string, bool) {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return "", false
	}
	raw := value[1 : len(value)-1]
	text := make([]byte, 0, len(raw))
	for len(raw) > 0 {
		c := raw[0]
		if c != '\\' || len(raw) < 2 {
			text, raw = append(text, c), raw[1:]
			continue
		}
		if r, ok := unit(raw); ok {
			raw = raw[6:]
			if low, ok := unit(raw); ok && utf16.IsSurrogate(r) {
				if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
					r, raw = pair, raw[6:]
				}
			}
			text = utf8.AppendRune(text, r)
			continue
		}
		text, raw = append(text, escaped(raw[1])), raw[2:]
	}
	return string(text), true
}

// unit returns the number of the escape \uXXXX that b begins with.
func unit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	return rune(n), err == nil
}

// escaped returns what a backslash and c stand for.
func escaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
