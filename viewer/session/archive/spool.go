package archive

import (
	"context"
	"errors"
	"io"

	"flowpane/viewer/blob"
)

// chunkLen is how much of a spool is allocated at once, in bytes.
const chunkLen = 1 << 20

// A spool is a Source of what was decompressed, in memory.
type spool struct {
	chunks [][]byte // of chunkLen bytes each, but for the last
	size   int64
}

func (s *spool) Size() int64 { return s.size }

// ReadAt implements blob.Source.
func (s *spool) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, errors.New("archive: a negative offset")
	}
	for n < len(p) {
		at := offset + int64(n)
		if at >= s.size {
			return n, io.EOF
		}
		n += copy(p[n:], s.chunks[at/chunkLen][at%chunkLen:])
	}
	return n, nil
}

// fill appends what r yields until its end, which is no error. What was filled
// before an error stands, but for that of the budget.
func (s *spool) fill(ctx context.Context, r io.Reader, b *budget) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		chunk, n, err := s.next(r)
		if n < chunkLen {
			chunk = append([]byte(nil), chunk[:n]...)
		}
		if n > 0 {
			s.chunks = append(s.chunks, chunk)
			s.size += int64(n)
		}
		if !b.take(int64(n)) {
			b.give(s.size)
			*s = spool{}
			return b.exceeded()
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// next reads the next chunk. That of a small member takes little memory: there
// may be very many.
func (s *spool) next(r io.Reader) (chunk []byte, n int, err error) {
	const small = 32 << 10
	if s.size == 0 {
		chunk = make([]byte, small)
		if n, err = readChunk(r, chunk); err != nil {
			return chunk, n, err
		}
	}
	whole := make([]byte, chunkLen)
	m, err := readChunk(r, whole[copy(whole, chunk[:n]):])
	return whole, n + m, err
}

// readChunk reads until p is full. Unlike io.ReadFull it tells the end of r
// from data that end too soon.
func readChunk(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = r.Read(p[n:])
		n += m
	}
	return n, err
}

// input reads a source in order, for a decompressor. It is an io.ByteReader,
// so that a decompressor takes no more than it needs, and offset is where it
// is.
type input struct {
	check  func() error // what ends the reading
	src    blob.Source
	offset int64
	buf    []byte
}

// inputLen is how much is read of the file at once. In a browser each read
// lets other goroutines run, which a decompressor does not.
const inputLen = 256 << 10

func newInput(ctx context.Context, src blob.Source) *input {
	return &input{check: ctx.Err, src: src}
}

func (in *input) more() error {
	if len(in.buf) > 0 {
		return nil
	}
	if err := in.check(); err != nil {
		return err
	}
	left := in.src.Size() - in.offset
	if left == 0 {
		return io.EOF
	}
	b := make([]byte, min(left, inputLen))
	if n, err := in.src.ReadAt(b, in.offset); n < len(b) {
		if err == nil || err == io.EOF {
			err = blob.ErrGone
		}
		return errIO{err}
	}
	in.buf = b
	return nil
}

func (in *input) Read(p []byte) (int, error) {
	if err := in.more(); err != nil {
		return 0, err
	}
	n := copy(p, in.buf)
	in.buf = in.buf[n:]
	in.offset += int64(n)
	return n, nil
}

func (in *input) ReadByte() (byte, error) {
	if err := in.more(); err != nil {
		return 0, err
	}
	c := in.buf[0]
	in.buf = in.buf[1:]
	in.offset++
	return c, nil
}

// errIO is a failure of the file, not of what is in it.
type errIO struct{ error }

func (e errIO) Unwrap() error { return e.error }
