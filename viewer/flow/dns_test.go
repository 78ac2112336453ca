package flow

import (
	"strings"
	"testing"

	"flowpane/proto/flowpb"
)

func record(kind int32, data ...byte) *flowpb.DNSRecord {
	return &flowpb.DNSRecord{Type: new(kind), Data: data}
}

func TestRecordText(t *testing.T) {
	for _, test := range []struct {
		kind       int32
		data, want string
	}{
		{1, "\x08\x08\x08\x08", "8.8.8.8"},
		{1, "\x01\x02", "0x0102 (invalid A data)"},
		{28, "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01", "2001:db8::1"},
		{28, "\x08\x08\x08\x08", "0x08080808 (invalid AAAA data)"},
		{5, "\x01b\x04test\x00", "b.test"},
		{5, "\x00", ""},
		{5, "\x01b\x04test", "0x01620474657374 (invalid CNAME data)"},
		{5, "\x01b\x00\x00", "0x01620000 (invalid CNAME data)"},
		{5, "\xc0\x0c", "0xc00c (invalid CNAME data)"},
		{2, "", "0x (invalid NS data)"},
		{12, "\x0dxn--bcher-kva\x04test\x00", "bücher.test"},
		{12, "\x0cxn--fiqs8s!!\x00", "0x0c786e2d2d666971733873212100 (invalid PTR data)"},
		{12, "\x02\xc3\xa9\x00", "0x02c3a900 (invalid PTR data)"},
		{16, "\x06v=spf1", "\x06v=spf1"},
		{16, "\xff", "0xff (invalid TXT data)"},
		{15, "\x00\x0a\x02mx\x00", "0x000a026d7800"},
		{65, "\x00\x01\x01a\x04test\x00\x00\x01\x00\x03\x02h2\x00\x07\x00\x01'", `{'target_name': 'a.test', 'priority': 1, 'alpn': '\\x02h2', 7: "'"}`},
		{65, "\x00\x01\x00\x00\x01\x00\x01a\x00\x03\x00\x00\x00\x01\x00\x01b", `{'target_name': '', 'priority': 1, 'alpn': 'b', 'port': ''}`},
		{65, "\xff\xff\x01\n\x00", `{'target_name': '\n', 'priority': -1}`},
		{65, "\x00", "0x00 (invalid HTTPS data)"},
		{65, "\x00\x01\x00\x00\x01\x00\x05a", "0x0001000001000561 (invalid HTTPS data)"},
	} {
		if got := RecordText(record(test.kind, []byte(test.data)...)); got != test.want {
			t.Errorf("type %d, %q: %q, want %q", test.kind, test.data, got, test.want)
		}
	}
}

func TestDNSText(t *testing.T) {
	m := &flowpb.DNSMessage{
		Questions:   []*flowpb.DNSQuestion{{Name: []byte("dns.google")}},
		Answers:     []*flowpb.DNSRecord{record(1, 8, 8, 8, 8)},
		Authorities: []*flowpb.DNSRecord{record(1, 8, 8, 4, 4)},
	}
	if got := DNSText(m); got != "dns.google\r\n8.8.8.8\r\n8.8.4.4" || DNSSize(m) != 8 {
		t.Errorf("%q, %d bytes", got, DNSSize(m))
	}
	if DNSText(nil) != "" || DNSSize(nil) != 0 {
		t.Error("no message has text")
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct {
		name func(int32) string
		n    int32
		want string
	}{
		{RecordType, 1, "A"}, {RecordType, 0, "TYPE(0)"}, {RecordType, 54, "TYPE(54)"}, {RecordType, 109, "EUI64"},
		{RecordType, 110, "TYPE(110)"}, {RecordType, 248, "TYPE(248)"}, {RecordType, 249, "TKEY"}, {RecordType, 255, "ANY"},
		{RecordType, 257, "CAA"}, {RecordType, 261, "TYPE(261)"}, {RecordType, 32769, "DLV"}, {RecordType, -1, "TYPE(-1)"},
		{RecordClass, 1, "IN"}, {RecordClass, 2, "CLASS(2)"}, {OpCode, 0, "QUERY"}, {OpCode, 3, "OPCODE(3)"},
		{OpCode, 6, "DSO"}, {OpCode, 7, "OPCODE(7)"}, {ResponseCode, 11, "DSOTYPENI"}, {ResponseCode, 12, "RCODE(12)"},
	} {
		if got := test.name(test.n); got != test.want {
			t.Errorf("%d: %q, want %q", test.n, got, test.want)
		}
	}
}

// The samples are of RFC 3492, section 7.1.
func TestPunycode(t *testing.T) {
	for in, want := range map[string]string{
		"ihqwcrb4cv8a8dqg056pqjye":       "他们为什么不说中文",
		"Proprostnemluvesky-uyb24dma41a": "Pročprostěnemluvíčesky",
		"-> $1.00 <--":                   "-> $1.00 <-",
		"de-jg4avhby1noc0d":              "パフィーdeルンバ",
		"":                               "",
	} {
		if got, ok := punycode(in); got != want || !ok {
			t.Errorf("%q: %q, %v", in, got, ok)
		}
	}
	for _, in := range []string{"\x80", "99999999", "a-!", "zzzzzzzzzz99999999"} {
		if got, ok := punycode(in); ok {
			t.Errorf("%q decodes to %q", in, got)
		}
	}
}

func TestUnicodeHost(t *testing.T) {
	longest := "xn--" + strings.Repeat("a", 59)
	for in, want := range map[string]string{
		"xn--caf-dma.test":       "café.test",
		"a.XN--caf-dma.xn--p1ai": "a.café.рф",
		"Plain.test.":            "Plain.test.",
		"":                       "",
		"xn--caf-dma.xn--!":      "xn--caf-dma.xn--!",
		"xn--caf-dma.\xff":       "xn--caf-dma.\xff",
		longest:                  strings.Repeat("\u0080", 59),
		longest + "a":            longest + "a",
		"::1":                    "::1",
	} {
		if got := UnicodeHost(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
