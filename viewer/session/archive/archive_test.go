package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

const ab = linesMagic + "first of the two lines\nsecond\n"

func TestStreams(t *testing.T) {
	for _, k := range []kind{gzipped, deflate, zstded} {
		l, err := read(t, pack(t, k, ab+"?why\n={\"a\":1}\n"))
		if err != nil || !slices.Equal(l.bodies, []string{"first of the two lines", "second"}) {
			t.Errorf("%s: %q, %v", k, l.bodies, err)
		}
		if want := []string{"decompressed data: byte 36: why"}; !slices.Equal(l.issues, want) {
			t.Errorf("%s: issues %q, want %q", k, l.issues, want)
		}
		if l.about != `{"a":1}` {
			t.Errorf("%s: about %q", k, l.about)
		}
	}
}

// A gzip file may consist of several, one behind the other.
func TestGzipMembers(t *testing.T) {
	l, err := read(t, append(pack(t, gzipped, ab), pack(t, gzipped, "third\n")...))
	if err != nil || len(l.bodies) != 3 || l.bodies[2] != "third" || len(l.issues) > 0 {
		t.Errorf("%q, issues %q, %v", l.bodies, l.issues, err)
	}
}

// many are lines that hardly compress, in several chunks.
func many() string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString(linesMagic)
	for b.Len() < 3*chunkLen {
		for range 8 {
			fmt.Fprintf(&b, "%x", r.Uint64())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestChunks(t *testing.T) {
	file := many()
	l, err := read(t, pack(t, gzipped, file))
	if want := strings.Split(strings.TrimSuffix(file, "\n"), "\n")[1:]; err != nil || !slices.Equal(l.bodies, want) {
		t.Errorf("%d lines, want %d, %v", len(l.bodies), len(want), err)
	}
}

// TestDamagedStreams reads what comes before a damage, and is told of it.
func TestDamagedStreams(t *testing.T) {
	file := many()
	for _, test := range []struct {
		name, why string
		change    func([]byte) []byte
		all       bool
	}{
		{"cut", "it ends too soon", func(b []byte) []byte { return b[:len(b)/2] }, false},
		{"changed", "", func(b []byte) []byte { clear(b[len(b)/2:][:50]); return b }, false},
		{"checksum", "its checksum differs", func(b []byte) []byte { b[len(b)-3] ^= 1; return b }, true},
	} {
		for _, k := range []kind{gzipped, deflate, zstded} {
			l, err := read(t, test.change(pack(t, k, file)))
			if err != nil || len(l.issues) == 0 {
				t.Errorf("%s %s: issues %q, %v", test.name, k, l.issues, err)
				continue
			}
			if got := l.issues[0]; !strings.HasPrefix(got, "byte ") || !strings.Contains(got, string(k)+" data cannot be read from here on: "+test.why) {
				t.Errorf("%s %s: %s", test.name, k, got)
			}
			if all := strings.Count(file, "\n") - 1; len(l.bodies) < all/4 || (len(l.bodies) == all) != test.all && k != zstded {
				t.Errorf("%s %s: %d of %d flows", test.name, k, len(l.bodies), all)
			}
		}
	}
	l, err := read(t, append(pack(t, gzipped, ab), "trailer"...))
	if err != nil || len(l.bodies) != 2 || len(l.issues) != 1 {
		t.Errorf("something behind gzip: %q, issues %q, %v", l.bodies, l.issues, err)
	}
	l, err = read(t, append(pack(t, deflate, ab), "trailer"...))
	want := []string{fmt.Sprintf("byte %d: the zlib data ends here, and 7 bytes behind it are not read", len(pack(t, deflate, ab)))}
	if err != nil || len(l.bodies) != 2 || !slices.Equal(l.issues, want) {
		t.Errorf("something behind zlib: %q, issues %q, %v", l.bodies, l.issues, err)
	}
}

func TestNested(t *testing.T) {
	inner := zipOf(t, deflated("a.lines", ab), deflated("b.lines", linesMagic+"third, in the second capture\n"))
	for _, test := range []struct {
		name    string
		file    []byte
		members []uint32
	}{
		{"gzip in zip", zipOf(t,
			deflated("a.gz", string(pack(t, gzipped, ab))),
			deflated("b.gz", string(pack(t, deflate, linesMagic+"third, in the second capture\n")))), []uint32{0, 0, 1}},
		{"zip in gzip", pack(t, gzipped, string(inner)), []uint32{0, 0, 1}},
		{"zip in zip", zipOf(t, entry{name: "i.zip", content: string(inner), method: zip.Store}, deflated("j.zip", string(inner))), []uint32{0, 0, 1, 2, 2, 3}},
	} {
		l, err := read(t, test.file)
		var members []uint32
		for i, f := range l.bodies {
			if want := []string{"first of the two lines", "second", "third, in the second capture"}[i%3]; f != want {
				t.Errorf("%s: flow %d is %q, want %q", test.name, i, f, want)
			}
			members = append(members, l.list.Flows[i].Response.Body.GetMember())
		}
		if err != nil || !slices.Equal(members, test.members) || len(l.issues) > 0 {
			t.Errorf("%s: members %d, want %d; issues %q, %v", test.name, members, test.members, l.issues, err)
		}
	}
	deep := pack(t, gzipped, string(pack(t, gzipped, string(pack(t, gzipped, ab)))))
	if _, err := read(t, deep); err == nil || !strings.Contains(err.Error(), "not a lines (no LINES)") {
		t.Errorf("three levels: %v", err)
	}
	beside, err := read(t, zipOf(t, deflated("a.lines", ab+"@b.gz\n"), deflated("b.gz", string(pack(t, gzipped, ab)))))
	if err != nil || len(beside.bodies) != 3 || !strings.HasPrefix(beside.bodies[2], "\x1f\x8b") {
		t.Errorf("an archive beside a capture: %q, %v", beside.bodies, err)
	}
}

func TestRefused(t *testing.T) {
	text := strings.Repeat("text ", 20)
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"text in gzip", pack(t, gzipped, text), "archive: the gzip data is no capture: no known capture format: not a lines (no LINES)"},
		{"gzip cut at once", pack(t, gzipped, text)[:10], "archive: the gzip data at byte 10: it ends too soon"},
		{"gzip without data", pack(t, gzipped, text)[:5], "archive: the gzip data at byte 5: it ends too soon"},
		{"cut soon", pack(t, gzipped, text)[:12], "archive: byte 12: the gzip data cannot be read from here on: it ends too soon, and what comes before is no capture: "},
		{"refused", pack(t, gzipped, linesMagic+"refused\n"), "archive: refused"},
		{"zip of text", zipOf(t, deflated("a.txt", text), deflated("b.txt", "short")),
			"archive: no member of the zip archive is a capture: a.txt (no known capture format: not a lines (no LINES)"},
		{"zip of nothing", zipOf(t), "archive: the zip archive has no members"},
		{"zip of folders", zipOf(t, entry{name: "a/"}), "archive: the zip archive has no members"},
		{"cut zip", zipOf(t, deflated("a.lines", ab))[:40], "archive: the zip archive is damaged or cut"},
		{"refused members", zipOf(t, deflated("a", linesMagic+"refused because of this reason\n"), deflated("b", linesMagic+"refused because of that reason\n")),
			"archive: no capture of the zip archive can be read: a: refused; b: refused"},
		{"encrypted", zipOf(t, entry{"a.lines", ab, zip.Deflate, 1}), "a.lines (it is encrypted)"},
		{"method", methodOf(zipOf(t, deflated("a.lines", ab)), 99), "a.lines (its compression method, 99, is not known)"},
		{"many", zipOf(t, slices.Repeat([]entry{deflated("a", "short")}, 8)...), "a (it is too short); and 3 more"},
		{"nothing known", []byte("LINES\nplain"), "archive: it begins as no gzip"},
	} {
		if _, err := read(t, test.file); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// methodOf changes the compression method in the list of members.
func methodOf(file []byte, method byte) []byte {
	at := bytes.Index(file, []byte("PK\x01\x02"))
	file[at+10] = method
	return file
}

func TestEmpty(t *testing.T) {
	l, err := read(t, pack(t, gzipped, ""))
	if err != nil || len(l.bodies) > 0 || len(l.issues) > 0 {
		t.Errorf("%q, issues %q, %v", l.bodies, l.issues, err)
	}
}

// TestLimits opens what is too large when it is decompressed.
func TestLimits(t *testing.T) {
	const limit = 1 << 20
	f := format([]session.Format{lines}, limit)
	bomb := linesMagic + strings.Repeat("0", 10*limit)
	small := deflated("b.lines", linesMagic+"the last one of all captures\n")
	lies := zipOf(t, deflated("a.lines", bomb), small)
	binary.LittleEndian.PutUint32(lies[bytes.Index(lies, []byte("PK\x01\x02"))+24:], 100)
	const want = "it has more than 1 MiB when it is decompressed: unpack it first"
	for name, file := range map[string][]byte{
		"gzip": pack(t, gzipped, bomb), "nested": pack(t, deflate, string(pack(t, gzipped, bomb))),
	} {
		if _, err := readWith(t, f, file); !errors.Is(err, errLimit) || err.Error() != "archive: "+want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, file := range map[string][]byte{"zip": zipOf(t, deflated("a.lines", bomb), small), "lies": lies} {
		l, err := readWith(t, f, file)
		if err != nil || !slices.Equal(l.bodies, []string{"the last one of all captures"}) {
			t.Errorf("%s: %q, %v", name, l.bodies, err)
		}
		if !slices.Equal(l.issues, []string{"a.lines: " + want}) && (name != "lies" || len(l.issues) != 1) {
			t.Errorf("%s: issues %q", name, l.issues)
		}
	}
	stored := zipOf(t, entry{name: "a.lines", content: linesMagic + strings.Repeat("1234567\n", limit), method: zip.Store})
	if l, err := readWith(t, f, stored); err != nil || len(l.bodies) != limit {
		t.Errorf("a stored member costs memory: %v", err)
	}
}

// slow is a Source that cancels while it is read.
type slow struct {
	blob.Source
	reads  int
	cancel func()
}

func (s *slow) ReadAt(p []byte, offset int64) (int, error) {
	if s.reads++; s.reads == 3 {
		s.cancel()
	}
	return s.Source.ReadAt(p, offset)
}

func TestCancel(t *testing.T) {
	for _, file := range [][]byte{pack(t, gzipped, many()), zipOf(t, deflated("a.lines", many()))} {
		ctx, cancel := context.WithCancel(t.Context())
		src := &slow{Source: blob.Bytes(file), cancel: cancel}
		if _, err := Format([]session.Format{lines}).Open(ctx, src); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if src.reads > 4 {
			t.Errorf("%d reads", src.reads)
		}
	}
}

// gone is a Source that goes away after some reads.
type gone struct {
	blob.Source
	reads int
}

func (g *gone) ReadAt(p []byte, offset int64) (int, error) {
	if g.reads--; g.reads < 0 {
		return 0, blob.ErrGone
	}
	return g.Source.ReadAt(p, offset)
}

func TestGone(t *testing.T) {
	for _, file := range [][]byte{pack(t, gzipped, many()), zipOf(t, deflated("a.lines", many()))} {
		for reads := range 6 {
			if _, err := Format([]session.Format{lines}).Open(t.Context(), &gone{blob.Bytes(file), reads}); !errors.Is(err, blob.ErrGone) {
				t.Errorf("after %d reads: %v", reads, err)
			}
		}
	}
}

func TestClose(t *testing.T) {
	l, err := read(t, zipOf(t, deflated("a.lines", ab), deflated("b.lines", ab)))
	if err != nil {
		t.Fatal(err)
	}
	opened := l.r.(*reader).opened
	if err := errors.Join(l.r.Close(), l.r.Close()); err != nil {
		t.Error(err)
	}
	for _, m := range opened {
		if !m.Reader.(*lineReader).closed {
			t.Errorf("%s is still open", m.name)
		}
	}
	if len(opened) != 2 {
		t.Errorf("%d captures", len(opened))
	}
	if _, err := l.r.Body(&flowpb.Body{}); err == nil {
		t.Error("there are bodies after Close")
	}
}

func TestSniff(t *testing.T) {
	for name, head := range map[string][]byte{
		"gzip": pack(t, gzipped, ab), "zlib": pack(t, deflate, ab), "zstd": pack(t, zstded, ab),
		"zip": zipOf(t, deflated("a", ab)), "empty zip": zipOf(t), "cut": pack(t, deflate, many())[:100],
	} {
		if err := sniff(head); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, head := range []string{"{}", "x\x9c", "x\x9ca text that nobody compressed, but for its first two letters", "\x1f\x8b", "PK", "h\x81\xff\xff", "12:4:type;"} {
		if sniff([]byte(head)) == nil {
			t.Errorf("%q is accepted", head)
		}
	}
}
