package har

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

const (
	charsetUTF8   = "utf-8"
	charsetLatin1 = "latin-1"
)

// charsetOf returns the charset in which the text of a body is turned into
// bytes: what a viewer takes those bytes for that sees these headers.
func charsetOf(headers []*flowpb.HTTPHeader) string {
	contentType, _ := flow.Value(headers, "content-type")
	if contentType == "" {
		return charsetLatin1
	}
	switch name := flow.Charset(nil, contentType); name {
	case "utf-8", "utf8", "utf_8", "ascii", "us-ascii": // ASCII is the same, as far as it goes
		return charsetUTF8
	case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso_8859-1":
		return charsetLatin1
	default:
		return name
	}
}

// encode returns UTF-8 text in a charset: text itself if that is UTF-8, is not
// known, or has not all its characters.
func encode(text []byte, charset string) []byte {
	if charset == charsetUTF8 || isASCII(text) {
		return text
	}
	if charset == charsetLatin1 {
		if b, used := appendLatin1(nil, text); used == len(text) {
			return b
		}
		return text
	}
	if !utf8.Valid(text) {
		return text
	}
	if b, err := encoder(charset).Bytes(text); err == nil {
		return b
	}
	return text
}

// encoder returns the encoder of a charset, or one that keeps UTF-8.
func encoder(charset string) *encoding.Encoder {
	if e, err := ianaindex.IANA.Encoding(charset); err == nil && e != nil {
		return e.NewEncoder()
	}
	return encoding.Nop.NewEncoder()
}

// appendLatin1 appends UTF-8 text as Latin-1, up to the first character that
// Latin-1 has not, and returns how much of text that is.
func appendLatin1(dst, text []byte) ([]byte, int) {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if r > 0xff {
			return dst, i // U+FFFD, where there is no character, is one of these
		}
		dst = append(dst, byte(r))
		i += n
	}
	return dst, len(text)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// latin1 is the coder of text in Latin-1. It uses nothing of a text that has
// other characters.
func latin1(dst, src []byte, all bool) ([]byte, int) {
	if !all {
		src = src[:len(src)-partial(src)]
	}
	text, used := unescape(nil, src, all)
	if encoded, n := appendLatin1(dst, text); n == len(text) {
		return encoded, used
	}
	return dst, 0
}

// partial returns how many bytes at the end of b begin a character that is not
// all there.
func partial(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if last := b[len(b)-n:]; utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return n
		}
	}
	return 0
}
