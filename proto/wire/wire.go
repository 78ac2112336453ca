// Package wire is the protobuf wire format under the generated messages of
// flowpb and viewerpb.
//
// Both binaries speak protobuf, but neither can afford its reflective runtime:
// it adds about 0.6 MB (brotli) to the page, and reads flows at a fraction of
// the speed of straight-line code. So proto/generate.go writes plain structs
// whose methods call the few functions here.
//
// Source: https://protobuf.dev/programming-guides/encoding/
package wire

import (
	"errors"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// MaxDepth is how deeply messages may nest. Captures are hostile input, and
// each level costs stack.
const MaxDepth = 1000

// A Message can be written to the wire and read from it.
type Message interface {
	// Append appends the message to b and returns the result.
	Append(b []byte) []byte
	// Decode merges the fields that d holds into the message. Byte fields
	// alias the bytes that d reads.
	Decode(d *Decoder) error
}

// Unmarshal merges the fields of b into m. Byte fields of m alias b; strings
// are copied. Unknown fields are passed over.
func Unmarshal(b []byte, m Message) error {
	return m.Decode(&Decoder{b: b})
}

var (
	errType  = errors.New("wrong wire type")
	errDepth = errors.New("messages nested too deeply")
)

// A Decoder reads the fields of one message.
type Decoder struct {
	b     []byte
	depth int
	num   protowire.Number
	typ   protowire.Type
	u     uint64 // the value of a varint or fixed-width field
	data  []byte // the value of a length-delimited field
	err   error
}

// Next reads a field and returns its number. It returns 0 at the end of the
// message and at an error.
func (d *Decoder) Next() int {
	if len(d.b) == 0 || d.err != nil {
		return 0
	}
	num, typ, n := protowire.ConsumeTag(d.b)
	if n < 0 {
		d.err = protowire.ParseError(n)
		return 0
	}
	d.num, d.typ, d.data = num, typ, nil
	b := d.b[n:]
	switch typ {
	case protowire.VarintType:
		d.u, n = protowire.ConsumeVarint(b)
	case protowire.Fixed32Type:
		var v uint32
		v, n = protowire.ConsumeFixed32(b)
		d.u = uint64(v)
	case protowire.Fixed64Type:
		d.u, n = protowire.ConsumeFixed64(b)
	case protowire.BytesType:
		d.data, n = protowire.ConsumeBytes(b)
	default:
		n = protowire.ConsumeFieldValue(num, typ, b)
	}
	if n < 0 {
		d.err = protowire.ParseError(n)
		return 0
	}
	d.b = b[n:]
	return int(num)
}

// Err returns what went wrong, as an [*Error] that names message and field,
// or nil.
func (d *Decoder) Err(message string) error {
	if d.err == nil {
		return nil
	}
	return &Error{Message: message, Field: int(d.num), Err: d.err}
}

func (d *Decoder) check(t protowire.Type) {
	if d.typ != t && d.err == nil {
		d.err = errType
	}
}

// Varint returns the value of the current field, a varint.
func (d *Decoder) Varint() uint64 {
	d.check(protowire.VarintType)
	return d.u
}

// Integer is a type of varints.
type Integer interface {
	~int32 | ~int64 | ~uint32 | ~uint64
}

// Varints appends the values of the current field of d, packed or alone, to
// list.
func Varints[T Integer](d *Decoder, list []T) []T {
	if d.typ != protowire.BytesType {
		return append(list, T(d.Varint()))
	}
	for rest := d.data; len(rest) > 0; {
		v, n := protowire.ConsumeVarint(rest)
		if n < 0 {
			d.err = protowire.ParseError(n)
			return list
		}
		list, rest = append(list, T(v)), rest[n:]
	}
	return list
}

// Bool returns the value of the current field.
func (d *Decoder) Bool() bool { return d.Varint() != 0 }

// Double returns the value of the current field. It accepts a 32-bit float
// too: mitmproxy wrote its timestamps so for one week of June 2018.
func (d *Decoder) Double() float64 {
	if d.typ == protowire.Fixed32Type {
		return float64(math.Float32frombits(uint32(d.u)))
	}
	d.check(protowire.Fixed64Type)
	return math.Float64frombits(d.u)
}

// Bytes returns the value of the current field, which aliases the input and is
// never nil.
func (d *Decoder) Bytes() []byte {
	d.check(protowire.BytesType)
	if d.data == nil {
		return []byte{}
	}
	return d.data[:len(d.data):len(d.data)]
}

// String returns a copy of the value of the current field.
func (d *Decoder) String() string {
	d.check(protowire.BytesType)
	return string(d.data)
}

// Message merges the current field into m.
func (d *Decoder) Message(m Message) {
	d.check(protowire.BytesType)
	if d.depth++; d.depth > MaxDepth {
		d.err = errDepth
	}
	if d.err == nil {
		d.err = m.Decode(&Decoder{b: d.data, depth: d.depth})
	}
	d.depth--
}

// An Error says which field of a message could not be read.
type Error struct {
	Message string // such as "flow.HTTPRequest"
	Field   int    // its number; 0 if not even that could be read
	Err     error
}

// maxPath is how many fields, one in the other, an error names.
const maxPath = 8

func (e *Error) Error() string {
	var path string
	for depth := 0; ; depth++ {
		switch {
		case depth < maxPath:
			path += e.Message + ": field " + itoa(e.Field) + ": "
		case depth == maxPath:
			path += "and so on: "
		}
		inner, ok := e.Err.(*Error)
		if !ok {
			return path + e.Err.Error()
		}
		e = inner
	}
}

func (e *Error) Unwrap() error { return e.Err }

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// appendTag appends the head of a field. Most take one byte, and a call less: in a
// browser that is what appending costs.
func appendTag(b []byte, num protowire.Number, typ protowire.Type) []byte {
	if num < 16 {
		return append(b, byte(num)<<3|byte(typ))
	}
	return protowire.AppendTag(b, num, typ)
}

// appendSize appends a varint, as a rule a small one.
func appendSize(b []byte, v uint64) []byte {
	if v < 0x80 {
		return append(b, byte(v))
	}
	return protowire.AppendVarint(b, v)
}

// AppendVarint appends a varint field.
func AppendVarint(b []byte, num protowire.Number, v uint64) []byte {
	return appendSize(appendTag(b, num, protowire.VarintType), v)
}

// AppendVarints appends a packed field; none, if the list is empty.
func AppendVarints[T Integer](b []byte, num protowire.Number, list []T) []byte {
	if len(list) == 0 {
		return b
	}
	size := 0
	for _, v := range list {
		size += protowire.SizeVarint(uint64(v))
	}
	b = protowire.AppendVarint(protowire.AppendTag(b, num, protowire.BytesType), uint64(size))
	for _, v := range list {
		b = protowire.AppendVarint(b, uint64(v))
	}
	return b
}

// AppendBool appends a bool field.
func AppendBool(b []byte, num protowire.Number, v bool) []byte {
	return AppendVarint(b, num, protowire.EncodeBool(v))
}

// AppendDouble appends a double field.
func AppendDouble(b []byte, num protowire.Number, v float64) []byte {
	return protowire.AppendFixed64(appendTag(b, num, protowire.Fixed64Type), math.Float64bits(v))
}

// AppendBytes appends a length-delimited field.
func AppendBytes[T string | []byte](b []byte, num protowire.Number, v T) []byte {
	b = appendSize(appendTag(b, num, protowire.BytesType), uint64(len(v)))
	return append(b, v...)
}

// AppendMessage appends m as a field. The length goes in front of a message
// whose size is not known yet: one byte is kept for it, and longer messages
// are moved up once.
func AppendMessage(b []byte, num protowire.Number, m Message) []byte {
	b = append(appendTag(b, num, protowire.BytesType), 0)
	start := len(b)
	b = m.Append(b)
	size := len(b) - start
	if more := protowire.SizeVarint(uint64(size)) - 1; more > 0 {
		b = append(b, make([]byte, more)...)
		copy(b[start+more:], b[start:start+size])
	}
	protowire.AppendVarint(b[:start-1], uint64(size))
	return b
}
