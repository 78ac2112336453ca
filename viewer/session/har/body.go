package har

import (
	"strconv"

	"flowpane/proto/flowpb"
)

// A bodyText is what an entry says of a body.
type bodyText struct {
	mark
	where  string // the path of the string
	raw    []byte // the string, unless it is long
	base64 bool
	file   string // the name of the file that it is in
}

func (t *bodyText) present() bool { return t.length > 0 || t.file != "" }

// empty reports whether it is an empty string.
func (t *bodyText) empty() bool { return t.length == int64(len(`""`)) }

// content reads the object that has a body in it: postData, content, _content.
// What stays of it is a member of what stays of the message.
func (d *decoder) content(key, where string, text *bodyText) outcome {
	var encoding []byte
	left, ok := d.object(where+key+".", func(key []byte) outcome {
		switch string(key) {
		case "text":
			return d.bodyText(text)
		case "_file":
			if name, ok := d.str(); ok {
				text.file = string(name)
			}
		case "encoding":
			name, ok := d.str()
			if ok && string(name) == "base64" {
				text.base64 = true
				return moved
			}
			encoding = append(encoding, name...)
		}
		return stays
	})
	if !ok {
		return odd
	}
	text.where = where + key
	if len(encoding) > 0 && text.length > 0 && !isUTF8(encoding) {
		d.issue(where + key + ".encoding: " + strconv.Quote(string(encoding)) + " is unknown, and the text shown as it is")
	}
	d.leave(key, left)
	return moved
}

func isUTF8(encoding []byte) bool {
	switch string(encoding) {
	case "utf8", "utf-8", "UTF-8", "UTF8":
		return true
	}
	return false
}

func (d *decoder) bodyText(to *bodyText) outcome {
	m, raw, ok := d.cursor.body()
	if !ok {
		return odd
	}
	to.mark, to.raw = m, raw
	return moved
}

// body returns a body as a flow has it. The memory of its reference is to.
func (d *decoder) body(t bodyText, to *reference, charset, where string) ([]byte, *flowpb.Body) {
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
			d.issue(where + ": " + atByte(t.bad, "this is no base64, and passed over"))
		}
	}
	ref := to.set(encoding, t.offset, t.length)
	if t.length > maxInline {
		if !t.base64 && charset != charsetUTF8 {
			d.charsets(t.offset, charset)
		}
		return nil, ref
	}
	return d.page.keep(decodeText(t.raw, t.base64, charset)), ref
}

// decodeText returns the bytes that the inside of a string stands for. They may
// be raw itself.
func decodeText(raw []byte, base64 bool, charset string) []byte {
	if base64 {
		b, _ := debase64(make([]byte, 0, len(raw)/4*3+3), raw, true)
		return b
	}
	text, _ := unescape(make([]byte, 0, len(raw)), raw, true)
	return encode(text, charset)
}

// fileBody returns a reference to a file beside the HAR.
func (d *decoder) fileBody(t bodyText, to *reference) *flowpb.Body {
	number, size, err := d.files(t.file)
	switch {
	case err == errNoFolder && d.noFiles:
		return nil
	case err == errNoFolder:
		d.noFiles = true
		d.issue(t.where + "._file: " + strconv.Quote(t.file) + " is not at hand, and bodies of this kind are not shown: open the archive or the folder that the HAR is in")
		return nil
	case err != nil:
		d.issue(t.where + "._file: " + strconv.Quote(t.file) + ": " + err.Error())
		return nil
	}
	return to.set(flowpb.Body_FILE, number, size)
}
