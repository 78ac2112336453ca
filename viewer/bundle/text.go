package bundle

import (
	"bufio"
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// A page that holds megabytes of programs is written in UTF-16, little end
// first, with a byte order mark. That mark goes before whatever a host says of
// the encoding. Two bytes of data are one unit of the text of an element, which
// is a thirtieth more than the data itself, where Base64 takes a third.
//
// What the text of an element cannot hold as it is, or not everywhere, stands as
// a backslash and the unit with its highest bit turned over: surrogates, NUL,
// carriage return, <, and the backslash itself. Data of an odd length gets a NUL
// more, and the text ends with a backslash. static/boot.js reads it.
const (
	escape = '\\'
	flip   = 0x8000
)

func escaped(unit uint16) bool {
	switch unit {
	case 0, '\r', '<', escape:
		return true
	}
	return unit>>11 == 0xD800>>11
}

// A TextWriter writes data as the text of an element of a page in UTF-16.
type TextWriter struct {
	out  *bufio.Writer
	low  byte // of a unit whose other byte is still to come
	half bool
}

// NewTextWriter returns a TextWriter that writes to w.
func NewTextWriter(w io.Writer) *TextWriter {
	return &TextWriter{out: bufio.NewWriterSize(w, 64<<10)}
}

// Write implements io.Writer.
func (t *TextWriter) Write(p []byte) (int, error) {
	for i, b := range p {
		if !t.half {
			t.low, t.half = b, true
			continue
		}
		t.half = false
		if err := t.unit(uint16(t.low) | uint16(b)<<8); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

func (t *TextWriter) unit(unit uint16) error {
	if escaped(unit) {
		if err := t.put(escape); err != nil {
			return err
		}
		unit ^= flip
	}
	return t.put(unit)
}

func (t *TextWriter) put(unit uint16) error {
	_, err := t.out.Write([]byte{byte(unit), byte(unit >> 8)})
	return err
}

// Close writes what is left. It does not close what is written to.
func (t *TextWriter) Close() error {
	if t.half {
		t.half = false
		if err := t.unit(uint16(t.low)); err != nil {
			return err
		}
		if err := t.put(escape); err != nil {
			return err
		}
	}
	return t.out.Flush()
}

// ByteOrderMark begins a page in UTF-16.
const ByteOrderMark = "\ufeff"

// Encode returns markup as it stands in a page in UTF-16.
func Encode(markup string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(markup)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}
