package archive

import (
	"archive/zip"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// maxWindow is how far back zstd data may refer, in bytes: what its strongest
// compression uses.
const maxWindow = 128 << 20

// openStream opens a file that is one capture, compressed as kind says.
func (a *archive) openStream(ctx context.Context, k kind) (*reader, error) {
	s, damage, err := a.decompress(ctx, k)
	if err != nil {
		return nil, err
	}
	f, err := session.Detect(s, a.known())
	if err != nil && damage != nil {
		return nil, fmt.Errorf("%v, and what comes before is no capture: %w", damage, err)
	}
	if err != nil {
		return nil, fmt.Errorf("the %s data is no capture: %w", k, err)
	}
	open := func() (session.Reader, blob.Source, *session.Issue, error) {
		inner, err := f.Open(ctx, s)
		return inner, s, damage, err
	}
	return newReader(a.src.Size(), []capture{{packed: a.src.Size(), open: open}})
}

// decompress returns what the file holds. If it is damaged, that is what comes
// before.
func (a *archive) decompress(ctx context.Context, k kind) (*spool, *session.Issue, error) {
	in := newInput(ctx, a.src)
	s := new(spool)
	r, err := decompressor(k, in)
	if err == nil {
		err = s.fill(ctx, r, a.budget)
		r.Close()
	}
	if failed, ok := errors.AsType[errIO](err); ok {
		return nil, nil, failed.error
	}
	switch {
	case err != nil && (ctx.Err() != nil || errors.Is(err, errLimit)):
		return nil, nil, err
	case err != nil && s.size == 0:
		return nil, nil, fmt.Errorf("the %s data at byte %d: %w", k, in.offset, plain(err))
	case err != nil:
		return s, session.AtByte(in.offset, fmt.Errorf("the %s data cannot be read from here on: %w", k, plain(err))), nil
	case in.offset < a.src.Size():
		return s, session.AtByte(in.offset, fmt.Errorf("the %s data ends here, and %d bytes behind it are not read", k, a.src.Size()-in.offset)), nil
	}
	return s, nil, nil
}

func decompressor(k kind, in *input) (io.ReadCloser, error) {
	switch k {
	case gzipped:
		return gzip.NewReader(in)
	case deflate:
		return zlib.NewReader(in)
	}
	d, err := zstd.NewReader(in, zstdOptions()...)
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

func zstdOptions() []zstd.DOption {
	return []zstd.DOption{
		zstd.WithDecoderConcurrency(1), // no goroutines
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxWindow),
	}
}

// plain says of an error of a decompressor what a person can use.
func plain(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends too soon")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrChecksum), errors.Is(err, zstd.ErrCRCMismatch), errors.Is(err, zip.ErrChecksum):
		return errors.New("its checksum differs")
	case errors.Is(err, zip.ErrFormat):
		return errors.New("its size is not what the list of members says")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zlib.ErrHeader):
		return errors.New("what follows is not compressed")
	}
	return err
}
