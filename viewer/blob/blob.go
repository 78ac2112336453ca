// Package blob gives random access to bytes that stay where they are: in a
// file that a person chose, behind a URL, or in memory.
package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// ErrGone is what a Source reports when the file under it was changed, moved
// or removed since it was opened.
var ErrGone = errors.New("the file changed or went away since it was opened: open it again to read more of it")

// A Source is a sequence of bytes of known size.
//
// ReadAt follows io.ReaderAt and is safe for concurrent use. In the browser it
// may park the calling goroutine, so it must not be called on one that the
// event loop runs. Slices passed in belong to the caller.
type Source interface {
	io.ReaderAt
	// Size returns the length in bytes, which does not change by itself: see
	// [Growing].
	Size() int64
}

// Growing is a Source of a file that may be written to while it is read.
type Growing interface {
	Source
	// Grows reports whether it can be asked for what came in the meantime.
	Grows() bool
	// Grow asks for it, and returns the new size, which Size returns from then
	// on. It is ErrGone where the file is shorter than it was.
	Grow(ctx context.Context) (size int64, err error)
}

// Noted is a Source of which a person should know something.
type Noted interface {
	Source
	// Note says it, in plain words; empty is nothing.
	Note() string
}

// Bytes returns a Source over b, which it does not copy: b must not change.
func Bytes(b []byte) Source { return bytes.NewReader(b) }

// Section returns the n bytes of s that begin at offset, as a Source. It fails
// if they do not lie within s: a file may claim ranges that it does not have.
func Section(s Source, offset, n int64) (Source, error) {
	if offset < 0 || n < 0 || offset > s.Size() || n > s.Size()-offset {
		return nil, fmt.Errorf("blob: bytes %d to %d lie outside the file of %d bytes", offset, offset+n, s.Size())
	}
	return io.NewSectionReader(s, offset, n), nil
}

// ReadAll returns the bytes of s. The caller bounds them by s.Size.
func ReadAll(s Source) ([]byte, error) {
	b := make([]byte, s.Size())
	n, err := s.ReadAt(b, 0)
	if n == len(b) {
		err = nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return b[:n], err
}

// Head returns the first n bytes of s, or all if it has fewer.
func Head(s Source, n int) ([]byte, error) {
	b := make([]byte, min(int64(n), s.Size()))
	read, err := s.ReadAt(b, 0)
	if read == len(b) || err == io.EOF {
		err = nil
	}
	return b[:read], err
}
