package filter

import (
	"regexp"
	"strings"
)

// FromDevTools translates one condition as the network panels of browsers spell
// it, "status-code:404" or "-domain:*.example.com", into this language. It is
// false for all else. Here such text is a regex for URLs, as it is in mitmproxy.
//
// Source: https://developer.chrome.com/docs/devtools/network/reference#filter-by-property
func FromDevTools(word string) (expr string, ok bool) {
	positive, negated := strings.CutPrefix(word, "-")
	property, value, found := strings.Cut(positive, ":")
	if !found || value == "" {
		return "", false
	}
	switch strings.ToLower(property) {
	case "status-code":
		expr = "~c " + value
	case "method":
		expr = "~m " + Exactly(value)
	case "domain":
		expr = "~d " + domain(value)
	case "mime-type":
		expr = "~ts " + quote("^"+meant(value))
	case "larger-than":
		expr = "~size >" + value
	case "has-response-header":
		expr = "~hs " + quote("^"+meant(value)+":")
	case "has-request-header":
		expr = "~hq " + quote("^"+meant(value)+":")
	case "cookie-name", "set-cookie-name":
		expr = "~cookie " + quote(value)
	case "scheme":
		expr = "~u " + quote("^"+meant(value)+":")
	case "url":
		expr = "~u " + Literal(value)
	default:
		return "", false
	}
	if negated {
		expr = "!" + expr
	}
	if _, err := Parse(expr); err != nil {
		return "", false
	}
	return expr, true
}

// domain translates a name that may begin with "*.".
func domain(value string) string {
	if end, ok := strings.CutPrefix(value, "*"); ok {
		return quote(meant(end) + "$")
	}
	return Exactly(value)
}

// meant returns a regex for text as it is. The dots of names stay readable, and
// what is not UTF-8, which no filter can say, is any characters.
func meant(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(regexp.QuoteMeta(text), `\.`, "."), ".+")
}
