package filter

import (
	"bytes"
	"net/url"
	"strings"
)

// hasCookie reports whether the request sends a cookie of a name, or the
// response sets it. Case matters in names of cookies.
//
// Source: https://www.rfc-editor.org/rfc/rfc6265
func hasCookie(s Subject, name string) (bool, error) {
	if s.Kind() != HTTP {
		return false, nil
	}
	sent, _, err := s.HeaderBlock(Request)
	if err != nil {
		return false, err
	}
	for line := range fieldsOf(sent, "cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			if isNamed(pair, name) {
				return true, nil
			}
		}
	}
	set, _, err := s.HeaderBlock(Response)
	if err != nil {
		return false, err
	}
	for line := range fieldsOf(set, "set-cookie") {
		if pair, _, _ := strings.Cut(line, ";"); isNamed(pair, name) {
			return true, nil
		}
	}
	return false, nil
}

func isNamed(pair, name string) bool {
	found, _, _ := strings.Cut(pair, "=")
	return strings.TrimSpace(found) == name
}

// fieldsOf goes through the values of the fields of a header block that have a
// name, which is in lower case.
func fieldsOf(block []byte, name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range bytes.SplitSeq(block, []byte("\r\n")) {
			field, value, ok := bytes.Cut(line, []byte(": "))
			if ok && len(field) == len(name) && equalFold([]byte(name), field) && !yield(string(value)) {
				return
			}
		}
	}
}

// hasParameter reports whether the query of the URL has a parameter of a name,
// as it is sent or as it means. Case matters.
func hasParameter(s Subject, name string) (bool, error) {
	text, ok := s.URL()
	if !ok || s.Kind() != HTTP {
		return false, nil
	}
	_, query, _ := strings.Cut(string(text), "?")
	query, _, _ = strings.Cut(query, "#")
	for pair := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
		found, _, _ := strings.Cut(pair, "=")
		if found == name {
			return true, nil
		}
		if meant, err := url.QueryUnescape(found); err == nil && meant == name {
			return true, nil
		}
	}
	return false, nil
}

// anywhere searches URL, comment, headers, and then bodies and messages.
func anywhere(s Subject, a *argument) (bool, error) {
	if url, ok := s.URL(); ok && inText(a.note, url) || inText(a.note, s.Comment()) {
		return true, nil
	}
	if ok, err := inHead(Either)(s, a.head); ok || err != nil {
		return ok, err
	}
	return inBody(Either)(s, a.regex)
}
