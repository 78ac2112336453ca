package pbstream

import (
	"context"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// TestTypes compares the wire types with flow.proto.
func TestTypes(t *testing.T) {
	c := protocompile.Compiler{Resolver: &protocompile.SourceResolver{ImportPaths: []string{"../../../proto"}}}
	files, err := c.Compile(context.Background(), "flow.proto")
	if err != nil {
		t.Fatal(err)
	}
	for name, types := range map[protoreflect.Name]string{
		"Flow": flowTypes, "HTTPRequest": requestTypes, "HTTPResponse": responseTypes,
		"Error": errorTypes, "ClientConnection": clientTypes, "ServerConnection": serverTypes,
	} {
		fields := files[0].Messages().ByName(name).Fields()
		want := []byte{' '}
		for i := range fields.Len() {
			f := fields.Get(i)
			for len(want) <= int(f.Number()) {
				want = append(want, ' ')
			}
			want[f.Number()] = map[protoreflect.Kind]byte{
				protoreflect.BytesKind: 'b', protoreflect.MessageKind: 'm', protoreflect.DoubleKind: 'd',
			}[f.Kind()]
			if want[f.Number()] == 0 {
				want[f.Number()] = 'v'
			}
		}
		if types != string(want) {
			t.Errorf("%s is %q, not %q", name, want, types)
		}
	}
}

// TestShapes compares the fields that contents lie in with flow.proto.
func TestShapes(t *testing.T) {
	c := protocompile.Compiler{Resolver: &protocompile.SourceResolver{ImportPaths: []string{"../../../proto"}}}
	files, err := c.Compile(context.Background(), "flow.proto")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[protoreflect.Name]shape{}
	checkShape(t, flowShape, files[0].Messages().ByName("Flow"), seen)
	if len(seen) != 6 {
		t.Errorf("%d messages with contents, want 6", len(seen))
	}
}

func checkShape(t *testing.T, s shape, m protoreflect.MessageDescriptor, seen map[protoreflect.Name]shape) {
	if known, ok := seen[m.Name()]; ok {
		if known != s {
			t.Errorf("%s has two shapes", m.Name())
		}
		return
	}
	seen[m.Name()] = s
	var content, body protoreflect.FieldNumber
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		switch inner := s.field(f.Number()); {
		case f.Name() == "content":
			content = f.Number()
		case f.Kind() == protoreflect.MessageKind && f.Message().Name() == "Body":
			body = f.Number()
		case inner != opaque:
			checkShape(t, inner, f.Message(), seen)
		}
	}
	if c, b := s.contents(); c != content || b != body {
		t.Errorf("%s has its content in %d and %d, not %d and %d", m.Name(), content, body, c, b)
	}
}
