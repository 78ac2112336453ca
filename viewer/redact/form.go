package redact

import (
	"bytes"
	"strings"
)

// form returns the fields of a form, or the parameters of an address, without
// what is secret; class is that of names.
func (w *walker) form(b []byte, class string) []byte {
	e := edits{b: b}
	for at := 0; at < len(b); {
		end := at + indexOr(b[at:], '&')
		name, value, found := bytes.Cut(b[at:end], []byte("="))
		if found && len(value) > 0 {
			if out := w.parameter(string(unescapeForm(name)), value, class); !same(out, value) {
				e.replace(end-len(value), end, out)
			}
		} else if out := w.text(b[at:end], headerText); !same(out, b[at:end]) && end > at {
			e.replace(at, end, out)
		}
		at = end + 1
	}
	return w.replaceKnown(e.apply(), false)
}

// parameter returns the value of a parameter without what is secret, escaped as
// it was.
func (w *walker) parameter(name string, value []byte, class string) []byte {
	plain := unescapeForm(value)
	if of, secret := w.secretName(name, true); secret && !trivial(string(plain)) {
		if of != Chosen {
			of = class
		}
		out := w.hide(of, name, string(plain))
		if out == string(plain) {
			return value
		}
		if raw := string(value); raw != string(plain) {
			w.learn(of, raw)
		}
		return []byte(out)
	}
	if out := w.leaf(plain); !same(out, plain) && !bytes.Equal(out, plain) {
		return []byte(percent(string(out)))
	}
	if twice := unescapePercent(plain); w.depth < maxDepth && !bytes.Equal(twice, plain) {
		w.depth += 2
		out := w.leaf(twice)
		w.depth -= 2
		if !bytes.Equal(out, twice) {
			return []byte(percent(percent(string(out))))
		}
	}
	return value
}

// looksLikeForm reports whether a body without a type is one.
func looksLikeForm(b []byte) bool {
	name, _, found := bytes.Cut(b, []byte("="))
	return found && len(name) > 0 && len(name) < 64 && !bytes.ContainsAny(b, " \n<>{}\"") && bytes.IndexFunc(name, func(c rune) bool { return c > 0x7f || !isWord(byte(c)) && !strings.ContainsRune("-.%[]", c) }) < 0
}

// url returns an address, or its path, without what is secret.
func (w *walker) url(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	path, rest := b, []byte(nil)
	if i := bytes.IndexAny(b, "?#"); i >= 0 {
		path, rest = b[:i], b[i:]
	}
	out := w.text(path, headerText)
	if bytes.IndexByte(out, '%') >= 0 {
		if plain := unescapePercent(out); !bytes.Equal(plain, out) {
			if hidden := w.text(plain, headerText); !same(hidden, plain) {
				out = []byte(strings.ReplaceAll(percent(string(hidden)), "%2F", "/"))
			}
		}
	}
	changed := !same(out, path)
	for len(rest) > 0 {
		mark := rest[:1]
		end := len(rest)
		if i := bytes.IndexByte(rest[1:], '#'); i >= 0 {
			end = i + 1
		}
		part := rest[1:end]
		hidden := w.form(part, URLs)
		changed = changed || !same(hidden, part)
		out = append(append(out[:len(out):len(out)], mark...), hidden...)
		rest = rest[end:]
	}
	if !changed {
		return b
	}
	return out
}

func indexOr(b []byte, c byte) int {
	if i := bytes.IndexByte(b, c); i >= 0 {
		return i
	}
	return len(b)
}

// indexOfOr is indexOr of a text.
func indexOfOr(b []byte, text string) int {
	if i := bytes.Index(b, []byte(text)); i >= 0 {
		return i
	}
	return len(b)
}
