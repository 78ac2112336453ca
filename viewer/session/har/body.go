package har

import (
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
)

// maxInline is how long the JSON string of a body may be, with its quotes, to
// be kept in the flow.
const maxInline = 1 << 10

// A bodyText is what an entry says of a body.
type bodyText struct {
	where          string // the path to it
	offset, length int64  // of the string, with its quotes; 0 if there is none
	raw            []byte // what is between them, if it is not long
	bad            int64  // offset of the first byte that makes it no base64, or 0
	base64, utf8   bool   // it is
	file           string // the name of the file that it is in
}

// reset forgets what t says, but not its memory.
func (t *bodyText) reset() *bodyText {
	*t = bodyText{raw: t.raw[:0]}
	return t
}

func (t *bodyText) present() bool { return t.length > 0 || t.file != "" }

// empty reports whether it is an empty string.
func (t *bodyText) empty() bool { return t.length == int64(len(`""`)) }

// body passes a string that is a body. Where it is longer than maxInline, it
// is not held in memory.
func (s *scanner) body(t *bodyText) outcome {
	if !s.is('"') {
		return odd
	}
	t.offset, t.bad = s.offset(), 0
	i, base64 := s.pos+1, true // base64: it may be
	for s.err == nil {
		if base64 {
			i = base64Run(s.buf, i)
		} else {
			i = special(s.buf, i)
		}
		if i >= len(s.buf) {
			keep := s.pos
			if i-s.pos > maxInline { // the string is not needed any more
				keep = len(s.buf)
				s.pos = keep
			}
			i -= keep
			s.more(keep)
			continue
		}
		c := s.buf[i]
		if c == '"' {
			t.length = s.at(i+1) - t.offset
			if t.length <= maxInline {
				t.raw = append(t.raw[:0], s.buf[s.pos+1:i]...)
			}
			s.pos = i + 1
			break
		}
		if base64 && !s.inBase64(i) {
			t.bad, base64 = s.at(i), false
		}
		i += escapeLen(c)
	}
	return done
}

// content reads the object that has a body in it: postData, content, _content.
// What stays of it is a member of what stays of the message.
func (d *decoder) content(name, where string, text *bodyText) outcome {
	again := text.present() && d.is('{')
	if again {
		text.reset()
	}
	text.where = where
	encoding, undone := "", false
	left, ok := d.object(where, func(key []byte) outcome {
		switch string(key) {
		case "text":
			d.again = text.length > 0 && d.is('"')
			return d.body(text)
		case "_file":
			file, _ := d.textOf(d.stay(key))
			text.file = string(file)
		case "encoding":
			name, _ := d.textOf(d.stay(key))
			encoding = string(name)
			text.base64 = strings.EqualFold(encoding, "base64")
			if undone = encoding == "base64"; undone { // which a writer writes with a text
				d.rests[d.depth-1].undo()
			}
		default:
			return stays
		}
		return done
	})
	if !ok {
		return odd
	}
	if undone && text.length == 0 {
		r := &d.rests[d.depth]
		r.add([]byte("encoding"), []byte(`"base64"`))
		left = r.end()
	}
	switch strings.ToLower(encoding) {
	case "", "base64", "utf-8", "utf8":
	default:
		d.issue(where + "encoding: " + strconv.Quote(encoding) + " is unknown, and the text shown as it is")
	}
	d.leave(name, left)
	d.again = again
	return done
}

// bodyOf returns a body as a flow has it. The memory of its reference is to.
// Text is in the charset of the headers, unless it is UTF-8 in any case.
func (d *decoder) bodyOf(t *bodyText, to *reference, headers []*flowpb.HTTPHeader) ([]byte, *flowpb.Body) {
	switch {
	case t.length == 0 && t.file == "":
		return nil, nil
	case t.length == 0:
		return nil, d.fileBody(t, to)
	}
	encoding := flowpb.Body_JSON
	if t.base64 {
		encoding = flowpb.Body_JSON_BASE64
		if t.bad > 0 {
			d.issue(strings.TrimSuffix(t.where, ".") + ": " + atByte(t.bad, "this is no base64, and passed over"))
		}
	}
	ref := to.set(encoding, t.offset, t.length)
	short := t.length <= maxInline
	var text []byte
	if short {
		d.text = appendText(d.text[:0], t.raw, t.base64)
		text = d.text
	}
	if !t.base64 && !t.utf8 && !(short && isASCII(text)) {
		if charset := charsetOf(headers); charset != charsetUTF8 {
			d.charsets(t.offset, charset)
			text = encode(text, charset)
		}
	}
	if !short {
		return nil, ref
	}
	return d.page.keep(text), ref
}

// appendText appends the bytes that the inside of a string stands for.
func appendText(dst, raw []byte, base64 bool) []byte {
	if base64 {
		dst, _ = debase64(dst, raw, true)
	} else {
		dst, _ = unescape(dst, raw, true)
	}
	return dst
}

// fileBody returns a reference to a file beside the HAR.
func (d *decoder) fileBody(t *bodyText, to *reference) *flowpb.Body {
	number, size, err := d.files(t.file)
	switch {
	case err == errNoFolder && d.noFiles:
		return nil
	case err == errNoFolder:
		d.noFiles = true
		d.issue(t.where + "_file: " + strconv.Quote(t.file) + " is not at hand, and bodies of this kind are not shown: open the archive or the folder that the HAR is in")
		return nil
	case err != nil:
		d.issue(t.where + "_file: " + strconv.Quote(t.file) + ": " + err.Error())
		return nil
	}
	return to.set(flowpb.Body_FILE, number, size)
}
