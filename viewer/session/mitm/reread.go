package mitm

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// A rereader decodes single records.
type rereader struct {
	mu      sync.Mutex
	decoder *decoder
	buf     []byte
}

// Reread implements session.Scanner. A record of up to maxWhole bytes costs its
// decoding, and a read of the source where the last was elsewhere.
func (r *reader) Reread(at session.Place) (*flowpb.Flow, error) {
	var f *flowpb.Flow
	err := r.lies(at)
	switch {
	case err != nil:
	case at.Length > r.whole:
		large := r.again()
		large.stream.Advance(at.Offset)
		f, _, err = large.decode(at.Length)
	default:
		f, err = r.rereader.flow(r.cached, at)
	}
	if err != nil {
		return nil, fmt.Errorf("mitm: byte %d: %w", at.Offset, err)
	}
	return f, nil
}

// lies returns an error if at is outside of the file.
func (r *reader) lies(at session.Place) error {
	if at.Offset < 0 || at.Length <= 0 || at.Length > r.src.Size()-at.Offset {
		return errors.New("no record of this file lies there")
	}
	return nil
}

func (r *rereader) flow(src blob.Source, at session.Place) (*flowpb.Flow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if int64(cap(r.buf)) < at.Length {
		r.buf = make([]byte, at.Length)
	}
	b := r.buf[:at.Length]
	if n, err := src.ReadAt(b, at.Offset); n < len(b) {
		if err == nil || err == io.EOF {
			err = blob.ErrGone
		}
		return nil, err
	}
	e, _, err := scan(b, at.Offset)
	if err != nil {
		return nil, err
	}
	f, _, err := r.decoder.flow(e)
	return f, err
}
