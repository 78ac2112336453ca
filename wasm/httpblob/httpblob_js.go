package httpblob

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"flowpane/viewer/blob"
)

// headSize is how much the first request asks for: what a session database of
// 100,000 flows needs to be opened, to show its first rows and to know where any
// of its flows is; or the same of one that is encrypted.
const headSize = 193 << 10

// What a Source reads at a time where little of it is wanted. A request costs a
// round trip, and what is not wanted costs as much as what is.
const (
	blockSize = 64 << 10
	runLength = 4
)

// Open returns a Source over url, which is a [blob.Noted] where another site
// answered than was asked. Requests carry neither credentials nor a referrer. What
// is not answered once the file is open is asked again, as long as ctx goes on: see
// [blob.Patiently].
func Open(ctx context.Context, url string) (blob.Source, error) {
	a, err := parse(url)
	if err != nil {
		return nil, err
	}
	r, err := a.askFirst(ctx)
	if err != nil {
		return nil, err
	}
	if r.status != 206 || r.part == everything {
		return r.whole(ctx)
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	_, total, found := strings.Cut(r.header("Content-Range"), "/")
	size, err := strconv.ParseInt(total, 10, 64)
	if !found || err != nil {
		return nil, fmt.Errorf("%s: the host does not say how large the file is (Content-Range %q)", url, r.header("Content-Range"))
	}
	return &source{ctx: ctx, address: a, size: size, head: r.body, tag: r.tag(), note: r.note()}, nil
}

// askFirst asks for the beginning of the file, and for all of it where the host
// does not let the page know what it sent.
func (a address) askFirst(ctx context.Context) (response, error) {
	r, err := a.ask(ctx, span(0, headSize), "default")
	if r.unanswered && a.abroad() {
		// Some browsers have to ask first whether they may ask for a part, which
		// many a host does not understand.
		if all, err := a.ask(ctx, "", "default"); err == nil {
			return all, nil
		}
	}
	if err == nil && r.status == 206 && a.abroad() && r.header("Content-Range") == "" {
		r.drop()
		r, err = a.ask(ctx, everything, "default")
	}
	return r, err
}

// A source is read in ranges.
type source struct {
	address
	ctx  context.Context // ends when the file is of no more use
	size int64
	head []byte
	tag  string
	note string
	// grown: it is written to, so that its tag says little.
	grown bool
}

func (s *source) Size() int64 { return s.size }

// Note implements blob.Noted.
func (s *source) Note() string { return s.note }

// Grows implements blob.Growing.
func (s *source) Grows() bool { return true }

// Grow implements blob.Growing. It asks for the last byte, and is told of how
// many bytes that is one.
func (s *source) Grow(ctx context.Context) (int64, error) {
	waiting, cancel := context.WithCancel(s.ctx) // which tells whoever asked of waits
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	r, err := s.patiently(waiting, s.size-1, 1, "no-store")
	if err != nil {
		return 0, err
	}
	_, total, _ := strings.Cut(r.header("Content-Range"), "/")
	size, err := strconv.ParseInt(total, 10, 64)
	if err != nil || size < s.size {
		return 0, blob.ErrGone
	}
	if size > s.size {
		s.size, s.tag, s.grown = size, r.tag(), true
	}
	return size, nil
}

// Blocks implements blob.Blocked.
func (s *source) Blocks() (size, run int) { return blockSize, runLength }

func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	if offset >= s.size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), s.size-offset)
	here := 0
	if offset < int64(len(s.head)) {
		here = copy(p[:want], s.head[offset:])
	}
	rest := want - int64(here)
	if rest == 0 {
		return s.end(p, here)
	}
	r, err := s.patiently(s.ctx, offset+int64(here), rest, "default")
	if err != nil {
		return here, err
	}
	if r.status != 206 || r.tag() != s.tag && !s.grown || int64(len(r.body)) != rest {
		return here, blob.ErrGone
	}
	return s.end(p, here+copy(p[here:], r.body))
}

// patiently is get, again and again while there is no answer and ctx goes on.
func (s *source) patiently(ctx context.Context, offset, length int64, cache string) (r response, err error) {
	err = blob.Patiently(ctx, func() error {
		r, err = s.get(ctx, offset, length, cache)
		return r.passing(err)
	})
	return r, err
}

func (s *source) end(p []byte, n int) (int, error) {
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
