package bundle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
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
	text := make([]uint16, b.Len()/2)
	if err := binary.Read(&b, binary.LittleEndian, text); err != nil || b.Len() > 0 {
		t.Fatalf("the text has an odd length: %v", err)
	}
	return text
}

// decode does what static/boot.js does.
func decode(text []uint16) (data []byte) {
	var bits, have uint
	for _, unit := range text {
		number := uint(unit) - 0x100
		if unit >= 0xD800 {
			number -= 0x800
		}
		if number < 2864 {
			bits, have = bits<<15|number, have+15
		} else {
			bits, have = bits<<16|(number+2864), have+16
		}
		for ; have >= 8; have -= 8 {
			data = append(data, byte(bits>>(have-8)))
		}
	}
	data = bytes.TrimRight(data, "\x00")
	return data[:len(data)-1]
}

func whole(r io.Reader) io.Reader { return r }

// check holds the text of data to what a page may have in an element, and to
// what it stands for.
func check(t *testing.T, data []byte) {
	t.Helper()
	for _, wrap := range []func(io.Reader) io.Reader{whole, iotest.OneByteReader} {
		text := encode(t, data, wrap)
		for i, unit := range text {
			if unit < 0x100 || unit > 0xFDCF || utf16.IsSurrogate(rune(unit)) {
				t.Fatalf("unit %d is %#x", i, unit)
			}
		}
		if got := decode(text); !bytes.Equal(got, data) {
			t.Fatalf("%d bytes came back as %d", len(data), len(got))
		}
		if most := (len(data)+1)*8/15 + 1; len(text) > most {
			t.Fatalf("%d bytes are %d units", len(data), len(text))
		}
	}
}

// All bits there are at all places of a unit, and all lengths of what is left.
func TestTextOfAllValues(t *testing.T) {
	var all []byte
	for value := range 1 << 16 {
		all = binary.BigEndian.AppendUint16(all, uint16(value))
	}
	check(t, all)
	for n := range 64 {
		check(t, all[n:4096+n*3])
		check(t, make([]byte, n))
		check(t, bytes.Repeat([]byte{0xFF}, n))
		check(t, bytes.Repeat([]byte{endOfData}, n))
	}
}

// What is compressed grows by a hundred-and-eightieth.
func TestTextIsDense(t *testing.T) {
	random := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{}).Read(random)
	if n := 2 * len(encode(t, random, whole)); n > len(random)+len(random)/175 {
		t.Errorf("%d bytes are %d", len(random), n)
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "a", "ab", "\x80", "\x00\x00\x80\x00", "\x16\x60", "\x16\x5f\xff", "\xff\xff\xff", "\x00\xd8\x00\xdc", "\x1f\x8b\x08\x00\x00\x00\x00\x00"} {
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
