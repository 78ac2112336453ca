package redact

import (
	"bytes"
	"strings"
)

// A textKind says what to make of a text.
type textKind int

const (
	plainText    textKind = iota
	headerText            // the value of a header: all of it is data
	pathText              // that of an address, up to its query: all of it is data
	codeText              // for programs: only what is certain
	queryText             // of GraphQL
	settingsText          // names and values alone
)

// isData reports whether all of a text is data, and no words for people.
func (k textKind) isData() bool { return k == headerText || k == pathText }

// A look finds what is secret in a text, and replaces it.
type look func(w *walker, e *edits, kind textKind)

// byContext are the first looks at a text, byName and byShape the next ones. They
// are functions, for each look leads back to them.
func byContext() [4]look {
	return [...]look{(*walker).userInfo, (*walker).webhooks, (*walker).schemes, (*walker).commands}
}
func byName() look  { return (*walker).assigned }
func byShape() look { return (*walker).shapes }

// text returns a text without what is secret by a name or a shape, b itself if
// nothing is.
func (w *walker) text(b []byte, kind textKind) []byte {
	if len(b) < 4 {
		return b
	}
	if kind == plainText && isQuery(b) {
		kind = queryText
	} else if kind == plainText && isSettings(b) {
		kind = settingsText
	}
	context := byContext()
	out := w.cookieLines(w.looked(w.pem(b), kind, context[:]...))
	out = w.looked(out, kind, byName())
	if bytes.IndexByte(out, '<') >= 0 {
		out = w.markup(out, kind)
	}
	out = w.looked(out, kind, byShape())
	out = w.undone(out, kind)
	if w.depth <= maxDepth {
		w.depth++
		out = w.encoded(out)
		w.depth--
	}
	return w.replaceKnown(out, false)
}

// looked returns a text after some looks.
func (w *walker) looked(b []byte, kind textKind, looks ...look) []byte {
	for _, look := range looks {
		e := edits{b: b}
		look(w, &e, kind)
		b = e.apply()
	}
	return b
}

// isQuery reports whether a text is GraphQL, where a number behind a name is a
// value and a name is none.
//
// Source: https://spec.graphql.org/October2021/#sec-Document-Syntax
func isQuery(b []byte) bool {
	begin := bytes.TrimSpace(b[:min(len(b), 8*maxNameLen)])
	for len(begin) > 0 && begin[0] == '#' { // a comment
		begin = bytes.TrimSpace(begin[indexOr(begin, '\n'):])
	}
	word := begin[:runEnd(begin, 0, "")]
	rest := bytes.TrimLeft(begin[len(word):], " \t\r\n,")
	switch string(word) {
	case "query", "mutation", "subscription", "fragment":
		return len(rest) > 0 && (isWord(rest[0]) || strings.IndexByte("{(@", rest[0]) >= 0) && bytes.IndexByte(rest, '{') >= 0
	case "":
		if len(rest) == 0 || rest[0] != '{' {
			return false
		}
		rest = bytes.TrimSpace(rest[1:])
		field := runEnd(rest, 0, "")
		rest = bytes.TrimSpace(rest[field:])
		return field > 0 && len(rest) > 0 && (rest[0] == '{' || rest[0] == '(')
	}
	return false
}

// isSettings reports whether a text is nothing but names and values, as that by
// which a program finds its database: "Server=db;Password=value".
func isSettings(b []byte) bool {
	const separators = ";,|"
	if len(b) > maxLook || bytes.IndexByte(b, '=') <= 0 || !bytes.ContainsAny(b, separators) || bytes.ContainsAny(b, "\r\n<>{}()") {
		return false
	}
	pairs := 0
	for pair := range bytes.FieldsFuncSeq(b, func(c rune) bool { return strings.ContainsRune(separators, c) }) {
		name, _, found := bytes.Cut(pair, []byte("="))
		if !found || runEnd(name, 0, " -.") < len(name) || len(bytes.TrimSpace(name)) == 0 {
			return false
		}
		pairs++
	}
	return pairs > 1
}

// userInfo hides what stands in front of a host in an address: the password of
// "//user:password@", and a user without one, who is a token. Accounts that all
// share stay.
func (w *walker) userInfo(e *edits, _ textKind) {
	b := e.b
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("//"))
		if i < 0 {
			return
		}
		begin := at + i
		at = begin + 2
		end := at
		for end < len(b) && b[end] > ' ' && bytes.IndexByte([]byte(`/?#"'<>\@`), b[end]) < 0 {
			end++
		}
		if end == len(b) || b[end] != '@' || e.seen(begin, end) {
			continue
		}
		user, password, ok := bytes.Cut(b[at:end], []byte(":"))
		if begin > 0 && b[begin-1] == ':' && isTokenUser(user, password, ok) && !isPort(b[end+1:]) {
			w.hidePart(e, at, at+len(user), "user of an address")
		}
		if len(password) > 0 {
			w.hidePart(e, end-len(password), end, "password of an address")
		}
		at = end
	}
}

// isPort reports whether a number is behind @: mitmproxy writes ports so.
func isPort(b []byte) bool {
	digits := 0
	for digits < len(b) && '0' <= b[digits] && b[digits] <= '9' {
		digits++
	}
	return digits > 0 && digits <= 5 && (digits == len(b) || !isWord(b[digits]) && b[digits] != '.')
}

// isTokenUser reports whether the user of an address proves who asks: it has no
// password, one that says so, or looks random.
func isTokenUser(user, password []byte, two bool) bool {
	switch string(bytes.ToLower(user[:min(len(user), maxNameLen)])) {
	case "", "git", "hg", "svn", "root", "admin", "user", "guest", "anonymous", "ftp", "oauth2", "x-access-token", "x-token-auth":
		return false
	case "x-oauth-basic":
		return false
	}
	return !two || len(password) == 0 || string(password) == "x" || string(password) == "x-oauth-basic" || len(user) >= 12 && random(user)
}

// hidePart hides a part of an address.
func (w *walker) hidePart(e *edits, from, to int, name string) {
	written := string(e.b[from:to])
	plain := string(unescapePercent([]byte(written)))
	if p := w.hide(URLs, name, plain); p != plain {
		w.learn(URLs, written)
		e.replace(from, to, []byte(p))
	}
}

// pem hides private keys.
//
// Source: https://www.rfc-editor.org/rfc/rfc7468
func (w *walker) pem(b []byte) []byte {
	e := edits{b: b}
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("-----BEGIN "))
		if i < 0 {
			return e.apply()
		}
		at += i + len("-----BEGIN ")
		label := b[at:min(at+64, len(b))]
		dashes := bytes.Index(label, []byte("-----"))
		if dashes < 0 || !bytes.Contains(label[:dashes], []byte("PRIVATE KEY")) {
			continue
		}
		from := at + dashes + 5
		end := len(b)
		if i := bytes.Index(b[from:], []byte("-----END ")); i >= 0 {
			end = from + i
		}
		key := string(b[from:end])
		if p := w.hide(PrivateKeys, "", key); p != key && strings.TrimSpace(key) != "" {
			for line := range strings.FieldsFuncSeq(strings.ReplaceAll(key, `\n`, "\n"), func(c rune) bool { return c <= ' ' }) {
				if len(line) >= 32 && !strings.HasPrefix(line, prefix) {
					w.learn(PrivateKeys, line)
				}
			}
			e.replace(from, end, []byte("\n"+p+"\n"))
		}
		at = end
	}
}
