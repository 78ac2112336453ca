package pbstream

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// A reader implements session.Reader.
type reader struct {
	src    blob.Source
	from   func(offset int64) *blob.Stream
	stream *blob.Stream
	single bool // the file is one message, without a length
	backs  int  // how often lost messages were gone back for
	copier copier
	issues []*session.Issue
}

func newReader(ctx context.Context, src blob.Source) (*reader, error) {
	head, err := blob.Head(src, session.SniffLen)
	if err != nil {
		return nil, fmt.Errorf("pbstream: %w", err)
	}
	from := func(offset int64) *blob.Stream {
		s := blob.NewStream(ctx, src)
		s.Advance(offset)
		return s
	}
	single := lookDelimited(head) != nil && look(head, false) == nil
	return &reader{src: src, from: from, stream: from(0), single: single}, nil
}

// Progress implements session.Reader.
func (r *reader) Progress() int64 { return min(r.stream.Offset(), r.src.Size()) }

// Close implements session.Reader.
func (r *reader) Close() error { return nil }

// Body implements session.Reader.
func (r *reader) Body(b *flowpb.Body) (blob.Source, error) {
	if b.GetEncoding() != flowpb.Body_RAW {
		return nil, errors.New("pbstream: the contents of messages are not encoded")
	}
	if b.GetOffset() > 1<<62 || b.GetLength() > 1<<62 {
		return nil, errors.New("pbstream: a body outside the file")
	}
	return blob.Section(r.src, int64(b.GetOffset()), int64(b.GetLength()))
}

// Next implements session.Reader.
func (r *reader) Next() (*flowpb.Flow, error) {
	if len(r.issues) > 0 {
		issue := r.issues[0]
		r.issues = r.issues[1:]
		return nil, issue
	}
	head, err := r.stream.Peek(protowire.SizeVarint(1<<63) + maxBegin)
	if err != nil && err != io.EOF {
		return nil, r.final(err)
	}
	offset := r.stream.Offset()
	if len(head) == 0 {
		return nil, io.EOF
	}
	if r.single {
		return r.message(offset, r.src.Size())
	}
	if head[0] == 0 {
		return nil, r.empty()
	}
	n, size := protowire.ConsumeVarint(head)
	rest := r.src.Size() - offset - int64(max(size, 0))
	switch {
	case size < 0:
		return nil, r.search("no message begins here: it has no length")
	case n <= uint64(rest):
		r.stream.Advance(int64(size))
		return r.message(offset, offset+int64(size)+int64(n))
	case look(head[size:], false) == nil:
		return nil, r.cutOff(offset, n, rest)
	}
	return nil, r.search(fmt.Sprintf("no message begins here: it would have %d bytes, and there are %d", n, rest))
}

// cutOff passes over a message that is longer than the file: the file is cut,
// or the length is damaged. Only if messages follow it is the latter; one alone
// may lie in this one.
func (r *reader) cutOff(offset int64, n uint64, rest int64) error {
	for r.stream.Offset() < r.src.Size() {
		err := r.search("")
		if _, ok := errors.AsType[*session.Issue](err); !ok {
			return err
		}
		if r.chained() {
			passed := r.stream.Offset() - offset
			return session.AtByte(offset, fmt.Errorf("the message would have %d bytes, and there are %d; %d bytes are passed over", n, rest, passed))
		}
	}
	return session.AtByte(offset, fmt.Errorf("cut off: the message has %d bytes, %d of them are here", n, rest))
}

// chained reports whether what follows the message that begins here is the
// end, or looks like one too.
func (r *reader) chained() bool {
	head, _ := r.stream.Peek(protowire.SizeVarint(1 << 63))
	n, size := protowire.ConsumeVarint(head)
	if size < 0 {
		return false
	}
	end := r.stream.Offset() + int64(size) + int64(n)
	if end == r.src.Size() {
		return true
	}
	next := make([]byte, min(maxBegin, max(r.src.Size()-end, 0)))
	read, _ := r.src.ReadAt(next, end)
	return read > 0 && lookDelimited(next[:read]) == nil
}

// message reads the message from the stream's place to end. offset is where
// its length began.
func (r *reader) message(offset, end int64) (*flowpb.Flow, error) {
	f, err := r.copier.flow(r.stream, end)
	if failed, ok := errors.AsType[errIO](err); ok {
		return nil, r.final(failed.error)
	}
	if err == nil {
		if n := r.copier.foreign; n > 0 {
			r.issues = append(r.issues, session.AtByte(offset, fmt.Errorf("%d bodies lie in another file", n)))
		}
		return f, nil
	}
	r.stream.Advance(end - r.stream.Offset())
	lost, failed := r.lost(offset)
	if failed != nil {
		return nil, r.final(failed)
	}
	if lost {
		return nil, r.search(err.Error())
	}
	return nil, session.AtByte(offset, err)
}

// maxBacks bounds how often a file is gone back in: each time a chunk of it is
// read anew.
const maxBacks = 64

// lost reports whether no message begins where one that could not be read
// ends, so that its length is not to be believed. It then goes back to the
// offset of that message, unless that was done too often.
func (r *reader) lost(offset int64) (bool, error) {
	head, err := r.stream.Peek(maxBegin)
	if err != nil && err != io.EOF {
		return false, err
	}
	if len(head) == 0 || head[0] == 0 || lookDelimited(head) == nil || r.backs == maxBacks {
		return false, nil
	}
	r.backs++
	r.stream = r.from(offset)
	return true, nil
}

// empty passes over messages without a field: zeros.
func (r *reader) empty() error {
	offset := r.stream.Offset()
	for {
		b, err := r.stream.Buffered()
		if err != nil && err != io.EOF {
			return r.final(err)
		}
		n := 0
		for n < len(b) && b[n] == 0 {
			n++
		}
		r.stream.Advance(int64(n))
		if n < len(b) || err == io.EOF {
			return session.AtByte(offset, fmt.Errorf("%d empty messages", r.stream.Offset()-offset))
		}
	}
}

// maxBegin is how much of a message is enough to tell that it is one.
const maxBegin = 512

// search passes over bytes up to the next that look like a message, and
// returns an issue that says why and how many.
func (r *reader) search(why string) error {
	offset := r.stream.Offset()
	r.stream.Advance(1)
	for {
		b, err := r.stream.Buffered()
		if err == nil && len(b) < maxBegin {
			b, err = r.stream.Peek(maxBegin)
		}
		if err != nil && err != io.EOF {
			return r.final(err)
		}
		end := len(b) // positions with enough behind them
		if err == nil {
			end = len(b) - maxBegin + 1
		}
		n := 0
		for n < end && !r.plausible(b[n:min(n+maxBegin, len(b))], r.stream.Offset()+int64(n)) {
			n++
		}
		r.stream.Advance(int64(n))
		if n < end || err == io.EOF {
			return session.AtByte(offset, fmt.Errorf("%s; %d bytes are passed over", why, r.stream.Offset()-offset))
		}
	}
}

// plausible reports whether a message that is all in the file begins at
// offset, with b.
func (r *reader) plausible(b []byte, offset int64) bool {
	n, size := protowire.ConsumeVarint(b)
	return size > 0 && n <= uint64(r.src.Size()-offset-int64(size)) && lookDelimited(b) == nil
}

// final returns an error that ends the reading.
func (r *reader) final(err error) error {
	return fmt.Errorf("pbstream: byte %d: %w", r.stream.Offset(), err)
}
