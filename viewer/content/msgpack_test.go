package content

import (
	"strings"
	"testing"
)

func TestMsgpack(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		// mitmproxy's own pair.
		{"\x83\xa4name\xa8John Doe\xa3age\x1e\xa4tags\x92\xa9developer\xa4rust", "name: John Doe\nage: 30\ntags:\n- developer\n- rust\n"},

		{"\x94\xc0\xc2\xc3\xff", "- null\n- false\n- true\n- -1\n"},
		{"\x94\xcc\xff\xcd\xff\xff\xce\xff\xff\xff\xff\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "- 255\n- 65535\n- 4294967295\n- 18446744073709551615\n"},
		{"\x94\xd0\x80\xd1\xff\xfe\xd2\xff\xff\xff\xfd\xd3\xff\xff\xff\xff\xff\xff\xff\xfc", "- -128\n- -2\n- -3\n- -4\n"},
		{"\x92\xca\x3d\xcc\xcc\xcd\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a", "- 0.1\n- 0.1\n"},
		{"\x93\xca\x3f\x80\x00\x00\xcb\x43\x41\xc3\x79\x37\xe0\x80\x00\xcb\x80\x00\x00\x00\x00\x00\x00\x00", "- 1.0\n- 1e16\n- -0.0\n"},
		{"\x93\xca\x7f\x80\x00\x00\xca\xff\x80\x00\x00\xca\x7f\xc0\x00\x00", "- .inf\n- -.inf\n- .nan\n"},
		{"\x94\xd9\x01a\xda\x00\x01b\xdb\x00\x00\x00\x01c\xa4true", "- a\n- b\n- c\n- 'true'\n"},
		{"\x93\xc4\x01\x01\xc5\x00\x01\x02\xc6\x00\x00\x00\x01\xff", "- !binary '01'\n- !binary '02'\n- !binary ff\n"},
		{"\xa1\xff", "!binary ff\n"},
		{"\x92\xdc\x00\x01\x01\xdd\x00\x00\x00\x01\x02", "- - 1\n- - 2\n"},
		{"\xde\x00\x01\x01\xdf\x00\x00\x00\x01\x91\x02\x03", "1:\n  ? - 2\n  : 3\n"},
		{"\x82\xa1a\x01\xa1a\x02", "a: 1\na: 2\n"},
		{"\x93\xd4\x05\xab\xc7\x03\xfe\x01\x02\x03\xc8\x00\x00\x07", "- !ext5 ab\n- !ext-2 '010203'\n- !ext7 ''\n"},
		{"\xd6\xff\x65\x53\xf1\x00", "!timestamp 2023-11-14T22:13:20Z\n"},
		{"\xd7\xff\x1d\xcd\x65\x00\x65\x53\xf1\x00", "!timestamp 2023-11-14T22:13:20.125Z\n"},
		{"\xc7\x0c\xff\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff", "!timestamp 1969-12-31T23:59:59.000000001Z\n"},
		{"\x01\x02", "1\n\n---\n\n2\n"},
		{"\x80", "{}\n"},

		{"", "[byte 0: the data ends too soon]"},
		{"\xc1", "[byte 1: no value begins so]"},
		{"\x92\x01", "[byte 2: the data ends too soon]"},
		{"\xdd\xff\xff\xff\xff\x01", "[byte 6: the data ends too soon]"},
		{"\xc6\xff\xff\xff\xff", "[byte 5: the data ends too soon]"},
		{"\xc7\x01", "[byte 2: the data ends too soon]"},
		{strings.Repeat("\x91", maxDepth+1), "[nested too deeply]"},
	} {
		if got := shown(msgpackView(), Metadata{}, test.in); got != test.want {
			t.Errorf("%q: %q, want %q", test.in, got, test.want)
		}
	}
}

func TestFloatText(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0.0", 1: "1.0", -2.5: "-2.5", 1e-5: "0.00001", 1.5e-6: "1.5e-6", 9e15: "9000000000000000.0", 1e16: "1e16", -1.25e300: "-1.25e300",
	} {
		if got := floatText(f, 64); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}
