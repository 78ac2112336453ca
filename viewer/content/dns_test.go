package content

import (
	"strings"
	"testing"
)

const (
	dnsQuery    = "\x00\x2a\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03dns\x06google\x00\x00\x01\x00\x01"
	dnsQueryEnd = "questions:\n- name: dns.google\n  type: A\n  class: IN\nanswers: []\nauthorities: []\nadditionals: []\nsize: 0\n"
	dnsFlags    = "authoritative_answer: false\ntruncation: false\nrecursion_desired: true\nrecursion_available: false\n"
	dnsShown    = "id: 42\nquery: true\nop_code: QUERY\n" + dnsFlags + "response_code: NOERROR\n" + dnsQueryEnd
)

func TestDNS(t *testing.T) {
	pointers := dnsQuery[:4] + "\x01\x2d" + dnsQuery[6:12] + "\x00\x00\x01\x00\x01"
	for i := range 300 {
		at := 12 // of the name of one byte, and then of the pointer before
		if i > 0 {
			at = 17 + 6*(i-1)
		}
		pointers += string([]byte{0xc0 | byte(at>>8), byte(at), 0, 1, 0, 1})
	}
	for _, test := range []struct{ name, in, want string }{
		{"query", dnsQuery, dnsShown},
		{"with its length", "\x00\x1c" + dnsQuery, dnsShown},
		{"flags", "\x00\x01\xae\x83" + strings.Repeat("\x00", 8),
			"id: 1\nquery: false\nop_code: UPDATE\nauthoritative_answer: true\ntruncation: true\nrecursion_desired: false\n" +
				"recursion_available: true\nresponse_code: NXDOMAIN\nquestions: []\nanswers: []\nauthorities: []\nadditionals: []\nsize: 0\n"},
		{"empty", "", "[byte 0: the data ends too soon]"},
		{"text", "foobar", "[byte 0: the data ends too soon]"},
		{"more behind", dnsQuery + "x", "[byte 28: there is data behind the end]"},
		{"cut off", dnsQuery[:27], "[byte 24: the data ends too soon]"},
		{"loop", dnsQuery[:12] + "\xc0\x0c\x00\x01\x00\x01", "[byte 12: a name goes on where it began]"},
		{"pointer forward", dnsQuery[:12] + "\xc0\x20\x00\x01\x00\x01", "[byte 32: a name goes on where it began]"},
		{"label type", dnsQuery[:12] + "\x40", "[byte 13: no label begins so]"},
		{"half a pointer", dnsQuery[:12] + "\xc0", "[byte 13: the data ends too soon]"},
		{"long name", dnsQuery[:12] + strings.Repeat("\x3f"+strings.Repeat("a", 63), 4) + "\x00", "[byte 268: a name is too long]"},
		{"many pointers", pointers, "[byte 12: a name is too long]"},
		{"letters", dnsQuery[:12] + "\x0dxn--bcher-kva\x02\xff.\x00\x00\x01\x00\x01", strings.ReplaceAll(dnsShown, "dns.google", `bücher.\xff.`)},
	} {
		if got := shown(dnsView(), Metadata{}, test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestDNSRecords: the name of each record is that of the question, and other
// names end with its last label.
func TestDNSRecords(t *testing.T) {
	for _, test := range []struct{ kind, data, want string }{
		{"\x00\x01", "\x08\x08\x04\x04", "data: 8.8.4.4\nsize: 4"},
		{"\x00\x01", "\x08", "data: 0x08 (invalid A data)\nsize: 1"},
		{"\x00\x1c", "\x08\x08\x04\x04", "data: 0x08080404 (invalid AAAA data)\nsize: 4"},
		{"\x00\x1c", "\x20\x01\x0d\xb8" + strings.Repeat("\x00", 11) + "\x01", "data: 2001:db8::1\nsize: 16"},
		{"\x00\x05", "\x01a\xc0\x10", "data: a.google\nsize: 10"},
		{"\x00\x0c", "\x0dxn--bcher-kva\x00", "data: bücher\nsize: 15"},
		{"\x00\x02", "\x01a\xc0\xff", "data: 0x0161c0ff (invalid NS data)\nsize: 4"},
		{"\x00\x0f", "\x00\x0a\xc0\x10", "data: '0x000a06676f6f676c6500'\nsize: 10"},
		{"\x00\x21", "\x00\x01\x00\x02\x00\x03\xc0\x10", "data: '0x00010002000306676f6f676c6500'\nsize: 14"},
		{"\x00\x06", "\xc0\x10\xc0\x10\x00\x01", "data: '0x06676f6f676c650006676f6f676c65000001'\nsize: 18"},
		{"\x00\x10", "\x02hi", "data: \"\\x02hi\"\nsize: 3"},
		{"\x00\x10", "\x01\xff", "data: 0x01ff (invalid TXT data)\nsize: 2"},
		{"\x00\x41", "\x00\x01\x00\x00\x01\x00\x03\x02h2\x00\x07\x00\x00", "data:\n    target_name: ''\n    priority: 1\n    alpn: \\x02h2\n    7: ''\nsize: 14"},
		{"\x00\x41", "\x00\x01\x00\x00\x01\x00\x03\x02", "data: 0x0001000001000302 (invalid HTTPS data)\nsize: 8"},
	} {
		message := "\x00\x2a\x81\x00\x00\x01\x00\x01" + dnsQuery[8:] + "\xc0\x0c" + test.kind + "\x00\x01\x00\x00\x00\x3c\x00" + string(rune(len(test.data))) + test.data
		_, got, _ := strings.Cut(shown(dnsView(), Metadata{}, message), "ttl: 60\n  ")
		got = strings.Replace(got, "authorities: []\nadditionals: []\n", "", 1)
		if got = strings.TrimSpace(got); got != test.want {
			t.Errorf("%q: %q, want %q", test.data, got, test.want)
		}
	}
}

func TestDNSPriority(t *testing.T) {
	for _, test := range []struct {
		meta Metadata
		want string
	}{
		{Describe("application/dns-message"), "dns"},
		{Metadata{Origin: DNS}, "dns"},
		{Metadata{Origin: UDP, Port: 53}, "dns"},
		{Metadata{Origin: TCP, Port: 5353}, "dns"},
		{Metadata{Origin: TCP, Port: 54}, "text"},
	} {
		if v := choose(test.meta, []byte("a")); v.Name != test.want {
			t.Errorf("%+v: %s", test.meta, v.Name)
		}
	}
}
