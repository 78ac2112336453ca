package har

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape appends what the inside of a JSON string means to dst, and returns
// how many bytes of src it used. An escape that is not all there is left,
// unless src is all there is; then it stands for itself, as unknown ones do.
//
// A surrogate without its other half is a byte (80 to ff for dc80 to dcff,
// which Python writes for bytes that are not UTF-8) or the three bytes that
// UTF-8 would have for it.
func unescape(dst, src []byte, all bool) ([]byte, int) {
	used := 0
	for used < len(src) {
		rest := src[used:]
		i := bytes.IndexByte(rest, '\\')
		if i < 0 {
			return append(dst, rest...), len(src)
		}
		dst = append(dst, rest[:i]...)
		used += i
		var n int
		if dst, n = appendEscape(dst, rest[i:], all); n == 0 {
			break
		}
		used += n
	}
	return dst, used
}

// maxEscape is the length of the longest escape, a pair of surrogates, and
// maxRune of what an escape means at the most, in UTF-8.
const (
	maxEscape = len(`\ud83d\ude00`)
	maxRune   = 4
)

// appendEscape appends what the escape at the start of src means, and returns
// its length: 0 if more of src is needed.
func appendEscape(dst, src []byte, all bool) ([]byte, int) {
	if len(src) < maxEscape && !all && (len(src) < 2 || src[1] == 'u') {
		return dst, 0
	}
	n := validEscape(src)
	switch {
	case n == 0:
		return append(dst, '\\'), 1
	case n == 2:
		return append(dst, plainEscape(src[1])), 2
	}
	r, _ := hex4(src[2:])
	if utf16.IsSurrogate(r) {
		if validEscape(src[n:]) == 6 {
			low, _ := hex4(src[n+2:])
			if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
				return utf8.AppendRune(dst, whole), 2 * n
			}
		}
		return appendSurrogate(dst, r), n
	}
	return utf8.AppendRune(dst, r), n
}

func plainEscape(c byte) byte {
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

func appendSurrogate(dst []byte, r rune) []byte {
	if 0xdc80 <= r && r <= 0xdcff {
		return append(dst, byte(r))
	}
	return append(dst, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
}

// hex4 returns the number of the four hexadecimal digits that b begins with.
func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case 'a' <= c|' ' && c|' ' <= 'f':
			r = r<<4 | rune(c|' '-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// plainName returns a key of letters, digits and _ without its escapes, and
// any other as it is.
func plainName(key []byte) []byte {
	if bytes.IndexByte(key, '\\') < 0 {
		return key
	}
	name, _ := unescape(nil, key, true)
	for _, c := range name {
		if !isDigit(c) && c != '_' && (c|' ' < 'a' || 'z' < c|' ') {
			return key
		}
	}
	return name
}
