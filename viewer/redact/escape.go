package redact

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A reading is what bytes say when their escapes of a kind are undone, and where
// in them it comes from. That is not kept, of which there may be more than of the
// bytes, but found again: who asks goes through a reading from its begin to its end.
type reading struct {
	b  []byte
	of *reading // what was read, nil for the bytes themselves
	x  escape   // that were undone

	last, next mark // around what was asked for last
}

// A mark is the end of an escape: what follows is at plain in the reading, and at
// raw in what was read.
type mark struct{ plain, raw int }

// An escape is a way to write a byte as several: the signs that may begin it, and
// what reads one from its sign on. Used is 0 where it is none.
type escape struct {
	signs string
	read  func(b []byte) (plain []byte, used int)
}

var escapes = [...]escape{{"%", percentEscape}, {`\`, stringEscape}, {"&", markupEscape}}

// anyEscape is those of all kinds.
var anyEscape = escape{`%\&`, func(b []byte) ([]byte, int) {
	switch b[0] {
	case '%':
		return percentEscape(b)
	case '&':
		return markupEscape(b)
	}
	return stringEscape(b)
}}

// find returns the first escape in b, and where it begins: at len(b) if there is
// none.
func (x escape) find(b []byte) (at int, plain []byte, used int) {
	for at = x.next(b); at < len(b); {
		if plain, used = x.read(b[at:]); used > 0 {
			return at, plain, used
		}
		at++
		at += x.next(b[at:])
	}
	return at, nil, 0
}

// next returns where the first sign in b is, len(b) if there is none.
func (x escape) next(b []byte) int {
	if i := bytes.IndexAny(b, x.signs); i >= 0 {
		return i
	}
	return len(b)
}

// undo returns what b says without escapes of a kind, nil if it has none. That is
// never longer.
func (x escape) undo(b []byte) (out []byte) {
	for {
		at, plain, used := x.find(b)
		switch {
		case used > 0 && out == nil:
			out = make([]byte, 0, len(b))
		case used == 0 && out == nil:
			return nil
		case used == 0:
			return append(out, b...)
		}
		out = append(append(out, b[:at]...), plain...)
		b = b[at+used:]
	}
}

// reading returns what l says without escapes of a kind, nil if it has none.
func (x escape) reading(l *reading) *reading {
	return x.over(l, x.undo(l.b))
}

// over returns b as a reading, which is what undo says of l.
func (x escape) over(l *reading, b []byte) *reading {
	if b == nil {
		return nil
	}
	out := &reading{b: b, of: l, x: x}
	out.next = out.after(mark{})
	return out
}

// after returns the end of the first escape behind a mark, or one behind all.
func (l *reading) after(m mark) mark {
	raw := l.of.b[m.raw:]
	at, plain, used := l.x.find(raw)
	if used == 0 {
		return mark{len(l.b) + 1, len(l.of.b)}
	}
	return mark{m.plain + at + len(plain), m.raw + at + used}
}

// begin returns where in the bytes that were read first what is at i begins.
func (l *reading) begin(i int) int {
	if l.of == nil {
		return i
	}
	if i < l.last.plain {
		l.last, l.next = mark{}, l.after(mark{})
	}
	for l.next.plain <= i {
		l.last = l.next
		l.next = l.after(l.last)
	}
	// It may be within what an escape says.
	return l.of.begin(min(l.last.raw+i-l.last.plain, l.next.raw))
}

// replaceEscaped returns b with each value that is known and written with
// escapes replaced, b itself if there is none.
func (r *Redactor) replaceEscaped(b []byte) []byte {
	for range maxLayers {
		out := r.replaceIn(&reading{b: b}, b, 0)
		if same(out, b) {
			break
		}
		b = out
	}
	return b
}

func (r *Redactor) replaceIn(l *reading, raw []byte, depth int) []byte {
	if depth > 0 {
		e := edits{b: raw}
		for at, p := r.known.next(l.b, 0); at < len(l.b); at, p = r.known.next(l.b, at+len(p.text)) {
			from, to := l.begin(at), l.begin(at+len(p.text))
			r.note(p.class, "")
			e.replace(from, to, []byte(p.with))
		}
		if e.done > 0 {
			return e.apply()
		}
	}
	if depth == maxLayers {
		return raw
	}
	for _, x := range escapes {
		if plain := x.reading(l); plain != nil {
			if out := r.replaceIn(plain, raw, depth+1); !same(out, raw) {
				return out
			}
		}
	}
	return raw
}

// unescape undoes escapes of a kind: b itself, if there are none.
func (x escape) unescape(b []byte) []byte {
	if plain := x.undo(b); plain != nil {
		return plain
	}
	return b
}

func unescapePercent(b []byte) []byte { return escapes[0].unescape(b) }

func unescapeHTML(s string) string { return string(escapes[2].unescape([]byte(s))) }

// unescapeForm undoes the escapes of forms.
func unescapeForm(b []byte) []byte {
	return unescapePercent(bytes.ReplaceAll(b, []byte("+"), []byte(" ")))
}

// allBytes are all there are: what an escape says takes no memory of its own, for
// there are millions of them in a body.
var allBytes = func() (all [256]byte) {
	for i := range all {
		all[i] = byte(i)
	}
	return all
}()

func oneByte(c byte) []byte { return allBytes[c : int(c)+1 : int(c)+1] }

func oneRune(c rune) []byte {
	if 0 <= c && c < utf8.RuneSelf {
		return oneByte(byte(c))
	}
	return utf8.AppendRune(nil, c)
}

func percentEscape(b []byte) ([]byte, int) {
	if c, ok := hexByte(b, 1); ok {
		return oneByte(c), 3
	}
	return nil, 0
}

// stringEscape reads an escape of strings in JSON and in code.
func stringEscape(b []byte) ([]byte, int) {
	if len(b) < 2 {
		return nil, 0
	}
	switch b[1] {
	case 'u':
		c, ok := unit(b)
		if !ok {
			return nil, 0
		}
		used := 6
		if low, ok := unit(b[6:]); ok && utf16.IsSurrogate(c) {
			c, used = utf16.DecodeRune(c, low), 12
		}
		return oneRune(c), used
	case 'x':
		if c, ok := hexByte(b, 2); ok {
			return oneRune(rune(c)), 4
		}
	}
	if i := strings.IndexByte(`"\/'nrtbf`, b[1]); i >= 0 {
		return oneByte("\"\\/'\n\r\t\b\f"[i]), 2
	}
	return nil, 0
}

// unit reads the UTF-16 unit of an escape at the start of b.
func unit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	high, ok := hexByte(b, 2)
	low, more := hexByte(b, 4)
	return rune(high)<<8 | rune(low), ok && more
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "sol": "/", "plus": "+", "equals": "=", "colon": ":", "period": ".", "lowbar": "_", "commat": "@", "percnt": "%", "num": "#", "nbsp": "\u00a0"}

// markupEscape reads a reference of HTML or XML, of those that stand for signs
// which others need escapes for too.
func markupEscape(b []byte) ([]byte, int) {
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 2 {
		return nil, 0
	}
	name := string(b[1:end])
	if text, ok := entities[name]; ok {
		return []byte(text), end + 1
	}
	if name[0] != '#' {
		return nil, 0
	}
	digits, base := name[1:], 10
	if hex := strings.TrimLeft(digits, "xX"); len(hex) < len(digits) {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil {
		return nil, 0
	}
	return oneRune(rune(n)), end + 1
}

// hexByte reads two hexadecimal digits at b[i:].
func hexByte(b []byte, i int) (byte, bool) {
	if len(b) < i+2 || hexDigit(b[i]) > 15 || hexDigit(b[i+1]) > 15 {
		return 0, false
	}
	return hexDigit(b[i])<<4 | hexDigit(b[i+1]), true
}

func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}
