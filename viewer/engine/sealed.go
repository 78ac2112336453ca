package engine

import (
	"context"
	"errors"
	"io"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/seal"
)

var (
	errNoKey = errors.New("it is encrypted, and its key is missing: open it alone and give the key, or open it by the whole " +
		"link that it was shared by, with what follows key= in it")
	errNotSealed = errors.New("it is not encrypted, though the link has a key for it: it is not the file that was shared")
)

// unseal returns what is in src, if that is sealed, else src itself. By a key
// nothing opens but what was sealed with it: the host of a shared session
// cannot put another in its place.
func (o *open) unseal(src blob.Source, key string) (blob.Source, error) {
	sealed, err := seal.Sealed(src)
	switch {
	case err != nil:
		return nil, err
	case !sealed && key == "":
		return src, nil
	case !sealed:
		return nil, errNotSealed
	case key == "":
		return nil, errNoKey
	}
	k, err := seal.ParseKey(key)
	if err != nil {
		return nil, err
	}
	return seal.Open(o.ctx, src, k, o.config.Cipher)
}

// isLocked reports whether a sealed file did not open for want of its key.
func isLocked(err error) bool {
	return errors.Is(err, errNoKey) || errors.Is(err, seal.ErrWrongKey) || errors.Is(err, seal.ErrBadKey)
}

// outlet returns what a file is written to on its way to p. Closing it ends the
// file; one that could not be written as a whole is not closed.
func (e *Engine) outlet(ctx context.Context, save *viewerpb.Save, p *pieces) (io.WriteCloser, error) {
	if !save.Seal {
		return p, nil
	}
	w, err := seal.NewWriter(ctx, p, e.config.Cipher)
	return &sealing{w, p}, err
}

// A sealing is a file that is sealed on its way to the page.
type sealing struct {
	*seal.Writer
	pieces *pieces
}

// Close ends the file. The key goes with the last piece of it.
func (s *sealing) Close() error {
	if err := s.Writer.Close(); err != nil {
		return err
	}
	s.pieces.name, s.pieces.key = seal.FileName, s.Key().Text()
	return nil
}
