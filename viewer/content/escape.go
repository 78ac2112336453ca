package content

// escapeBytes returns bytes as ASCII, as mitmproxy does: \\, \n, \r, \t, and
// \xNN for all that is not printable.
func escapeBytes(data []byte) string {
	var o output
	o.b.Grow(len(data))
	for _, c := range data {
		switch {
		case c == '\\':
			o.put(`\\`)
		case c == '\n':
			o.put(`\n`)
		case c == '\r':
			o.put(`\r`)
		case c == '\t':
			o.put(`\t`)
		case c < 0x20 || c > 0x7e:
			o.put(`\x`)
			o.putHex(c)
		default:
			o.putByte(c)
		}
	}
	return o.String()
}
