package content

import (
	"encoding/binary"
	"slices"
)

// wireType says how the value of a field is written.
type wireType uint8

const (
	wireVarint wireType = iota
	wireFixed64
	wireBytes
	wireGroup
	wireGroupEnd
	wireFixed32
)

// protobufField is one value of a field.
type protobufField struct {
	number int
	wire   wireType
	value  uint64
	bytes  []byte // of wireBytes and wireGroup
}

// fields returns the values of each field of a message, and the numbers of the
// fields in order.
func (r *protobufReader) fields(data []byte) (numbers []int, fields map[int][]protobufField, err error) {
	fields = map[int][]protobufField{}
	for c := (&cursor{data: data}); c.more(); {
		if err := r.spend(); err != nil {
			return nil, nil, err
		}
		f, err := readProtobufValue(c)
		if err != nil {
			return nil, nil, err
		}
		if fields[f.number] == nil {
			numbers = append(numbers, f.number)
		}
		fields[f.number] = append(fields[f.number], f)
	}
	slices.Sort(numbers)
	return numbers, fields, nil
}

// readProtobufValue reads a field, of a group all that is in it.
func readProtobufValue(c *cursor) (protobufField, error) {
	f, err := readProtobufField(c)
	if err != nil {
		return f, err
	}
	switch f.wire {
	case wireGroup:
		f.bytes, err = readProtobufGroup(c, f.number)
	case wireGroupEnd:
		err = errNoGroup(c)
	}
	return f, err
}

// readProtobufField reads a field; of a group or its end only the tag.
func readProtobufField(c *cursor) (f protobufField, err error) {
	tag, err := readVarint(c)
	if err != nil {
		return f, err
	}
	const maxNumber = 1<<29 - 1
	if tag>>3 == 0 || tag>>3 > maxNumber {
		return f, c.fail("there is no such field number")
	}
	f.number, f.wire = int(tag>>3), wireType(tag&7)
	return readProtobufPayload(c, f)
}

// readProtobufPayload reads what is behind the tag of f, but of groups.
func readProtobufPayload(c *cursor, f protobufField) (_ protobufField, err error) {
	switch f.wire {
	case wireVarint:
		f.value, err = readVarint(c)
	case wireFixed32, wireFixed64:
		size := uint64(8)
		if f.wire == wireFixed32 {
			size = 4
		}
		if f.bytes, err = c.take(size); err == nil {
			f.value = littleEndian(f.bytes)
		}
	case wireBytes:
		var size uint64
		if size, err = readVarint(c); err == nil {
			f.bytes, err = c.take(size)
		}
	case wireGroup, wireGroupEnd:
	default:
		err = c.fail("there is no such wire type")
	}
	return f, err
}

// readProtobufGroup returns what is between the start of a group, which was
// read, and its end.
func readProtobufGroup(c *cursor, number int) ([]byte, error) {
	open := []int{number}
	for start := c.at; ; {
		end := c.at
		f, err := readProtobufField(c)
		if err != nil {
			return nil, err
		}
		switch f.wire {
		case wireGroup:
			if open = append(open, f.number); len(open) > maxDepth {
				return nil, errDeep
			}
		case wireGroupEnd:
			if f.number != open[len(open)-1] {
				return nil, errNoGroup(c)
			}
			if open = open[:len(open)-1]; len(open) == 0 {
				return c.data[start:end], nil
			}
		}
	}
}

func errNoGroup(c *cursor) error { return c.fail("a group ends that is not open") }

// readVarint reads a number of 7 bits a byte, the lowest first.
func readVarint(c *cursor) (uint64, error) {
	n, size := binary.Uvarint(c.rest())
	switch {
	case size == 0:
		return 0, c.short()
	case size < 0:
		return 0, c.fail("a number is too large")
	}
	c.at += size
	return n, nil
}

func littleEndian(b []byte) uint64 {
	if len(b) == 4 {
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}
