package content

import (
	"context"
	"encoding/binary"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// msgpackView shows MessagePack as YAML. mitmproxy refuses bytes, extension
// types and duplicate keys, and shows only the first of several values; here
// bytes and extensions are shown as hexadecimal digits with a tag, and each
// value is a document.
//
// Source: https://github.com/msgpack/msgpack/blob/master/spec.md
func msgpackView() View {
	return View{
		Name:  "msgpack",
		Label: "MessagePack",
		About: "MessagePack as indented text",
		Whole: true,
		Priority: func(meta Metadata, _ []byte) float64 {
			switch meta.MediaType {
			case "application/msgpack", "application/x-msgpack", "application/vnd.msgpack":
				return 1
			}
			return 0
		},
		Render: renderMsgpack,
	}
}

func renderMsgpack(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
	r := &msgpackReader{budget: budget{ctx: ctx}, cursor: cursor{data: data}}
	var text output
	for {
		v, err := r.value(0)
		if err != nil {
			return Rendered{}, err
		}
		document, err := writeYAML(ctx, yamlSerde, v)
		if err != nil {
			return Rendered{}, err
		}
		if text.put(document); text.len() > textMax {
			return Rendered{}, errTooLong
		}
		if !r.more() {
			return Rendered{Text: text.String()}, nil
		}
		text.put(yamlSeparator)
	}
}

type msgpackReader struct {
	budget
	cursor
}

// value reads one value with all that it holds.
func (r *msgpackReader) value(depth int) (*yamlValue, error) {
	if err := r.spend(); err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, errDeep
	}
	c, err := r.byte()
	switch {
	case err != nil:
		return nil, err
	case c < 0x80, c >= 0xe0:
		return yamlInt(int(int8(c))), nil
	case c < 0x90:
		return r.items(yamlMap(), uint64(c&0x0f)*2, depth)
	case c < 0xa0:
		return r.items(yamlList(), uint64(c&0x0f), depth)
	case c < 0xc0:
		return r.text(uint64(c & 0x1f))
	}
	return r.typed(c, depth)
}

// typed reads what follows a byte that names a type and nothing else.
func (r *msgpackReader) typed(c byte, depth int) (*yamlValue, error) {
	switch c {
	case 0xc0:
		return yamlPlain("null"), nil
	case 0xc2, 0xc3:
		return yamlBool(c == 0xc3), nil
	case 0xc4, 0xc5, 0xc6:
		b, err := r.sized(1 << (c - 0xc4))
		return yamlBytes(b), err
	case 0xca:
		bits, err := r.uint(4)
		return yamlFloat(float64(math.Float32frombits(uint32(bits))), 32), err
	case 0xcb:
		bits, err := r.uint(8)
		return yamlFloat(math.Float64frombits(bits), 64), err
	case 0xcc, 0xcd, 0xce, 0xcf:
		n, err := r.uint(1 << (c - 0xcc))
		return yamlPlain(strconv.FormatUint(n, 10)), err
	case 0xd0, 0xd1, 0xd2, 0xd3:
		size := uint64(1) << (c - 0xd0)
		n, err := r.uint(size)
		unused := 64 - 8*size
		return yamlPlain(strconv.FormatInt(int64(n<<unused)>>unused, 10)), err
	case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8:
		return r.extension(1 << (c - 0xd4))
	}
	return r.counted(c, depth)
}

// counted reads what follows a byte behind which there is a length.
func (r *msgpackReader) counted(c byte, depth int) (*yamlValue, error) {
	var size uint64
	switch {
	case c >= 0xdc:
		size = 2 << (c & 1)
	case c >= 0xd9:
		size = 1 << (c - 0xd9)
	case c >= 0xc7:
		size = 1 << (c - 0xc7)
	default:
		return nil, r.fail("no value begins so")
	}
	n, err := r.uint(size)
	switch {
	case err != nil:
		return nil, err
	case c >= 0xde:
		return r.items(yamlMap(), n*2, depth)
	case c >= 0xdc:
		return r.items(yamlList(), n, depth)
	case c >= 0xd9:
		return r.text(n)
	}
	return r.extension(n)
}

// items reads n values into a list, or a map of keys and values by turns.
func (r *msgpackReader) items(v *yamlValue, n uint64, depth int) (*yamlValue, error) {
	for range n {
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		v.items = append(v.items, item)
	}
	return v, nil
}

func (r *msgpackReader) text(n uint64) (*yamlValue, error) {
	b, err := r.take(n)
	if !utf8.Valid(b) {
		return yamlBytes(b), err
	}
	return yamlString(string(b)), err
}

// extension reads a value of an application's own type, or a time.
func (r *msgpackReader) extension(n uint64) (*yamlValue, error) {
	kind, err := r.byte()
	if err != nil {
		return nil, err
	}
	b, err := r.take(n)
	if at, ok := msgpackTime(b); ok && int8(kind) == -1 {
		return &yamlValue{tag: "!timestamp", text: at.UTC().Format(time.RFC3339Nano)}, err
	}
	v := yamlBytes(b)
	v.tag = "!ext" + strconv.Itoa(int(int8(kind)))
	return v, err
}

func msgpackTime(b []byte) (time.Time, bool) {
	switch len(b) {
	case 4:
		return time.Unix(int64(binary.BigEndian.Uint32(b)), 0), true
	case 8:
		n := binary.BigEndian.Uint64(b)
		return time.Unix(int64(n&(1<<34-1)), int64(n>>34)), true
	case 12:
		return time.Unix(int64(binary.BigEndian.Uint64(b[4:])), int64(binary.BigEndian.Uint32(b))), true
	}
	return time.Time{}, false
}
