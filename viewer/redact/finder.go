package redact

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"flowpane/viewer/jsontext"
)

// A pattern is a way in which a value may stand in bytes.
type pattern struct {
	text  string
	with  string // what stands for it
	class string
	// apart: letters, digits and dots beside it make it another value.
	apart bool
}

// A finder finds values in bytes, in all the ways in which they may be written.
// A byte costs a few nanoseconds, however many values there are.
type finder struct {
	begins  [1 << 13]uint64      // a bit for each first two bytes and a half
	heads   map[uint32][]pattern // by their first four bytes
	texts   map[string]bool
	longest int // of them
}

// add adds a value of a class and what stands for it, and the forms that the value takes
// within others: escaped for addresses, JSON and markup, in Base64 and in hex.
// Forms of the same length as a placeholder has no sense in are filled up.
func (f *finder) add(class, value, with string, apart bool) {
	f.addText(pattern{value, with, class, apart})
	if apart {
		return
	}
	for _, form := range [...]func(string) string{percent, percentLower, formEscape, jsonEscape, slashEscape, asciiEscape, htmlEscape} {
		f.addText(pattern{form(value), with, class, false})
	}
	for _, enc := range [...]*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			f.addFilled(class, base64Part(enc, value, shift))
		}
	}
	digits := hex.EncodeToString([]byte(value))
	f.addFilled(class, digits)
	f.addFilled(class, strings.ToUpper(digits))
}

// addFilled adds a form in which a placeholder would not be read: as many
// letters take its place.
func (f *finder) addFilled(class, text string) {
	if len(text) >= 8 {
		f.addText(pattern{text, strings.Repeat("a", len(text)), class, false})
	}
}

func (f *finder) addText(p pattern) {
	if len(p.text) < 4 || f.texts[p.text] {
		return
	}
	if f.texts == nil {
		f.texts, f.heads = map[string]bool{}, map[uint32][]pattern{}
	}
	f.texts[p.text] = true
	f.longest = max(f.longest, len(p.text))
	head := headOf(p.text)
	f.heads[head] = append(f.heads[head], p)
	f.begins[slot(head)>>6] |= 1 << (slot(head) & 63)
}

func headOf[T string | []byte](b T) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func slot(head uint32) uint32 { return head * 2654435761 >> (32 - 19) }

// next returns where in b, from a byte on, the first value stands, and the
// longest form of it there; from is len(b) if there is none.
func (f *finder) next(b []byte, from int) (at int, p pattern) {
	if len(f.texts) == 0 {
		return len(b), pattern{}
	}
	for ; from+4 <= len(b); from++ {
		head := headOf(b[from:])
		if s := slot(head); f.begins[s>>6]>>(s&63)&1 == 0 {
			continue
		}
		for _, q := range f.heads[head] {
			if len(q.text) > len(p.text) && len(b)-from >= len(q.text) && string(b[from:from+len(q.text)]) == q.text && (!q.apart || isApart(b, from, from+len(q.text))) {
				p = q
			}
		}
		if p.text != "" {
			return from, p
		}
	}
	return len(b), pattern{}
}

// isApart reports whether an address at b[from:to] is all of it.
func isApart(b []byte, from, to int) bool {
	joins := func(c byte) bool { return isWord(c) || c == '.' || c == ':' }
	if from > 0 && joins(b[from-1]) && b[from-1] != ':' {
		return false
	}
	return to == len(b) || !joins(b[to]) || b[to] == ':' || b[to] == '.' && (to+1 == len(b) || !isWord(b[to+1]))
}

// replaceKnown returns b with each value that is known replaced, b itself if
// there is none. sized: what it is replaced with must be as long. During the
// survey not all are known, and it does nothing.
func (r *Redactor) replaceKnown(b []byte, sized bool) []byte {
	if !r.surveyed {
		return b
	}
	e := edits{b: b}
	for at, p := r.known.next(b, 0); at < len(b); at, p = r.known.next(b, at+len(p.text)) {
		with := p.with
		if sized {
			with = fit(with, len(p.text))
		}
		r.note(p.class, "")
		e.replace(at, at+len(p.text), []byte(with))
	}
	if sized {
		return e.apply()
	}
	return r.replaceEscaped(e.apply())
}

// fit makes a placeholder as long as what it stands for.
func fit(text string, n int) string {
	if len(text) >= n {
		return text[:n]
	}
	return text + strings.Repeat("x", n-len(text))
}

func base64Part(enc *base64.Encoding, value string, shift int) string {
	all := enc.EncodeToString([]byte("\x00\x00\x00"[:shift] + value))
	return all[[3]int{0, 2, 3}[shift] : (shift+len(value))*8/6]
}

const upperHex = "0123456789ABCDEF"

// percent escapes as encodeURIComponent of browsers does.
func percent(s string) string { return escaped(s, "-_.!~*'()", upperHex) }

func percentLower(s string) string { return escaped(s, "-_.~", "0123456789abcdef") }

// formEscape escapes as forms are.
func formEscape(s string) string {
	return strings.ReplaceAll(escaped(s, "*-._ ", upperHex), " ", "+")
}

func escaped(s, plain, digits string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isWord(c) || strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}

func jsonEscape(s string) string {
	quoted := jsontext.AppendQuote(nil, s)
	return string(quoted[1 : len(quoted)-1])
}

func slashEscape(s string) string { return strings.ReplaceAll(jsonEscape(s), "/", `\/`) }

// asciiEscape escapes as JSON in ASCII.
func asciiEscape(s string) string {
	var b strings.Builder
	for _, c := range jsonEscape(s) {
		switch {
		case c < 0x80:
			b.WriteRune(c)
		case c < 0x10000:
			b.WriteString(`\u` + hex4(c))
		default:
			c -= 0x10000
			b.WriteString(`\u` + hex4(0xd800+c>>10) + `\u` + hex4(0xdc00+c&0x3ff))
		}
	}
	return b.String()
}

func hex4(c rune) string {
	s := strconv.FormatInt(int64(c), 16)
	return "0000"[len(s):] + s
}

var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func htmlEscape(s string) string { return htmlEscapes.Replace(s) }

func isWord(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_'
}
