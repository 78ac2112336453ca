package har

import (
	"bytes"
	"slices"
	"strconv"

	"flowpane/viewer/flow"
)

// address sets what the URL says: scheme, host, port and path. A port that it
// does not name is that of its scheme. A URL without an authority, such as
// data:, has its rest as the path.
func (f *frame) address() {
	if f.har.Url == nil {
		return
	}
	r := &f.request
	scheme, rest, ok := bytes.Cut(f.har.Url, []byte(":"))
	if !ok || !isScheme(scheme) {
		r.Path = f.har.Url
		return
	}
	r.Scheme, r.Path = lower(scheme), rest
	if rest, ok = bytes.CutPrefix(rest, []byte("//")); !ok {
		return
	}
	authority, path := rest, []byte(nil)
	for i, c := range rest {
		if c == '/' || c == '?' || c == '#' {
			authority, path = rest[:i], rest[i:]
			break
		}
	}
	if len(path) == 0 || path[0] != '/' {
		path = append([]byte{'/'}, path...)
	}
	authority = authority[bytes.LastIndexByte(authority, '@')+1:]
	r.Path = path
	host, port := splitPort(authority)
	r.Host = slices.Clip(host)
	if port == 0 {
		port = flow.DefaultPort(string(r.Scheme))
	}
	if port != 0 {
		f.port = int32(port)
		r.Port = &f.port
	}
}

// lower returns a scheme in lower case: itself, as a rule.
func lower(scheme []byte) []byte {
	for _, c := range scheme {
		if 'A' <= c && c <= 'Z' {
			return bytes.ToLower(scheme)
		}
	}
	return slices.Clip(scheme)
}

func isScheme(b []byte) bool {
	for i, c := range b {
		letter := 'a' <= c|' ' && c|' ' <= 'z'
		if !letter && (i == 0 || !isDigit(c) && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return len(b) > 0
}

// splitPort splits an authority without user. Brackets of an IPv6 address are
// left out.
func splitPort(authority []byte) (host []byte, port int) {
	host = authority
	if i := bytes.LastIndexByte(authority, ':'); i > bytes.LastIndexByte(authority, ']') {
		if n, err := strconv.ParseUint(string(authority[i+1:]), 10, 16); err == nil {
			host, port = authority[:i], int(n)
		}
	}
	return unbracket(host), port
}

func unbracket(host []byte) []byte {
	if len(host) > 2 && host[0] == '[' && host[len(host)-1] == ']' {
		return host[1 : len(host)-1]
	}
	return host
}
