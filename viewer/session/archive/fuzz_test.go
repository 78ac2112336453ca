package archive

import (
	"archive/zip"
	"context"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// FuzzReader changes four bytes of small archives anywhere, and cuts them:
// reading them ends, and costs no more than it may.
func FuzzReader(f *testing.F) {
	const limit = 1 << 20
	format := format([]session.Format{lines}, limit)
	text := linesMagic + strings.Repeat("a line of a capture\n", 30)
	seeds := [][]byte{
		pack(f, gzipped, text), pack(f, deflate, text), pack(f, zstded, text),
		zipOf(f, deflated("a.lines", text+"@b\n"), deflated("b", text[10:]), entry{name: "c.lines", content: text, method: zip.Store},
			entry{name: "d.lines", content: text, method: zstdMethod}),
		zipOf(f, deflated("a.gz", string(pack(f, gzipped, text))), deflated("b.zip", string(zipOf(f, deflated("a.lines", text))))),
	}
	for i, seed := range seeds {
		if l, err := readWith(f, format, seed); err != nil || len(l.bodies) < 30 {
			f.Fatalf("seed %d has %d flows, %v", i, len(l.bodies), err)
		}
		f.Add(uint8(i), uint16(0), uint16(0), uint32(0))
		for at := 0; at < len(seed); at += 13 {
			f.Add(uint8(i), uint16(at), uint16(at%5*at/7), uint32(at)*2654435761)
		}
	}
	f.Fuzz(func(t *testing.T, seed uint8, at, cut uint16, change uint32) {
		file := append([]byte(nil), seeds[int(seed)%len(seeds)]...)
		for i := range 4 {
			file[(int(at)+i)%len(file)] ^= byte(change >> (8 * i))
		}
		file = file[:len(file)-int(cut)%len(file)]
		_ = format.Sniff(file)
		readAll(t, format, file, limit)
	})
}

// FuzzZip reads anything as an archive.
func FuzzZip(f *testing.F) {
	const limit = 1 << 20
	format := format([]session.Format{lines}, limit)
	seed := zipOf(f, deflated("a.lines", ab+"@b\n"), entry{name: "b", content: ab, method: zip.Store})
	if l, err := readWith(f, format, seed); err != nil || len(l.bodies) != 5 {
		f.Fatalf("the seed has %d flows, %v", len(l.bodies), err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, file []byte) { readAll(t, format, file, limit) })
}

func readAll(t *testing.T, format session.Format, file []byte, limit int64) {
	r, err := format.Open(context.Background(), blob.Bytes(file))
	if err != nil {
		if !strings.HasPrefix(err.Error(), "archive: ") || strings.Contains(err.Error(), "archive: archive: ") {
			t.Fatal(err)
		}
		return
	}
	defer r.Close()
	list, _ := session.ReadAll(r)
	used := r.(*reader)
	for _, m := range used.opened {
		if m.size > limit+int64(len(file)) {
			t.Fatalf("a capture of %d bytes", m.size)
		}
	}
	for _, f := range list.Flows {
		if src, err := r.Body(f.Response.Body); err == nil && src.Size() < limit {
			_, _ = blob.ReadAll(src)
		}
	}
}
