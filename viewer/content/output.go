package content

import "strings"

// output builds text. Its methods are not inlined: the views call them in so
// many places that the program would be larger by a third of the views.
type output struct{ b strings.Builder }

//go:noinline
func (o *output) put(s string) { o.b.WriteString(s) }

//go:noinline
func (o *output) putByte(c byte) { o.b.WriteByte(c) }

//go:noinline
func (o *output) putRune(r rune) { o.b.WriteRune(r) }

// putHex puts a byte as two hexadecimal digits.
func (o *output) putHex(c byte) {
	const digits = "0123456789abcdef"
	o.putByte(digits[c>>4])
	o.putByte(digits[c&15])
}

// repeat puts s n times.
func (o *output) repeat(s string, n int) {
	for range n {
		o.put(s)
	}
}

func (o *output) len() int { return o.b.Len() }

func (o *output) String() string { return o.b.String() }
