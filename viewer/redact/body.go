package redact

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/jsontext"
)

// errLarge: a body is not looked into.
var errLarge = errors.New("the body is too large")

// bytes returns those of a body or message, and whether it was captured.
func (w *walker) bytes(content []byte, ref *flowpb.Body) (b []byte, present bool, err error) {
	if content != nil || ref == nil {
		return content, content != nil, nil
	}
	src, err := w.read(ref)
	if err != nil {
		return nil, true, err
	}
	if src.Size() > maxBody {
		return nil, true, errLarge
	}
	b, err = blob.ReadAll(src)
	return b, true, err
}

// httpBody takes what is secret out of a body, and returns its sizes then; content
// and ref stay as they are where nothing is.
func (w *walker) httpBody(h []*flowpb.HTTPHeader, content *[]byte, ref **flowpb.Body) (sizes, error) {
	raw, present, err := w.bytes(*content, *ref)
	if !present || err == nil && len(raw) == 0 {
		return sizes{}, nil
	}
	replace := func(out []byte, plain int) sizes {
		*content, *ref = out, nil
		setLength(h, len(out))
		return sizes{changed: true, sent: len(out), plain: plain}
	}
	contentType, _ := flow.Value(h, "content-type")
	if errors.Is(err, errLarge) || err == nil && w.goes(contentType) {
		if out, gone := w.whole(contentType, len(raw)); gone {
			for _, f := range h {
				if strings.EqualFold(string(f.Name), "content-encoding") {
					f.Value = []byte("identity")
				}
			}
			return replace(out, len(out)), nil
		}
	}
	if errors.Is(err, errLarge) { // and stays
		return sizes{}, nil
	}
	if err != nil {
		return sizes{}, err
	}
	encodings, _ := flow.Value(h, "content-encoding")
	plain, rest, failed := raw, []byte(nil), error(nil)
	if encodings != "" && !(*ref).GetDecoded() {
		plain, rest, failed = decodeAll(raw, encodings)
		if failed != nil && len(plain) == 0 {
			encodings, plain, failed = "", raw, nil // it is not what it says
		}
	}
	out, behind := w.body(plain, contentType), w.body(rest, "")
	packed := raw[: len(raw)-len(rest) : len(raw)-len(rest)]
	if !same(out, plain) || failed != nil {
		if same(out, plain) {
			out = w.damaged(plain)
		}
		if packed, err = encodeAll(out, encodings); err != nil {
			return sizes{}, err
		}
	} else if same(behind, rest) {
		return sizes{}, nil
	}
	return replace(append(packed, behind...), len(out)), nil
}

// goes reports whether bodies of a type go as a whole.
func (w *walker) goes(contentType string) bool {
	media := flow.MediaType(contentType)
	for _, t := range w.policy.Types {
		if t != "" && strings.HasPrefix(media, strings.ToLower(t)) {
			return true
		}
	}
	return false
}

// whole returns what stands for a body, unless bodies are kept.
func (w *walker) whole(contentType string, size int) ([]byte, bool) {
	media := flow.MediaType(contentType)
	w.note(Bodies, media)
	if w.keeps[Bodies] {
		return nil, false
	}
	if size == 0 {
		return fmt.Appendf(nil, "%sbody: %s, too large to look into", prefix, media), true
	}
	return fmt.Appendf(nil, "%sbody: %s, %d bytes", prefix, media, size), true
}

// maxDepth is how many texts within texts are looked into.
const maxDepth = 8

// body returns what a decoded body or a message is without what is secret: b
// itself, if nothing is.
func (w *walker) body(b []byte, contentType string) []byte {
	if len(b) == 0 {
		return b
	}
	if w.depth > maxDepth {
		return w.binary(b, !isMedia(flow.MediaType(contentType)))
	}
	w.depth++
	defer func() { w.depth-- }()
	return w.content(b, contentType)
}

// content is body of what is no text within another: a part of a structure, that
// counts how deep it is.
func (w *walker) content(b []byte, contentType string) []byte {
	media := flow.MediaType(contentType)
	if strings.HasPrefix(media, "multipart/") || mayBeParts[media] && boundaryOf(b) != "" {
		if out, ok := w.multipart(b, flow.Param(contentType, "boundary")); ok {
			return out
		}
	}
	if text, back, ok := wide(b, contentType); ok {
		if out := w.body(text, "text/plain"); !same(out, text) {
			return back(out)
		}
		return b
	}
	if kind := compression(b); kind != "" {
		return w.packed(b, kind)
	}
	if media == "application/dns-message" {
		return w.binary(w.addressRecords(b), true)
	}
	if hasMedia := isMedia(media); !isText(b, media) || !hasMedia && hasControls(b) {
		if !hasMedia {
			if out, ok := w.structured(b, media); ok && !same(out, b) {
				return w.replaceKnown(out, true)
			}
		}
		if !isText(b, media) {
			return w.binary(b, !hasMedia)
		}
	} else if out, ok := w.structured(b, media); ok {
		b = out
	}
	switch begin := bytes.TrimSpace(b); {
	case media == "application/x-www-form-urlencoded", media == "" && looksLikeForm(begin), media == "text/plain" && looksLikeForm(begin) && w.isPlainForm(begin):
		return w.form(b, Fields)
	case looksLikeJSON(begin) && !isQuery(begin):
		return w.json(b)
	case media == "text/event-stream", bytes.HasPrefix(begin, []byte("data:")):
		return w.events(b)
	}
	if i := jsonBegin(b); i > 0 {
		if out := w.json(b[i:]); !same(out, b[i:]) {
			return append(bytes.Clone(b[:i]), out...)
		}
		return b
	}
	return w.text(b, textOf(media))
}

// mayBeParts are the types of bodies of which no more is known.
var mayBeParts = map[string]bool{"": true, "text/plain": true, "application/octet-stream": true}

// isMedia reports whether a type is of what is seen and heard, which holds no text
// but by chance.
func isMedia(media string) bool {
	for _, kind := range [...]string{"image/", "font/", "video/", "audio/"} {
		if strings.HasPrefix(media, kind) && !strings.Contains(media, "xml") {
			return true
		}
	}
	return false
}

// events looks into the data of a stream of events, which is JSON as a rule: in a
// line, or in all lines of an event.
//
// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
func (w *walker) events(b []byte) []byte {
	e := edits{b: b}
	from, at := 0, 0
	var data []byte // of the lines from from to at
	for line := range bytes.Lines(b) {
		plain := bytes.TrimLeft(line, "\ufeff \t")
		if value, found := bytes.CutPrefix(plain, []byte("data:")); found {
			data = append(data, value...)
		} else if string(bytes.TrimRight(plain, "\r\n")) == "data" {
			data = append(data, '\n')
		} else {
			w.event(&e, from, at, data)
			w.event(&e, at, at+len(line), nil)
			from, data = at+len(line), nil
		}
		at += len(line)
	}
	w.event(&e, from, at, data)
	return w.text(e.apply(), plainText)
}

// event looks into the data of one event, in the lines e.b[from:to]: into all of it
// or, if that is no JSON, into each line.
func (w *walker) event(e *edits, from, to int, data []byte) {
	if jsontext.Valid(data) {
		if out := w.json(data); !same(out, data) {
			e.replace(from, to, eventData(out))
		}
		return
	}
	for line := range bytes.Lines(e.b[from:to]) {
		if i := jsonBegin(line); i > 0 && jsontext.Valid(line[i:]) {
			if out := w.json(line[i:]); !same(out, line[i:]) {
				e.replace(from+i, from+len(line), out)
			}
		}
		from += len(line)
	}
}

// eventData returns the lines that say data.
func eventData(data []byte) (lines []byte) {
	for line := range bytes.Lines(data) {
		lines = append(append(lines, "data:"...), line...)
	}
	return lines
}

// textOf says how much a text of a media type can be taken at its word: in code
// and pictures, numbers with dots are no addresses.
func textOf(media string) textKind {
	switch {
	case strings.Contains(media, "javascript"), strings.Contains(media, "ecmascript"), strings.Contains(media, "css"), strings.HasPrefix(media, "image/"):
		return codeText
	}
	return plainText
}

// isText reports whether b is text of UTF-8, or of one byte a letter where its
// type says that it is text, or where it is JSON.
func isText(b []byte, media string) bool {
	head := b[:min(len(b), 4096)]
	controls := 0
	for _, c := range head {
		if c == 0 {
			return false
		}
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1b' {
			controls++
		}
	}
	if len(head) < len(b) {
		for n := 1; n < utf8.UTFMax && !utf8.RuneStart(head[len(head)-1]); n++ {
			head = head[:len(head)-1]
		}
	}
	if utf8.Valid(head) || len(head) > 0 && utf8.Valid(head[:len(head)-1]) {
		return controls*10 <= len(head)
	}
	for _, kind := range [...]string{"text/", "json", "xml", "javascript", "urlencoded"} {
		if strings.Contains(media, kind) {
			return controls == 0
		}
	}
	return controls == 0 && looksLikeJSON(bytes.TrimSpace(b)) && jsontext.Valid(b)
}

// looksLikeJSON reports whether b begins as an object or a list does.
func looksLikeJSON(b []byte) bool { return len(b) > 0 && (b[0] == '{' || b[0] == '[') }

// everyOther reports whether every other byte at the beginning of b is 0, from one
// on, and the others are letters of ASCII, as in text that does not say that each
// of its letters takes two bytes.
func everyOther(b []byte, from int) bool {
	const enough, most = 8, 64
	if len(b) < enough || len(b)%2 != 0 {
		return false
	}
	for i, c := range b[:min(len(b), most)] {
		if zero := i%2 == from; zero != (c == 0) || c >= 0x7f || !zero && c < '\t' {
			return false
		}
	}
	return true
}

// wide reads text of two bytes a letter, and writes it again.
func wide(b []byte, contentType string) (text []byte, back func([]byte) []byte, ok bool) {
	var order interface {
		binary.ByteOrder
		binary.AppendByteOrder
	}
	name := strings.ToLower(flow.Param(contentType, "charset"))
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), name == "utf-16le", everyOther(b, 1):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("\xfe\xff")), strings.HasPrefix(name, "utf-16"), everyOther(b, 0):
		order = binary.BigEndian
	default:
		return nil, nil, false
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	rest := b[2*len(units):]
	back = func(text []byte) []byte {
		var out []byte
		for _, u := range utf16.Encode([]rune(string(text))) {
			out = order.AppendUint16(out, u)
		}
		return append(out, rest...)
	}
	return []byte(string(utf16.Decode(units))), back, true
}
