package content

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"

	"flowpane/viewer/flow"
)

const (
	// maxSteps is how many steps a body offers.
	maxSteps = 200
	// maxInside is how much of a body is looked at for what is inside, in bytes;
	// of JSON less, for it has to be read value by value.
	maxInside     = 8 << 20
	maxInsideJSON = 1 << 20
	// maxOpened bounds what a step decompresses, in bytes.
	maxOpened = 64 << 20
	// previewRunes is how much of a step is told in advance.
	previewRunes = 60
)

// A Step leads to something inside of a body: a field of a form, or what a value
// encodes.
type Step struct {
	Name    string // of the value, unique in its body: "data", "user.token"; or of the encoding
	Kind    string // in words: "field", "Base64", "JSON, Base64"
	Size    int    // bytes
	Preview string // how it begins, printable and without line breaks
}

// Inside returns the steps that lead into a body, data with the content encoding
// undone: fields of forms, all of them; and whatever of them, of values in JSON
// or of the body itself encodes something that makes sense: see [decodeValue].
func Inside(ctx context.Context, meta Metadata, data []byte) []Step {
	var steps []Step
	for _, p := range insides(ctx, meta, data) {
		steps = append(steps, Step{p.name, p.kind, len(p.data), previewOf(p.data)})
	}
	return steps
}

// Enter takes a step by its name. What it gives is a body in turn, with what is
// known of it. How deep one may go is for the caller to bound.
func Enter(ctx context.Context, meta Metadata, data []byte, name string) (inner []byte, innerMeta Metadata, err error) {
	for _, p := range insides(ctx, meta, data) {
		if p.name == name {
			return p.data, Describe(p.contentType), nil
		}
	}
	return nil, Metadata{}, errors.New("there is no " + strconv.Quote(name) + " inside")
}

// An inside is something inside of a body.
type inside struct {
	name, kind, contentType string
	data                    []byte
}

// A finder finds what is inside of a body.
type finder struct {
	ctx   context.Context
	found []inside
	names map[string]int  // how often a name came
	taken map[string]bool // names that were given
	room  int             // how many bytes may yet be decoded
}

func insides(ctx context.Context, meta Metadata, data []byte) []inside {
	f := &finder{ctx: ctx, names: map[string]int{}, taken: map[string]bool{}, room: maxOpened}
	text := bytes.TrimSpace(data)
	switch {
	case len(data) > maxInside:
	case meta.MediaType == "application/x-www-form-urlencoded":
		f.form(data)
	case meta.MediaType == "multipart/form-data":
		f.multipart(meta, data)
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		if len(text) <= maxInsideJSON {
			f.json(text)
		}
	default:
		if kind, contentType, decoded := decodeValue(data, f.room); kind != "" && !bytes.Equal(decoded, data) {
			f.add(inside{strings.ToLower(kind), kind, contentType, decoded})
		}
	}
	return f.found
}

// add adds something under a name of its own. It reports whether there is room
// for more.
func (f *finder) add(p inside) bool {
	f.room -= len(p.data)
	if len(f.found) == maxSteps || f.room < 0 || f.ctx.Err() != nil {
		return false
	}
	f.names[p.name]++
	for name := p.name; f.taken[p.name]; f.names[name]++ {
		p.name = name + "~" + strconv.Itoa(f.names[name])
	}
	f.taken[p.name] = true
	f.found = append(f.found, p)
	return true
}

// value adds a value, as what it encodes if that makes sense, or else as it is
// if plain is a kind.
func (f *finder) value(name, plain, contentType string, data []byte) bool {
	if kind, inner, decoded := decodeValue(data, f.room); kind != "" {
		return f.add(inside{name, kind, inner, decoded})
	}
	if plain == "" {
		return true
	}
	return f.add(inside{name, plain, contentType, data})
}

func (f *finder) form(data []byte) {
	for field := range bytes.SplitSeq(data, []byte("&")) {
		name, value, _ := bytes.Cut(field, []byte("="))
		if len(field) > 0 && !f.value(utf8Text(unescapeField(name)), "field", "", unescapeField(value)) {
			return
		}
	}
}

func (f *finder) multipart(meta Metadata, data []byte) {
	delimiter := delimiterOf(meta, data)
	if len(delimiter) == len("--") {
		return
	}
	body := multipartBody{rest: data, delimiter: delimiter}
	for body.next(); body.more; {
		p := parsePart(body.next())
		if !f.value(p.name, "part", p.mimeType, p.content) {
			return
		}
	}
}

// previewOf returns how data begins, on one line.
func previewOf(data []byte) string {
	text := []rune(printable(strings.Join(strings.Fields(utf8Text(data[:min(len(data), 4*previewRunes)])), " ")))
	if len(text) > previewRunes {
		return string(text[:previewRunes]) + "…"
	}
	return string(text)
}

// Guess returns the type of data that names none, if that is clear: a token, a
// picture, JSON or markup; else "". JSON is read up to its first MB.
func Guess(data []byte) string {
	text := bytes.TrimSpace(data)
	switch {
	case len(text) == 0:
		return ""
	case isToken(text):
		return "application/jwt"
	case sniff(data).preview != "":
		return sniff(data).preview
	case text[0] == '{' || text[0] == '[':
		if _, err := indentJSON(context.Background(), flow.Text(text[:min(len(text), maxInsideJSON)], "application/json")); err == nil {
			return "application/json"
		}
	case text[0] == '<' && bytes.IndexByte(text, '>') > 0:
		return "text/html"
	}
	return ""
}
