package har

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// Entries are read again with what is around them: whoever searches or saves
// reads one after the other, and each read of a File in a browser costs most
// of a millisecond.
const (
	cacheBlock  = 256 << 10
	cacheBlocks = 16
)

// A rereader decodes single entries. What there is to report of them was
// reported when they were read first.
type rereader struct {
	mu      sync.Mutex
	src     *blob.Cache
	decoder decoder
}

// Reread implements session.Scanner. It costs the decoding of the entry, and a
// read of the source where the last was elsewhere.
func (r *reader) Reread(at session.Place) (*flowpb.Flow, error) {
	f, err := r.reread(at)
	if err != nil {
		return nil, fmt.Errorf("har: byte %d: %w", at.Offset, err)
	}
	return f, nil
}

func (r *reader) reread(at session.Place) (*flowpb.Flow, error) {
	if at.Offset < 0 || at.Length <= 0 || at.Length > r.src.Size()-at.Offset {
		return nil, errors.New("no entry of this file lies there")
	}
	b := make([]byte, at.Length) // the texts of the flow stay in it
	r.rereader.mu.Lock()
	defer r.rereader.mu.Unlock()
	if n, err := r.rereader.src.ReadAt(b, at.Offset); n < len(b) {
		if err == nil || err == io.EOF {
			err = blob.ErrGone
		}
		return nil, err
	}
	d := &r.rereader.decoder
	d.buf, d.base, d.pos, d.err, d.issues, d.odd = b, at.Offset, 0, nil, nil, d.odd[:0]
	f := d.entry(newFrame())
	d.buf = nil
	switch {
	case d.err == errCut:
		return nil, blob.ErrGone
	case d.err != nil:
		return nil, d.err
	case f == nil:
		return nil, errors.New("no entry lies there")
	}
	return f, nil
}
