package hostile

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session/mitm"
)

// lengthInputs say of themselves how long they are, and lie.
func lengthInputs() []Input {
	record := string(written(mitm.Writer, flows{sound(0)}))
	length, rest, _ := strings.Cut(record, ":")
	return []Input{
		{Name: "mitm: lying lengths", Records: 9, Flows: 9, Make: func() []byte {
			var b strings.Builder
			for _, lie := range []string{"999999999999", "9999999999999999999999", "1", "0", "-5", "+7", "000000000" + length, " 12", "\u0661"} {
				b.WriteString(lie + ":" + rest + record)
			}
			return []byte(b.String())
		}},
		{Name: "mitm: lying lengths within", Records: 8, Flows: 4, Make: func() []byte {
			b := record
			for _, lie := range []struct{ from, to string }{
				{"9:timestamp", "900:timestamp"}, {"5:sound,", "6:sound,"}, {"5:sound,", "4:sound,"}, {"7:headers", "999999999999:headers"},
			} {
				b += strings.Replace(record, lie.from, lie.to, 1) + record
			}
			return []byte(b)
		}},
		{Name: "mitm: digits alone", Make: func() []byte { return bytes.Repeat([]byte("1"), 2<<20) }},
		{Name: "mitm: beginnings of records", Make: func() []byte { return []byte(record + strings.Repeat("900000:4:type;4:http;", 1<<16)) }},
		{Name: "mitm: records in records", Make: func() []byte { return []byte(strings.Repeat(length+":", 1<<17) + rest) }},
		{Name: "har: cut in a text", Records: 1, Make: func() []byte {
			return []byte(`{"log":{"entries":[{"request":{"url":"http://a/"},"response":{"content":{"text":"` + strings.Repeat(`\u00`, 1<<18))
		}},
		{Name: "har: sizes that lie", Records: 3, Flows: 3, Make: func() []byte {
			entry := func(size string) string {
				return `{"startedDateTime":"2026-01-01T00:00:00Z","time":` + size + `,"request":{"method":"GET","url":"http://a/","headersSize":` + size + `,"bodySize":` + size +
					`},"response":{"status":` + size + `,"bodySize":` + size + `,"content":{"size":` + size + `,"compression":` + size + `,"encoding":"base64","text":"AA=A!!==\u0000"}},"timings":{"wait":` + size + `,"dns":` + size + `}}`
			}
			return []byte(`{"log":{"entries":[` + entry("1e308") + "," + entry("-9999999999999999999999") + "," + entry("0.0000001e-99999") + `]}}`)
		}},
		{Name: "pbstream: lying lengths", Records: 4, Flows: 4, Make: func() []byte {
			good := stream(flows{sound(0)})
			var b []byte
			for _, lie := range []uint64{math.MaxUint64, 1 << 62, 1 << 31, 3} {
				b = append(append(protowire.AppendVarint(append(b, good...), lie), sound(1).Append(nil)...), good...)
			}
			return append(b, bytes.Repeat([]byte{0x80}, 4096)...)
		}},
		{Name: "pbstream: zero bytes", Make: func() []byte { return append(stream(flows{sound(0)}), make([]byte, 8<<20)...) }, Records: 1, Flows: 1},
		{Name: "pbstream: overlapping bodies", Records: 100, Flows: 100, Make: func() []byte { return stream(overlapping(flowpb.Body_RAW)) }},
		{Name: "sqlite: a header alone", Make: func() []byte {
			h := make([]byte, 100)
			copy(h, "SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20")
			binary.BigEndian.PutUint32(h[28:], math.MaxUint32)
			return h
		}},
	}
}

// overlapping flows have bodies that lie over each other, outside of the file,
// and in other files.
func overlapping(encoding flowpb.Body_Encoding) flows {
	var all flows
	for i := range uint64(100) {
		f := exchange("overlapping", "text/plain", nil)
		f.Response.Body = &flowpb.Body{Encoding: &encoding, Offset: new(i * 7), Length: new(uint64(5000)), Source: new(uint32(i % 3))}
		f.Request.Body = &flowpb.Body{Encoding: new(flowpb.Body_Encoding(i % 7)), Offset: new(math.MaxUint64 - i), Length: new(uint64(math.MaxUint64)), Member: new(uint32(i))}
		f.Request.Content = nil
		all = append(all, f)
	}
	return all
}
