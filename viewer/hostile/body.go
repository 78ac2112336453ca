package hostile

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"flowpane/viewer/session/mitm"
)

// bodyInputs are sessions with bodies of every kind that views show, as no
// program writes them.
func bodyInputs() []Input {
	var all flows
	for i, b := range bodies() {
		all = append(all, exchange(fmt.Sprint("body-", i), b.ContentType, []byte(b.Body)))
	}
	return []Input{{Name: "mitm: bodies", Records: len(all), Flows: len(all), Make: func() []byte { return written(mitm.Writer, all) }}}
}

func bodies() []Document {
	nested := func(open, inner, closed string) string {
		return strings.Repeat(open, deep) + inner + strings.Repeat(closed, deep)
	}
	const many = 50_000
	docs := []Document{
		// What nests.
		{"application/json", nested("[", "", "]")}, {"application/json", nested(`{"a":`, "1", "}")}, {"application/json", strings.Repeat("[", 20*deep)},
		{"application/json", strings.Repeat(`{"a":[`, 20*deep)}, {"application/json; variant=lines", strings.Repeat("[1]\n", many)},
		{"text/xml", nested("<a>", "x", "</a>")}, {"text/html", nested("<div>", "x", "</div>")}, {"text/html", strings.Repeat("<b><table>", many)},
		{"application/cbor", nested("\x81", "\x00", "")}, {"application/cbor", nested("\xa1\x61a", "\x00", "")}, {"application/cbor", strings.Repeat("\x9f", 20*deep)}, {"application/cbor", strings.Repeat("\xc1", 20*deep)},
		{"application/msgpack", nested("\x91", "\x00", "")}, {"application/msgpack", nested("\x81\xa1a", "\x00", "")}, {"application/msgpack", "\xdf\xff\xff\xff\xff" + strings.Repeat("\xdd\xff\xff\xff\xff", 1000)},
		{"application/x-protobuf", string(deepMessage([]byte{8, 1}, 1))}, {"application/x-protobuf", strings.Repeat("\x0b", 20*deep)}, {"application/grpc", "\x00\x00\x00\xff\xff" + string(deepMessage([]byte{8, 1}, 1))},
		{"application/x-protobuf", strings.Repeat("\x08\x01", many)}, {"application/x-protobuf", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x"},
		{"multipart/form-data; boundary=a", multiparts()}, {"multipart/form-data; boundary=" + strings.Repeat("b", 100_000), "--" + strings.Repeat("b", 100_000)},
		{"multipart/form-data; boundary=a", strings.Repeat("--a\r\n\r\n", many)}, {"multipart/form-data; boundary=a", "--a\r\nContent-Disposition: form-data; name=\"<b>\x1b\"; filename=\"../../x\x00\"\r\n" + strings.Repeat("X: y\r\n", many) + "\r\n--a--"},
		{"text/css", nested("a{", "b:c", "}")}, {"text/css", strings.Repeat("a:not(", 20*deep)}, {"text/css", strings.Repeat("/*", many)},
		{"text/javascript", nested("(", "1", ")")}, {"text/javascript", strings.Repeat("`${", 20*deep)}, {"text/javascript", strings.Repeat("/", many)},
		{"application/graphql", nested("{a", "", "}")}, {"application/json", `{"query":"` + nested("{a", "", "}") + `"}`},
		{"application/x-www-form-urlencoded", strings.Repeat("&", many)}, {"application/x-www-form-urlencoded", strings.Repeat("%", many)}, {"application/x-www-form-urlencoded", "a=" + strings.Repeat("%25", many)},
		{"text/event-stream", strings.Repeat("data\n\n", many)}, {"text/event-stream", strings.Repeat("data:x\n", many)}, {"text/event-stream", strings.Repeat("\r", many)},
		{"text/plain", strings.Repeat("\n", 2*many)}, {"text/plain", strings.Repeat("\u202e\x1b[31m\x00", many)}, {"text/plain", strings.Repeat("\u0301", many)}, {"text/plain", strings.Repeat("x", 2<<20)},
		{"application/jwt", strings.Repeat("eyJhIjoxfQ", 10_000) + "." + strings.Repeat("e30.", 10_000)}, {"application/jose", "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(nested("[", "", "]"))) + "."},
		{"application/vnd.wap.wbxml", "\x03\x01\x6a\x00" + strings.Repeat("\x45", 20*deep)}, {"application/vnd.wap.wbxml", "\x03\x01\x6a\xff\xff\xff\xff\x7f"},
		{"application/pkix-cert", string(sequences())}, {"application/x-x509-ca-cert", "-----BEGIN CERTIFICATE-----\n" + strings.Repeat("A", many) + "\n-----END CERTIFICATE-----\n"}, {"application/x-pem-file", strings.Repeat("-----BEGIN CERTIFICATE-----\n", 20_000)},
		{"application/dns-message", "\x00\x00\x81\x80\xff\xff\xff\xff\xff\xff\xff\xff" + strings.Repeat("\xc0\x0c\x00\x01\x00\x01", 1000)}, {"application/dns-message", "\x00\x00\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + strings.Repeat("\x3f"+strings.Repeat("\xff", 63), 100) + "\xc0\x0c"},
		{"application/socket.io", strings.Repeat("451-[", 20_000)}, {"application/mqtt", strings.Repeat("\x30\xff\xff\xff\x7f", 20_000)}, {"application/http3", strings.Repeat("\x01\xbf\xff\xff\xff", 20_000)},
		{"text/plain", encodedAgain("end", 40)}, {"application/yaml", "a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n"},
		{"application/x-ndjson", strings.Repeat("{}\n", many)}, {"application/json", `"` + strings.Repeat(`\ud800`, many) + `"`}, {"application/json", strings.Repeat("9", many)}, {"application/json", "1e" + strings.Repeat("9", many)}, {"application/json", "{" + strings.Repeat(`"a":1,`, many) + `"a":2}`},
		// Pictures, fonts and films, by their first bytes, of sizes that nothing has.
		{"image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x02\x00\x00\x00" + strings.Repeat("\xff\xff\xff\xfftEXtkey\x00<b>", 1000)},
		{"image/gif", "GIF89a\xff\xff\xff\xff\xff\xff\xff" + strings.Repeat("\x21\xfe\xff", 10_000)}, {"image/jpeg", "\xff\xd8" + strings.Repeat("\xff\xe1\x00\x02", 50_000)}, {"image/jpeg", "\xff\xd8\xff\xe1\xff\xffExif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff" + strings.Repeat("\x00\x01\x02\x00\xff\xff\xff\xff\x00\x00\x00\x00", 4000)},
		{"image/webp", "RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff"}, {"image/avif", "\x00\x00\x00\x1cftypavif" + boxes()}, {"video/mp4", "\x00\x00\x00\x1cftypisom" + boxes()}, {"video/mp4", strings.Repeat("\x00\x00\x00\x08moov", 50_000)},
		{"audio/wav", "RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff"}, {"font/ttf", "\x00\x01\x00\x00\xff\xff\x00\x00\x00\x00\x00\x00" + strings.Repeat("name\x00\x00\x00\x00\x00\x00\x00\x0c\xff\xff\xff\xff", 3000)}, {"font/woff2", "wOF2\x00\x01\x00\x00\xff\xff\xff\xff\xff\xff\x00\x00" + strings.Repeat("\xff", 1000)},
		{"image/x-icon", "\x00\x00\x01\x00\xff\xff" + strings.Repeat("\x00", 20_000)}, {"image/bmp", "BM\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x28\x00\x00\x00\xff\xff\xff\x7f\x00\x00\x00\x80\x01\x00\x20\x00"},
		{"application/zip", string(zipOf(flat(1000), "<img src=x>/../../x\x00"))}, {"application/zip", "PK\x05\x06" + strings.Repeat("\xff", 18)},
	}
	// No type is told.
	for _, b := range [][]byte{nil, {0}, bytes.Repeat([]byte{0xff}, 1<<20), bytes.Repeat([]byte("\x00\x01"), 1<<19)} {
		docs = append(docs, Document{"", string(b)})
	}
	return docs
}

// multiparts returns parts in parts.
func multiparts() string {
	s := "x"
	for range 1000 {
		s = "--a\r\nContent-Type: multipart/form-data; boundary=a\r\n\r\n" + s
	}
	return s
}

// sequences returns a certificate that is sequences in sequences.
func sequences() []byte {
	b := make([]byte, 0, 6*deep)
	for i := deep; i > 0; i-- {
		b = append(b, 0x30, 0x84)
		b = binary.BigEndian.AppendUint32(b, uint32(6*(i-1)))
	}
	return b
}

// boxes returns boxes in boxes, as films have them.
func boxes() string {
	var b []byte
	for i := range uint32(5000) {
		b = append(binary.BigEndian.AppendUint32(b, 8*(5000-i)), "moov"...)
	}
	return string(b)
}

// encodedAgain encodes a text in Base64 again and again.
func encodedAgain(s string, times int) string {
	for range times {
		if len(s) > 1<<20 {
			break
		}
		s = base64.StdEncoding.EncodeToString([]byte(s))
	}
	return s
}
