package flow

import "encoding/hex"

// UUID returns the bytes of a UUID as mitmproxy writes it, in lower case with
// four hyphens; false for any other text.
func UUID(text string) (id [16]byte, ok bool) {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return id, false
	}
	for i, at := range [len(id)]int{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34} {
		high, low := nibbles[text[at]], nibbles[text[at+1]]
		if high|low > 15 {
			return [16]byte{}, false
		}
		id[i] = high<<4 | low
	}
	return id, true
}

// nibbles has the value of each digit, and 0xff for what is none.
var nibbles = func() (values [256]byte) {
	for c := range values {
		values[c] = 0xff
	}
	for value, c := range []byte("0123456789abcdef") {
		values[c] = byte(value)
	}
	return values
}()

// AppendUUID appends the text of a UUID, of which [UUID] gives the bytes.
func AppendUUID(b []byte, id [16]byte) []byte {
	for i, n := 0, 0; i < len(id); i += n {
		if n = 2; i == 0 {
			n = 4
		} else if b = append(b, '-'); i == 10 {
			n = 6
		}
		b = hex.AppendEncode(b, id[i:i+n])
	}
	return b
}
