package bundle

import (
	"bufio"
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// A page that holds megabytes of programs is written in UTF-16, little end
// first, with a byte order mark. That mark goes before whatever a host says of
// the encoding. Of the units of such a text, those from U+0100 to U+FDCF that are
// no surrogates mean nothing to a browser, and no tool rewrites them. Each stands
// for 15 or 16 bits: data grows by a hundred-and-eightieth, where Base64 adds a
// third.
//
// The units are numbered in their order. Of n numbers, the first 65536-n stand
// for as many values of 15 bits, each other number for 16 bits: that many more.
// No value is left over, for 15 bits that begin a value of 16 are never among the
// first. Bits go from the highest. A byte 0x80 ends the data, and zeros fill the
// last unit; static/boot.js reads it all.
const (
	firstUnit  = 0x100
	surrogates = 0xD800 // the first of them
	afterThem  = 0xE000
	lastUnit   = 0xFDCF

	units  = lastUnit - firstUnit + 1 - (afterThem - surrogates)
	shorts = 1<<16 - units // numbers of 15 bits

	endOfData = 0x80
)

// A TextWriter writes data as the text of an element of a page in UTF-16.
type TextWriter struct {
	out  *bufio.Writer
	bits uint32 // that are still to be written, the last ones lowest
	have uint   // how many
}

// NewTextWriter returns a TextWriter that writes to w.
func NewTextWriter(w io.Writer) *TextWriter {
	return &TextWriter{out: bufio.NewWriterSize(w, 64<<10)}
}

// Write implements io.Writer.
func (t *TextWriter) Write(p []byte) (int, error) {
	for i, b := range p {
		t.bits, t.have = t.bits<<8|uint32(b), t.have+8
		if t.have >= 16 {
			if err := t.put(); err != nil {
				return i, err
			}
		}
	}
	return len(p), nil
}

// put writes a unit. There are bits for it.
func (t *TextWriter) put() error {
	number := t.bits >> (t.have - 15)
	if number < shorts {
		t.have -= 15
	} else {
		t.have -= 16
		number = t.bits>>t.have - shorts
	}
	t.bits &= 1<<t.have - 1
	unit := number + firstUnit
	if unit >= surrogates {
		unit += afterThem - surrogates
	}
	_, err := t.out.Write([]byte{byte(unit), byte(unit >> 8)})
	return err
}

// Close writes what is left. It does not close what is written to.
func (t *TextWriter) Close() error {
	if _, err := t.Write([]byte{endOfData}); err != nil {
		return err
	}
	if t.have > 0 { // 15 at the most
		t.bits, t.have = t.bits<<(16-t.have), 16
		if err := t.put(); err != nil {
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
