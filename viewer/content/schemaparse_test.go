package content

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"flowpane/viewer/session/corpus"
)

// sized returns field number n with these bytes.
func sized(n int, parts ...string) string {
	data := strings.Join(parts, "")
	return string(rune(n<<3|2)) + string(appendUvarint(len(data))) + data
}

func TestParseSchemas(t *testing.T) {
	message := func(parts ...string) string { return sized(1, sized(4, parts...)) }
	for _, test := range []struct{ name, in, want string }{
		{"empty", "", "there is no message type"},
		{"only an enumeration", sized(1, sized(5, sized(1, "E"))), "there is no message type"},
		{"a message", message(sized(1, "M")), ""},
		{"a field", message(sized(1, "M"), sized(2, sized(1, "f"), "\x18\x01\x28\x05")), ""},
		{"an unknown field", sized(9, "x") + message(sized(1, "M")), ""},
		{"text", "flow flow flow", "byte 1: there is no such wire type"},
		{"cut off", message(sized(1, "M"))[:3], "byte 2: the data ends too soon"},
		{"no name", message(), "there is a declaration without a name"},
		{"no name of a field", message(sized(1, "M"), sized(2)), "there is a declaration without a name"},
		{"a name of lines", message(sized(1, "M\nx: 1")), `"M\nx: 1" is no name`},
		{"a package of blanks", sized(1, sized(2, "a b"), sized(4, sized(1, "M"))), `"a b" is no name`},
		{"a long name", message(sized(1, strings.Repeat("M", 600))), "a name is longer than 512 bytes"},
		{"a number for a name", message("\x08\x01"), "there is a declaration without a name"},
		{"a broken option", message(sized(1, "M"), sized(7, "\x38")), "byte 1: the data ends too soon"},
		{"a broken value", message(sized(1, "M"), sized(4, sized(1, "E"), sized(2, sized(1, "V"), "\x10"))), "byte 4: the data ends too soon"},
		{"a broken method", sized(1, sized(6, sized(1, "S"), sized(2, sized(1, "P"), "\x12"))), "byte 4: the data ends too soon"},
		{"too many", strings.Repeat(message(sized(1, "M")), maxTypes+1), "more than 524288 declarations"},
		{"too long", strings.Repeat("\x00", MaxData+1), "more than 33554432 bytes"},
	} {
		_, err := ParseSchemas([]byte(test.in))
		got := ""
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "descriptor set: ")
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	for _, stream := range []string{"hybrid/extra-delimited.pb", "hybrid/extra-single.pb"} {
		if _, err := ParseSchemas(corpus.File(t, stream)); err == nil {
			t.Errorf("%s: flows are taken for schemas", stream)
		}
	}
	deep := sized(1, "M")
	for range maxDepth + 1 {
		deep = sized(1, "M") + sized(3, deep)
	}
	if _, err := ParseSchemas([]byte(message(deep))); err == nil {
		t.Error("deep: no error")
	}
}

// TestSchemaKinds: a field may say no kind but the name of its type, and be of a
// kind that is not known yet.
func TestSchemaKinds(t *testing.T) {
	field := func(name string, number int32, kind int32, typeName string) *descriptorpb.FieldDescriptorProto {
		f := &descriptorpb.FieldDescriptorProto{Name: proto.String(name), Number: proto.Int32(number)}
		if kind != 0 {
			f.Type = descriptorpb.FieldDescriptorProto_Type(kind).Enum()
		}
		if typeName != "" {
			f.TypeName = proto.String(typeName)
		}
		return f
	}
	schemas := parsed(t, &descriptorpb.FileDescriptorProto{
		MessageType: []*descriptorpb.DescriptorProto{{
			Name: proto.String("M"),
			Field: []*descriptorpb.FieldDescriptorProto{
				field("m", 1, 0, ".M"), field("e", 2, 0, "E"), field("new", 3, 19, ""), field("none", 4, 0, ""), field("missing", 5, 0, "X"),
			},
		}},
		EnumType: []*descriptorpb.EnumDescriptorProto{{
			Name:  proto.String("E"),
			Value: []*descriptorpb.EnumValueDescriptorProto{{Name: proto.String("A"), Number: proto.Int32(1)}, {Name: proto.String("B"), Number: proto.Int32(1)}},
		}},
	})
	meta := Describe("application/x-protobuf; messageType=M")
	meta.Schemas = schemas
	const want = "# M\nm:\n  e: A\n3: 1  # !sint: -1\n4: 1  # !sint: -1\nmissing:\n  1: 1  # !sint: -1\n"
	if got := shown(protobufView(), meta, "\x0a\x02\x10\x01\x18\x01\x20\x01\x2a\x02\x08\x01"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzSchemas parses descriptors, and shows the bytes of a body as each type.
func FuzzSchemas(f *testing.F) {
	set, _ := compiled(f)
	f.Add(marshaled(f, set), []byte("\x0a\x01a\x12\x04\x1a\x02\x08\x01\x1a\x00\x2a\x02\x03\x04"))
	for _, file := range set.File {
		f.Add(marshaled(f, &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{file}}), []byte("\x1a\x03\x0a\x01x\xa8\x06\x05"))
	}
	f.Add([]byte(sized(1, sized(4, sized(1, "M"), sized(2, sized(1, "f"), "\x18\x01\x28\x05")))), []byte("\x08\x01"))
	f.Fuzz(func(t *testing.T, descriptors, body []byte) {
		schemas, err := ParseSchemas(descriptors)
		if err != nil {
			return
		}
		meta := Describe("application/x-protobuf")
		for name := range schemas.messages {
			meta.ContentType = "application/x-protobuf; messageType=" + name
			meta.Schemas = schemas
			_, typed, note := Render(context.Background(), "protobuf", meta, body)
			if strings.Contains(note, "bug") {
				t.Error(note)
			}
			if note == "" && !strings.HasPrefix(typed.Text, "# "+name+"\n") && !strings.HasPrefix(typed.Text, "# not a "+name+": ") {
				t.Errorf("%s: %q", name, typed.Text)
			}
		}
	})
}
