package redact

import (
	"bytes"
	"strings"

	"flowpane/viewer/jsontext"
)

// assigned hides what is assigned to a name that is secret, as in addresses,
// forms, configuration and code: name=value, "name": "value".
func (w *walker) assigned(e *edits, kind textKind) {
	b, v := e.b, valuesOf(e.b)
	var in within
	for i := 0; i < len(b); i++ {
		in.pass(b, i)
		if c := b[i]; c != '=' && c != ':' || i < e.done {
			continue
		}
		name, before := nameBefore(b, i)
		if name == "" {
			continue
		}
		inURL := b[i] == '=' && (isParameter(b, before, kind) || in.address && b[max(before, 0)] == ';')
		class, secret := w.secretName(name, inURL)
		if !secret {
			if inURL && e.of == nil {
				i = w.passed(e, v, name, i)
			}
			continue
		}
		a := assignment{name: name, before: before, sign: i, inURL: inURL}
		a.from, a.to, a.quoted = v.after(i, inURL)
		value := b[a.from:a.to]
		if !w.saysSecret(e, a, kind) || e.seen(before+1, a.to) {
			continue
		}
		if w.keeps[class] { // what is in it may be of another class
			w.note(class, name)
			continue
		}
		if out := w.hideWritten(class, name, string(value), inURL); out != string(value) {
			e.replace(a.from, a.to, []byte(out))
		}
	}
}

// An assignment is a name, a sign and a value in a text.
type assignment struct {
	name     string
	before   int // where the byte in front of the name is, -1 at the start
	sign     int
	from, to int // the value
	quoted   bool
	inURL    bool // it is a parameter
}

// saysSecret reports whether what is assigned to the name of a secret is a value,
// and no word, type or expression of code.
func (w *walker) saysSecret(e *edits, a assignment, kind textKind) bool {
	b, value := e.b, e.b[a.from:a.to]
	if len(value) == 0 || saysNothing(value) || isHidden(value) || !a.quoted && isScheme(value) && a.to < len(b) && b[a.to] == ' ' {
		return false
	}
	if !a.inURL && !a.quoted && len(value) <= maxNameLen && typeWords[string(value)] {
		return false
	}
	switch {
	case kind.isData(), a.inURL, a.quoted && kind != codeText:
		return true
	case kind == settingsText, kind == queryText && len(value) > 1 && isNumber(value):
		return true
	case kind != plainText || e.of != nil:
	case b[a.sign] == '=' && w.isSetting(b, a, value), isLine(b, a.before, a.to) && (len(value) >= 4 || mayBeShort(a.name) && isLineEnd(b, a.to)):
		return true
	}
	return random(value)
}

func isNumber(b []byte) bool {
	return len(bytes.Trim(b, "0123456789")) == 0
}

// mayBeShort reports whether even a few letters under a name are secret: those of
// other names are as likely counts and flags.
func mayBeShort(name string) bool {
	plain := plainName(name)
	for _, end := range [...]string{"pw", "pwd", "password", "passwd", "passcode", "secret", "pin", "cvv", "cvc", "otp"} {
		if strings.HasSuffix(plain, end) {
			return true
		}
	}
	return false
}

// within says what a place in a text is in.
type within struct {
	address bool // one with a scheme
	path    bool // that, or a path of its own
}

// pass takes note of the byte at i: those in front of it were passed.
func (in *within) pass(b []byte, i int) {
	const around = "\"'`<>"
	switch c := b[i]; {
	case c <= ' ' || strings.IndexByte(around, c) >= 0:
		*in = within{}
	case c != '/':
	case i > 0 && b[i-1] == ':':
		*in = within{address: true, path: true}
	case i == 0 || b[i-1] <= ' ' || strings.IndexByte(around+"=(", b[i-1]) >= 0:
		in.path = true
	}
}

// passed looks into the value of a parameter that is escaped, and returns where
// to go on: what was looked into is not looked into again.
func (w *walker) passed(e *edits, v *values, name string, sign int) int {
	from, to, _ := v.after(sign, true)
	if v.percent.next(e.b, from) >= to {
		return sign
	}
	value := e.b[from:to]
	if out := w.parameter(name, value, URLs); !same(out, value) {
		e.replace(from, to, out)
	}
	return max(sign, to-1)
}

// typeWords say what a value is like, in schemas and in code.
var typeWords = map[string]bool{"string": true, "integer": true, "number": true, "boolean": true, "object": true, "array": true, "required": true, "optional": true}

// isHidden reports whether a value is a placeholder, alone, behind a scheme or as
// that of a cookie.
func isHidden(value []byte) bool {
	scheme, rest, _ := bytes.Cut(value[:min(len(value), 3*maxNameLen)], []byte(" "))
	_, cookie, _ := bytes.Cut(scheme, []byte("="))
	for _, part := range [...][]byte{value, rest, cookie} {
		if bytes.HasPrefix(part, []byte(prefix)) {
			return true
		}
	}
	return false
}

// isLine reports whether an assignment is all of a line or of a comment of markup:
// it begins one, or is indented, as in YAML, and nothing follows.
func isLine(b []byte, before, to int) bool {
	if before < 0 || b[before] == '\n' {
		return true
	}
	for n := 0; n < maxNameLen && before >= 0 && isBlank(b[before]); n++ {
		before--
	}
	comment := before >= 0 && bytes.HasSuffix(b[:before+1], []byte("<!--"))
	for n := 0; comment && n < maxNameLen && to < len(b) && isBlank(b[to]); n++ {
		to++
	}
	return comment && bytes.HasPrefix(b[to:], []byte("-->")) ||
		(before < 0 || b[before] == '\n' || comment) && (to == len(b) || b[to] == '\r' || b[to] == '\n')
}

// isLineEnd reports whether nothing follows in a line or a comment of markup.
func isLineEnd(b []byte, at int) bool {
	for n := 0; n < maxNameLen && at < len(b) && isBlank(b[at]); n++ {
		at++
	}
	return at == len(b) || b[at] == '\r' || b[at] == '\n' || bytes.HasPrefix(b[at:], []byte("-->"))
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// isSetting reports whether a value is one in a line of others, as in a log or a
// shell: "user=bob password=value". Names and expressions of code are none.
func (w *walker) isSetting(b []byte, a assignment, value []byte) bool {
	if a.before < 0 || !isBlank(b[a.before]) || len(value) > maxLook {
		return false
	}
	if len(value) < 6 && !(mayBeShort(a.name) && len(value) >= 3 && isBehindSetting(b[:a.before])) {
		return false
	}
	for _, c := range value {
		if !isWord(c) && bytes.IndexByte([]byte("-~+/=!@#$%^*:"), c) < 0 {
			return false
		}
	}
	if end := a.before + 1 + indexOr(b[a.before+1:], '=') + 1 + len(value); end < len(b) && bytes.IndexByte([]byte(" \t\r\n,"), b[end]) < 0 {
		return false
	}
	for _, word := range [...]string{"var", "let", "const", "return"} {
		if bytes.HasSuffix(b[:a.before], []byte(word)) {
			return false
		}
	}
	_, named := w.secretName(string(value), false)
	return !named
}

// isBehindSetting reports whether a line ends with another setting.
func isBehindSetting(line []byte) bool {
	line = line[max(0, len(line)-maxNameLen):]
	word := line[bytes.LastIndexAny(line, " \t\r\n")+1:]
	return len(word) > 0 && word[len(word)-1] != ',' && bytes.IndexByte(word, '=') > 0
}

// isParameter reports whether what stands in front of a name makes it one of a
// parameter of an address. In code the same signs are operators.
func isParameter(b []byte, before int, kind textKind) bool {
	if before < 0 {
		return false
	}
	switch b[before] {
	case '?', '#':
		return true
	case '&':
		return before == 0 || b[before-1] != '&'
	case ';':
		return kind.isData() || bytes.HasSuffix(b[:before], []byte("&amp"))
	}
	return false
}

// hideWritten hides a value that is escaped as an address is, or as a string of
// code: what it says is a secret too.
func (w *walker) hideWritten(class, name, written string, inURL bool) string {
	plain := written
	if inURL {
		plain = string(unescapeForm([]byte(written)))
	} else if strings.Contains(written, `\`) && jsontext.Valid([]byte(`"`+written+`"`)) {
		if t, err := jsontext.NewReader([]byte(`"` + written + `"`)).Next(); err == nil {
			plain = t.Text()
		}
	}
	out := w.hide(class, name, plain)
	if out == plain {
		return written
	}
	if plain != written {
		w.learn(class, written)
	}
	return out
}

// maxNameLen is how long a name is at the most, in bytes.
const maxNameLen = 64

// nameBefore returns the name in front of a sign of assignment, and where the
// byte in front of that is, -1 at the start.
func nameBefore(b []byte, sign int) (name string, before int) {
	end := sign
	for n := 0; n < 2 && end > 0 && b[end-1] == ' '; n++ {
		end--
	}
	if end > 0 && (b[end-1] == '"' || b[end-1] == '\'') {
		if end--; end > 0 && b[end-1] == '\\' {
			end--
		}
	}
	start := end
	for start > 0 && end-start < maxNameLen && (isWord(b[start-1]) || bytes.IndexByte([]byte(".-$[]%@"), b[start-1]) >= 0) {
		start--
	}
	return string(b[start:end]), start - 1
}

// A next is the first of some bytes, from a place on. It is remembered: places
// that grow cost one pass.
type next struct {
	of       string
	from, at int
	known    bool
}

func (n *next) next(b []byte, from int) int {
	if n.known && n.from <= from && from <= n.at {
		return n.at
	}
	n.from, n.known = from, true
	for n.at = from; n.at < len(b) && strings.IndexByte(n.of, b[n.at]) < 0; n.at++ {
	}
	return n.at
}

// values are those behind signs of assignment in a text.
type values struct {
	b                   []byte
	word, part, percent next
}

// after returns where the value behind a sign is, and whether it is quoted.
func (v *values) after(sign int, inURL bool) (from, to int, quoted bool) {
	b, at := v.b, sign+1
	if at < len(b) && b[at] == '>' {
		at++
	}
	for n := 0; n < 2 && at < len(b) && (b[at] == ' ' || b[at] == '\t'); n++ {
		at++
	}
	rest := b[at:]
	for _, quote := range [...]string{`"""`, `"`, `'`, "`", `\"`, "&quot;", "%22"} {
		if !bytes.HasPrefix(rest, []byte(quote)) {
			continue
		}
		from = at + len(quote)
		for to = from; to < len(b) && b[to] != '\n'; to++ {
			if bytes.HasPrefix(b[to:], []byte(quote)) {
				return from, to, true
			}
			if b[to] == '\\' && quote != `\"` {
				to++
			}
		}
		return from, min(to, len(b)), true
	}
	if inURL {
		return at, v.part.next(b, at), false
	}
	return at, v.word.next(b, at), false
}

// valuesOf returns what finds the values in a text.
func valuesOf(b []byte) *values {
	return &values{b: b, word: next{of: " \t\r\n&;,\"'<>)]}|\\`"}, part: next{of: " \t\r\n&;#\"'<>\\`"}, percent: next{of: "%"}}
}

// maxLook is how much of a value is looked at to tell what it is, in bytes.
const maxLook = 1 << 10

// saysNothing is trivial of a value of any length.
func saysNothing(value []byte) bool {
	return len(value) <= maxLook && trivial(string(value))
}

// random reports whether a value looks like a secret, and not like code or words.
func random(value []byte) bool {
	var letters, digits int
	for _, c := range value[:min(len(value), maxLook)] {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
		case bytes.IndexByte([]byte("_-.~+/=!@#$%^*:"), c) < 0:
			return false
		}
	}
	return letters > 0 && digits > 0 && len(value) >= 6
}
