package content

import (
	"errors"
	"strconv"
	"strings"
)

const (
	// maxTypes bounds how many types, fields and values schemas have: each takes
	// many times the memory of its bytes.
	maxTypes = 1 << 19
	// maxName bounds the full name of a type, in bytes: each nested one repeats
	// the names around it.
	maxName = 512
)

// ParseSchemas returns the types in a FileDescriptorSet: what
// "protoc --descriptor_set_out=FILE" and "buf build -o FILE.binpb" write. It is
// an error if there are none.
//
// Source: https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto
func ParseSchemas(data []byte) (*Schemas, error) {
	if len(data) > MaxData {
		return nil, errors.New("descriptor set: more than " + strconv.Itoa(MaxData) + " bytes")
	}
	p := &schemaParser{Schemas: newSchemas()}
	err := each(data, func(f protobufField) error {
		if f.number == 1 {
			return p.file(f.bytes)
		}
		return nil
	})
	if err == nil && len(p.messages) == 0 {
		err = errors.New("there is no message type")
	}
	if err != nil {
		return nil, errors.New("descriptor set: " + err.Error())
	}
	return p.Schemas, nil
}

// schemaParser reads descriptors, each of which is a message.
type schemaParser struct {
	*Schemas
	types int
}

// each calls take with the values of a descriptor in their order.
func each(data []byte, take func(protobufField) error) error {
	for c := (&cursor{data: data}); c.more(); {
		f, err := readProtobufValue(c)
		if err == nil {
			err = take(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// file reads a FileDescriptorProto, the name of its package first, wherever that
// stands.
func (p *schemaParser) file(data []byte) error {
	scope := ""
	err := each(data, func(f protobufField) (err error) {
		if f.number == 2 && len(f.bytes) > 0 {
			scope, err = fullName("", f.bytes)
		}
		return err
	})
	if err != nil {
		return err
	}
	return each(data, func(f protobufField) error {
		switch f.number {
		case 4:
			return p.message(f.bytes, scope, 0)
		case 5:
			return p.enum(f.bytes, scope)
		case 6:
			return p.service(f.bytes, scope)
		case 7:
			return p.extension(f.bytes, scope)
		}
		return nil
	})
}

// declared counts a type or a part of one, and returns the name in its
// descriptor, of which it is field 1.
func (p *schemaParser) declared(data []byte, scope string) (string, error) {
	if p.types++; p.types > maxTypes {
		return "", errors.New("more than " + strconv.Itoa(maxTypes) + " declarations")
	}
	var name []byte
	err := each(data, func(f protobufField) error {
		if f.number == 1 {
			name = f.bytes
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return fullName(scope, name)
}

// fullName returns a name in full. Letters, digits and dots are all that names have,
// so they need no quotes in texts.
func fullName(scope string, name []byte) (string, error) {
	if len(scope)+len(name) >= maxName {
		return "", errors.New("a name is longer than " + strconv.Itoa(maxName) + " bytes")
	}
	for _, c := range name {
		if c != '_' && c != '.' && !('0' <= c && c <= '9') && !('a' <= c|0x20 && c|0x20 <= 'z') {
			return "", errors.New(strconv.Quote(string(name)) + " is no name")
		}
	}
	if len(name) == 0 {
		return "", errors.New("there is a declaration without a name")
	}
	if scope == "" {
		return string(name), nil
	}
	return scope + "." + string(name), nil
}

// message reads a DescriptorProto.
func (p *schemaParser) message(data []byte, scope string, depth int) error {
	if depth == maxDepth {
		return errDeep
	}
	name, err := p.declared(data, scope)
	if err != nil {
		return err
	}
	m := &messageType{name: name, fields: map[int]*fieldType{}}
	p.messages[name] = m
	return each(data, func(f protobufField) error {
		switch f.number {
		case 2:
			_, number, field, err := p.field(f.bytes, "")
			if field != nil {
				m.fields[number] = field
			}
			return err
		case 3:
			return p.message(f.bytes, name, depth+1)
		case 4:
			return p.enum(f.bytes, name)
		case 6:
			return p.extension(f.bytes, name)
		case 7:
			const mapEntry = 7
			return each(f.bytes, func(option protobufField) error {
				m.entry = m.entry || option.number == mapEntry && option.value != 0
				return nil
			})
		}
		return nil
	})
}

// extension reads the FieldDescriptorProto of a field of another message. Its
// name stands in brackets, as in the text format.
//
// Source: https://protobuf.dev/reference/protobuf/textformat-spec/#field-names
func (p *schemaParser) extension(data []byte, scope string) error {
	extendee, number, f, err := p.field(data, scope)
	if f != nil {
		f.name = "[" + f.name + "]"
		p.extensions[extended{extendee, number}] = f
	}
	return err
}

// field reads a FieldDescriptorProto. It returns no field for one of a kind that
// is not known.
func (p *schemaParser) field(data []byte, scope string) (extendee string, number int, f *fieldType, err error) {
	const repeated = 3
	f = &fieldType{}
	if f.name, err = p.declared(data, scope); err != nil {
		return "", 0, nil, err
	}
	kind := uint64(0)
	err = each(data, func(v protobufField) error {
		switch v.number {
		case 2:
			extendee = typeName(string(v.bytes))
		case 3:
			number = int(int32(v.value))
		case 4:
			f.repeated = v.value == repeated
		case 5:
			kind = v.value
		case 6:
			f.typeName = typeName(string(v.bytes))
		}
		return nil
	})
	if err != nil || kind > uint64(kindLast) || kind == 0 && f.typeName == "" {
		return "", 0, nil, err
	}
	f.kind = fieldKind(kind)
	return extendee, number, f, nil
}

// typeName returns the name of a type without the dot that says that it is the
// full one. Compilers leave no other names.
func typeName(name string) string { return strings.TrimPrefix(name, ".") }

// enum reads an EnumDescriptorProto. Of several names of a value the first
// counts.
func (p *schemaParser) enum(data []byte, scope string) error {
	name, err := p.declared(data, scope)
	if err != nil {
		return err
	}
	values := enumType{}
	p.enums[name] = values
	return each(data, func(f protobufField) error {
		if f.number != 2 {
			return nil
		}
		name, err := p.declared(f.bytes, "")
		if err != nil {
			return err
		}
		number := int32(0)
		err = each(f.bytes, func(v protobufField) error {
			if v.number == 2 {
				number = int32(v.value)
			}
			return nil
		})
		if values[number] == "" {
			values[number] = name
		}
		return err
	})
}

// service reads a ServiceDescriptorProto.
func (p *schemaParser) service(data []byte, scope string) error {
	service, err := p.declared(data, scope)
	if err != nil {
		return err
	}
	return each(data, func(f protobufField) error {
		if f.number != 2 {
			return nil
		}
		name, err := p.declared(f.bytes, "")
		if err != nil {
			return err
		}
		var m methodType
		err = each(f.bytes, func(v protobufField) error {
			switch v.number {
			case 2:
				m.input = typeName(string(v.bytes))
			case 3:
				m.output = typeName(string(v.bytes))
			}
			return nil
		})
		p.methods[service+"/"+name] = m
		return err
	})
}
