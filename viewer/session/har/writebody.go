package har

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// maxEncoded and maxDecoded bound a body whose content encoding is undone, in
// bytes, as sent and as decoded: both are held in memory.
const (
	maxEncoded = 32 << 20
	maxDecoded = 64 << 20
)

// A payload is a body as it is to be written.
type payload struct {
	where  string
	src    blob.Source // nil if there is none
	sent   int64       // its size as sent; -1 if that is not known
	undone bool        // its content encoding is undone
	json   bool        // it was text in the JSON that it was read from
}

// payload returns a body with its content encoding undone. Where that cannot be
// done the body is as it was sent.
func (w *writer) payload(where string, content []byte, ref *flowpb.Body, headers []*flowpb.HTTPHeader) *payload {
	p := &payload{where: where, sent: -1, json: ref != nil && ref.GetEncoding() == flowpb.Body_JSON}
	if p.src = w.source(where, content, ref); p.src == nil {
		return p
	}
	encoding, encoded := flow.Value(headers, "content-encoding")
	if ref.GetDecoded() && encoded {
		return p
	}
	p.sent = p.src.Size()
	if encoding == "" || p.sent == 0 {
		return p
	}
	if p.sent > maxEncoded {
		return p
	}
	raw, err := blob.ReadAll(p.src)
	if err != nil {
		w.fail(where, err)
		return p
	}
	if decoded, err := flow.Decode(raw, encoding, maxDecoded); err == nil {
		p.src, p.undone = blob.Bytes(decoded), true
	}
	return p
}

// source returns the bytes of a body, or nil if there is none.
func (w *writer) source(where string, content []byte, ref *flowpb.Body) blob.Source {
	if content != nil {
		return blob.Bytes(content)
	}
	if ref == nil {
		return nil
	}
	src, err := w.flows.Body(ref)
	if err != nil {
		w.fail(where, err)
		return nil
	}
	return src
}

// body writes text and encoding of a body. It takes the place of a file that
// the object named: that will not lie beside what is written.
func (w *writer) body(o *object, p *payload, headers []*flowpb.HTTPHeader) {
	if p.src == nil {
		return
	}
	o.drop("_file")
	if m := o.find("encoding"); m != nil && string(m.value) == `"base64"` { // of no text
		m.passed = true
	}
	charset := w.textual(p, headers)
	if charset == "" {
		o.raw("encoding", []byte(`"base64"`))
		o.key("text")
		w.base64(p.src)
		return
	}
	o.key("text")
	w.quoted(p.src, charset)
}

// textual returns the charset in which a body is text that the reader turns
// into the same bytes: UTF-8 or Latin-1, or "" if there is none. A body in
// another charset is replaced by its text.
//
// A charset that headers only imply is not taken for granted: base64 leaves it
// to others what to make of the bytes.
func (w *writer) textual(p *payload, headers []*flowpb.HTTPHeader) string {
	charset := charsetOf(headers)
	named := p.json || flow.Param(string(contentType(headers)), "charset") != ""
	look := w.look(p)
	switch {
	case look.control:
		return ""
	case look.ascii, look.utf8 && charset == charsetUTF8:
		return charsetUTF8
	case charset == charsetUTF8:
		return ""
	case charset == charsetLatin1 && look.utf8 && look.wide:
		return charsetUTF8
	case charset == charsetLatin1 && named:
		return charsetLatin1
	case charset == charsetLatin1 || p.src.Size() > maxWhole:
		return ""
	}
	body, err := blob.ReadAll(p.src)
	if err != nil {
		w.fail(p.where, err)
		return ""
	}
	text := []byte(flow.Text(body, string(contentType(headers))))
	for _, text := range [...][]byte{text, body} {
		if utf8.Valid(text) && bytes.Equal(encode(text, charset), body) {
			p.src = blob.Bytes(text)
			return charsetUTF8
		}
	}
	return ""
}

// A look says what bytes are in a body.
type look struct {
	ascii   bool
	utf8    bool
	wide    bool // it has characters beyond Latin-1, if it is UTF-8
	control bool // it has control characters that text has not
}

func (w *writer) look(p *payload) look {
	l := look{ascii: true, utf8: true}
	w.chunks(p.where, p.src, func(b []byte, last bool) (used int) {
		for used < len(b) && !l.control {
			c := b[used]
			if c < utf8.RuneSelf {
				l.control = l.control || c < ' ' && !isTextControl(c)
				used++
				continue
			}
			l.ascii = false
			if !last && !utf8.FullRune(b[used:]) {
				return used
			}
			r, n := utf8.DecodeRune(b[used:])
			l.utf8 = l.utf8 && (r != utf8.RuneError || n > 1)
			l.wide = l.wide || r > 0xff
			used += n
		}
		return len(b)
	})
	return l
}

// isTextControl reports whether a control character may be in text: white
// space, backspace and escape.
func isTextControl(c byte) bool { return 8 <= c && c <= 13 && c != 11 || c == 27 }

// quoted writes a body as a JSON string: UTF-8 with what is none of it as lone
// surrogates, or Latin-1.
func (w *writer) quoted(src blob.Source, charset string) {
	w.b = append(w.b, '"')
	w.chunks("a body", src, func(b []byte, last bool) int {
		used := len(b)
		if charset == charsetLatin1 {
			w.latin1(b)
			return used
		}
		if !last {
			used -= partial(b)
		}
		w.b = appendInside(w.b, b[:used])
		return used
	})
	w.b = append(w.b, '"')
}

// latin1 writes bytes as the inside of a JSON string of the characters that
// have their numbers.
func (w *writer) latin1(b []byte) {
	for len(b) > 0 {
		n := 0
		for n < len(b) && b[n] < utf8.RuneSelf {
			n++
		}
		w.b = appendInside(w.b, b[:n])
		for n < len(b) && b[n] >= utf8.RuneSelf {
			w.b = utf8.AppendRune(w.b, rune(b[n]))
			n++
		}
		b = b[n:]
	}
}

func (w *writer) base64(src blob.Source) {
	w.b = append(w.b, '"')
	w.chunks("a body", src, func(b []byte, last bool) int {
		used := len(b)
		if !last {
			used -= used % 3
		}
		w.b = base64.StdEncoding.AppendEncode(w.b, b[:used])
		return used
	})
	w.b = append(w.b, '"')
}

// chunks calls do with one chunk after the other, each of which begins with
// what was not used of the one before. Between them, it writes what is at
// hand.
func (w *writer) chunks(where string, src blob.Source, do func(b []byte, last bool) (used int)) {
	kept := 0
	for at := int64(0); at < src.Size() && w.err == nil; {
		if err := w.ctx.Err(); err != nil {
			w.fail(where, err)
			return
		}
		n := int(min(int64(len(w.chunk)-kept), src.Size()-at))
		read, err := src.ReadAt(w.chunk[kept:kept+n], at)
		if read < n {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			w.fail(where, fmt.Errorf("byte %d of %d: %w", at+int64(read), src.Size(), err))
			return
		}
		at += int64(n)
		b := w.chunk[:kept+n]
		used := do(b, at == src.Size())
		kept = copy(w.chunk, b[used:])
		w.flush(buffered)
	}
}
