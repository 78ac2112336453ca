package content

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// scalar reads a string, a number or a word.
func (x *indenter) scalar(first byte) error {
	if first == '"' {
		return x.text()
	}
	if end := numberEnd(x.in, x.at); end >= 0 {
		return x.copyTo(end)
	}
	for _, word := range [...]string{"true", "false", "null", "NaN", "Infinity", "-Infinity"} {
		if strings.HasPrefix(x.in[x.at:], word) {
			return x.copyTo(x.at + len(word))
		}
	}
	return x.unexpected()
}

// copyTo copies the input up to end, where the token must end.
func (x *indenter) copyTo(end int) error {
	x.out = append(x.out, x.in[x.at:end]...)
	x.at = end
	if end == len(x.in) {
		return nil
	}
	switch x.in[end] {
	case ' ', '\t', '\r', '\n', ',', ']', '}':
		return nil
	}
	return x.unexpected()
}

// numberEnd returns where the number at i ends, or -1 if there is none.
func numberEnd(s string, i int) int {
	if i < len(s) && s[i] == '-' {
		i++
	}
	whole := digits(s, i)
	if whole == i || s[i] == '0' && whole > i+1 {
		return -1
	}
	i = whole
	if i < len(s) && s[i] == '.' {
		if i = digits(s, i+1); s[i-1] == '.' {
			return -1
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		start := i
		if i = digits(s, i); i == start {
			return -1
		}
	}
	return i
}

// digits returns where the digits at i end.
func digits(s string, i int) int {
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return i
}

// text reads a string. The quote that opens it is the next byte.
func (x *indenter) text() error {
	start := x.at
	x.at++
	for {
		x.at += plain(x.in[x.at:])
		if x.at == len(x.in) || x.in[x.at] < 0x20 {
			return x.unexpected()
		}
		if x.in[x.at] == '"' {
			x.at++
			x.out = append(x.out, x.in[start:x.at]...)
			return nil
		}
		x.out = append(x.out, x.in[start:x.at]...)
		if err := x.escape(); err != nil {
			return err
		}
		start = x.at
	}
}

// plain returns how many bytes of s stand for themselves in a string.
func plain(s string) int {
	for i := range len(s) {
		if c := s[i]; c == '"' || c == '\\' || c < 0x20 {
			return i
		}
	}
	return len(s)
}

// escape reads an escape. It undoes it if it stands for a printable character
// that needs none, and else keeps it.
func (x *indenter) escape() error {
	var kind byte
	if x.at+1 < len(x.in) {
		kind = x.in[x.at+1]
	}
	switch kind {
	case '/':
		x.out = append(x.out, '/')
		x.at += 2
		return nil
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		x.out = append(x.out, x.in[x.at:x.at+2]...)
		x.at += 2
		return nil
	}
	r, ok := x.unit(x.at)
	if !ok {
		x.at = min(x.at+1, len(x.in))
		return x.unexpected()
	}
	n := 6
	if utf16.IsSurrogate(r) {
		low, _ := x.unit(x.at + n)
		if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
			n *= 2
		}
	}
	if r == utf8.RuneError || r == '"' || r == '\\' || !unicode.IsPrint(r) {
		x.out = append(x.out, x.in[x.at:x.at+n]...)
	} else {
		x.out = utf8.AppendRune(x.out, r)
	}
	x.at += n
	return nil
}

// unit returns the UTF-16 unit that \uNNNN at offset i stands for.
func (x *indenter) unit(i int) (rune, bool) {
	if i+6 > len(x.in) || x.in[i:i+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(x.in[i+2:i+6], 16, 16)
	return rune(n), err == nil
}
