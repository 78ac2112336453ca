package proto_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/proto/wire"
)

// message is what every generated message is.
type message interface {
	wire.Message
	Unmarshal([]byte) error
}

// messages are the roots of the schemas: what they reach is every message.
var messages = map[string]func() message{
	"flowpane.flow.Flow":      func() message { return new(flowpb.Flow) },
	"flowpane.viewer.Request": func() message { return new(viewerpb.Request) },
	"flowpane.viewer.Reply":   func() message { return new(viewerpb.Reply) },
}

func compile(t *testing.T) func(name string) protoreflect.MessageDescriptor {
	t.Helper()
	c := protocompile.Compiler{Resolver: &protocompile.SourceResolver{}}
	files, err := c.Compile(context.Background(), "flow.proto", "viewer.proto")
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) protoreflect.MessageDescriptor {
		d, err := files.AsResolver().FindDescriptorByName(protoreflect.FullName(name))
		if err != nil {
			t.Fatal(err)
		}
		return d.(protoreflect.MessageDescriptor)
	}
}

// TestAgreesWithTheRuntime fills messages with every field at random and lets
// them pass through our code and back: Google's runtime must see no change.
func TestAgreesWithTheRuntime(t *testing.T) {
	descriptor := compile(t)
	for name, newMessage := range messages {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			seen := map[protoreflect.FullName]bool{}
			for range 300 {
				want := dynamicpb.NewMessage(descriptor(name))
				fill(random, want, 0, seen)
				b, err := proto.Marshal(want)
				if err != nil {
					t.Fatal(err)
				}
				m := newMessage()
				if err := m.Unmarshal(b); err != nil {
					t.Fatal(err)
				}
				got := dynamicpb.NewMessage(descriptor(name))
				if err := proto.Unmarshal(m.Append(nil), got); err != nil {
					t.Fatal(err)
				}
				if !proto.Equal(got, want) {
					t.Fatalf("through our code:\n%v\nwant:\n%v", got, want)
				}
			}
			if len(seen) < 25 {
				t.Errorf("only %d fields were ever set", len(seen))
			}
		})
	}
}

func fill(r *rand.Rand, m *dynamicpb.Message, depth int, seen map[protoreflect.FullName]bool) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if r.IntN(3) == 0 || depth > 4 && f.Message() != nil || f.ContainingOneof() != nil && r.IntN(4) > 0 {
			continue
		}
		seen[f.FullName()] = true
		if f.IsList() {
			for range 1 + r.IntN(3) {
				l := m.Mutable(f).List()
				l.Append(value(r, f, depth, seen))
			}
			continue
		}
		m.Set(f, value(r, f, depth, seen))
	}
}

func value(r *rand.Rand, f protoreflect.FieldDescriptor, depth int, seen map[protoreflect.FullName]bool) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.MessageKind:
		m := dynamicpb.NewMessage(f.Message())
		fill(r, m, depth+1, seen)
		return protoreflect.ValueOfMessage(m)
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(r.IntN(2) == 0)
	case protoreflect.EnumKind:
		values := f.Enum().Values()
		return protoreflect.ValueOfEnum(values.Get(r.IntN(values.Len())).Number())
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(r.Uint32()))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(int64(r.Uint64()))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(r.Uint32N(3) * r.Uint32())
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(r.Uint64N(3) * r.Uint64())
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(r.NormFloat64())
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(strings.Repeat("é", r.IntN(100)))
	default:
		return protoreflect.ValueOfBytes([]byte(strings.Repeat("\xff", r.IntN(300))))
	}
}

// Blobs of one week of 2018 have their times as 32-bit floats.
func TestFloatTimestamp(t *testing.T) {
	b := protowire.AppendTag(nil, 10, protowire.Fixed32Type)
	b = protowire.AppendFixed32(b, math.Float32bits(1.5))
	var r flowpb.HTTPRequest
	if err := r.Unmarshal(b); err != nil || r.GetTimestampStart() != 1.5 {
		t.Errorf("timestamp_start = %v, %v", r.GetTimestampStart(), err)
	}
}

func TestPresence(t *testing.T) {
	var absent, empty flowpb.HTTPRequest
	empty.Content = []byte{}
	var got flowpb.HTTPRequest
	if err := got.Unmarshal(empty.Append(nil)); err != nil || got.Content == nil {
		t.Errorf("an empty body became an absent one: %v", err)
	}
	if b := absent.Append(nil); len(b) != 0 {
		t.Errorf("an absent body is written as %x", b)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		name, in, want string
	}{
		{"cut off", "\x0a\x05a", "flow.Flow: field 1: unexpected EOF"},
		{"wrong type", "\x08\x01", "flow.Flow: field 1: wrong wire type"},
		{"nested", "\x0a\x04\x12\x09ab", "flow.Flow: field 1: flow.HTTPRequest: field 2: unexpected EOF"},
		{"no field", "\x00", "invalid field number"},
	} {
		err := new(flowpb.Flow).Unmarshal([]byte(test.in))
		if err == nil || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	var b []byte
	for range wire.MaxDepth + 10 {
		b = protowire.AppendBytes(protowire.AppendTag(nil, 25, protowire.BytesType), b)
	}
	err := new(flowpb.Flow).Unmarshal(b)
	if err == nil || !strings.HasPrefix(err.Error(), "flow.Flow: field 25: ") || !strings.HasSuffix(err.Error(), ": and so on: messages nested too deeply") || len(err.Error()) > 300 {
		t.Errorf("error = %v", err)
	}
}

func FuzzFlow(f *testing.F) {
	seeds := [][]byte{
		(&flowpb.Flow{Id: []byte("a"), Request: &flowpb.HTTPRequest{Port: new(int32(80))}}).Append(nil),
		{0x0a, 0x05, 'a'},
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m, again flowpb.Flow
		if m.Unmarshal(b) != nil {
			return
		}
		out := m.Append(nil)
		if err := again.Unmarshal(out); err != nil || string(again.Append(nil)) != string(out) {
			t.Errorf("written and read again: %v", err)
		}
	})
}

func BenchmarkUnmarshal(b *testing.B) {
	flow := &flowpb.Flow{Id: []byte("id"), Request: &flowpb.HTTPRequest{}, Response: &flowpb.HTTPResponse{}}
	for range 12 {
		h := &flowpb.HTTPHeader{Name: []byte("content-type"), Value: []byte("text/html; charset=utf-8")}
		flow.Request.Headers = append(flow.Request.Headers, h)
		flow.Response.Headers = append(flow.Response.Headers, h)
	}
	data := flow.Append(nil)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := new(flowpb.Flow).Unmarshal(data); err != nil {
			b.Fatal(err)
		}
	}
}
