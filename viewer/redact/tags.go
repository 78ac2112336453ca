package redact

import (
	"bytes"
	"strings"
)

// A tag is one of markup: HTML, XML, SVG.
//
// Source: https://html.spec.whatwg.org/multipage/syntax.html#start-tags
type tag struct {
	element    string // its name, without a prefix
	whole      string // its name, in lower case
	from, to   int    // behind its < and behind its >
	ends       bool   // it is of the end of an element
	empty      bool   // there is nothing in the element
	cut        bool   // the text ends in it
	attributes []attribute
}

// An attribute of a tag: its value is at from.
type attribute struct {
	name, value string
	from        int
}

// get returns the first attribute that has one of the names.
func (t *tag) get(names ...string) (a attribute) {
	for _, name := range names {
		for _, a := range t.attributes {
			if strings.EqualFold(a.name, name) {
				return a
			}
		}
	}
	return attribute{}
}

// named returns the name that a tag gives to what it holds.
func (t *tag) named() string {
	return unescapeHTML(t.get("name", "id", "property", "key", "itemprop").value)
}

// tagAt reads the tag that begins at b[at:], behind its sign. Where that is none,
// such as an operator of a program, it returns how far it was read. quotes are the
// next ones, from at on. In a tag that the text ends in, the value of an attribute
// whose quote never closes is the rest of the text, though no tag may have been
// meant: the tag ends in front of that value then.
func tagAt(b []byte, at int, quotes *[2]next) (t tag, ok bool) {
	t.from, t.to = at, at
	if at < len(b) && b[at] == '/' {
		t.ends = true
		at++
	}
	end := runEnd(b, at, ":-.")
	if end == at {
		return t, false
	}
	name := string(b[at:end])
	t.element, t.whole = name[strings.LastIndexByte(name, ':')+1:], strings.ToLower(name)
	for at = end; at < len(b); {
		t.to = at
		switch c := b[at]; {
		case c <= ' ':
			at++
			continue
		case c == '>':
			t.to = at + 1
			return t, true
		case c == '/':
			at++
			t.empty = at < len(b) && b[at] == '>'
			continue
		}
		if strings.IndexByte(" \t\r\n\f/\"'", b[at-1]) < 0 {
			return t, false
		}
		a, end := attributeAt(b, at, quotes)
		if end == at {
			return t, false
		}
		t.attributes = append(t.attributes, a)
		if end > len(b) {
			t.to, t.cut = a.from, true
			return t, true
		}
		at = end
	}
	t.to, t.cut = at, true
	return t, true
}

// attributeAt reads an attribute, and returns where it ends: at, if there is none,
// behind the end of the text where that stands for a quote.
func attributeAt(b []byte, at int, quotes *[2]next) (a attribute, end int) {
	for end = at; end < len(b) && b[end] > ' ' && bytes.IndexByte([]byte("\"'<>/="), b[end]) < 0; end++ {
	}
	if end == at {
		return a, at
	}
	a.name = string(b[at:end])
	sign := end
	for sign < len(b) && b[sign] <= ' ' {
		sign++
	}
	if sign == len(b) || b[sign] != '=' {
		return a, end
	}
	for sign++; sign < len(b) && b[sign] <= ' '; sign++ {
	}
	if sign == len(b) {
		return a, sign
	}
	a.from = sign
	switch i := strings.IndexByte(`"'`, b[sign]); {
	case i >= 0:
		a.from++
		end = quotes[i].next(b, a.from)
		a.value = string(b[a.from:end])
		return a, end + 1
	default:
		for end = sign; end < len(b) && b[end] > ' ' && b[end] != '>' && b[end] != '<'; end++ {
		}
	}
	a.value = string(b[a.from:end])
	return a, end
}

// tagEnds are where each element ends in a text.
type tagEnds struct {
	b    []byte
	at   map[string][]int
	read bool
}

// behind reports whether an element ends behind a place. Places must grow.
func (t *tagEnds) behind(element string, at int) bool {
	if !t.read {
		t.at, t.read = map[string][]int{}, true
		for i := 0; ; {
			n := bytes.Index(t.b[i:], []byte("</"))
			if n < 0 {
				break
			}
			i += n + 2
			if end := runEnd(t.b, i, ":-."); end > i {
				name := strings.ToLower(string(t.b[i:end]))
				t.at[name] = append(t.at[name], i)
				i = end
			}
		}
	}
	list := t.at[element]
	for len(list) > 0 && list[0] < at {
		list = list[1:]
	}
	t.at[element] = list
	return len(list) > 0
}
