package flow

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// decodeCharset returns body as UTF-8. It is false for a charset that is not
// known and for a body that is not valid in it. Names are Python's, which are
// those of IANA and more: blanks, "-" and "_" do not count in them.
func decodeCharset(body []byte, name string) (string, bool) {
	name = strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
	switch name {
	case "utf8", "utf8sig", "unicode11utf8":
		return validUTF8(body)
	case "ascii", "usascii":
		return decodeASCII(body)
	case "latin1", "iso88591", "l1", "cp819":
		return decodeLatin1(body), true
	case "utf16le", "utf16":
		return decodeUTF16(body, binary.LittleEndian)
	case "utf16be":
		return decodeUTF16(body, binary.BigEndian)
	case "utf32le", "utf32":
		return decodeUTF32(body, binary.LittleEndian)
	case "utf32be":
		return decodeUTF32(body, binary.BigEndian)
	}
	charset := tableCharset(name)
	if charset == nil {
		return "", false
	}
	text, err := charset.NewDecoder().Bytes(body)
	// The decoder writes U+FFFD for what it does not understand.
	if err != nil || strings.ContainsRune(string(text), utf8.RuneError) {
		return "", false
	}
	return string(text), true
}

// tableCharset returns a charset that needs a table, or nil. All tables together
// add 0.58 MB to the engine, 0.34 MB compressed; a quarter of that is each of
// the four packages of East Asian charsets, the rest are small.
func tableCharset(name string) encoding.Encoding {
	switch name {
	case "gb18030", "gb2312", "gbk", "cp936":
		return simplifiedchinese.GB18030
	case "big5", "big5hkscs", "cp950":
		return traditionalchinese.Big5
	case "shiftjis", "sjis", "xsjis", "mskanji", "cp932", "windows31j":
		return japanese.ShiftJIS
	case "eucjp", "xeucjp":
		return japanese.EUCJP
	case "iso2022jp":
		return japanese.ISO2022JP
	case "euckr", "ksc56011987", "cp949", "uhc":
		return korean.EUCKR
	case "koi8r":
		return charmap.KOI8R
	case "koi8u":
		return charmap.KOI8U
	case "macintosh", "macroman":
		return charmap.Macintosh
	}
	if page, ok := strings.CutPrefix(name, "iso8859"); ok {
		return isoCharset(page)
	}
	for _, prefix := range [...]string{"windows", "cp", "ibm"} {
		if page, ok := strings.CutPrefix(name, prefix); ok {
			return codePage(page)
		}
	}
	return nil
}

func isoCharset(part string) encoding.Encoding {
	switch part {
	case "2":
		return charmap.ISO8859_2
	case "3":
		return charmap.ISO8859_3
	case "4":
		return charmap.ISO8859_4
	case "5":
		return charmap.ISO8859_5
	case "6":
		return charmap.ISO8859_6
	case "7":
		return charmap.ISO8859_7
	case "8":
		return charmap.ISO8859_8
	case "9":
		return charmap.ISO8859_9
	case "10":
		return charmap.ISO8859_10
	case "13":
		return charmap.ISO8859_13
	case "14":
		return charmap.ISO8859_14
	case "15":
		return charmap.ISO8859_15
	case "16":
		return charmap.ISO8859_16
	}
	return nil
}

func codePage(number string) encoding.Encoding {
	switch number {
	case "437":
		return charmap.CodePage437
	case "850":
		return charmap.CodePage850
	case "852":
		return charmap.CodePage852
	case "866":
		return charmap.CodePage866
	case "874":
		return charmap.Windows874
	case "1250":
		return charmap.Windows1250
	case "1251":
		return charmap.Windows1251
	case "1252":
		return charmap.Windows1252
	case "1253":
		return charmap.Windows1253
	case "1254":
		return charmap.Windows1254
	case "1255":
		return charmap.Windows1255
	case "1256":
		return charmap.Windows1256
	case "1257":
		return charmap.Windows1257
	case "1258":
		return charmap.Windows1258
	}
	return nil
}

func decodeASCII(body []byte) (string, bool) {
	for _, c := range body {
		if c >= utf8.RuneSelf {
			return "", false
		}
	}
	return string(body), true
}

func decodeLatin1(body []byte) string {
	var b strings.Builder
	b.Grow(len(body))
	for _, c := range body {
		b.WriteRune(rune(c))
	}
	return b.String()
}

func decodeUTF16(body []byte, order binary.ByteOrder) (string, bool) {
	var b strings.Builder
	b.Grow(len(body))
	for ; len(body) >= 2; body = body[2:] {
		r := rune(order.Uint16(body))
		if utf16.IsSurrogate(r) {
			if len(body) < 4 {
				return "", false
			}
			body = body[2:]
			if r = utf16.DecodeRune(r, rune(order.Uint16(body))); r == utf8.RuneError {
				return "", false
			}
		}
		b.WriteRune(r)
	}
	return b.String(), len(body) == 0
}

func decodeUTF32(body []byte, order binary.ByteOrder) (string, bool) {
	var b strings.Builder
	b.Grow(len(body))
	for ; len(body) >= 4; body = body[4:] {
		n := order.Uint32(body)
		if n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
			return "", false
		}
		b.WriteRune(rune(n))
	}
	return b.String(), len(body) == 0
}
