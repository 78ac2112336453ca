package redact

import (
	"bytes"
	"strings"

	"flowpane/viewer/jsontext"
)

// A textKind says what to make of a text.
type textKind int

const (
	plainText  textKind = iota
	headerText          // the value of a header, a path: all of it is data
	codeText            // for programs: only what is certain
)

// text returns a text without what is secret by a name or a shape, b itself if
// nothing is.
func (w *walker) text(b []byte, kind textKind) []byte {
	if len(b) < 4 {
		return b
	}
	out := w.userInfo(b)
	out = w.pem(out)
	out = w.schemes(out, kind)
	out = w.cookieLines(out)
	out = w.assigned(out, kind)
	if bytes.IndexByte(out, '<') >= 0 {
		out = w.markup(out)
	}
	out = w.shapes(out, kind)
	if w.depth <= maxDepth {
		w.depth++
		out = w.encoded(out)
		w.depth--
	}
	return w.replaceKnown(out, false)
}

// userInfo hides the passwords of addresses: "//user:password@".
func (w *walker) userInfo(b []byte) []byte {
	e := edits{b: b}
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("//"))
		if i < 0 {
			return e.apply()
		}
		at += i + 2
		end := at
		for end < len(b) && b[end] > ' ' && bytes.IndexByte([]byte(`/?#"'<>\@`), b[end]) < 0 {
			end++
		}
		if end == len(b) || b[end] != '@' {
			continue
		}
		if _, password, ok := bytes.Cut(b[at:end], []byte(":")); ok && len(password) > 0 {
			plain := string(unescapePercent(password))
			if p := w.hide(URLs, "password of an address", plain); p != plain {
				w.learn(URLs, string(password))
				e.replace(end-len(password), end, []byte(p))
			}
		}
		at = end
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

// assigned hides what is assigned to a name that is secret, as in addresses,
// forms, configuration and code: name=value, "name": "value".
func (w *walker) assigned(b []byte, kind textKind) []byte {
	e := edits{b: b}
	v := valuesOf(b)
	for i := 0; i < len(b); i++ {
		if c := b[i]; c != '=' && c != ':' || i < e.done {
			continue
		}
		name, before := nameBefore(b, i)
		if name == "" {
			continue
		}
		inURL := b[i] == '=' && isParameter(b, before, kind)
		class, secret := w.secretName(name, inURL)
		if !secret {
			if inURL {
				i = w.passed(&e, v, name, i)
			}
			continue
		}
		from, to, quoted := v.after(i, inURL)
		value := b[from:to]
		if len(value) == 0 || saysNothing(value) || isHidden(value) || !quoted && isScheme(value) && to < len(b) && b[to] == ' ' {
			continue
		}
		switch {
		case kind == headerText, inURL, quoted && kind != codeText:
		case kind == plainText && b[i] == '=' && w.isSetting(b, before, value), kind == plainText && isLine(b, before, to) && len(value) >= 4:
		case !random(value):
			continue
		}
		if w.keeps[class] { // what is in it may be of another class
			w.note(class, name)
			continue
		}
		if out := w.hideWritten(class, name, string(value), inURL); out != string(value) {
			e.replace(from, to, []byte(out))
		}
	}
	return e.apply()
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

// isLine reports whether an assignment is all of a line: it begins one, or is
// indented, as in YAML, and nothing follows.
func isLine(b []byte, before, to int) bool {
	if before < 0 || b[before] == '\n' {
		return true
	}
	for n := 0; n < maxNameLen && before >= 0 && (b[before] == ' ' || b[before] == '\t'); n++ {
		before--
	}
	return (before < 0 || b[before] == '\n') && (to == len(b) || b[to] == '\r' || b[to] == '\n')
}

// isSetting reports whether a value is one in a line of others, as in a log or a
// shell: "user=bob password=value". Names and expressions of code are none.
func (w *walker) isSetting(b []byte, before int, value []byte) bool {
	if before < 0 || b[before] != ' ' && b[before] != '\t' || len(value) < 6 || len(value) > maxLook {
		return false
	}
	for _, c := range value {
		if !isWord(c) && bytes.IndexByte([]byte("-~+/=!@#$%^*:"), c) < 0 {
			return false
		}
	}
	if end := before + 1 + indexOr(b[before+1:], '=') + 1 + len(value); end < len(b) && bytes.IndexByte([]byte(" \t\r\n,"), b[end]) < 0 {
		return false
	}
	for _, word := range [...]string{"var", "let", "const", "return"} {
		if bytes.HasSuffix(b[:before], []byte(word)) {
			return false
		}
	}
	_, named := w.secretName(string(value), false)
	return !named
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
		return kind == headerText || bytes.HasSuffix(b[:before], []byte("&amp"))
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
	for _, quote := range [...]string{`"`, `'`, "`", `\"`, "&quot;", "%22"} {
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
const maxLook = 4 << 10

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

// markup hides the text of elements, and the values of inputs, whose name is
// secret.
func (w *walker) markup(b []byte) []byte {
	e := edits{b: b}
	key := ""        // of a property list
	sectionEnd := -1 // the last that was found
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '<')
		if i < 0 {
			return e.apply()
		}
		at += i + 1
		if at == len(b) || !isWord(b[at]) {
			continue
		}
		end := at + indexOr(b[at:], '>')
		if end == len(b) { // no other ends either
			return e.apply()
		}
		tag := b[at:end]
		nameEnd := 0
		for nameEnd < len(tag) && (isWord(tag[nameEnd]) || bytes.IndexByte([]byte(":-."), tag[nameEnd]) >= 0) {
			nameEnd++
		}
		element := string(tag[:nameEnd])
		if i := strings.LastIndexByte(element, ':'); i >= 0 {
			element = element[i+1:]
		}
		named := attribute(tag, "name", "id", "property", "key")
		text := end + 1 + indexOr(b[end+1:], '<')
		if bytes.HasPrefix(b[end+1:], []byte("<![CDATA[")) {
			if sectionEnd < end+10 {
				sectionEnd = end + 10 + indexOfOr(b[end+10:], "]]>")
			}
			w.elementText(&e, element, named, key, end+10, sectionEnd)
		} else if tag[len(tag)-1] != '/' {
			w.elementText(&e, element, named, key, end+1, text)
		}
		if name := named; name != "" {
			if class, secret := w.secretName(name, false); secret {
				w.attributeValue(&e, at, tag, class, name)
			}
		}
		if key = ""; element == "key" {
			key = string(b[end+1 : text])
		}
		at = end
	}
}

// elementText hides b[from:to], the text of an element, where the element, its
// name or the key in front of it says so.
func (w *walker) elementText(e *edits, element, named, key string, from, to int) {
	if from >= to || from < e.done {
		return
	}
	for _, name := range [...]string{element, named, key} {
		class, secret := w.secretName(name, false)
		if !secret || name == named && element != "string" && element != "entry" && element != "param" && element != "property" && element != "field" && element != "value" && element != "Attribute" {
			continue
		}
		if w.keeps[class] {
			w.note(class, name)
			return
		}
		value := strings.TrimSpace(string(e.b[from:to]))
		if trivial(value) {
			return
		}
		plain := unescapeHTML(value)
		if out := w.hide(class, name, plain); out != plain {
			w.learn(class, value)
			at := from + strings.Index(string(e.b[from:to]), value)
			e.replace(at, at+len(value), []byte(out))
		}
		return
	}
}

// attributeValue hides the value or content of an element whose name is secret.
func (w *walker) attributeValue(e *edits, at int, tag []byte, class, name string) {
	for _, of := range [...]string{"value", "content"} {
		value := attribute(tag, of)
		if value == "" || trivial(value) {
			continue
		}
		i := bytes.LastIndex(tag, []byte(value))
		plain := unescapeHTML(value)
		if out := w.hide(class, name, plain); out != plain && at+i >= e.done {
			w.learn(class, value)
			e.replace(at+i, at+i+len(value), []byte(out))
		}
	}
}

// attribute returns the value of the first attribute of a tag that has one of
// the names, as written.
func attribute(tag []byte, names ...string) string {
	for _, name := range names {
		for at := 0; ; {
			i := bytes.Index(tag[at:], []byte(name+"="))
			if i < 0 {
				break
			}
			at += i
			if at > 0 && (isWord(tag[at-1]) || tag[at-1] == '-') {
				at++
				continue
			}
			from, to, _ := valuesOf(tag).after(at+len(name), false)
			return string(tag[from:to])
		}
	}
	return ""
}
