package content

import (
	"context"
	"encoding/hex"
	"errors"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// protobufView shows a message of protocol buffers as YAML: where its schema is
// known, as [Schemas] declare it. Else the field numbers are the keys, and what
// the bytes of a field may be otherwise stands in a comment: an integer as
// signed, a fixed one as a float.
//
// mitmproxy takes text with other letters than ASCII for bytes, leaves out
// groups, and of repeated messages the fields that the first one does not
// have; here they are shown. Otherwise the texts are equal.
//
// Source: https://protobuf.dev/programming-guides/encoding/
func protobufView() View {
	return View{
		Name:  "protobuf",
		Label: "Protobuf",
		About: "Protobuf fields by number, or by the schema that is loaded",
		Whole: true,
		Priority: func(meta Metadata, _ []byte) float64 {
			switch meta.MediaType {
			case "application/x-protobuf", "application/x-protobuffer", "application/protobuf":
				return 1
			case "application/proto", "application/vnd.google.protobuf":
				if meta.messageType() != nil {
					return 1
				}
			}
			return 0
		},
		Render: func(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
			text, err := newProtobufReader(ctx, &meta).document(data)
			return Rendered{Text: text}, err
		},
	}
}

// protobufReader makes YAML of messages.
type protobufReader struct {
	budget
	schemas *Schemas
	top     *messageType // of the messages in the body, if it is known
}

func newProtobufReader(ctx context.Context, meta *Metadata) *protobufReader {
	return &protobufReader{budget: budget{ctx: ctx}, schemas: meta.Schemas, top: meta.messageType()}
}

// document returns the YAML of one message. If its type is known the first line
// says so, and if the bytes are of another one, why.
func (r *protobufReader) document(data []byte) (string, error) {
	if r.top == nil {
		return r.untyped(data)
	}
	before := r.budget
	v, err := r.typed(data, r.top, 0)
	if err != nil {
		r.budget = before
		text, failed := r.untyped(data)
		return "# not a " + r.top.name + ": " + err.Error() + "\n" + text, failed
	}
	text, err := writeYAML(r.ctx, yamlSerde, v)
	return "# " + r.top.name + "\n" + text, err
}

// untyped returns the YAML of one message of which nothing is known.
func (r *protobufReader) untyped(data []byte) (string, error) {
	if len(data) == 0 {
		return "{}  # empty protobuf message", r.ctx.Err()
	}
	v, err := r.message(data, protobufSchema{}, 0)
	if err != nil {
		return "", err
	}
	return writeYAML(r.ctx, yamlSerde, v)
}

// protobufSchema is what is known of the fields of a message, by number.
type protobufSchema map[int]*protobufType

// protobufType is the type of a field, by its first message that has it.
type protobufType struct {
	wire     wireType
	repeated bool
	kind     protobufKind
	message  protobufSchema
}

type protobufKind uint8

const (
	protobufNumber    protobufKind = iota
	protobufASCII                  // text that is certain: printable ASCII
	protobufMessage                // bytes that parse as one
	protobufPrintable              // text in any script
	protobufBytes
	protobufText // any text: it was certain in the message before
)

// message returns a message as a map of its fields, in the order of their
// numbers. It adds to the schema the fields that this does not know yet.
func (r *protobufReader) message(data []byte, schema protobufSchema, depth int) (*yamlValue, error) {
	if depth == maxDepth {
		return nil, errDeep
	}
	numbers, fields, err := r.fields(data)
	if err != nil {
		return nil, err
	}
	v := yamlMap()
	for _, number := range numbers {
		value, err := r.field(fields[number], schema, depth)
		if err != nil {
			return nil, err
		}
		v.items = append(v.items, yamlInt(number), value)
	}
	return v, nil
}

// field returns the values of one field: a list if there are several, or were
// in a message before.
func (r *protobufReader) field(values []protobufField, schema protobufSchema, depth int) (*yamlValue, error) {
	number := values[0].number
	t, items, err := schema[number], []*yamlValue(nil), error(nil)
	if t != nil {
		items, err = r.items(values, t, depth)
	} else {
		t = &protobufType{wire: values[0].wire, repeated: len(values) > 1}
		schema[number] = t
		items, err = r.guess(values, t, depth)
	}
	if err != nil {
		return nil, err
	}
	if t.repeated || len(items) > 1 {
		return yamlList(items...), nil
	}
	return items[0], nil
}

// guess finds the kind of a field that is seen for the first time.
func (r *protobufReader) guess(values []protobufField, t *protobufType, depth int) ([]*yamlValue, error) {
	kinds := []protobufKind{protobufNumber}
	switch t.wire {
	case wireBytes:
		kinds = []protobufKind{protobufASCII, protobufMessage, protobufPrintable, protobufBytes}
	case wireGroup:
		kinds = []protobufKind{protobufMessage}
	}
	var failed error
	for _, t.kind = range kinds {
		t.message = protobufSchema{}
		items, err := r.items(values, t, depth)
		if err == nil {
			if t.kind == protobufASCII || t.kind == protobufPrintable {
				t.kind = protobufText
			}
			return items, nil
		}
		failed = err
		if r.err != nil {
			break
		}
	}
	return nil, failed
}

// items returns the values of a field of a known type.
func (r *protobufReader) items(values []protobufField, t *protobufType, depth int) ([]*yamlValue, error) {
	items := make([]*yamlValue, len(values))
	for i, f := range values {
		if f.wire != t.wire {
			return nil, errors.New("field " + strconv.Itoa(f.number) + ": it is of different types")
		}
		switch {
		case t.kind == protobufNumber:
			items[i] = f.numberYAML()
		case t.kind == protobufBytes:
			items[i] = yamlBytes(f.bytes)
		case t.kind == protobufMessage:
			v, err := r.message(f.bytes, t.message, depth+1)
			if err != nil {
				return nil, err
			}
			items[i] = v
		case !isProtobufText(f.bytes, t.kind):
			return nil, errors.New("field " + strconv.Itoa(f.number) + ": it is not text")
		default:
			items[i] = yamlString(string(f.bytes))
		}
	}
	return items, nil
}

// yamlBytes returns bytes as hexadecimal digits.
func yamlBytes(b []byte) *yamlValue {
	v := yamlString(hex.EncodeToString(b))
	v.tag = "!binary"
	return v
}

func isProtobufText(b []byte, kind protobufKind) bool {
	if kind != protobufASCII && !utf8.Valid(b) {
		return false
	}
	for i := 0; i < len(b) && kind != protobufText; {
		r, size := rune(b[i]), 1
		if r >= utf8.RuneSelf && kind == protobufPrintable {
			r, size = utf8.DecodeRune(b[i:])
		}
		switch {
		case r == '\t', r == '\n', r == '\f', r == '\r', ' ' <= r && r <= '~':
		case kind == protobufASCII || !unicode.IsPrint(r):
			return false
		}
		i += size
	}
	return true
}
