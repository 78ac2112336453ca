package content

import (
	"strings"
	"unicode/utf8"
)

// printable returns s as text that is safe to show: control characters but
// tab and line breaks become ".", as in mitmproxy, and bytes that are not
// UTF-8 become \xNN.
func printable(s string) string {
	clean := cleanPrefix(s)
	if clean == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	for s != "" {
		b.WriteString(s[:clean])
		if s = s[clean:]; s == "" {
			break
		}
		if c := s[0]; c < utf8.RuneSelf {
			b.WriteByte('.')
		} else {
			const digits = "0123456789abcdef"
			b.Write([]byte{'\\', 'x', digits[c>>4], digits[c&15]})
		}
		s = s[1:]
		clean = cleanPrefix(s)
	}
	return b.String()
}

// cleanPrefix returns how many bytes of s may stay as they are.
func cleanPrefix(s string) int {
	for i := 0; i < len(s); {
		for i < len(s) && ' ' <= s[i] && s[i] <= '~' {
			i++
		}
		if i == len(s) {
			break
		}
		if c := s[i]; c < utf8.RuneSelf {
			if isControl(c) {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(s)
}

func isControl(c byte) bool {
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0x7f
}
