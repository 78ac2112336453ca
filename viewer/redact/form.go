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
		w.pairs(&e, at, end, class)
		at = end + 1
	}
	return w.replaceKnown(e.apply(), false)
}

// pairs goes through what stands between two & of a form: a name and a value, and
// maybe more behind semicolons. The value of a secret may have such in it.
func (w *walker) pairs(e *edits, at, end int, class string) {
	for at < end {
		name, value, found := bytes.Cut(e.b[at:end], []byte("="))
		next := end
		if _, secret := w.secretName(string(unescapeForm(name[:min(len(name), 3*maxNameLen)])), true); !secret {
			next = pairEnd(e.b, at, end)
			value = value[:max(len(value)-(end-next), 0)]
		}
		if found && len(value) > 0 && len(name) < next-at {
			if out := w.parameter(string(unescapeForm(name)), value, class); !same(out, value) {
				e.replace(next-len(value), next, out)
			}
		} else if out := w.text(e.b[at:next], headerText); !same(out, e.b[at:next]) && next > at {
			e.replace(at, next, out)
		}
		at = next + 1
	}
}

// pairEnd returns where a name and its value end: at a semicolon that another
// name and = follow.
func pairEnd(b []byte, at, end int) int {
	for {
		i := bytes.IndexByte(b[at:end], ';')
		if i < 0 {
			return end
		}
		at += i + 1
		if name := runEnd(b[:end], at, "-.[]%"); name > at && name < end && b[name] == '=' {
			return at - 1
		}
	}
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
	if bytes.IndexByte(value, '%') >= 0 && bytes.IndexByte(value, '+') < 0 { // what stays may stay as it is written
		value = w.undone(w.looked(value, plainText, (*walker).userInfo, (*walker).webhooks, (*walker).schemes, (*walker).shapes), plainText)
		plain = unescapePercent(value)
	}
	out := w.listed(w.leaf(plain), class)
	if !same(out, plain) && !bytes.Equal(out, plain) {
		return []byte(percent(string(out)))
	}
	times, deep := 1, plain
	for next := unescapePercent(deep); times < maxLayers && !same(next, deep); next = unescapePercent(deep) {
		times, deep = times+1, next
	}
	if w.depth >= maxDepth || times == 1 {
		return value
	}
	w.depth += 2
	out = w.leaf(deep)
	if w.depth -= 2; bytes.Equal(out, deep) {
		return value
	}
	for range times {
		out = []byte(percent(string(out)))
	}
	return out
}

// listed hides what is secret by its name behind a semicolon, in what was escaped
// in the value of a parameter: "1;token=value". Text with other signs is none.
func (w *walker) listed(b []byte, class string) []byte {
	if bytes.IndexByte(b, ';') < 0 || bytes.ContainsAny(b, " \t\r\n<>{}()\"'`") {
		return b
	}
	e := edits{b: b}
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], ';')
		if i < 0 {
			return e.apply()
		}
		at += i + 1
		end := runEnd(b, at, "-.[]%")
		if end == at || end-at > 3*maxNameLen || end == len(b) || b[end] != '=' {
			continue
		}
		name := string(unescapeForm(b[at:end]))
		of, secret := w.secretName(name, true)
		if !secret {
			continue
		}
		from := end + 1
		at = pairEnd(b, from, from+indexOr(b[from:], '&'))
		value := string(b[from:at])
		if saysNothing([]byte(value)) || isHidden([]byte(value)) {
			continue
		}
		if of != Chosen {
			of = class
		}
		if out := w.hideWritten(of, name, value, true); out != value {
			e.replace(from, at, []byte(out))
		}
	}
}

// isPlainForm reports whether a text that looks like a form is none by chance: it
// has several fields, or one of a name that says all.
func (w *walker) isPlainForm(b []byte) bool {
	name, _, _ := bytes.Cut(b, []byte("="))
	_, secret := w.secretName(string(name), false)
	return secret || bytes.IndexByte(b, '&') > 0
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
	out := w.text(path, pathText)
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
