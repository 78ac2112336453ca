package content

import (
	"maps"
	"strings"

	"flowpane/viewer/flow"
)

// Schemas are message types of protocol buffers, and the methods that take and
// return them. They do not change once they are there. Nil has none.
//
// Types refer to each other by name, so that schemas from several files complete
// each other, and one whose imports are missing is of use all the same.
type Schemas struct {
	messages   map[string]*messageType
	enums      map[string]enumType
	methods    map[string]methodType // by "pkg.Service/Method"
	extensions map[extended]*fieldType
}

func newSchemas() *Schemas {
	return &Schemas{
		messages:   map[string]*messageType{},
		enums:      map[string]enumType{},
		methods:    map[string]methodType{},
		extensions: map[extended]*fieldType{},
	}
}

// A messageType has the name and the fields of a message.
type messageType struct {
	name   string // in full: "pkg.Outer.Inner"
	entry  bool   // of a map: field 1 is the key, field 2 the value
	fields map[int]*fieldType
}

// A fieldType is a field as it was declared.
type fieldType struct {
	name     string
	kind     fieldKind // 0 for what is of the type typeName, whatever that is
	repeated bool
	typeName string // of a message, group or enumeration
}

// An enumType has the names of values.
type enumType map[int32]string

type methodType struct{ input, output string }

// extended is a field number of a message type.
type extended struct {
	name   string
	number int
}

// Messages returns how many message types there are. The entries of maps are
// none to people.
func (s *Schemas) Messages() int {
	n := 0
	if s != nil {
		for _, m := range s.messages {
			if !m.entry {
				n++
			}
		}
	}
	return n
}

// With returns what is in s or in more; what both have is that of more. Neither
// changes.
func (s *Schemas) With(more *Schemas) *Schemas {
	union := newSchemas()
	for _, part := range []*Schemas{s, more} {
		if part != nil {
			maps.Copy(union.messages, part.messages)
			maps.Copy(union.enums, part.enums)
			maps.Copy(union.methods, part.methods)
			maps.Copy(union.extensions, part.extensions)
		}
	}
	return union
}

// field returns the field of m that has this number, or nil.
func (s *Schemas) field(m *messageType, number int) *fieldType {
	if f := m.fields[number]; f != nil {
		return f
	}
	return s.extensions[extended{m.name, number}]
}

// kind returns the kind of f.
func (s *Schemas) kind(f *fieldType) fieldKind {
	if f.kind != 0 {
		return f.kind
	}
	if s.enums[f.typeName] != nil {
		return kindEnum
	}
	return kindMessage
}

// messageType returns the type of the messages in a body, or nil if it is not
// known: by what the Content-Type says, else by the method that the path names.
// gRPC, Connect and Twirp end paths so.
//
// Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests,
// https://connectrpc.com/docs/protocol/,
// https://twitchtv.github.io/twirp/docs/spec_v7.html
func (m *Metadata) messageType() *messageType {
	s := m.Schemas
	if s == nil {
		return nil
	}
	for _, parameter := range []string{"messageType", "proto"} {
		if t := s.messages[typeName(flow.Param(m.ContentType, parameter))]; t != nil {
			return t
		}
	}
	method := s.methods[lastTwo(m.Path)]
	if m.Request {
		return s.messages[method.input]
	}
	return s.messages[method.output]
}

// lastTwo returns the last two segments of a path, without its query.
func lastTwo(path string) string {
	path, _, _ = strings.Cut(path, "?")
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return ""
	}
	return path[strings.LastIndexByte(path[:i], '/')+1:]
}
