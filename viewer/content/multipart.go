package content

import (
	"bytes"
	"context"
	"errors"

	"flowpane/viewer/flow"
)

// multipartView shows the parts of a form as YAML: each by its name, a part
// with a file name or a type as a map of these, its size and its content.
// Where no boundary is declared the first line is taken for it.
//
// mitmproxy shows contents alone, and those without line breaks, in which all
// but ASCII is escaped. It leaves out parts without a name, which stand here
// below an empty one.
//
// Source: https://www.rfc-editor.org/rfc/rfc7578,
// https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
func multipartView() View {
	return View{
		Name:  "multipart form",
		Label: "Multipart form",
		About: "Parts of a form, with their headers",
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && meta.MediaType == "multipart/form-data" {
				return 1
			}
			return 0
		},
		Render: renderMultipart,
	}
}

// maxBinary bounds how much of a part that is no text is shown, in bytes.
const maxBinary = 1024

func renderMultipart(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
	delimiter := delimiterOf(meta, data)
	if len(delimiter) == len("--") {
		return Rendered{}, errors.New("there is no boundary")
	}
	form := newFields()
	spent := budget{ctx: ctx}
	room := textMax // for indenting, which multiplies deep JSON
	body := multipartBody{rest: data, delimiter: delimiter}
	for body.next(); body.more; {
		if err := spent.spend(); err != nil {
			return Rendered{}, err
		}
		p := parsePart(body.next())
		content := p.text(ctx, room)
		room -= len(content.text)
		form.add(p.name, p.described(content))
	}
	text, err := writeYAML(ctx, yamlRuamel, form.yaml)
	return Rendered{Text: text}, err
}

// delimiterOf returns the boundary with "--" before it.
func delimiterOf(meta Metadata, data []byte) []byte {
	declared := flow.Param(meta.ContentType, "boundary")
	if line, _, _ := bytes.Cut(data, []byte("\n")); declared == "" && bytes.HasPrefix(line, []byte("--")) {
		return bytes.TrimRight(line, " \t\r")
	}
	return []byte("--" + declared)
}

// multipartBody is the rest of a body.
type multipartBody struct {
	rest      []byte
	delimiter []byte // "--" and the boundary
	more      bool   // a part follows
}

// next passes over the next delimiter and its line. It returns what stands
// before, without the line break that belongs to the delimiter. Where there is
// no delimiter it returns all: the body was cut off.
func (b *multipartBody) next() []byte {
	for from := 0; ; {
		i := bytes.Index(b.rest[from:], b.delimiter)
		if i < 0 {
			before := b.rest
			b.rest, b.more = nil, false
			return before
		}
		start := from + i
		if from = start + len(b.delimiter); start > 0 && b.rest[start-1] != '\n' {
			continue
		}
		tail, rest, found := bytes.Cut(b.rest[from:], []byte("\n"))
		tail = bytes.TrimRight(tail, " \t\r")
		closes := bytes.HasPrefix(tail, []byte("--"))
		if len(tail) > 0 && !closes {
			continue // another boundary, which begins like this one
		}
		before := bytes.TrimSuffix(bytes.TrimSuffix(b.rest[:start], []byte("\n")), []byte("\r"))
		b.rest, b.more = rest, found && !closes
		return before
	}
}
