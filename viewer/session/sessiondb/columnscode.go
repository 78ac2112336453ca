package sessiondb

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"strings"
)

const (
	// columnVersion is the first byte of a column, before its deflated rest.
	columnVersion = 1
	// maxColumn bounds what a reader makes of a column, in bytes. Chunks that
	// are written stay below, unless one flow has so much text.
	maxColumn = 64 << 20
)

var (
	errLarge   = errors.New("the column is too large")
	errColumn  = errors.New("the column is damaged")
	errVersion = errors.New("the column was written by a newer version of Flowpane")
)

// A deflater makes columns as they are stored. It deflates, because the writer
// of deflate costs the engine 70 kB and that of zstd 490 kB, for columns of the
// same size. The zero value is ready for use, and holds a megabyte after it.
type deflater struct{ w *flate.Writer }

func (d *deflater) deflate(plain []byte) (stored []byte, err error) {
	out := bytes.NewBuffer([]byte{columnVersion})
	if d.w == nil {
		if d.w, err = flate.NewWriter(out, flate.DefaultCompression); err != nil {
			return nil, err
		}
	}
	d.w.Reset(out)
	_, err = d.w.Write(plain)
	err = errors.Join(err, d.w.Close())
	return out.Bytes(), err
}

// inflate undoes [deflater]. What it allocates grows with what there is, up to
// twice limit.
func inflate(stored []byte, limit int) ([]byte, error) {
	if len(stored) == 0 {
		return nil, errColumn
	}
	if stored[0] != columnVersion {
		return nil, errVersion
	}
	var out bytes.Buffer
	n, err := out.ReadFrom(io.LimitReader(flate.NewReader(bytes.NewReader(stored[1:])), int64(limit)))
	if err != nil {
		return nil, errColumn
	}
	if n == int64(limit) {
		return nil, errLarge
	}
	return out.Bytes(), nil
}

// A packer appends lists of values, each of as many as the column has rows
// unless the unpacker knows better.
type packer struct{ b []byte }

func zigzag(v int64) uint64   { return uint64(v)<<1 ^ uint64(v>>63) }
func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

// uints appends values in planes, all their lowest bytes first: what differs
// little in the higher ones is deflated away, and noise in the lowest costs no
// more than it is.
func (p *packer) uints(values []uint64) {
	var all uint64
	for _, v := range values {
		all |= v
	}
	width := (bits.Len64(all) + 7) / 8
	p.b = append(p.b, byte(width))
	for plane := range width {
		for _, v := range values {
			p.b = append(p.b, byte(v>>(8*plane)))
		}
	}
}

func (p *packer) ints(values []int64) {
	codes := make([]uint64, len(values))
	for i, v := range values {
		codes[i] = zigzag(v)
	}
	p.uints(codes)
}

// texts appends values by a dictionary in the order of their first use: 0 is
// its next entry, n repeats entry n-1.
func (p *packer) texts(values []string) {
	codes := make([]uint64, len(values))
	known := map[string]uint64{}
	var entries []string
	for i, v := range values {
		if code, ok := known[v]; ok {
			codes[i] = code
			continue
		}
		entries = append(entries, v)
		known[v] = uint64(len(entries))
	}
	p.uints(codes)
	lengths := make([]uint64, len(entries))
	for i, v := range entries {
		lengths[i] = uint64(len(v))
	}
	p.uints(lengths)
	for _, v := range entries {
		p.b = append(p.b, v...)
	}
}

// An unpacker takes off what a packer appended. Its first error stays; what it
// returns after that has the right length and means nothing.
type unpacker struct {
	b     []byte
	limit int // of texts that are put together, in bytes
	err   error
}

func (u *unpacker) fail() { u.b, u.err = nil, errColumn }

// take returns the next n bytes, or nil.
func (u *unpacker) take(n int) []byte {
	if n < 0 || n > len(u.b) {
		u.fail()
		return nil
	}
	b := u.b[:n:n]
	u.b = u.b[n:]
	return b
}

// uints returns n values. n is bounded: see ChunkLen.
func (u *unpacker) uints(n int) []uint64 {
	values := make([]uint64, n)
	width := u.take(1)
	if width == nil || width[0] > 8 {
		u.fail()
		return values
	}
	for plane := range int(width[0]) {
		for i, b := range u.take(n) {
			values[i] |= uint64(b) << (8 * plane)
		}
	}
	return values
}

func (u *unpacker) ints(n int) []int64 {
	values := make([]int64, n)
	for i, code := range u.uints(n) {
		values[i] = unzigzag(code)
	}
	return values
}

// texts returns n values, which share the memory of a few.
func (u *unpacker) texts(n int) []string {
	values := make([]string, n)
	codes := u.uints(n)
	entries := 0
	for _, code := range codes {
		if code == 0 {
			entries++
		} else if code > uint64(entries) {
			u.fail()
			return values
		}
	}
	lengths := u.uints(entries)
	total := 0
	for _, length := range lengths {
		if length > uint64(len(u.b)-total) {
			u.fail()
			return values
		}
		total += int(length)
	}
	dictionary := make([]string, 0, entries)
	all := string(u.take(total))
	for i, code := range codes {
		if code == 0 {
			length := lengths[len(dictionary)]
			dictionary = append(dictionary, all[:length])
			all, code = all[length:], uint64(len(dictionary))
		}
		values[i] = dictionary[code-1]
	}
	return values
}

// end returns the error, or one if something is left.
func (u *unpacker) end() error {
	if u.err == nil && len(u.b) > 0 {
		u.fail()
	}
	return u.err
}

// joinLines and splitLines keep lists of texts in one. An empty list is "".
func joinLines(list [][]byte) string {
	var b []byte
	for _, item := range list {
		b = binary.AppendUvarint(b, uint64(len(item)))
		b = append(b, item...)
	}
	return string(b)
}

func splitLines(text string) (list [][]byte, err error) {
	r := strings.NewReader(text)
	for r.Len() > 0 {
		n, err := binary.ReadUvarint(r)
		if err != nil || n > uint64(r.Len()) {
			return nil, errColumn
		}
		at := len(text) - r.Len()
		list = append(list, []byte(text[at:at+int(n)]))
		_, _ = r.Seek(int64(n), io.SeekCurrent) // within the text
	}
	return list, nil
}
