package archive

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// three are members that are compressed, stored and compressed.
func three() []entry {
	return []entry{deflated("a.lines", ab), {name: "b.lines", content: linesMagic + "the stored capture of all\n", method: zip.Store}, deflated("c.lines", many())}
}

// knownZip is zipOf with the sizes in front of the members.
func knownZip(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		packed := []byte(e.content)
		if e.method == zip.Deflate {
			var c bytes.Buffer
			f, err := flate.NewWriter(&c, 6)
			if err == nil {
				_, err = f.Write(packed)
			}
			if err = errors.Join(err, f.Close()); err != nil {
				t.Fatal(err)
			}
			packed = c.Bytes()
		}
		out, err := w.CreateRaw(&zip.FileHeader{
			Name: e.name, Method: e.method, CRC32: crc32.ChecksumIEEE([]byte(e.content)),
			CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(len(e.content)),
		})
		if err == nil {
			_, err = out.Write(packed)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCutZip reads the members of an archive that lost its list, whole ones as
// if it were there.
func TestCutZip(t *testing.T) {
	lines := strings.Count(many(), "\n") - 1
	for name, file := range map[string][]byte{"described later": zipOf(t, three()...), "known": knownZip(t, three()...)} {
		list := bytes.Index(file, []byte(centralSignature))
		for _, test := range []struct {
			cut            int
			found          int
			flows, atLeast int
			issues         []string
		}{
			{list, 3, 3 + lines, 0, nil},
			{list + 70, 3, 3 + lines, 0, nil},
			{list / 2, 3, 0, 1000, []string{"c.lines: "}},
			{bytes.LastIndex(file[:list], []byte(localSignature)) + 10, 2, 3, 0, nil},
			{bytes.LastIndex(file[:list], []byte(localSignature)), 2, 3, 0, nil},
		} {
			l, err := read(t, file[:test.cut])
			want := append([]string{fmt.Sprintf("byte %d: the list of members of the zip archive cannot be read; %d were found without it", test.cut, test.found)}, test.issues...)
			if err != nil || len(l.issues) < len(want) || test.issues == nil && len(l.issues) > 1 {
				t.Errorf("%s, cut at %d: issues %q, %v", name, test.cut, l.issues, err)
				continue
			}
			for i, prefix := range want {
				if !strings.HasPrefix(l.issues[i], prefix) {
					t.Errorf("%s, cut at %d: issue %q, want %q", name, test.cut, l.issues[i], prefix)
				}
			}
			if n := len(l.bodies); n < test.atLeast || test.atLeast == 0 && n != test.flows {
				t.Errorf("%s, cut at %d: %d flows", name, test.cut, n)
			}
		}
	}
}

// TestCutStored: of a stored member, what is there is read in place.
func TestCutStored(t *testing.T) {
	file := zipOf(t, entry{name: "a.lines", content: linesMagic + "the first of the lines\nthe second of the lines\n", method: zip.Store})
	at := bytes.Index(file, []byte("second"))
	l, err := read(t, file[:at])
	if err != nil || len(l.bodies) != 1 || l.bodies[0] != "the first of the lines" || len(l.issues) != 2 || !strings.HasSuffix(l.issues[1], "cut off") {
		t.Errorf("%q, issues %q, %v", l.bodies, l.issues, err)
	}
}

// TestCutZipReasons: what is found is no capture.
func TestCutZipReasons(t *testing.T) {
	for name, test := range map[string]struct {
		file []byte
		want string
	}{
		"text":    {zipOf(t, deflated("a.txt", strings.Repeat("text ", 20)))[:70], "cannot be read; of what was found without it: no member of the zip archive is a capture: a.txt (no known capture format"},
		"nothing": {zipOf(t, deflated("a.lines", ab))[:35], "archive: the zip archive is damaged or cut: the list of its members, which stands at its end, cannot be read"},
	} {
		if _, err := read(t, test.file); err == nil || !strings.Contains(err.Error(), test.want) || strings.Count(err.Error(), "the zip archive is damaged") != 1 {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// TestCutZip64 has sizes of 64 bits in front of a member and behind another.
func TestCutZip64(t *testing.T) {
	le := binary.LittleEndian
	header := func(name string, flags uint16, packed, size uint32, extra []byte) []byte {
		b := le.AppendUint16(append([]byte(localSignature), 45, 0), flags)
		b = append(b, make([]byte, 6)...) // stored, at no time
		b = le.AppendUint32(le.AppendUint32(append(b, 0, 0, 0, 0), packed), size)
		b = le.AppendUint16(le.AppendUint16(b, uint16(len(name))), uint16(len(extra)))
		return append(append(b, name...), extra...)
	}
	size := uint64(len(ab))
	extra := le.AppendUint64(le.AppendUint64([]byte{9, 0, 1, 0, 7, 1, 0, 16, 0}, size), size)
	b := append(header("a.lines", 0, 1<<32-1, 1<<32-1, extra), ab...)
	b = append(append(b, header("b.lines", describedLater, 0, 0, nil)...), ab...)
	b = le.AppendUint32(append(b, descriptorSignature...), crc32.ChecksumIEEE([]byte(ab)))
	b = le.AppendUint64(le.AppendUint64(b, size), size)
	b = append(append(b, header("c.lines", 0, uint32(size), uint32(size), nil)...), ab...)
	l, err := read(t, b)
	if err != nil || len(l.bodies) != 6 || len(l.issues) != 1 {
		t.Errorf("%q, issues %q, %v", l.bodies, l.issues, err)
	}
}

// TestCutZipGone: a file that goes away while it is searched is no damage.
func TestCutZipGone(t *testing.T) {
	file := zipOf(t, three()...)
	file = file[:len(file)/2]
	for reads := range 6 {
		if _, err := Format([]session.Format{lines}).Open(t.Context(), &gone{blob.Bytes(file), reads}); !errors.Is(err, blob.ErrGone) {
			t.Errorf("after %d reads: %v", reads, err)
		}
	}
}
