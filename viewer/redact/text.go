package redact

import (
	"bytes"
	"strings"
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
