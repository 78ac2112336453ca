package content

import "unicode/utf8"

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

// utf8Text returns data as text. A byte that is not of UTF-8 becomes \xNN.
func utf8Text(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	var o output
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			o.put(`\x`)
			o.putHex(data[0])
		} else {
			o.putRune(r)
		}
		data = data[size:]
	}
	return o.String()
}
