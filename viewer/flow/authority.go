package flow

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseAuthority splits "host", "host:port" or "[ipv6]:port". What is not of
// that form, or names no valid host or port, comes back whole with ok false.
// Brackets are taken off, and port is 0 where none is named.
func ParseAuthority(s string) (host string, port int, ok bool) {
	host = s
	if i := strings.LastIndexByte(s, ':'); i >= 0 && isDigits(s[i+1:]) && splittable(s[:i]) {
		n, err := strconv.Atoi(s[i+1:])
		if err != nil || n > 65535 {
			return s, 0, false
		}
		host, port = s[:i], n
	} else if !splittable(s) {
		return s, 0, false
	}
	if bracketed(host) {
		host = host[1 : len(host)-1]
	}
	if !validHost(host) {
		return s, 0, false
	}
	return host, port, true
}

// splittable reports whether a port may follow s: a colon outside of brackets
// would leave it open where the host ends.
func splittable(s string) bool {
	return s != "" && !strings.Contains(s, ":") || bracketed(s) && len(s) > 2
}

func bracketed(s string) bool { return strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") }

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// validHost accepts host names, with underscores and a final dot, and IP
// addresses. Names beyond ASCII are accepted by their letters: what IDNA makes
// of them is not looked into.
func validHost(s string) bool {
	if s == "" || len(s) > 255 {
		return false
	}
	valid := true
	for label := range strings.SplitSeq(strings.TrimSuffix(s, "."), ".") {
		valid = valid && validLabel(label)
	}
	if valid {
		return true
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}

func validLabel(s string) bool {
	if s == "" || len(s) > 63 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return validLetters(s)
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// validLetters is validLabel for a label beyond ASCII.
func validLetters(s string) bool {
	for _, r := range s {
		if r != '-' && r != '_' && !unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark) {
			return false
		}
	}
	return utf8.ValidString(s)
}
