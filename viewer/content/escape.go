package content

import "strings"

// escapeBytes returns bytes as ASCII, as mitmproxy does: \\, \n, \r, \t, and
// \xNN for all that is not printable.
func escapeBytes(data []byte) string {
	var b strings.Builder
	b.Grow(len(data))
	for _, c := range data {
		switch {
		case c == '\\':
			b.WriteString(`\\`)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20 || c > 0x7e:
			const digits = "0123456789abcdef"
			b.Write([]byte{'\\', 'x', digits[c>>4], digits[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
