package content

import (
	"encoding/hex"
	"strings"
	"testing"
)

// TestCBORExamples: the examples of RFC 8949, appendix A, but with exponents as
// e38 and on lines of their own.
func TestCBORExamples(t *testing.T) {
	examples := []struct{ in, want string }{
		{"00", "0"}, {"17", "23"}, {"1818", "24"}, {"1903e8", "1000"}, {"1a000f4240", "1000000"},
		{"1b000000e8d4a51000", "1000000000000"}, {"1bffffffffffffffff", "18446744073709551615"},
		{"c249010000000000000000", "2(h'010000000000000000')"}, {"3bffffffffffffffff", "-18446744073709551616"},
		{"20", "-1"}, {"3903e7", "-1000"},
		{"f90000", "0.0"}, {"f98000", "-0.0"}, {"f93c00", "1.0"}, {"fb3ff199999999999a", "1.1"}, {"f93e00", "1.5"},
		{"f97bff", "65504.0"}, {"fa47c35000", "100000.0"}, {"fa7f7fffff", "3.4028234663852886e38"}, {"fb7e37e43c8800759c", "1e300"},
		{"f90001", "5.960464477539063e-8"}, {"f90400", "0.00006103515625"}, {"f9c400", "-4.0"}, {"fbc010666666666666", "-4.1"},
		{"f97c00", "Infinity"}, {"f97e00", "NaN"}, {"f9fc00", "-Infinity"}, {"fb7ff8000000000000", "NaN"}, {"faff800000", "-Infinity"},
		{"f4", "false"}, {"f5", "true"}, {"f6", "null"}, {"f7", "undefined"}, {"f0", "simple(16)"}, {"f8ff", "simple(255)"},
		{"c074323031332d30332d32315432303a30343a30305a", `0("2013-03-21T20:04:00Z")`}, {"c11a514b67b0", "1(1363896240)"},
		{"d74401020304", "23(h'01020304')"}, {"d818456449455446", `24(<<"IETF">>)`},
		{"40", "h''"}, {"4401020304", "h'01020304'"}, {"60", `""`}, {"62225c", `"\"\\"`}, {"62c3bc", `"ü"`}, {"64f0908591", `"𐅑"`},
		{"80", "[]"}, {"8301820203820405", "[1,[2,3],[4,5]]"}, {"a0", "{}"}, {"a201020304", "{1:2,3:4}"},
		{"a26161016162820203", `{"a":1,"b":[2,3]}`}, {"5f42010243030405ff", "(_ h'0102', h'030405')"},
		{"7f657374726561646d696e67ff", `(_ "strea", "ming")`}, {"9fff", "[_]"}, {"9f018202039f0405ffff", "[_1,[2,3],[_4,5]]"},
		{"bf61610161629f0203ffff", `{_"a":1,"b":[_2,3]}`}, {"5fff", "''_"}, {"7fff", `""_`},
	}
	if len(examples) != 57 {
		t.Errorf("%d examples", len(examples))
	}
	for _, test := range examples {
		data, err := hex.DecodeString(test.in)
		if err != nil {
			t.Fatal(err)
		}
		got := shown(cborView(), Metadata{}, string(data))
		if got = strings.NewReplacer("\n", "", "    ", "", ": ", ":").Replace(got); got != test.want {
			t.Errorf("%s: %s, want %s", test.in, got, test.want)
		}
	}
}

func TestCBOR(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"layout", "\xa2\x61a\x82\x01\xf6\x61b\xa0", "{\n    \"a\": [\n        1,\n        null\n    ],\n    \"b\": {}\n}"},
		{"indefinite", "\x9f\x01\xbf\xff\xff", "[_\n    1,\n    {_}\n]"},
		{"sequence", "\x01\x80", "1\n[]"},
		{"escapes", "\x69a\n\t\r\x00\x7f\"\\b", `"a\n\t\r\u0000\u007f\"\\b"`},
		{"bytes marked as CBOR", "\xd8\x18\x41\xff", "24(h'ff')"},
		{"bytes with more than CBOR", "\xd8\x18\x42\x01\x02", "24(h'0102')"},
		{"no bytes marked as CBOR", "\xd8\x18\x01", "24(1)"},
		{"bytes of an item", "\x81\xd8\x18\x42\x81\x01", "[\n    24(<<[\n            1\n        ]>>)\n]"},
		{"cut off", "\x82\x01", "[byte 2: the data ends too soon]"},
		{"cut off text", "\x62a", "[byte 1: the data ends too soon]"},
		{"long array", "\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01", "[byte 10: the data ends too soon]"},
		{"reserved", "\x1c", "[byte 1: no value begins so]"},
		{"indefinite number", "\x1f", "[byte 1: no value begins so]"},
		{"break", "\xff", "[byte 1: a break without a begin]"},
		{"break in an array", "\x81\xff", "[byte 2: a break without a begin]"},
		{"break for a value", "\xbf\x01\xff", "[byte 3: a break without a begin]"},
		{"break in a tag", "\xc1\xff", "[byte 2: a break without a begin]"},
		{"mixed pieces", "\x5f\x61a\xff", "[byte 2: a string has a piece that is none]"},
		{"pieces in pieces", "\x5f\x5f\xff\xff", "[byte 2: a string has a piece that is none]"},
		{"no UTF-8", "\x61\xff", "[byte 2: text is not UTF-8]"},
		{"deep", strings.Repeat("\x81", 200), "[nested too deeply]"},
		{"deep tags", strings.Repeat("\xc1", 200), "[nested too deeply]"},
		{"many", strings.Repeat("\x00", maxValues+1), "[more than 524288 values]"},
	} {
		if got := shown(cborView(), Metadata{}, test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	for contentType, want := range map[string]string{
		"application/cbor":                    "cbor",
		"application/senml+cbor":              "cbor",
		"application/cbor-seq":                "cbor",
		"application/missing-blocks+cbor-seq": "cbor",
		"text/cbor":                           "text",
	} {
		if v := choose(Describe(contentType), []byte("a")); v.Name != want {
			t.Errorf("%s: %s", contentType, v.Name)
		}
	}
}
