package flow

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"flowpane/proto/flowpb"
)

// A Pair is a name and its value.
type Pair struct{ Name, Value []byte }

// Query returns the parameters of the query of a URL or path, in order, decoded
// where that gives text, else as they stand. What has no name and no value is
// none.
func Query(url []byte) []Pair {
	url, _, _ = bytes.Cut(url, []byte("#"))
	_, query, _ := bytes.Cut(url, []byte("?"))
	return Form(query)
}

// Form is Query for a body of the type application/x-www-form-urlencoded.
//
// Source: https://url.spec.whatwg.org/#urlencoded-parsing
func Form(body []byte) []Pair {
	var pairs []Pair
	for pair := range bytes.SplitSeq(body, []byte("&")) {
		if len(pair) > 0 {
			name, value, _ := bytes.Cut(pair, []byte("="))
			pairs = append(pairs, Pair{unquery(name), unquery(value)})
		}
	}
	return pairs
}

// Cookies returns what a request sends, in order.
//
// Source: https://www.rfc-editor.org/rfc/rfc6265
func Cookies(h []*flowpb.HTTPHeader) []Pair {
	var pairs []Pair
	for _, field := range Values(h, "cookie") {
		for pair := range bytes.SplitSeq(field, []byte(";")) {
			if pair = bytes.TrimSpace(pair); len(pair) > 0 {
				pairs = append(pairs, trimmed(pair))
			}
		}
	}
	return pairs
}

// A SetCookie is a cookie that a response sets. Attributes are as sent, in
// order; what is a flag has no value.
type SetCookie struct {
	Pair
	Attributes []Pair
}

// SetCookies returns what a response sets, in order.
func SetCookies(h []*flowpb.HTTPHeader) []SetCookie {
	var cookies []SetCookie
	for _, field := range Values(h, "set-cookie") {
		pair, attributes, _ := bytes.Cut(field, []byte(";"))
		c := SetCookie{Pair: trimmed(pair)}
		for attribute := range bytes.SplitSeq(attributes, []byte(";")) {
			if attribute = bytes.TrimSpace(attribute); len(attribute) > 0 {
				c.Attributes = append(c.Attributes, trimmed(attribute))
			}
		}
		cookies = append(cookies, c)
	}
	return cookies
}

// Attribute returns the value of the first attribute of a name, which is in
// lower case, and whether there is one.
func (c *SetCookie) Attribute(name string) ([]byte, bool) {
	for _, a := range c.Attributes {
		if equalFold(a.Name, name) {
			return a.Value, true
		}
	}
	return nil, false
}

func trimmed(pair []byte) Pair {
	name, value, _ := bytes.Cut(pair, []byte("="))
	return Pair{bytes.TrimSpace(name), bytes.TrimSpace(value)}
}

// unquery undoes the encoding of a name or value in a query, or returns s if
// that is no text.
func unquery(s []byte) []byte {
	if !bytes.ContainsAny(s, "%+") {
		return append([]byte{}, s...)
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			b = append(b, ' ')
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			b = append(b, c)
		}
	}
	if !utf8.Valid(b) {
		return s
	}
	return b
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

// unhex returns the value of a hexadecimal digit.
func unhex(c byte) byte {
	if '0' <= c && c <= '9' {
		return c - '0'
	}
	return lower(c) - 'a' + 10
}
