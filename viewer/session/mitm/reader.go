package mitm

import (
	"context"
	"errors"
	"fmt"
	"io"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// A reader implements session.Follower.
type reader struct {
	src     blob.Source
	cached  blob.Source // src, for short bodies and single records
	stream  *blob.Stream
	whole   int64 // size up to which records are read whole
	decoder *decoder
	bones   []byte // of the last skeleton, for its memory
	joiner  joiner
	follows bool // what is not whole yet may become so

	rereader rereader
	again    func() *reader // another one, at the start
}

func newReader(ctx context.Context, src blob.Source, whole int64) *reader {
	return &reader{
		src: src, cached: blob.NewCache(src, cacheBlock, cacheBlocks), stream: blob.NewStream(ctx, src), whole: whole,
		decoder: newDecoder(), rereader: rereader{decoder: newDecoder()},
		again: func() *reader { return newReader(ctx, src, whole) },
	}
}

// Next implements session.Reader.
func (r *reader) Next() (*flowpb.Flow, error) {
	f, _, err := r.next(&r.decoder.lasting)
	return f, err
}

// Scan implements session.Scanner.
func (r *reader) Scan() (*flowpb.Flow, session.Place, error) {
	r.decoder.passing.reuse()
	r.stream.Reuse()
	return r.next(&r.decoder.passing)
}

// Follow implements session.Follower.
func (r *reader) Follow(on bool) { r.follows = on }

// next returns the next flow, in m if it lies at one place.
func (r *reader) next(m *memory) (*flowpb.Flow, session.Place, error) {
	for {
		if f, issue := r.joiner.next(); issue != nil {
			return nil, session.Place{}, issue
		} else if f != nil {
			return f, session.Place{}, nil
		}
		offset := r.stream.Offset()
		r.decoder.memory = m
		f, role, err := r.read()
		if err == io.EOF {
			if r.follows || !r.joiner.end() {
				return nil, session.Place{}, io.EOF
			}
			continue
		}
		if err != nil {
			return nil, session.Place{}, err
		}
		if role == alone {
			return f, session.Place{Offset: offset, Length: r.stream.Offset() - offset}, nil
		}
		r.joiner.add(f, role, offset)
	}
}

// Progress implements session.Reader.
func (r *reader) Progress() int64 { return min(r.stream.Offset(), r.src.Size()) }

// Close implements session.Reader.
func (r *reader) Close() error { return nil }

// Body implements session.Reader.
func (r *reader) Body(b *flowpb.Body) (blob.Source, error) {
	if b.GetEncoding() != flowpb.Body_RAW {
		return nil, errors.New("mitm: the bodies of a dump are not encoded")
	}
	if b.GetOffset() > 1<<62 || b.GetLength() > 1<<62 {
		return nil, errors.New("mitm: a body outside the file")
	}
	if b.GetLength() <= cacheBlock {
		return blob.Section(r.cached, int64(b.GetOffset()), int64(b.GetLength()))
	}
	return blob.Section(r.src, int64(b.GetOffset()), int64(b.GetLength()))
}

// Bodies no longer than a block are read with what is around them: whoever
// searches or saves reads one after the other, and each read of a File in a
// browser costs most of a millisecond.
const (
	cacheBlock  = 256 << 10
	cacheBlocks = 16
)

// read decodes the record that the stream is at, and passes over it.
func (r *reader) read() (*flowpb.Flow, role, error) {
	head, err := r.stream.Peek(maxHead)
	if err != nil && err != io.EOF {
		return nil, alone, r.final(err)
	}
	if len(head) == 0 {
		return nil, alone, io.EOF
	}
	offset := r.stream.Offset()
	n, size, err := scanLength(head)
	if err == errShort && r.follows {
		return nil, alone, io.EOF
	}
	if err == errShort {
		r.stream.Advance(int64(len(head)))
		return nil, alone, session.AtByte(offset, errors.New("cut off in the length of a record"))
	}
	if err != nil {
		return nil, alone, r.search(fmt.Errorf("no record begins here: %w", err))
	}
	total := int64(size) + n + 1
	if total > r.src.Size()-offset {
		if begins, err := r.beginsRecord(offset); r.follows && begins && err == nil {
			return nil, alone, io.EOF
		}
		return nil, alone, r.cutOff(total)
	}
	tag, err := r.lastByte(total)
	if err != nil {
		return nil, alone, r.final(err)
	}
	if tag != tagDict {
		return nil, alone, r.search(errors.New("no record begins here: it does not end as a dict"))
	}
	f, role, err := r.decode(total)
	r.stream.Advance(offset + total - r.stream.Offset())
	if failed, ok := err.(errIO); ok {
		return nil, alone, r.final(failed.error)
	}
	if err != nil {
		return nil, alone, session.AtByte(offset, err)
	}
	return f, role, nil
}

// decode decodes a record of total bytes, which are in the file: a small one
// in place, a large one by its skeleton.
func (r *reader) decode(total int64) (*flowpb.Flow, role, error) {
	if total > r.whole {
		return r.decodeLarge(total)
	}
	offset := r.stream.Offset()
	b, err := r.stream.Peek(int(total))
	if err != nil {
		return nil, alone, errIO{err}
	}
	e, _, err := scan(b, offset)
	if err != nil {
		return nil, alone, err
	}
	r.decoder.skeleton = false
	return r.decoder.flow(e)
}

func (r *reader) decodeLarge(total int64) (*flowpb.Flow, role, error) {
	s := skeleton{stream: r.stream, src: r.src, out: r.bones[:0]}
	err := s.element(keyRecord, r.stream.Offset()+total)
	if cap(s.out) <= maxWhole {
		r.bones = s.out
	}
	if err != nil {
		return nil, alone, err
	}
	e, _, err := scan(s.out, 0)
	if err != nil {
		return nil, alone, err
	}
	r.decoder.skeleton = true
	return r.decoder.flow(e)
}

// lastByte returns the last of the next total bytes, which are in the file.
func (r *reader) lastByte(total int64) (byte, error) {
	if total > r.whole {
		return (&skeleton{stream: r.stream, src: r.src}).byteAt(r.stream.Offset() + total - 1)
	}
	b, err := r.stream.Peek(int(total))
	if err != nil {
		return 0, err
	}
	return b[total-1], nil
}

// final returns an error that ends the reading.
func (r *reader) final(err error) error {
	return fmt.Errorf("mitm: byte %d: %w", r.stream.Offset(), err)
}
