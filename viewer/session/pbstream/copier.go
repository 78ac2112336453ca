package pbstream

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/proto/wire"
	"flowpane/viewer/blob"
)

// inlineMax is how long contents may be, in bytes, to be yielded with their
// flow.
const inlineMax = 2048

// maxField bounds what a field other than a content may cost in memory.
const maxField = 64 << 20

// maxNesting is how many backups within backups are read: one is written.
const maxNesting = 4

var (
	errTooLong = errors.New("a field is too long")
	errCut     = errors.New("a field ends behind its message")
	errNested  = errors.New("backups nest too deeply")
)

// errIO is a failure of the file, not of what is in it.
type errIO struct{ error }

// A copier copies messages off a stream, without their long contents: each
// message that had a content gets a Body that says where it lies, so that what
// is decoded and kept in memory is small.
type copier struct {
	stream  *blob.Stream
	out     []byte
	content []byte // of the message at hand, if it is short
	depth   int
	foreign int // bodies that lie in another file
}

// shape names the messages that contents lie in. Others are copied as they
// are.
type shape int

const (
	opaque shape = iota
	flowShape
	requestShape
	responseShape
	socketShape
	socketMessageShape
	messageShape
)

// field returns the shape of what a field of s holds.
func (s shape) field(n protowire.Number) shape {
	switch {
	case s == flowShape && n == 1:
		return requestShape
	case s == flowShape && n == 2:
		return responseShape
	case s == flowShape && n == 25:
		return flowShape
	case s == flowShape && n == 27:
		return socketShape
	case s == flowShape && n == 28:
		return messageShape
	case s == socketShape && n == 1:
		return socketMessageShape
	}
	return opaque
}

// contents returns the numbers of the fields content and body of s, 0 if it
// has none.
func (s shape) contents() (content, body protowire.Number) {
	switch s {
	case requestShape:
		return 9, 22
	case responseShape:
		return 5, 21
	case socketMessageShape:
		return 3, 7
	case messageShape:
		return 2, 4
	}
	return 0, 0
}

// flow reads the Flow that lies from the place of stream to end.
func (c *copier) flow(stream *blob.Stream, end int64) (*flowpb.Flow, error) {
	c.stream, c.out, c.foreign, c.depth = stream, c.out[:0], 0, 0
	if err := c.message(flowShape, end); err != nil {
		return nil, err
	}
	f := new(flowpb.Flow)
	if err := f.Unmarshal(append([]byte(nil), c.out...)); err != nil {
		return nil, err
	}
	if cap(c.out) > 1<<20 {
		c.out = nil
	}
	settle(f, f.Kind == nil)
	for g := f; g != nil; g = g.Backup {
		if g.Kind == nil {
			g.Kind = new(flowpb.Kind_HTTP)
		}
	}
	return f, nil
}

// message copies the fields of a message of shape s, up to end.
func (c *copier) message(s shape, end int64) error {
	if s == flowShape {
		if c.depth++; c.depth > maxNesting {
			return errNested
		}
		defer func() { c.depth-- }()
	}
	var at flowpb.Body // where the content lies
	var ref *flowpb.Body
	content, body := s.contents()
	for c.stream.Offset() < end {
		field, n, err := c.head(end)
		switch {
		case err != nil:
			return err
		case n < 0: // copied
		case field == content && content != 0:
			at.Offset, at.Length = new(uint64(c.stream.Offset())), new(uint64(n))
			err = c.take(n)
		case field == body && body != 0:
			ref = new(flowpb.Body)
			err = c.reference(ref, n)
		case s.field(field) != opaque:
			err = c.nested(s.field(field), field, n)
		default:
			err = c.copy(field, n)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case at.Length != nil:
		c.place(s, &at, ref)
	case ref != nil:
		c.foreign++
	}
	return nil
}

// place appends where the content of a message of shape s lies, and the content
// if it is short. ref is the Body that the message brought along.
func (c *copier) place(s shape, at, ref *flowpb.Body) {
	content, body := s.contents()
	if ref.GetDecoded() {
		at.Decoded = new(true)
	}
	if *at.Length <= inlineMax {
		c.out = wire.AppendBytes(c.out, content, c.content)
	}
	c.out = wire.AppendMessage(c.out, body, at)
}

// head passes over the tag of a field, and its length, which is returned. A
// field that has none is copied whole, and n is -1.
func (c *copier) head(end int64) (field protowire.Number, n int64, err error) {
	const most = 20 // a tag and a varint
	b, err := c.peek(min(most, end-c.stream.Offset()))
	if err != nil {
		return 0, 0, err
	}
	field, typ, size := protowire.ConsumeTag(b)
	if size < 0 {
		return 0, 0, badField(size)
	}
	if typ != protowire.BytesType {
		value := protowire.ConsumeFieldValue(field, typ, b[size:])
		if value < 0 {
			return 0, 0, badField(value)
		}
		c.out = append(c.out, b[:size+value]...)
		c.stream.Advance(int64(size + value))
		return field, -1, nil
	}
	length, more := protowire.ConsumeVarint(b[size:])
	if more < 0 {
		return 0, 0, badField(more)
	}
	c.stream.Advance(int64(size + more))
	if length > uint64(end-c.stream.Offset()) {
		return 0, 0, errCut
	}
	return field, int64(length), nil
}

// badField returns the error that protowire counts as n.
func badField(n int) error {
	return fmt.Errorf("a field cannot be read: %w", protowire.ParseError(n))
}

// peek returns the next n bytes, which are in the file.
func (c *copier) peek(n int64) ([]byte, error) {
	if n > maxField {
		return nil, errTooLong
	}
	b, err := c.stream.Peek(int(n))
	if err != nil {
		return nil, errIO{err}
	}
	return b, nil
}

// take passes over a content of n bytes, and keeps it if it is short.
func (c *copier) take(n int64) error {
	if n <= inlineMax {
		b, err := c.peek(n)
		if err != nil {
			return err
		}
		c.content = append(c.content[:0], b...)
	}
	c.stream.Advance(n)
	return nil
}

// reference reads a Body of n bytes.
func (c *copier) reference(ref *flowpb.Body, n int64) error {
	b, err := c.peek(n)
	if err != nil {
		return err
	}
	if err := wire.Unmarshal(b, ref); err != nil {
		return err
	}
	c.stream.Advance(n)
	return nil
}

func (c *copier) copy(field protowire.Number, n int64) error {
	b, err := c.peek(n)
	if err != nil {
		return err
	}
	c.out = wire.AppendBytes(c.out, field, b)
	c.stream.Advance(n)
	return nil
}

// nested copies a message of n bytes that is a field of another.
func (c *copier) nested(s shape, field protowire.Number, n int64) error {
	c.out = protowire.AppendTag(c.out, field, protowire.BytesType)
	start := len(c.out)
	if err := c.message(s, c.stream.Offset()+n); err != nil {
		return err
	}
	// The length goes in front, and is known only now.
	size := len(c.out) - start
	more := protowire.SizeVarint(uint64(size))
	c.out = append(c.out, make([]byte, more)...)
	copy(c.out[start+more:], c.out[start:start+size])
	protowire.AppendVarint(c.out[:start], uint64(size))
	return nil
}
