package content

import (
	"strings"
	"testing"
)

func TestHTTP3(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"data", "\x00\x02hi", "DATA Frame\n0000:   68 69" + strings.Repeat(" ", 48) + "hi"},
		{"no data", "\x00\x00", "DATA Frame\n"},
		{"headers", "\x01\x06\x00\x00\xd1\xd9\xc1\x80", "HEADERS Frame\n:method: GET\n:status: 200\n:path: /\n[dynamic 0]"},
		{"a request", "\x01\x1d\x00\x00\xd1\xc1\xd7P\x8a\x08\x9d\\\x0b\x81p\xdcx\x0f\x03_P\x88%\xb6P\xc3\xab\xbc\xda\xe0\xdd",
			"HEADERS Frame\n:method: GET\n:path: /\n:scheme: https\n:authority: 127.0.0.1:8080\nuser-agent: curl/7.85.0\naccept: */*"},
		{"two frames", "\x01\x03\x00\x00\xd9\x00\x01!", "HEADERS Frame\n:status: 200\n\nDATA Frame\n0000:   21" + strings.Repeat(" ", 51) + "!"},
		{"broken headers", "\x01\x01\x00", "HEADERS Frame (error: byte 1: the data ends too soon)\n0000:   00" + strings.Repeat(" ", 51) + "."},
		{"unknown", "\x40\x21\x01a", "0x21 Frame\n0000:   61" + strings.Repeat(" ", 51) + "a"},
		{"control stream", "\x00\x04\x0d\x06\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x07\x00",
			"Control Stream\n\nSETTINGS Frame\nMAX_FIELD_SECTION_SIZE: 0x3fffffffffffffff\nQPACK_MAX_TABLE_CAPACITY: 0x0\nQPACK_BLOCKED_STREAMS: 0x0"},
		{"control stream, all", "\x00\x04\x13\x08\x01\x21\x02\x33\x03\xab\x60\x37\x42\x04\x05\x40\x80\x02\x01\x40\x41\x05\x07\x01\x05",
			"Control Stream\n\nSETTINGS Frame\nENABLE_CONNECT_PROTOCOL: 0x1\nDUMMY: 0x2\nH3_DATAGRAM: 0x3\nENABLE_WEBTRANSPORT: 0x4\n0x5: 0x80\n0x2: 0x1\n0x41: 0x5\n\n0x7 Frame\n0000:   05" + strings.Repeat(" ", 51) + "."},
		{"settings", "\x04\x01\x06", "SETTINGS Frame (error: byte 1: the data ends too soon)\n0000:   06" + strings.Repeat(" ", 51) + "."},
		{"data of four bytes", "\x00\x04\x0d\x06\xff\xff", "DATA Frame\n0000:   0d 06 ff ff" + strings.Repeat(" ", 42) + "...."},
		{"QPACK encoder", "\x02\x3f", "QPACK Encoder Stream\n\nInstructions\n0000:   3f" + strings.Repeat(" ", 51) + "?"},
		{"QPACK decoder", "\x03", "QPACK Decoder Stream"},
		{"cut off", "\x00\x40\x80a", "DATA Frame (1 of 128 bytes)\n0000:   61" + strings.Repeat(" ", 51) + "a"},
		{"begin", "\x00\x40", "Begin of a frame\n0000:   00 40" + strings.Repeat(" ", 48) + ".@"},
	} {
		if got := shown(http3View(), Metadata{}, test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	for _, test := range []struct {
		meta Metadata
		want string
	}{
		{Metadata{Origin: TCP, ALPN: "h3"}, "http/3 frames"},
		{Metadata{Origin: TCP, ALPN: "h3-29"}, "http/3 frames"},
		{Metadata{Origin: TCP, ALPN: "h2"}, "text"},
		{Metadata{Origin: HTTP, ALPN: "h3"}, "text"},
	} {
		if v := choose(test.meta, nil); v.Name != test.want {
			t.Errorf("%+v: %s", test.meta, v.Name)
		}
	}
}

func TestFieldLines(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		// RFC 9204, appendix B.1 and, with the dynamic table, B.2.
		{"literal", "\x00\x00\x51\x0b/index.html", ":path: /index.html"},
		{"dynamic", "\x03\x81\x10\x11", "[dynamic +0]\n[dynamic +1]"},
		// RFC 7541, appendix C.4.1 and C.6.1, by the rules of QPACK.
		{"compressed", "\x00\x00\x50\x8c\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff", ":authority: www.example.com"},
		{"compressed name", "\x00\x00\x2f\x01\x25\xa8\x49\xe9\x5b\xa9\x7d\x7f\x89\x25\xa8\x49\xe9\x5b\xb8\xe8\xb4\xbf", "custom-key: custom-value"},
		{"digits", "\x00\x00\x46\x96\xd0\x7a\xbe\x94\x10\x54\xd4\x44\xa8\x20\x05\x95\x04\x0b\x81\x66\xe0\x82\xa6\x2d\x1b\xff", "[dynamic 6]: Mon, 21 Oct 2013 20:13:21 GMT"},
		{"plain name", "\x00\x00\x23a-b\x02cd", "a-b: cd"},
		{"name behind the base", "\x00\x00\x02\x01v", "[dynamic +2]: v"},
		{"large index", "\x00\x00\xff\x23", "x-frame-options: sameorigin"},
		{"beyond the table", "\x00\x00\xff\x24", "[byte 4: the static table has no such field]"},
		{"bytes", "\x00\x00\x51\x01\xff", ":path: \\xff"},
		{"bad end", "\x00\x00\x51\x81\x00", "[text is not compressed as it should be]"},
		{"long end", "\x00\x00\x51\x82\x1f\xff", "[text is not compressed as it should be]"},
		{"end symbol", "\x00\x00\x51\x84\xff\xff\xff\xff", "[text is not compressed as it should be]"},
		{"no value", "\x00\x00\x51", "[byte 3: the data ends too soon]"},
		{"value cut off", "\x00\x00\x51\x05a", "[byte 4: the data ends too soon]"},
		{"large number", "\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "[byte 12: a number is too large]"},
		{"nothing", "", "[byte 0: the data ends too soon]"},
	} {
		lines, err := fieldLines([]byte(test.in))
		got := printable(strings.Join(lines, "\n"))
		if err != nil {
			got = "[" + err.Error() + "]"
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if n := strings.Count(qpackStatic, "\n") + 1; n != 99 {
		t.Errorf("%d fields in the static table", n)
	}
}
