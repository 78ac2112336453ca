package jsontext

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// stringEnd returns the offset behind the string at an offset, or -1.
func stringEnd(b []byte, at int) int {
	for i := at + 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c < 0x20:
			return -1
		case c == '\\':
			if i++; i == len(b) || strings.IndexByte(`"\/bfnrtu`, b[i]) < 0 {
				return -1
			}
			if _, ok := unit(b[i-1:]); b[i] == 'u' && !ok {
				return -1
			}
		}
	}
	return -1
}

// numberEnd returns the offset behind the number at an offset, or -1.
func numberEnd(b []byte, i int) int {
	if i < len(b) && b[i] == '-' {
		i++
	}
	whole := digits(b, i)
	if whole == i || b[i] == '0' && whole > i+1 {
		return -1
	}
	if i = whole; i < len(b) && b[i] == '.' {
		end := digits(b, i+1)
		if end == i+1 {
			return -1
		}
		i = end
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		end := digits(b, i)
		if end == i {
			return -1
		}
		i = end
	}
	return i
}

func digits(b []byte, i int) int {
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	return i
}

// unquote undoes the escapes between the quotes of a string. Half of a character
// and bytes that are not UTF-8 become U+FFFD.
func unquote(raw []byte) string {
	text := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			r, size := utf8.DecodeRune(raw[i:])
			text = utf8.AppendRune(text, r)
			i += size
			continue
		}
		r, ok := unit(raw[i:])
		if !ok {
			text = append(text, escaped(raw[i+1]))
			i += 2
			continue
		}
		i += 6
		if utf16.IsSurrogate(r) {
			low, _ := unit(raw[i:])
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 6
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return string(text)
}

// unit returns what the escape \uNNNN stands for that b begins with.
func unit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	return rune(n), err == nil && b[2] != '+'
}

// escaped returns what a backslash and c stand for.
func escaped(c byte) byte {
	if i := strings.IndexByte("bfnrt", c); i >= 0 {
		return "\b\f\n\r\t"[i]
	}
	return c
}

// AppendQuote appends text as a JSON string. Only what must be is escaped.
func AppendQuote(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < 0x20 || r == 0x7f:
			if i := strings.IndexRune("\b\f\n\r\t", r); i >= 0 {
				dst = append(dst, '\\', "bfnrt"[i])
			} else {
				const hex = "0123456789abcdef"
				dst = append(dst, `\u00`...)
				dst = append(dst, hex[r>>4], hex[r&15])
			}
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
