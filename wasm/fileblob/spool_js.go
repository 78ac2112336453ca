package fileblob

import (
	"syscall/js"

	"flowpane/viewer/blob"
)

// spoolPiece is how many bytes are copied to the browser at once, and spoolPieces
// how many such pieces are held in memory at the most.
const (
	spoolPiece  = 1 << 20
	spoolPieces = 16
)

// A Spool is a file that is written once and then read. Its bytes are gathered
// in a Blob, which the browser may keep on disk. The zero value is ready for use,
// by one goroutine.
//
// Source: https://w3c.github.io/FileAPI/#constructorBlob
type Spool struct {
	piece  []byte
	pieces []any
	blob   js.Value
}

// Write appends b, and does not fail.
func (s *Spool) Write(b []byte) (int, error) {
	for rest := b; len(rest) > 0; {
		take := min(len(rest), spoolPiece-len(s.piece))
		s.piece = append(s.piece, rest[:take]...)
		rest = rest[take:]
		if len(s.piece) == spoolPiece {
			s.flush()
		}
	}
	return len(b), nil
}

func (s *Spool) flush() {
	piece := js.Global().Get("Uint8Array").New(len(s.piece))
	js.CopyBytesToJS(piece, s.piece)
	s.piece = s.piece[:0]
	if s.pieces = append(s.pieces, piece); len(s.pieces) == spoolPieces {
		s.gather()
	}
}

func (s *Spool) gather() {
	parts := s.pieces
	if s.blob.Truthy() {
		parts = append([]any{s.blob}, parts...)
	}
	s.blob, s.pieces = js.Global().Get("Blob").New(parts), nil
}

// Source returns what was written, which nothing may be added to any more.
func (s *Spool) Source() (blob.Source, error) {
	s.flush()
	s.gather()
	return New(s.blob), nil
}

// Close gives up what was written.
func (s *Spool) Close() error {
	*s = Spool{}
	return nil
}
