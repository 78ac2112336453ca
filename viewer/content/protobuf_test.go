package content

import (
	"strings"
	"testing"

	"flowpane/viewer/session/corpus"
)

// TestProtobufPairs: these are mitmproxy's own texts.
func TestProtobufPairs(t *testing.T) {
	pairs := []struct{ in, want string }{
		{"\x08\x96\x01", "1: 150  # !sint: 75\n"},
		{"\x08\x0b", "1: 11  # !sint: -6\n"},
		{"\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", "1: -2  # u64: 18446744073709551614\n"},
		{"\x32\x03\x01\x02\x03", "6: !binary '010203'\n"},
		{"\x0a\x05hello", "1: hello\n"},
		{"\x2a\x02\x08\x2a", "5:\n  1: 42  # !sint: 21\n"},
		{"\x2a\x04\x2a\x02\x08\x2a", "5:\n  5:\n    1: 42  # !sint: 21\n"},
		{"\x19\x00\x00\x00\x00\x00\x00\xf0\xbf", "3: !fixed64 -1.0  # u64: 13830554455654793216, i64: -4616189618054758400\n"},
		{"\x19\x6e\x86\x1b\xf0\xf9\x21\x09\x40", "3: !fixed64 3.14159  # u64: 4614256650576692846\n"},
		{"\x19\xff\xff\xff\xff\xff\xff\xff\xff", "3: !fixed64 -1  # u64: 18446744073709551615\n"},
		{"\x19\x01\x00\x00\x00\x00\x00\xf8\x7f", "3: !fixed64 9221120237041090561\n"},
		{"\x15\x00\x00\x80\xbf", "2: !fixed32 -1.0  # u32: 3212836864, i32: -1082130432\n"},
		{"\x15\xd0\x0f\x49\x40", "2: !fixed32 3.14159  # u32: 1078530000\n"},
		{"\x15\xff\xff\xff\xff", "2: !fixed32 -1  # u32: 4294967295\n"},
		{"\x15\x01\x00\xc0\x7f", "2: !fixed32 2143289345\n"},
		{"\x32\x06\x03\x8e\x02\x9e\xa7\x05", "6: !binary 038e029ea705\n"},
		{"\x08\x01\x08\x02\x08\x03", "1:\n- 1  # !sint: -1\n- 2  # !sint: 1\n- 3  # !sint: -2\n"},
		{"\n\x04gRPC\x12\x07\n\x05Index\x12\x07\n\x05Empty", "1: gRPC\n2:\n- 1: Index\n- 1: Empty\n"},
		{"", "{}  # empty protobuf message"},
	}
	if len(pairs) != 19 {
		t.Errorf("%d pairs", len(pairs))
	}
	for _, test := range pairs {
		if got := shown(protobufView(), Metadata{}, test.in); got != test.want {
			t.Errorf("%q: %q, want %q", test.in, got, test.want)
		}
	}
}

func TestProtobuf(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"order", "\x12\x01b\x0a\x01a\x12\x01c", "1: a\n2:\n- b\n- c\n"},
		{"letters", "\x0a\x06h\xc3\xa9llo", "1: héllo\n"},
		{"lines", "\x0a\x03a\nb", "1: |-\n  a\n  b\n"},
		{"empty text", "\x0a\x00", "1: ''\n"},
		{"empty message", "\x0a\x00\x0a\x02\x08\x01", "1:\n- {}\n- 1: 1  # !sint: -1\n"},
		{"group", "\x13\x18\x80\x1e\x20\xf0\x10\x14", "2:\n  3: 3840  # !sint: 1920\n  4: 2160  # !sint: 1080\n"},
		{"fields of a later message", "\x0a\x02\x08\x01\x0a\x02\x10\x02", "1:\n- 1: 1  # !sint: -1\n- 2: 2  # !sint: 1\n"},
		{"a list stays a list", "\x0a\x04\x08\x01\x08\x02\x0a\x02\x08\x03", "1:\n- 1:\n  - 1  # !sint: -1\n  - 2  # !sint: 1\n- 1:\n  - 3  # !sint: -2\n"},
		{"text stays text", "\x0a\x03\x0a\x01a\x0a\x04\x0a\x02\xc2\x80", "1:\n- 1: a\n- 1: \"\\x80\"\n"},
		{"text that is none", "\x0a\x03\x0a\x01a\x0a\x03\x0a\x01\xff", "1:\n- !binary 0a0161\n- !binary 0a01ff\n"},
		{"almost zero", "\x15\x01\x00\x00\x00", "2: !fixed32 1\n"},
		{"infinite", "\x15\x00\x00\x80\x7f", "2: !fixed32 2139095040\n"},
		{"two types", "\x08\x01\x0a\x01a", "[field 1: it is of different types]"},
		{"invalid", "\xff\xff", "[byte 0: the data ends too soon]"},
		{"wire type 6", "\x0e", "[byte 1: there is no such wire type]"},
		{"field 0", "\x00\x01", "[byte 1: there is no such field number]"},
		{"cut off", "\x0a\x05a", "[byte 2: the data ends too soon]"},
		{"number", "\x08" + strings.Repeat("\xff", 11), "[byte 1: a number is too large]"},
		{"open group", "\x13\x08\x01", "[byte 3: the data ends too soon]"},
		{"wrong group", "\x13\x1c", "[byte 2: a group ends that is not open]"},
		{"deep groups", strings.Repeat("\x13", 200), "[nested too deeply]"},
		{"end of no group", "\x14", "[byte 1: a group ends that is not open]"},
	} {
		if got := shown(protobufView(), Metadata{}, test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestProtobufBounds(t *testing.T) {
	deep := "\x08\x01"
	for range 120 {
		deep = "\x0a" + string(appendUvarint(len(deep))) + deep
	}
	if got := shown(protobufView(), Metadata{}, deep); strings.Count(got, "1:") != maxDepth || !strings.Contains(got, "!binary") {
		t.Errorf("deep: %d levels", strings.Count(got, "1:"))
	}
	many := strings.Repeat("\x08\x01", maxValues+1)
	if got := shown(protobufView(), Metadata{}, many); got != "[more than 524288 values]" {
		t.Errorf("many: %.50q", got)
	}
}

func appendUvarint(n int) []byte {
	var b []byte
	for ; n > 0x7f; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

func TestProtobufCorpus(t *testing.T) {
	for name, want := range map[string]string{
		"test_protobuf_data/protobuf01.bin": "1: 3bbc333c-e61c-433b-819a-0b9a8cc103b8\n",
		"test_protobuf_data/protobuf03.bin": "2:\n  3: 3840  # !sint: 1920\n  4: 2160  # !sint: 1080\n",
		"test_grpc_data/msg1.bin": "1:\n" +
			"  1: !fixed64 38.89816675798073  # u64: 4630671247600644312\n" +
			"  2: !fixed64 -77.03829828366696  # u64: 13858493542095451628, i64: -4588250531614099988\n" +
			"3: de_DE\n6: 1  # !sint: -1\n7: de.mcdonalds.mcdonaldsinfoapp\n",
	} {
		if got := shown(protobufView(), Metadata{}, string(corpus.File(t, "contentviews/"+name))); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
