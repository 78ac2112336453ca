package mitm

import (
	"encoding/binary"
	"fmt"
	"io"

	"flowpane/viewer/blob"
)

// maxWhole is the size in bytes up to which a record is read whole. A chunk of
// the stream holds several of them.
const maxWhole = 1 << 20

// refLen is the length of the payload of a tagRef: offset and length.
const refLen = 16

// A skeleton is a large record without its bodies: each is replaced by an
// element of tagRef that says where it lies. So a record of 500 MB takes no
// more memory than what it says besides, and where a body is longer than a
// chunk of the stream, it is not even read.
type skeleton struct {
	stream *blob.Stream
	src    blob.Source
	out    []byte
	depth  int
}

// errIO marks errors of the source, as against those of a record.
type errIO struct{ error }

// element copies the element that the stream is at, which must end before the
// byte at end. Its key decides what may lie in it.
func (s *skeleton) element(key string, end int64) error {
	head, err := s.peek(maxHead)
	if err != nil {
		return err
	}
	n, size, err := scanLength(head)
	if err != nil {
		return err
	}
	start := s.stream.Offset() + int64(size)
	if n >= end-start {
		return errShort
	}
	tag, err := s.byteAt(start + n)
	if err != nil {
		return err
	}
	switch {
	case isContent(key) && n > inlineBody && (tag == tagBytes || tag == tagText):
		s.refer(start, n)
	case isContainer(key) && (tag == tagList || tag == tagDict):
		s.stream.Advance(int64(size))
		return s.container(key, tag, start+n)
	case tag == tagRef:
		return unknownTag(tag)
	default:
		return s.verbatim(int64(size) + n + 1)
	}
	s.stream.Advance(int64(size) + n + 1)
	return nil
}

// container copies a list or dict whose payload ends before the byte at stop.
// Its length, which is known only then, is patched in.
func (s *skeleton) container(key string, tag byte, stop int64) error {
	if s.depth++; s.depth > maxDepth {
		return errDepth
	}
	place := len(s.out)
	s.out = append(s.out, "000000000000:"...)
	for s.stream.Offset() < stop {
		child := itemKey(key)
		if tag == tagDict {
			var err error
			if child, err = s.key(stop); err != nil {
				return err
			}
		}
		if err := s.element(child, stop); err != nil {
			return within(child, err)
		}
	}
	n := len(s.out) - place - maxHead
	for i := place + maxLengthDigits - 1; n > 0; i-- {
		s.out[i] = byte('0' + n%10)
		n /= 10
	}
	s.out = append(s.out, tag)
	s.stream.Advance(1)
	s.depth--
	return nil
}

// key copies the key that the stream is at.
func (s *skeleton) key(stop int64) (string, error) {
	b, err := s.peek(int(min(stop-s.stream.Offset(), 2*maxKey)))
	if err != nil {
		return "", err
	}
	e, size, err := scan(b, 0)
	if err == nil && e.tag == tagRef {
		err = unknownTag(tagRef)
	}
	if err != nil {
		return "", err
	}
	s.out = append(s.out, b[:size]...)
	s.stream.Advance(int64(size))
	return string(e.payload), nil
}

func (s *skeleton) refer(offset, length int64) {
	s.out = append(s.out, "16:"...)
	s.out = binary.BigEndian.AppendUint64(s.out, uint64(offset))
	s.out = binary.BigEndian.AppendUint64(s.out, uint64(length))
	s.out = append(s.out, tagRef)
}

func (s *skeleton) verbatim(n int64) error {
	b, err := s.peek(int(n))
	if err != nil {
		return err
	}
	s.out = append(s.out, b...)
	s.stream.Advance(n)
	return nil
}

// peek is Stream.Peek, but for the end of the source.
func (s *skeleton) peek(n int) ([]byte, error) {
	b, err := s.stream.Peek(n)
	if err != nil && err != io.EOF {
		return nil, errIO{err}
	}
	return b, nil
}

// byteAt returns the byte at offset, of what the stream has at hand if it can.
func (s *skeleton) byteAt(offset int64) (byte, error) {
	b, err := s.stream.Buffered()
	if err != nil && err != io.EOF {
		return 0, errIO{err}
	}
	if i := offset - s.stream.Offset(); i < int64(len(b)) {
		return b[i], nil
	}
	return readByte(s.src, offset)
}

func readByte(src blob.Source, offset int64) (byte, error) {
	var b [1]byte
	if n, err := src.ReadAt(b[:], offset); n < 1 {
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return 0, errIO{fmt.Errorf("byte %d: %w", offset, err)}
	}
	return b[0], nil
}

// isContainer reports whether bodies may lie under a key.
func isContainer(key string) bool {
	switch key {
	case keyRecord, "request", "response", "websocket", "backup", "messages", keyMessage:
		return true
	}
	return false
}

// isContent reports whether the value of a key is a body, if it is bytes. In
// formats 0.14 and 0.15 the key of bodies is body.
func isContent(key string) bool { return key == "content" || key == "body" || key == keyItem }

// Keys of ours for what has none in a record.
const (
	keyRecord  = ""
	keyMessage = "[message]"
	keyItem    = "[item]"
)

// itemKey returns the key of the items of a list.
func itemKey(list string) string {
	if list == "messages" {
		return keyMessage
	}
	return keyItem
}
