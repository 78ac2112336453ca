package redact

import (
	"bytes"
	"strings"
)

// markup hides the text of elements and the values of attributes whose name is
// secret, or that stand beside such a name.
func (w *walker) markup(b []byte, kind textKind) []byte {
	m := marked{walker: w, inCode: kind == codeText, edits: edits{b: b}, ends: tagEnds{b: b}, quotes: [2]next{{of: `"`}, {of: `'`}}}
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '<')
		if i < 0 {
			return m.edits.apply()
		}
		at += i + 1
		if m.within != "" && bytes.HasPrefix(b[at:], []byte("!--")) {
			at += indexOfOr(b[at:], "-->")
			m.inner(min(at+len("-->"), len(b)))
			continue
		}
		if at == len(b) || !isWord(b[at]) && b[at] != '/' {
			continue
		}
		t, ok := tagAt(b, at, &m.quotes)
		switch at = t.to; {
		case !ok:
		case t.cut:
			m.values(&t)
		case t.ends:
			m.close(&t)
		default:
			m.open(&t)
		}
	}
}

// marked is markup that is gone through.
type marked struct {
	*walker
	inCode bool // where types of code look like elements
	edits  edits
	ends   tagEnds
	quotes [2]next
	text   next // of markup behind text
	// key is the text of the element in front, if that names the one behind it:
	// of a property list, or of a pair.
	key, of string
	// within is the element, in lower case, all of which is secret, and how many
	// of its name are open.
	within      string
	depth       int
	class, name string
	section     int // where the last CDATA section ends that was found, -1
}

// close goes through the end of an element.
func (m *marked) close(t *tag) {
	if t.whole != m.within {
		m.inner(t.to)
		return
	}
	if m.depth--; m.depth == 0 {
		m.within = ""
	}
	m.inner(t.to)
}

// open goes through the begin of an element, and the text behind it.
func (m *marked) open(t *tag) {
	m.values(t)
	from, to := m.textBehind(t.to)
	key, of := m.key, m.of
	m.key = ""
	if t.element == "key" || t.element == "name" {
		m.key, m.of = unescapeHTML(string(m.edits.b[from:min(to, from+maxLook)])), t.element
	}
	if t.empty {
		m.inner(t.to)
		return
	}
	switch class, secret := m.secretName(t.element, false); {
	case m.within != "":
		if t.whole == m.within {
			m.depth++
		}
		m.hideInner(from, to)
	case secret && t.whole != "input":
		ends := m.ends.behind(t.whole, t.to)
		if ends {
			m.within, m.depth, m.class, m.name = t.whole, 1, class, t.element
		}
		if ends || !m.inCode {
			m.hideText(from, to, class, t.element)
		}
	default:
		named := t.named()
		class, secret := m.secretName(named, false)
		if secret && holdsValue(t.whole, m.edits.b[from:to]) {
			m.hideText(from, to, class, named)
		} else if class, secret = m.secretName(key, false); secret && (of == "key" || t.element == "value") {
			m.hideText(from, to, class, key)
		}
	}
}

// inner hides the text from a place on that is in an element all of which is
// secret, though not in front of another.
func (m *marked) inner(at int) {
	if m.within != "" {
		m.hideInner(m.textBehind(at))
	}
}

// hideInner hides text deep in an element all of which is secret, unless it is
// for people.
func (m *marked) hideInner(from, to int) {
	if from < to && (m.class != Fields || !isSentence(string(m.edits.b[from:to]), m.name)) {
		m.hideText(from, to, m.class, m.name)
	}
}

// textBehind returns where the text is that begins behind a tag, or the section
// of text that is no markup.
func (m *marked) textBehind(at int) (from, to int) {
	b := m.edits.b
	const begin = "<![CDATA["
	if !bytes.HasPrefix(b[at:], []byte(begin)) {
		m.text.of = "<"
		return at, m.text.next(b, at)
	}
	at += len(begin)
	if m.section < at {
		m.section = at + indexOfOr(b[at:], "]]>")
	}
	return at, m.section
}

// hideText hides the text of an element.
func (m *marked) hideText(from, to int, class, name string) {
	if from >= to || from < m.edits.done {
		return
	}
	if m.keeps[class] {
		m.note(class, name)
		return
	}
	text := m.edits.b[from:to]
	value := bytes.TrimSpace(text)
	if saysNothing(value) {
		return
	}
	from += len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
	m.hideMarked(from, from+len(value), class, name)
}

// hideMarked hides what is written as markup is.
func (m *marked) hideMarked(from, to int, class, name string) {
	written := string(m.edits.b[from:to])
	plain := unescapeHTML(written)
	if out := m.hide(class, name, plain); out != plain {
		if plain != written {
			m.learn(class, written)
		}
		m.edits.replace(from, to, []byte(out))
	}
}

// values hides the values of attributes: of those whose name is secret, and what
// an element holds whose name or type says so.
func (m *marked) values(t *tag) {
	named := t.named()
	class, secret := m.secretName(named, false)
	if !secret && t.whole == "input" && strings.EqualFold(unescapeHTML(t.get("type").value), "password") {
		class, named, secret = Fields, "password", true
	}
	for _, a := range t.attributes {
		of, name := class, named
		if holds := strings.EqualFold(a.name, "value") || strings.EqualFold(a.name, "content"); !secret || !holds {
			var is bool
			if of, is = m.secretName(a.name, false); !is || isSeedOfNoise(t, a) {
				continue
			}
			name = a.name
		}
		if a.value == "" || a.from < m.edits.done || saysNothing([]byte(a.value)) || isHidden([]byte(a.value)) {
			continue
		}
		if m.keeps[of] {
			m.note(of, name)
			continue
		}
		m.hideMarked(a.from, a.from+len(a.value), of, name)
	}
}

// isSeedOfNoise reports whether an attribute says which noise a picture has.
func isSeedOfNoise(t *tag, a attribute) bool {
	return t.element == "feTurbulence" && a.name == "seed"
}

// holdsValue reports whether an element that has the name of a secret has it for
// a text. Others are parts of a page about secrets, with words for people.
func holdsValue(element string, text []byte) bool {
	switch element[strings.LastIndexByte(element, ':')+1:] {
	case "string", "entry", "param", "property", "field", "value", "attribute", "textarea":
		return true
	case "code", "kbd", "samp", "output", "data", "pre", "var", "tt":
		return !bytes.ContainsAny(bytes.TrimSpace(text), " \t\r\n")
	}
	text = bytes.TrimSpace(text)
	return len(text) <= maxLook && (random(text) || len(text) >= 4 && isNumber(text))
}
