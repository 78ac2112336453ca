package blob

import (
	"context"
	"io"
)

// chunkSize is how much a Stream reads at a time. In Chromium a read of a File
// costs 0.8 ms whatever its size; 4 MiB reach 0.7 GB/s.
const chunkSize = 4 << 20

// headroom is how much memory there is in front of a chunk: what is left of the
// one before is put there, so that both are in one piece.
const headroom = 256 << 10

// chunksAhead is how many chunks are being read while one is used. A browser
// hands over little of a chunk while the thread that asked for it is busy, so
// several are under way unless much is passed over.
const chunksAhead = 3

// A Stream reads a Source once, from its start, in large chunks. The next
// chunks are read while the present one is used.
//
// A record is looked at in place: Peek shows bytes, Advance passes over them,
// and what was passed over without being shown is not read where a whole chunk
// can be left out.
type Stream struct {
	ctx    context.Context
	src    Source
	buf    []byte // bytes from offset on
	offset int64
	ahead  []ahead // chunks being read, which follow each other
	most   int     // how many may be

	reuses bool
	whole  []byte   // the chunk that buf is a part of, nil if buf is of several
	passed [][]byte // chunks that buf is no part of any more
	free   [][]byte // chunks at whose bytes nobody looks any more
}

// An ahead is a chunk that is being read.
type ahead struct {
	at    int64
	size  int
	chunk chan chunk
}

type chunk struct {
	b     []byte
	err   error
	whole []byte // the memory that b is a part of, from headroom on
}

// NewStream returns a Stream at the start of src. Cancelling ctx ends it.
func NewStream(ctx context.Context, src Source) *Stream {
	return &Stream{ctx: ctx, src: src}
}

// Offset returns where in the source the stream is, in bytes.
func (s *Stream) Offset() int64 { return s.offset }

// Size returns the size of the source, in bytes.
func (s *Stream) Size() int64 { return s.src.Size() }

// Peek returns the next n bytes, or fewer with io.EOF where the source ends.
// The slice is valid until the next call of Reuse; whoever keeps bytes longer
// copies them.
func (s *Stream) Peek(n int) ([]byte, error) {
	for len(s.buf) < n {
		if s.offset+int64(len(s.buf)) >= s.src.Size() {
			return s.buf, io.EOF
		}
		if err := s.fill(n); err != nil {
			return s.buf, err
		}
	}
	return s.buf[:n], nil
}

// Buffered returns the bytes at hand, at least one unless the source is at its
// end (io.EOF).
func (s *Stream) Buffered() ([]byte, error) {
	if _, err := s.Peek(1); err != nil {
		return nil, err
	}
	return s.buf, nil
}

// Advance passes over n bytes, which may lie beyond the end of the source.
func (s *Stream) Advance(n int64) {
	s.buf = s.buf[min(n, int64(len(s.buf))):]
	s.offset += n
}

// Reuse tells that nobody will look again at bytes that were shown before:
// their memory is used for what follows, so that a file of any size passes
// through a few chunks. Who calls it calls it again and again.
func (s *Stream) Reuse() {
	s.reuses = true
	s.free = append(s.free, s.passed...)
	clear(s.passed)
	s.passed = s.passed[:0]
}

// fill appends the next chunk to buf, which then has up to n bytes.
func (s *Stream) fill(n int) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	at := s.offset + int64(len(s.buf))
	size := max(chunkSize, n-len(s.buf))
	a, arriving := s.src.(arrives)
	if arriving { // what is there is not to wait for what is not
		size = int(max(1, min(int64(size), a.await(at, n-len(s.buf)))))
	}
	c := s.take(at, size)
	switch {
	case c.err != nil && len(c.b) == 0:
		return c.err
	case c.err != nil: // which stands behind what was read
		s.ahead = nil
	case !arriving:
		s.readAhead(at + int64(len(c.b)))
	}
	s.pass(s.whole)
	if len(s.buf) == 0 {
		s.buf, s.whole = c.b, c.whole
		return nil
	}
	if left := len(s.buf); left <= headroom && len(c.b) == len(c.whole)-headroom {
		copy(c.whole[headroom-left:], s.buf)
		s.buf, s.whole = c.whole[headroom-left:], c.whole
		return nil
	}
	s.buf = append(s.buf, c.b...) // grows by more than it must: a long value is not copied for each chunk
	s.whole = nil
	s.pass(c.whole)
	return nil
}

// pass notes a chunk that buf is no part of.
func (s *Stream) pass(whole []byte) {
	if s.reuses && len(whole) == headroom+chunkSize {
		s.passed = append(s.passed, whole)
	}
}

// take returns the chunk from offset at on, if that is being read, else reads
// one.
func (s *Stream) take(at int64, size int) chunk {
	for len(s.ahead) > 0 {
		next := s.ahead[0]
		s.ahead = s.ahead[1:]
		skip := at - next.at
		if skip >= int64(next.size) { // it was passed over
			s.most = 0
			continue
		}
		select {
		case c := <-next.chunk:
			if skip < int64(len(c.b)) || c.err != nil {
				c.b = c.b[min(skip, int64(len(c.b))):]
				return c
			}
		case <-s.ctx.Done():
			return chunk{err: s.ctx.Err()}
		}
	}
	return read(s.src, at, s.memory(at, size))
}

// readAhead has the chunks from offset at on read that are not yet.
func (s *Stream) readAhead(at int64) {
	for _, a := range s.ahead {
		at = max(at, a.at+int64(a.size))
	}
	s.most = min(s.most+1, chunksAhead)
	for len(s.ahead) < s.most && at < s.src.Size() {
		memory := s.memory(at, chunkSize)
		next := ahead{at, len(memory) - headroom, make(chan chunk, 1)}
		go func() { next.chunk <- read(s.src, next.at, memory) }()
		s.ahead = append(s.ahead, next)
		at += int64(next.size)
	}
}

// memory returns memory for the chunk from offset at on, and what is in front.
func (s *Stream) memory(at int64, size int) []byte {
	size = int(min(int64(size), s.src.Size()-at))
	if n := len(s.free); n > 0 && size == chunkSize {
		b := s.free[n-1]
		s.free = s.free[:n-1]
		return b
	}
	return make([]byte, headroom+size)
}

// read fills memory, from headroom on, with bytes from offset at on.
func read(src Source, at int64, memory []byte) chunk {
	b := memory[headroom:]
	n, err := src.ReadAt(b, at)
	if n == len(b) {
		err = nil
	}
	return chunk{b[:n], err, memory}
}
