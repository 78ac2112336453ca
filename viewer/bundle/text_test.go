package bundle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// encode returns the text of data, in units.
func encode(t testing.TB, data []byte, wrap func(io.Reader) io.Reader) []uint16 {
	t.Helper()
	var b bytes.Buffer
	w := NewTextWriter(&b)
	if _, err := io.Copy(struct{ io.Writer }{w}, wrap(bytes.NewReader(data))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	units := make([]uint16, b.Len()/2)
	if err := binary.Read(&b, binary.LittleEndian, units); err != nil || b.Len() > 0 {
		t.Fatalf("the text has an odd length: %v", err)
	}
	return units
}

// decode does what static/boot.js does.
func decode(units []uint16) (data []byte) {
	odd := len(units) > 0 && units[len(units)-1] == '\\'
	if odd {
		units = units[:len(units)-1]
	}
	for i := 0; i < len(units); i++ {
		unit := units[i]
		if unit == '\\' {
			i++
			unit = units[i] ^ 0x8000
		}
		data = binary.LittleEndian.AppendUint16(data, unit)
	}
	if odd {
		data = data[:len(data)-1]
	}
	return data
}

func whole(r io.Reader) io.Reader { return r }

// check holds the text of data to what a page may have in an element, and to
// what it stands for.
func check(t *testing.T, data []byte) {
	t.Helper()
	for _, wrap := range []func(io.Reader) io.Reader{whole, iotest.OneByteReader} {
		units := encode(t, data, wrap)
		for i, unit := range units {
			if unit == 0 || unit == '\r' || unit == '<' || utf16.IsSurrogate(rune(unit)) {
				t.Fatalf("unit %d is %#x", i, unit)
			}
		}
		if got := decode(units); !bytes.Equal(got, data) {
			t.Fatalf("%d bytes came back as %d", len(data), len(got))
		}
	}
}

func TestTextOfAllUnits(t *testing.T) {
	var all []byte
	for unit := range 1 << 16 {
		all = binary.LittleEndian.AppendUint16(all, uint16(unit))
	}
	check(t, all)
	check(t, all[1:])
	check(t, all[:len(all)-1])
	if n := len(encode(t, all, whole)); n != 1<<16+2048+4 {
		t.Errorf("65,536 units are %d units of text", n)
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "a", "ab", "\\", "\\\x00", "\\\x00\\", "<\x00", "<", "\x00\xd8\x00\xdc", "\r\x00\n\x00", "\x1f\x8b\x08\x00\x00\x00\x00\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(check)
}

// What cannot be written is not lost in silence.
func TestTextNotWritten(t *testing.T) {
	full := errors.New("the disk is full")
	w := NewTextWriter(writerFunc(func([]byte) (int, error) { return 0, full }))
	_, err := w.Write(make([]byte, 1<<20))
	if err == nil {
		err = w.Close()
	}
	if !errors.Is(err, full) {
		t.Errorf("error = %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
