// Package archive reads captures that are compressed: as gzip, zlib (the
// .zhar of mitmproxy) or zstd data, or as members of a zip archive, one or
// several. It knows no kind of capture itself; the formats that it looks for
// are given to it.
//
// A capture is decompressed into memory before it is read, but for members of
// a zip archive that are only stored: these are read in place. Of compressed
// data that is damaged or cut, what comes before is read; of a zip archive that
// lost the list of its members, those that are found without it.
//
// An archive may lie in an archive, once. Members of a zip archive that are no
// captures are files beside them ([session.Folder]): attachments.
//
// Source: https://www.rfc-editor.org/rfc/rfc1950, rfc1952 and rfc8878, and
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
package archive

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// MaxSize is how many bytes all captures of one file may have together when
// they are decompressed. It bounds the memory that an archive can cost; the
// memory of a page ends at 4 GiB.
const MaxSize = 2 << 30

// Format returns the format of captures of the inner formats, compressed. Its
// Reader is a [session.Describer], of what the captures say of themselves in
// their order. Where two captures name different pages alike, those of the
// later one have a number behind their names, in flows and in About.
func Format(inner []session.Format) session.Format { return format(inner, MaxSize) }

func format(inner []session.Format, limit int64) session.Format {
	inner = session.Sorted(slices.Clone(inner)...)
	return session.Format{
		Name:     "archive",
		Label:    "compressed capture",
		Priority: 5,
		Sniff:    sniff,
		Open: func(ctx context.Context, src blob.Source) (session.Reader, error) {
			a := &archive{src: src, inner: inner, budget: new(budget)}
			a.budget.limit = limit
			a.nested = a.format()
			r, err := a.open(ctx)
			if err != nil {
				return nil, fmt.Errorf("archive: %w", err)
			}
			return r, nil
		},
	}
}

// An archive is one that is being opened, with what it may hold.
type archive struct {
	src    blob.Source
	inner  []session.Format
	nested []session.Format // of archives within; none within those
	budget *budget
}

// format returns the format of an archive within a.
func (a *archive) format() []session.Format {
	return []session.Format{{
		Name:  "archive",
		Label: "compressed capture",
		Sniff: sniff,
		Open: func(ctx context.Context, src blob.Source) (session.Reader, error) {
			return (&archive{src: src, inner: a.inner, budget: a.budget}).open(ctx)
		},
	}}
}

// known returns all formats that a capture in the archive may have.
func (a *archive) known() []session.Format { return slices.Concat(a.inner, a.nested) }

func (a *archive) open(ctx context.Context) (*reader, error) {
	head, err := blob.Head(a.src, session.SniffLen)
	if err != nil {
		return nil, err
	}
	kind, err := kindOf(head)
	if err != nil {
		return nil, err
	}
	if kind == zipped {
		return a.openZip(ctx)
	}
	return a.openStream(ctx, kind)
}

// A budget is the memory that is left for what is decompressed.
type budget struct {
	limit int64
	used  atomic.Int64
}

// take reports whether n bytes more are within the limit.
func (b *budget) take(n int64) bool { return b.used.Add(n) <= b.limit }

// give returns n bytes that were taken and are not held any more.
func (b *budget) give(n int64) { b.used.Add(-n) }

// has reports whether n bytes more would be within the limit.
func (b *budget) has(n uint64) bool { return n <= uint64(max(0, b.limit-b.used.Load())) }

var errLimit = errors.New("unpack it first")

func (b *budget) exceeded() error {
	return fmt.Errorf("it has more than %d MiB when it is decompressed: %w", b.limit>>20, errLimit)
}

// kind is a way in which a file is compressed.
type kind string

const (
	gzipped kind = "gzip"
	deflate kind = "zlib"
	zstded  kind = "zstd"
	zipped  kind = "zip"
)

func sniff(head []byte) error {
	_, err := kindOf(head)
	return err
}

var errNone = errors.New("it begins as no gzip, zlib, zstd or zip data")

func kindOf(head []byte) (kind, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		return gzipped, nil
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return zstded, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return zipped, nil
	case isZlib(head):
		return deflate, nil
	}
	return "", errNone
}

// isZlib reports whether head begins zlib data. Its magic number is weak, so
// that its beginning must decompress, too.
func isZlib(head []byte) bool {
	if len(head) < 2 || head[0]&0x0f != 8 || head[0]>>4 > 7 || binary.BigEndian.Uint16(head)%31 != 0 {
		return false
	}
	r, err := zlib.NewReader(bytes.NewReader(head))
	if err != nil {
		return false
	}
	n, err := readChunk(r, make([]byte, 512))
	return n > 0 && (err == nil || err == io.EOF || err == io.ErrUnexpectedEOF)
}
