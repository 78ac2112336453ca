package hostile

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session/mitm"
)

// exploded is how many bytes a bomb of a body has when it is decompressed: of one
// more than is ever shown, of the others more than a view is given.
const (
	exploded = 40 << 20
	most     = 160 << 20
)

// zeros returns so many bytes of nothing, compressed.
func zeros(n int64, to func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	w := to(&b)
	chunk := make([]byte, 1<<20)
	for ; n > 0; n -= int64(len(chunk)) {
		if _, err := w.Write(chunk[:min(n, int64(len(chunk)))]); err != nil {
			panic("hostile: " + err.Error())
		}
	}
	if err := w.Close(); err != nil {
		panic("hostile: " + err.Error())
	}
	return b.Bytes()
}

func toGzip(w io.Writer) io.WriteCloser   { return gzip.NewWriter(w) }
func toZlib(w io.Writer) io.WriteCloser   { return zlib.NewWriter(w) }
func toBrotli(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 5) }

func toZstd(w io.Writer) io.WriteCloser {
	z, err := zstd.NewWriter(w)
	if err != nil {
		panic("hostile: " + err.Error())
	}
	return z
}

func packed(b []byte, to func(io.Writer) io.WriteCloser) []byte {
	var out bytes.Buffer
	w := to(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func gzipped(b []byte) []byte { return packed(b, toGzip) }

// bombInputs are small while they are compressed.
func bombInputs() []Input {
	record := written(mitm.Writer, flows{sound(0)})
	return []Input{
		{Name: "mitm: bombs as bodies", Records: 9, Flows: 9, Large: true, Make: func() []byte { return written(mitm.Writer, bombs()) }},
		{Name: "gzip: zeros", Make: func() []byte { return zeros(64<<20, toGzip) }},
		{Name: "gzip: a flow and zeros", Records: 1, Flows: 1, Make: func() []byte { return append(gzipped(record), zeros(64<<20, toGzip)...) }},
		{Name: "zstd: zeros", Make: func() []byte { return zeros(64<<20, toZstd) }},
		{Name: "zstd: a window of everything", Make: func() []byte { return []byte("\x28\xb5\x2f\xfd\x00\xff\x01\x00\x00") }},
		{Name: "gzip: gzip in gzip", Make: func() []byte {
			b := record
			for range 200 {
				b = gzipped(b)
			}
			return b
		}},
		{Name: "zip: one content for all", Make: func() []byte { return overlappingZip(2000) }},
		{Name: "zip: zip in zip", Make: func() []byte {
			b := record
			for range 100 {
				b = zipOf(map[string][]byte{"inner.zip": b})
			}
			return b
		}},
		{Name: "zip: names", Records: 3, Flows: 3, Make: func() []byte {
			return zipOf(map[string][]byte{"../../../../etc/passwd.mitm": record, "/abs\x00\x1b.mitm": record, "<img src=x onerror=" + Canary + "=1>.mitm": record, strings.Repeat("n", 60_000): []byte("x"), "__proto__": {}})
		}},
		{Name: "zip: sizes that lie", Make: func() []byte {
			b := zipOf(map[string][]byte{"a.mitm": record})
			at := bytes.LastIndex(b, []byte("PK\x01\x02"))
			binary.LittleEndian.PutUint32(b[at+24:], 0xfffffffe)
			return b
		}},
		{Name: "zip: a list that lies", Make: func() []byte {
			return append(record, "PK\x05\x06\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00"...)
		}},
	}
}

// bombs are flows whose bodies are bombs, by their content encodings.
func bombs() flows {
	chain := sound(0).Response.Content
	for range 60 {
		chain = gzipped(chain)
	}
	bodies := []struct {
		encoding string
		body     []byte
	}{
		{"gzip", zeros(most, toGzip)}, {"deflate", zeros(exploded, toZlib)}, {"br", zeros(exploded, toBrotli)}, {"zstd", zeros(exploded, toZstd)},
		{"gzip, br", packed(zeros(exploded, toGzip), toBrotli)}, {strings.Repeat("gzip, ", 59) + "gzip", chain}, {"gzip", gzipped(gzipped(chain))},
		{"<script>" + script + "</script>\x1b", []byte("x")}, {"zstd", []byte("\x28\xb5\x2f\xfd\x00\xff\x01\x00\x00")},
	}
	var all flows
	for i, b := range bodies {
		f := exchange(fmt.Sprint("bomb-", i), "application/json", b.body)
		f.Response.Headers = append(f.Response.Headers, &flowpb.HTTPHeader{Name: []byte("Content-Encoding"), Value: []byte(b.encoding)})
		all = append(all, f)
	}
	return all
}

func zipOf(members map[string][]byte, names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if w, err := z.Create(name); err == nil {
			w.Write(members[name])
		}
	}
	for _, name := range names {
		if w, err := z.Create(name); err == nil {
			w.Write([]byte(name))
		}
	}
	z.Close()
	return b.Bytes()
}

// flat returns so many members of a zip archive.
func flat(n int) map[string][]byte {
	members := map[string][]byte{}
	for i := range n {
		members[fmt.Sprint("member-", i)] = nil
	}
	return members
}

// overlappingZip returns an archive in which a thousand names share the content
// of one: so many captures of 8 MB each.
func overlappingZip(names int) []byte {
	var content bytes.Buffer
	w, _ := flate.NewWriter(&content, flate.BestCompression)
	record := written(mitm.Writer, flows{sound(0)})
	plain := append(record, bytes.Repeat([]byte("1"), 8<<20)...)
	w.Write(plain)
	w.Close()
	const local, central = "PK\x03\x04", "PK\x01\x02"
	head := func(sign string) []byte {
		b := []byte(sign)
		if sign == central {
			b = append(b, 20, 0)
		}
		b = append(b, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0)
		b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(plain))
		b = binary.LittleEndian.AppendUint32(b, uint32(content.Len()))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(plain)))
		b = append(b, 6, 0, 0, 0)
		if sign == central {
			b = append(b, make([]byte, 14)...)
		}
		return b
	}
	b := append(append(head(local), "a.mitm"...), content.Bytes()...)
	begin := len(b)
	for i := range names {
		b = append(append(b, head(central)...), fmt.Sprintf("%06d", i)...)
	}
	end := []byte("PK\x05\x06\x00\x00\x00\x00")
	end = binary.LittleEndian.AppendUint16(end, uint16(names))
	end = binary.LittleEndian.AppendUint16(end, uint16(names))
	end = binary.LittleEndian.AppendUint32(end, uint32(len(b)-begin))
	end = binary.LittleEndian.AppendUint32(end, uint32(begin))
	return append(append(b, end...), 0, 0)
}
