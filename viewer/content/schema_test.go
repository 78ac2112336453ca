package content

import (
	"context"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

var protoFiles = map[string]string{
	"shop.proto": `syntax = "proto3";
package shop.v1;
import "common.proto";
import "google/protobuf/any.proto";
enum Size { SIZE_UNKNOWN = 0; SMALL = 1; NO = 2; }
message Order {
  message Line { string sku = 1; uint32 count = 2; Order gift = 3; }
  string name = 1;
  repeated Line lines = 2;
  map<string, int64> prices = 3;
  map<int32, Line> shelves = 4;
  repeated sint32 steps = 5;
  repeated Size sizes = 6 [packed = false];
  Size size = 7;
  oneof pay { string card = 8; common.Money cash = 9; }
  google.protobuf.Any detail = 10;
  Numbers numbers = 11;
  map<bool, Size> fits = 12;
}
message Numbers {
  double d = 1; float f = 2; int32 i32 = 3; int64 i64 = 4; uint32 u32 = 5; uint64 u64 = 6;
  sint32 s32 = 7; sint64 s64 = 8; fixed32 f32 = 9; fixed64 f64 = 10; sfixed32 sf32 = 11; sfixed64 sf64 = 12;
  bool b = 13; bytes bytes = 14; string text = 15; repeated double many = 16;
}
message Empty {}
service Shop { rpc Place(Order) returns (common.Money); }
`,
	"common.proto": `syntax = "proto2";
package common;
message Money {
  required string currency = 1;
  optional int64 units = 2;
  repeated group Note = 3 { optional string text = 1; }
  optional bool exact = 4 [default = true];
  extensions 100 to 200;
}
extend Money { optional string memo = 100; }
message Holder { extend Money { repeated int32 ids = 101; } }
`,
}

// compiled returns the descriptors of protoFiles, with what they import.
func compiled(t testing.TB) (*descriptorpb.FileDescriptorSet, protoreflect.FileDescriptor) {
	t.Helper()
	resolver := &protocompile.SourceResolver{Accessor: protocompile.SourceAccessorFromMap(protoFiles)}
	c := protocompile.Compiler{Resolver: protocompile.WithStandardImports(resolver)}
	files, err := c.Compile(context.Background(), "shop.proto")
	if err != nil {
		t.Fatal(err)
	}
	shop := files[0]
	set := &descriptorpb.FileDescriptorSet{}
	for i := range shop.Imports().Len() {
		set.File = append(set.File, protodesc.ToFileDescriptorProto(shop.Imports().Get(i).FileDescriptor))
	}
	set.File = append(set.File, protodesc.ToFileDescriptorProto(shop))
	return set, shop
}

func marshaled(t testing.TB, m proto.Message) []byte {
	t.Helper()
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parsed(t testing.TB, files ...*descriptorpb.FileDescriptorProto) *Schemas {
	t.Helper()
	s, err := ParseSchemas(marshaled(t, &descriptorpb.FileDescriptorSet{File: files}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTypedProtobuf(t *testing.T) {
	set, shop := compiled(t)
	schemas := parsed(t, set.File...)
	if n := schemas.Messages(); n != 8 {
		t.Errorf("%d message types", n)
	}
	for _, test := range []struct{ name, message, text, want string }{
		{"empty", "Empty", ``, "{}\n"},
		{"nested", "Order", `name: "a b" lines { sku: "x" count: 2 } lines { gift { name: "no" } }`, "name: a b\nlines:\n- sku: x\n  count: 2\n- gift:\n    name: no\n"},
		{"one is a list", "Order", `lines {} `, "lines:\n- {}\n"},
		{"maps", "Order", `prices { key: "b" value: 2 } prices { key: "a: 1" value: -1 } shelves { key: -4 value { count: 4294967295 } }`, "prices:\n  'a: 1': -1\n  b: 2\nshelves:\n  -4:\n    count: 4294967295\n"},
		{"zero in maps", "Order", `prices {} shelves {} fits {}`, "prices:\n  '': 0\nshelves:\n  0: {}\nfits:\n  false: SIZE_UNKNOWN\n"},
		{"packed", "Order", `steps: [-1, 2, -2147483648]`, "steps:\n- -1\n- 2\n- -2147483648\n"},
		{"enums", "Order", `sizes: [SMALL, 7] size: NO`, "sizes:\n- SMALL\n- 7\nsize: NO\n"},
		{"oneof, proto2 and groups", "Order", `cash { currency: "EUR" units: -3 Note { text: "hi" } exact: false }`, "cash:\n  currency: EUR\n  units: -3\n  note:\n  - text: hi\n  exact: false\n"},
		{"any", "Order", `detail { type_url: "a.b/shop.v1.Numbers" value: "\x18\x07" }`, "detail:\n  type_url: a.b/shop.v1.Numbers\n  value:\n    i32: 7\n"},
		{"any of another type", "Order", `detail { type_url: "a.b/x.Y" value: "\x18\x07" }`, "detail:\n  type_url: a.b/x.Y\n  value: !binary '1807'\n"},
		{"numbers", "Numbers", `d: 1 f: 0.1 i32: -1 i64: -2 u32: 4294967295 u64: 18446744073709551615 s32: -3 s64: -4 f32: 4294967295 f64: 18446744073709551615 sf32: -5 sf64: -6 b: true bytes: "\xff\x00" text: "1"`,
			"d: 1.0\nf: 0.1\ni32: -1\ni64: -2\nu32: 4294967295\nu64: 18446744073709551615\ns32: -3\ns64: -4\nf32: 4294967295\nf64: 18446744073709551615\nsf32: -5\nsf64: -6\nb: true\nbytes: !binary ff00\ntext: '1'\n"},
		{"floats", "Numbers", `d: nan f: -inf many: [inf, 1e300, -0.0]`, "d: .nan\nf: -.inf\nmany:\n- .inf\n- 1e300\n- -0.0\n"},
	} {
		m := dynamicpb.NewMessage(shop.Messages().ByName(protoreflect.Name(test.message)))
		if err := prototext.Unmarshal([]byte(test.text), m); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		meta := Describe("application/x-protobuf; messageType=\"shop.v1." + test.message + "\"")
		meta.Schemas = schemas
		want := "# shop.v1." + test.message + "\n" + test.want
		if got := shown(protobufView(), meta, string(marshaled(t, m))); got != want {
			t.Errorf("%s: %s, want %s", test.name, got, want)
		}
	}
}

// TestTypedBytes are messages that the writers of the other tests do not write.
func TestTypedBytes(t *testing.T) {
	set, _ := compiled(t)
	schemas := parsed(t, set.File...)
	for _, test := range []struct{ name, message, in, want string }{
		{"unknown fields", "shop.v1.Order", "\x0a\x01a\xa0\x06\x05\xaa\x06\x01b", "# shop.v1.Order\nname: a\n100: 5  # !sint: -3\n101: b\n"},
		{"not packed", "shop.v1.Order", "\x28\x01\x28\x02\x2a\x02\x03\x04", "# shop.v1.Order\nsteps:\n- -1\n- 1\n- -2\n- 2\n"},
		{"packed enums", "shop.v1.Order", "\x32\x02\x01\x02", "# shop.v1.Order\nsizes:\n- SMALL\n- NO\n"},
		{"nothing packed", "shop.v1.Order", "\x2a\x00", "# shop.v1.Order\nsteps: []\n"},
		{"twice", "shop.v1.Order", "\x0a\x01a\x0a\x01b", "# shop.v1.Order\nname:\n- a\n- b\n"},
		{"a message as a group", "shop.v1.Order", "\x13\x0a\x01x\x14", "# shop.v1.Order\nlines:\n- sku: x\n"},
		{"a group as a message", "common.Money", "\x1a\x03\x0a\x01x", "# common.Money\nnote:\n- text: x\n"},
		{"extensions", "common.Money", "\xa2\x06\x02hi\xa8\x06\x05", "# common.Money\n'[common.memo]': hi\n'[common.Holder.ids]':\n- 5\n"},
		{"text of bytes", "shop.v1.Order", "\x0a\x01\xff", "# shop.v1.Order\nname: !binary ff\n"},
		{"odd map", "shop.v1.Order", "\x1a\x04\x0a\x00\x0a\x00", "# shop.v1.Order\nprices:\n- key:\n  - ''\n  - ''\n"},
		{"odd map with more", "shop.v1.Order", "\x1a\x04\x10\x01\x18\x02", "# shop.v1.Order\nprices:\n- value: 1\n  3: 2  # !sint: 1\n"},
		{"another wire type", "shop.v1.Order", "\x08\x96\x01", "# not a shop.v1.Order: name: it is written as another type\n1: 150  # !sint: 75\n"},
		{"deep inside", "shop.v1.Order", "\x12\x04\x1a\x02\x08\x01", "# not a shop.v1.Order: lines: gift: name: it is written as another type\n2:\n  3:\n    1: 1  # !sint: -1\n"},
		{"packed, cut off", "shop.v1.Order", "\x2a\x01\xff", "# not a shop.v1.Order: steps: byte 0: the data ends too soon\n5: !binary ff\n"},
		{"a map that is a number", "shop.v1.Order", "\x18\x01", "# not a shop.v1.Order: prices: it is written as another type\n3: 1  # !sint: -1\n"},
		{"no message", "shop.v1.Order", "\xff\xff", "[byte 0: the data ends too soon]"},
		{"no such type", "shop.v1.Ordr", "\x08\x01", "1: 1  # !sint: -1\n"},
		{"too many", "shop.v1.Order", "\x2a\x81\x80\x20" + strings.Repeat("\x01", 1<<19+1), "# not a shop.v1.Order: steps: more than 524288 values\n5: "},
	} {
		meta := Describe("application/x-protobuf; messageType=" + test.message)
		meta.Schemas = schemas
		if got := shown(protobufView(), meta, test.in); got != test.want && !(test.name == "too many" && strings.HasPrefix(got, test.want)) {
			t.Errorf("%s: %.300q, want %q", test.name, got, test.want)
		}
	}
}

func TestTypedGRPC(t *testing.T) {
	set, _ := compiled(t)
	schemas := parsed(t, set.File...)
	const frame = "\x00\x00\x00\x00\x03\x0a\x01a"
	for _, test := range []struct {
		contentType, path string
		request           bool
		view, in, want    string
	}{
		{"application/grpc", "/shop.v1.Shop/Place", true, "grpc", frame + frame, "# shop.v1.Order\nname: a\n\n---\n\n# shop.v1.Order\nname: a\n"},
		{"application/grpc", "/shop.v1.Shop/Place", false, "grpc", frame, "# common.Money\ncurrency: a\n"},
		{"application/grpc-web+proto", "/api/shop.v1.Shop/Place?x=/y/z", true, "grpc", frame, "# shop.v1.Order\nname: a\n"},
		{"application/grpc", "/shop.v1.Shop/Other", true, "grpc", frame, "1: a\n"},
		{"application/grpc", "Place", true, "grpc", frame, "1: a\n"},
		{"application/proto", "/shop.v1.Shop/Place", true, "protobuf", frame[5:], "# shop.v1.Order\nname: a\n"},
		{"application/protobuf", "/twirp/shop.v1.Shop/Place", false, "protobuf", frame[5:], "# common.Money\ncurrency: a\n"},
		{"application/vnd.google.protobuf; proto=common.Money", "/", false, "protobuf", frame[5:], "# common.Money\ncurrency: a\n"},
	} {
		meta := Describe(test.contentType)
		meta.Path, meta.Request, meta.Schemas = test.path, test.request, schemas
		view, r, note := Render(context.Background(), Auto, meta, []byte(test.in))
		if view != test.view || r.Text != test.want || note != "" {
			t.Errorf("%s %s: %s, %q %s, want %q", test.contentType, test.path, view, r.Text, note, test.want)
		}
	}
}

// TestSchemasWith: a file without its imports is completed by another.
func TestSchemasWith(t *testing.T) {
	set, _ := compiled(t)
	common, shop := parsed(t, set.File[0]), parsed(t, set.File[2])
	meta := Describe("application/x-protobuf; messageType=shop.v1.Order")
	const in = "\x4a\x02\x10\x07"
	for _, test := range []struct {
		schemas *Schemas
		want    string
	}{
		{nil, "9:\n  2: 7  # !sint: -4\n"},
		{common, "9:\n  2: 7  # !sint: -4\n"},
		{shop, "# shop.v1.Order\ncash:\n  2: 7  # !sint: -4\n"},
		{shop.With(common), "# shop.v1.Order\ncash:\n  units: 7\n"},
		{(*Schemas)(nil).With(common).With(shop), "# shop.v1.Order\ncash:\n  units: 7\n"},
	} {
		meta.Schemas = test.schemas
		if got := shown(protobufView(), meta, in); got != test.want {
			t.Errorf("with %d types: %q, want %q", test.schemas.Messages(), got, test.want)
		}
	}
}

func TestTypedDepth(t *testing.T) {
	set, _ := compiled(t)
	meta := Describe("application/x-protobuf; messageType=shop.v1.Order")
	meta.Schemas = parsed(t, set.File...)
	for _, field := range []string{"\x12", "\x22"} { // lines, and the values of shelves
		deep := ""
		for range 120 {
			deep = "\x1a" + string(appendUvarint(len(deep))) + deep
			if field == "\x22" {
				deep = "\x12" + string(appendUvarint(len(deep))) + deep
			}
			deep = field + string(appendUvarint(len(deep))) + deep
		}
		if got := shown(protobufView(), meta, deep); !strings.HasPrefix(got, "# not a shop.v1.Order: ") || !strings.Contains(got, ": nested too deeply\n") {
			t.Errorf("%.300q", got)
		}
	}
}
