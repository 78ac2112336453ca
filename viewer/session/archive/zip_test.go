package archive

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
)

const zstdMethod = zstd.ZipMethodWinZip

func TestZip(t *testing.T) {
	l, err := read(t, zipOf(t,
		deflated("readme.txt", strings.Repeat("read me ", 10)),
		entry{name: "dir/"},
		deflated(`dir\a.lines`, ab+"?why\n={\"version\":\"1.2\",\"pages\":[1, 2]}\n"),
		entry{name: "stored.lines", content: linesMagic + "one of the stored lines\n={\"pages\":[3],\"comment\":\"x\"}\n", method: zip.Store},
		entry{name: "z.lines", content: linesMagic + "of a zstd member, and long\n!why\nnever\n", method: zstdMethod},
		deflated("b.lines", linesMagic+"the last one of all captures\n"),
	))
	if want := []string{"first of the two lines", "second", "one of the stored lines", "of a zstd member, and long", "the last one of all captures"}; err != nil || !slices.Equal(l.bodies, want) {
		t.Errorf("%q, want %q, %v", l.bodies, want, err)
	}
	if want := []string{"dir/a.lines: byte 36: why", "z.lines: lines: why"}; !slices.Equal(l.issues, want) {
		t.Errorf("issues %q, want %q", l.issues, want)
	}
	if want := `{"pages":[1, 2,3],"_logs":[{"version":"1.2"},{"comment":"x"}]}`; l.about != want {
		t.Errorf("about %s, want %s", l.about, want)
	}
	var members []uint32
	for _, f := range l.list.Flows {
		members = append(members, f.Response.Body.GetMember())
	}
	if !slices.Equal(members, []uint32{0, 0, 1, 2, 3}) {
		t.Errorf("members %d", members)
	}
	if _, err := l.r.Body(&flowpb.Body{Member: new(uint32(4))}); err == nil {
		t.Error("there is a fifth capture")
	}
}

// TestZip64 reads an archive whose sizes and places are in fields of 64 bits.
func TestZip64(t *testing.T) {
	content := []byte(ab)
	le := binary.LittleEndian
	const max16, max32 = 0xffff, 0xffffffff
	sizes := le.AppendUint64(le.AppendUint64(nil, uint64(len(content))), uint64(len(content)))
	local := append(le.AppendUint16(le.AppendUint16(nil, 1), 16), sizes...)
	var b []byte
	put := func(values ...any) {
		for _, v := range values {
			switch v := v.(type) {
			case string:
				b = append(b, v...)
			case uint16:
				b = le.AppendUint16(b, v)
			case uint32:
				b = le.AppendUint32(b, v)
			case uint64:
				b = le.AppendUint64(b, v)
			case []byte:
				b = append(b, v...)
			}
		}
	}
	common := func() {
		put(uint16(45), uint16(0), uint16(zip.Store), uint32(0), crc32.ChecksumIEEE(content), uint32(max32), uint32(max32), uint16(1))
	}
	put("PK\x03\x04")
	common()
	put(uint16(len(local)), "a", local, content)
	directory := uint64(len(b))
	extra := append(le.AppendUint16(le.AppendUint16(nil, 1), 24), sizes...)
	extra = le.AppendUint64(extra, 0)
	put("PK\x01\x02", uint16(45))
	common()
	put(uint16(len(extra)), uint16(0), uint16(0), uint16(0), uint32(0), uint32(max32), "a", extra)
	end := uint64(len(b))
	put("PK\x06\x06", uint64(44), uint16(45), uint16(45), uint32(0), uint32(0), uint64(1), uint64(1), end-directory, directory)
	put("PK\x06\x07", uint32(0), end, uint32(1))
	put("PK\x05\x06", uint16(0), uint16(0), uint16(max16), uint16(max16), uint32(max32), uint32(max32), uint16(0))
	l, err := read(t, b)
	if err != nil || !slices.Equal(l.bodies, []string{"first of the two lines", "second"}) {
		t.Errorf("%q, %v", l.bodies, err)
	}
}

// TestDamagedMember reads what comes before a damage, and the other members.
func TestDamagedMember(t *testing.T) {
	file := zipOf(t, deflated("a.lines", many()), deflated("b.lines", linesMagic+"the last one of all captures\n"))
	clear(file[1<<20:][:50])
	l, err := read(t, file)
	if err != nil || len(l.issues) < 1 || len(l.bodies) < 1000 || l.bodies[len(l.bodies)-1] != "the last one of all captures" {
		t.Fatalf("%d flows, issues %q, %v", len(l.bodies), l.issues, err)
	}
	if want := fmt.Sprintf(" of its %d bytes can be read: ", len(many())); !strings.HasPrefix(l.issues[0], "a.lines: ") || !strings.Contains(l.issues[0], want) {
		t.Errorf("issues %q", l.issues)
	}
}
