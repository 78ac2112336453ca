package flow

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Text returns a body as text: decoded by the charset that [Charset] infers.
// A body that is not valid in that charset, or whose charset is unknown, is
// taken for UTF-8, and the bytes that are not stay in the string as they are.
//
// It departs from mitmproxy in two points: any byte order mark is left out, not
// only that of UTF-8, and the case of the content type does not matter.
func Text(body []byte, contentType string) string {
	text, ok := decodeCharset(body, Charset(body, contentType))
	if !ok {
		text = string(body)
	}
	return strings.TrimPrefix(text, "\ufeff")
}

// Charset returns the name of the charset of a body, in lower case. It looks,
// in this order, for a byte order mark, the charset that contentType names,
// and what its type says: JSON and scripts are UTF-8, HTML, XML and CSS may
// name another in their text, and all else is Latin-1.
//
// https://docs.mitmproxy.org/stable/api/mitmproxy/http.html#Message.text
func Charset(body []byte, contentType string) string {
	contentType = strings.ToLower(contentType)
	name := byteOrderMark(body)
	if name == "" && MediaType(contentType) != "" {
		name = Param(contentType, "charset")
	}
	if name == "" {
		name = charsetOfType(body, contentType)
	}
	switch name = strings.ToLower(name); name {
	case "":
		return "utf-8"
	case "gb2312", "gbk":
		return "gb18030" // a superset of both
	}
	return name
}

func byteOrderMark(body []byte) string {
	for _, mark := range [...]struct{ bytes, charset string }{
		{"\x00\x00\xfe\xff", "utf-32be"},
		{"\xff\xfe\x00\x00", "utf-32le"},
		{"\xfe\xff", "utf-16be"},
		{"\xff\xfe", "utf-16le"},
		{"\xef\xbb\xbf", "utf-8"},
	} {
		if bytes.HasPrefix(body, []byte(mark.bytes)) {
			return mark.charset
		}
	}
	return ""
}

// charsetOfType returns the charset that a body of this type has, "" for
// UTF-8.
func charsetOfType(body []byte, contentType string) string {
	switch {
	case strings.Contains(contentType, "json"):
		return ""
	case strings.Contains(contentType, "html"):
		return metaCharset(body)
	case strings.Contains(contentType, "xml"):
		return xmlEncoding(body)
	case strings.Contains(contentType, "javascript"), strings.Contains(contentType, "ecmascript"):
		return ""
	case strings.Contains(contentType, "text/css"):
		return cssCharset(body)
	}
	return "latin-1"
}

// metaCharset returns what the first <meta> element with a charset names.
func metaCharset(body []byte) string {
	for {
		tag, rest, ok := cutTag(body, "<meta")
		if !ok {
			return ""
		}
		if i := lastIndexFold(tag, "charset="); i >= 0 {
			value := bytes.TrimLeft(tag[i+len("charset="):], `"'`)
			if end := bytes.IndexAny(value, `"'`); end >= 0 {
				value = value[:end]
			}
			if name := ascii(value); name != "" {
				return name
			}
		}
		body = rest
	}
}

// xmlEncoding returns the encoding that the XML declaration names.
func xmlEncoding(body []byte) string {
	tag, _, _ := cutTag(body, "<?xml")
	i := lastIndexFold(tag, "encoding=")
	if i < 0 {
		return ""
	}
	value := tag[i+len("encoding="):]
	if len(value) == 0 || value[0] != '"' && value[0] != '\'' {
		return ""
	}
	end := bytes.IndexAny(value[1:], `"'?>`)
	if end < 0 {
		return ""
	}
	return ascii(value[1 : 1+end])
}

// cssCharset returns what the @charset rule names, which must come first.
func cssCharset(body []byte) string {
	const rule = `@charset "`
	if len(body) < len(rule) || !equalFold(body[:len(rule)], rule) {
		return ""
	}
	value := body[len(rule):]
	end := bytes.IndexByte(value, '"')
	if end < 0 || !bytes.HasPrefix(value[end:], []byte(`";`)) {
		return ""
	}
	return ascii(value[:end])
}

// cutTag finds a tag that opens with start, in any case. It returns what
// stands between that and ">", and what follows.
func cutTag(body []byte, start string) (tag, rest []byte, ok bool) {
	for {
		i := bytes.IndexByte(body, '<')
		if i < 0 || len(body)-i < len(start) {
			return nil, nil, false
		}
		body = body[i:]
		if equalFold(body[:len(start)], start) {
			tag, rest, ok = bytes.Cut(body[len(start):], []byte(">"))
			return tag, rest, ok
		}
		body = body[1:]
	}
}

func lastIndexFold(b []byte, s string) int {
	for i := len(b) - len(s); i >= 0; i-- {
		if equalFold(b[i:i+len(s)], s) {
			return i
		}
	}
	return -1
}

// ascii returns the ASCII characters of b.
func ascii(b []byte) string {
	return strings.TrimSpace(string(bytes.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		return -1
	}, b)))
}
