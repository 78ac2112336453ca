package flow

import (
	"strings"

	"flowpane/proto/flowpb"
)

// Values returns the values of the fields of h that are called name, in order.
// Case does not matter, bytes beyond ASCII count as they are. The slices are
// those of h.
func Values(h []*flowpb.HTTPHeader, name string) [][]byte {
	var values [][]byte
	for _, field := range h {
		if n := field.GetName(); len(n) == len(name) && equalFold(n, name) {
			values = append(values, field.GetValue())
		}
	}
	return values
}

// Value returns the values of the fields called name, joined with ", ", and
// whether there is any.
func Value(h []*flowpb.HTTPHeader, name string) (string, bool) {
	values := Values(h, name)
	if len(values) == 0 {
		return "", false
	}
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.Write(v)
	}
	return b.String(), true
}

// equalFold compares without regard to the case of ASCII letters.
func equalFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		if lower(b[i]) != lower(s[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// HeaderBlock returns the fields as "Name: value\r\n" each, in order and as
// sent: what a search in headers sees. It has no request or status line and no
// empty line at the end.
func HeaderBlock(h []*flowpb.HTTPHeader) []byte {
	size := 0
	for _, field := range h {
		size += len(field.GetName()) + len(field.GetValue()) + len(": \r\n")
	}
	b := make([]byte, 0, size)
	for _, field := range h {
		b = append(b, field.GetName()...)
		b = append(b, ": "...)
		b = append(b, field.GetValue()...)
		b = append(b, "\r\n"...)
	}
	return b
}

// MediaType returns the "type/subtype" of a Content-Type value in lower case,
// without parameters and blanks, or "" if there is none.
//
// mitmproxy keeps blanks before the semicolon, and then knows no such type.
func MediaType(contentType string) string {
	essence, _, _ := strings.Cut(contentType, ";")
	kind, sub, ok := strings.Cut(strings.TrimSpace(essence), "/")
	if !ok || kind == "" || sub == "" {
		return ""
	}
	return strings.ToLower(kind + "/" + sub)
}

// Param returns a parameter of a Content-Type value, unquoted, or "". Case
// does not matter in its name.
func Param(contentType, name string) string {
	_, params, _ := strings.Cut(contentType, ";")
	for clause := range strings.SplitSeq(params, ";") {
		key, value, ok := strings.Cut(clause, "=")
		if ok && strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return ""
}

// Asset reports whether the response is what pages are made of: style sheets,
// scripts, images and fonts by content type. As in mitmproxy every
// Content-Type field counts, case matters, and the type may stand anywhere in
// the value.
func Asset(f *flowpb.Flow) bool {
	if Kind(f) != flowpb.Kind_HTTP {
		return false
	}
	for _, value := range Values(f.GetResponse().GetHeaders(), "content-type") {
		for _, asset := range [...]string{
			"text/javascript", "application/x-javascript", "application/javascript",
			"text/css", "image/", "font/", "application/font",
		} {
			if strings.Contains(string(value), asset) {
				return true
			}
		}
	}
	return false
}
