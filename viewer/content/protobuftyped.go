package content

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fieldKind is what a field was declared as, by the numbers of
// FieldDescriptorProto.Type.
//
// Source: https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto
type fieldKind uint8

const (
	kindDouble fieldKind = iota + 1
	kindFloat
	kindInt64
	kindUint64
	kindInt32
	kindFixed64
	kindFixed32
	kindBool
	kindString
	kindGroup
	kindMessage
	kindBytes
	kindUint32
	kindEnum
	kindSfixed32
	kindSfixed64
	kindSint32
	kindSint64

	kindLast = kindSint64
)

// wire returns how one value of a kind is written.
func (k fieldKind) wire() wireType {
	switch k {
	case kindDouble, kindFixed64, kindSfixed64:
		return wireFixed64
	case kindFloat, kindFixed32, kindSfixed32:
		return wireFixed32
	case kindString, kindBytes, kindMessage, kindGroup:
		return wireBytes
	}
	return wireVarint
}

var errOtherWire = errors.New("it is written as another type")

// typed returns a message of a known type as a map of its fields, in the order of
// their numbers. Fields that the type does not have are under these.
func (r *protobufReader) typed(data []byte, t *messageType, depth int) (*yamlValue, error) {
	if depth == maxDepth {
		return nil, errDeep
	}
	numbers, fields, err := r.fields(data)
	if err != nil {
		return nil, err
	}
	v := yamlMap()
	for _, number := range numbers {
		f := r.schemas.field(t, number)
		if held := r.anyValue(t, number, fields); held != nil {
			f = held
		}
		if f == nil {
			value, err := r.field(fields[number], protobufSchema{}, depth)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, yamlInt(number), value)
			continue
		}
		value, err := r.typedField(fields[number], f, depth)
		if err != nil {
			return nil, errors.New(f.name + ": " + err.Error())
		}
		v.add(f.name, value)
	}
	return v, nil
}

// anyValue returns the field of a google.protobuf.Any that holds a message, as
// one of the type that its URL names, if that is known.
//
// Source: https://protobuf.dev/programming-guides/proto3/#any
func (r *protobufReader) anyValue(t *messageType, number int, fields map[int][]protobufField) *fieldType {
	const typeURL, value = 1, 2
	if t.name != "google.protobuf.Any" || number != value || len(fields[typeURL]) != 1 {
		return nil
	}
	url := string(fields[typeURL][0].bytes)
	name := url[strings.LastIndexByte(url, '/')+1:]
	if r.schemas.messages[name] == nil {
		return nil
	}
	return &fieldType{name: "value", kind: kindMessage, typeName: name}
}

// typedField returns the values of one field: a list if it is repeated, or there
// are several all the same.
func (r *protobufReader) typedField(values []protobufField, f *fieldType, depth int) (*yamlValue, error) {
	if entry := r.schemas.messages[f.typeName]; entry != nil && entry.entry {
		if v, err := r.typedMap(values, entry, depth); v != nil || err != nil {
			return v, err
		}
	}
	var items []*yamlValue
	for _, value := range values {
		var err error
		if items, err = r.appendTyped(items, value, f, depth); err != nil {
			return nil, err
		}
	}
	if f.repeated || len(items) != 1 {
		return yamlList(items...), nil
	}
	return items[0], nil
}

// typedMap returns the entries of a map, or nil if one has more than a key and a
// value. What an entry does not have is zero.
//
// Source: https://protobuf.dev/programming-guides/encoding/#maps
func (r *protobufReader) typedMap(entries []protobufField, t *messageType, depth int) (*yamlValue, error) {
	var pairs []protobufField
	for _, entry := range entries {
		if entry.wire != wireBytes {
			return nil, errOtherWire
		}
		numbers, fields, err := r.fields(entry.bytes)
		if err != nil {
			return nil, err
		}
		for number := 1; number <= 2; number++ {
			f, value := t.fields[number], fields[number]
			switch {
			case f == nil || len(value) > 1:
				return nil, nil
			case len(value) == 1:
				numbers = numbers[1:]
			default:
				value = []protobufField{{wire: r.schemas.kind(f).wire()}}
			}
			pairs = append(pairs, value[0])
		}
		if len(numbers) > 0 {
			return nil, nil
		}
	}
	v := yamlMap()
	for i, pair := range pairs {
		var err error
		if v.items, err = r.appendTyped(v.items, pair, t.fields[1+i%2], depth); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// appendTyped appends what is in one value of a field: of numbers it may be
// several, packed. Writers differ in what they pack and which messages are
// groups, so both are taken for either.
//
// Source: https://protobuf.dev/programming-guides/encoding/#packed
func (r *protobufReader) appendTyped(items []*yamlValue, value protobufField, f *fieldType, depth int) ([]*yamlValue, error) {
	kind := r.schemas.kind(f)
	wire := kind.wire()
	switch {
	case kind == kindMessage || kind == kindGroup:
		if value.wire != wireBytes && value.wire != wireGroup {
			return nil, errOtherWire
		}
		v, err := r.typedMessage(value, f, depth)
		return append(items, v), err
	case value.wire == wire:
		return append(items, r.scalar(value, kind, f)), nil
	case !f.repeated || value.wire != wireBytes:
		return nil, errOtherWire
	}
	for c := (&cursor{data: value.bytes}); c.more(); {
		if err := r.spend(); err != nil {
			return nil, err
		}
		one, err := readProtobufPayload(c, protobufField{wire: wire})
		if err != nil {
			return nil, err
		}
		items = append(items, r.scalar(one, kind, f))
	}
	return items, nil
}

// typedMessage returns a message in a field. If its type is missing it is shown
// like a field that is.
func (r *protobufReader) typedMessage(value protobufField, f *fieldType, depth int) (*yamlValue, error) {
	t := r.schemas.messages[f.typeName]
	if t == nil {
		return r.field([]protobufField{value}, protobufSchema{}, depth)
	}
	return r.typed(value.bytes, t, depth+1)
}

// scalar returns a value of a kind that is no message. A text that is not UTF-8
// is shown as bytes: proto2 lets writers do that.
func (r *protobufReader) scalar(v protobufField, kind fieldKind, f *fieldType) *yamlValue {
	signed := int64(v.value)
	switch kind {
	case kindDouble:
		return yamlFloat(math.Float64frombits(v.value), 64)
	case kindFloat:
		return yamlFloat(float64(math.Float32frombits(uint32(v.value))), 32)
	case kindBool:
		return yamlBool(v.value != 0)
	case kindString:
		if utf8.Valid(v.bytes) {
			return yamlString(string(v.bytes))
		}
		return yamlBytes(v.bytes)
	case kindBytes:
		return yamlBytes(v.bytes)
	case kindUint64, kindFixed64:
		return yamlPlain(strconv.FormatUint(v.value, 10))
	case kindUint32, kindFixed32:
		signed = int64(uint32(v.value))
	case kindInt32, kindSfixed32:
		signed = int64(int32(v.value))
	case kindSint32:
		signed = unzigzag(uint64(uint32(v.value)))
	case kindSint64:
		signed = unzigzag(v.value)
	case kindEnum:
		if name := r.schemas.enums[f.typeName][int32(v.value)]; name != "" {
			return yamlString(name)
		}
		signed = int64(int32(v.value))
	}
	return yamlPlain(strconv.FormatInt(signed, 10))
}
