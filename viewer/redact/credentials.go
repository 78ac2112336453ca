package redact

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// authSchemes are those of HTTP that a credential follows.
//
// Source: https://www.rfc-editor.org/rfc/rfc9110#section-11.4
var authSchemes = [...]string{"bearer", "basic", "token"}

func isScheme(word []byte) bool {
	for _, scheme := range authSchemes {
		if len(word) == len(scheme) && strings.EqualFold(string(word), scheme) {
			return true
		}
	}
	return false
}

// schemes hides credentials behind their schemes, wherever they stand in a text:
// "Bearer value".
func (w *walker) schemes(e *edits, kind textKind) {
	b := e.b
	for i := 0; i < len(b); i++ {
		if c := b[i] | 0x20; c != 'b' && c != 't' || i > 0 && isWord(b[i-1]) {
			continue
		}
		n := indexOr(b[i:min(len(b), i+len("bearer ")+1)], ' ')
		if i+n >= len(b) || !isScheme(b[i:i+n]) {
			continue
		}
		from := i + n
		for from < len(b) && b[from] == ' ' {
			from++
		}
		to := from
		for to < len(b) && (isWord(b[to]) || bytes.IndexByte([]byte("-.~+/"), b[to]) >= 0) {
			to++
		}
		for to > from && to < len(b) && b[to] == '=' {
			to++
		}
		value := b[from:to]
		if len(value) < 4 || bytes.HasPrefix(value, []byte(prefix)) {
			i = max(i, from-1)
			continue
		}
		if e.seen(i, to) {
			i = to - 1
			continue
		}
		if whole := i == 0 && to == len(b); isCredential(b[i:i+n], value, whole && kind.isData() || w.provesWho(b, i), whole) {
			hidden := w.credentials(append(append(bytes.Clone(b[i:i+n]), ' '), value...), "Authorization")
			if hidden = hidden[n+1:]; !bytes.Equal(hidden, value) {
				e.replace(from, to, hidden)
			}
		}
		i = to - 1
	}
}

// isCredential reports whether what follows a scheme is one. named: the name in
// front says so, whole: nothing else is in the text.
func isCredential(scheme, value []byte, named, whole bool) bool {
	if named {
		return true
	}
	basic := len(scheme) == len("basic") && scheme[0]|0x20 == 'b'
	if basic && len(value) <= maxLook {
		plain, err := base64.StdEncoding.AppendDecode(nil, value)
		return err == nil && bytes.IndexByte(plain, ':') >= 0 && legible(plain)
	}
	switch string(bytes.ToLower(value[:min(len(value), maxNameLen)])) {
	case "authentication", "authorization", "credentials", "endpoint", "required", "error":
		return false
	}
	return random(value) && len(value) >= 12 || whole && scheme[0]|0x20 == 'b' && len(value) >= 10
}

// provesWho reports whether what is at i in a text is the value of a field that
// proves who asks.
func (w *walker) provesWho(b []byte, i int) bool {
	for n := 0; n < 3 && i > 0 && bytes.IndexByte([]byte(" \"'`\\"), b[i-1]) >= 0; n++ {
		i--
	}
	if i == 0 || b[i-1] != ':' && b[i-1] != '=' && b[i-1] != ',' {
		return false
	}
	name, _ := nameBefore(b, i-1)
	plain := plainName(name)
	return secretHeaders[plain] || strings.HasSuffix(plain, "authorization")
}

// cookieLines hides the values of Cookie and Set-Cookie headers in a text: lines
// of their own, or quoted, as behind -H of curl.
func (w *walker) cookieLines(b []byte) []byte {
	e := edits{b: b}
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], ':')
		if i < 0 {
			return e.apply()
		}
		sign := at + i
		at = sign + 1
		if sign < 6 || b[sign-1]|0x20 != 'e' || sign < e.done {
			continue
		}
		name, before := nameBefore(b, sign)
		set := strings.EqualFold(name, "set-cookie")
		if !set && !strings.EqualFold(name, "cookie") || before >= 0 && bytes.IndexByte([]byte("\n\"'`"), b[before]) < 0 {
			continue
		}
		ends := "\r\n"
		if before >= 0 && b[before] != '\n' {
			ends += "\\" + string(b[before])
		}
		end := len(b)
		if i := bytes.IndexAny(b[at:], ends); i >= 0 {
			end = at + i
		}
		value := b[at:end]
		if bytes.IndexByte(value, '=') < 0 {
			continue
		}
		out := value
		if set {
			out = w.setCookie(value, name)
		} else {
			out = w.cookies(value, name)
		}
		if !bytes.Equal(out, value) {
			e.replace(at, end, out)
		}
		at = end
	}
}
