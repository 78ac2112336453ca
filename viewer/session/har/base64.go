package har

// The classes of bytes in base64: below 64 the value of a digit.
const (
	padding = 64 + iota
	blank
	foreign
)

// base64Class has the class of each byte. Digits are those of both alphabets
// of RFC 4648.
var base64Class = func() (class [256]byte) {
	for i := range class {
		class[i] = foreign
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(digits) {
		class[digits[i]] = byte(i)
	}
	class['-'], class['_'], class['='] = 62, 63, padding
	for _, c := range " \t\r\n" {
		class[c] = blank
	}
	return class
}()

// base64Run returns where in b, from i on, the first byte is that is no digit,
// or len(b).
func base64Run(b []byte, i int) int {
	for ; i+4 <= len(b); i += 4 {
		if base64Class[b[i]]|base64Class[b[i+1]]|base64Class[b[i+2]]|base64Class[b[i+3]] >= padding {
			break
		}
	}
	for i < len(b) && base64Class[b[i]] < padding {
		i++
	}
	return i
}

// inBase64 reports whether the byte at i, which is no digit, may stand in a
// string of base64: padding, white space, or an escape that may mean a digit
// or one of these.
func (s *scanner) inBase64(i int) bool {
	if s.buf[i] != '\\' {
		return base64Class[s.buf[i]] != foreign
	}
	if i+1 == len(s.buf) {
		return true
	}
	switch s.buf[i+1] {
	case '/', 'n', 'r', 't', 'u':
		return true
	}
	return false
}

// debase64 appends the bytes that src, the inside of a JSON string, stands for
// to dst, and returns how many bytes of src it used: all up to the end of a
// group of four digits, or all if that is all there is. What is no digit is
// passed over, and padding ends nothing: a group that is not full has the bytes
// that it has.
func debase64(dst, src []byte, all bool) ([]byte, int) {
	used, n := 0, 0
	var group uint32
	for i := 0; i < len(src); {
		c, size := src[i], 1
		if c == '\\' {
			if c, size = escaped(src[i:], all); size == 0 {
				break
			}
		}
		i += size
		switch class := base64Class[c]; {
		case class < padding:
			group = group<<6 | uint32(class)
			n++
		case class == padding:
			dst = appendGroup(dst, group, n)
			group, n = 0, 0
		}
		if n == 4 {
			dst = append(dst, byte(group>>16), byte(group>>8), byte(group))
			group, n = 0, 0
		}
		if n == 0 {
			used = i
		}
	}
	if all {
		return appendGroup(dst, group, n), len(src)
	}
	return dst, used
}

// escaped returns the byte that the escape at the start of src means, if it
// means one, and its length, 0 if more of src is needed.
func escaped(src []byte, all bool) (byte, int) {
	var text [maxRune]byte
	meant, n := appendEscape(text[:0], src, all)
	if len(meant) == 0 {
		return 0, n
	}
	return meant[0], n
}

// appendGroup appends the bytes of a group of only n digits.
func appendGroup(dst []byte, group uint32, n int) []byte {
	switch n {
	case 2:
		return append(dst, byte(group>>4))
	case 3:
		return append(dst, byte(group>>10), byte(group>>2))
	}
	return dst
}
