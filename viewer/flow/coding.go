package flow

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/dsnet/compress/brotli"
	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
)

// What a [DecodeError] wraps, besides the cause that a decompressor names.
var (
	// ErrEncoding means that the content encoding is not one that can be
	// undone: unknown, or several in one header.
	ErrEncoding = errors.New("unknown content encoding")
	// ErrTruncated means that the data ends before it is complete.
	ErrTruncated = errors.New("the data ends too soon")
	// ErrLimit means that there is more than was asked for.
	ErrLimit = errors.New("there is more than the limit allows")
)

// A DecodeError says how far a body could be decoded, and why not further.
type DecodeError struct {
	Encoding string // as given
	Decoded  int    // bytes that were decoded before
	Err      error
}

func (e *DecodeError) Error() string { return "content encoding " + e.Encoding + ": " + e.Err.Error() }

func (e *DecodeError) Unwrap() error { return e.Err }

// MaxContent bounds what [Content] returns of a decoded body, in bytes.
const MaxContent = 256 << 20

// MaxWindow is how far back zstd data may refer, in bytes: a decoder has to
// keep that much. https://www.rfc-editor.org/rfc/rfc9659
const MaxWindow = 8 << 20

// A Decoder undoes the content encodings of many bodies: to set up what does
// that costs more than a small body does. The zero value is ready for use, by
// one goroutine.
type Decoder struct {
	source   bytes.Reader
	inflater io.ReadCloser
	decoded  []byte // the memory of the last result
	rest     []byte // of what was decoded last
}

// Rest returns the bytes that [Decoder.Decode] passed over the last time, behind
// the end of data of gzip or deflate: a part of what it was given, empty if
// there are none or it failed.
func (d *Decoder) Rest() []byte { return d.rest }

// Content returns what searches see of a body: raw with the content encoding
// of its headers undone, or raw itself where that cannot be done. A body that
// the reader marks as decoded stays as it is. As in mitmproxy a gzip or zstd
// body that ends too soon gives what it holds, and damage gives raw. Of more
// than [MaxContent] bytes it gives the first.
//
// The result is valid until the next call, and may be raw.
func (d *Decoder) Content(f *flowpb.Flow, side Side, raw []byte) []byte {
	headers, ref := f.GetRequest().GetHeaders(), f.GetRequest().GetBody()
	if side == Response {
		headers, ref = f.GetResponse().GetHeaders(), f.GetResponse().GetBody()
	}
	encoding, _ := Value(headers, "content-encoding")
	if encoding == "" || ref.GetDecoded() || len(raw) == 0 {
		return raw
	}
	decoded, err := d.Decode(raw, encoding, MaxContent)
	switch {
	case err == nil, errors.Is(err, ErrLimit):
		return decoded
	case errors.Is(err, ErrTruncated) && toleratesTruncation(encoding):
		return decoded
	}
	return raw
}

// Content is that of a Decoder of its own.
func Content(f *flowpb.Flow, side Side, raw []byte) []byte { return new(Decoder).Content(f, side, raw) }

func toleratesTruncation(encoding string) bool {
	return strings.EqualFold(encoding, "gzip") || strings.EqualFold(encoding, "zstd")
}

// Decode undoes one content encoding: gzip, deflate, deflateraw, br, zstd,
// identity or none, in any case. The value of a header that names several is
// refused with [ErrEncoding].
//
// It returns at most limit bytes. With an error, always a [*DecodeError], it
// returns what could be decoded before. gzip takes zlib data too and ends
// after one member, deflate takes data without the zlib header: servers send
// both. Bytes behind the end are passed over, but for br. The result is raw
// itself for identity, and otherwise valid until the next call.
func (d *Decoder) Decode(raw []byte, encoding string, limit int) ([]byte, error) {
	d.rest = nil
	decoded, err := d.decode(raw, strings.ToLower(encoding), max(limit, 0))
	if err != nil {
		return decoded, &DecodeError{Encoding: encoding, Decoded: len(decoded), Err: err}
	}
	return decoded, nil
}

// Decode is that of a Decoder of its own: the result belongs to the caller.
func Decode(raw []byte, encoding string, limit int) ([]byte, error) {
	return new(Decoder).Decode(raw, encoding, limit)
}

// maxEncodings is how many encodings [DecodeAll] undoes at the most.
const maxEncodings = 8

// DecodeAll undoes the content encodings that the value of a header names, the
// last one first: mitmproxy refuses more than one, and so does [Decode]. It
// returns at most limit bytes, of each step too. What an encoding gives before an
// error is decoded further; the error is the first.
//
// Source: https://www.rfc-editor.org/rfc/rfc9110#field.content-encoding
func DecodeAll(raw []byte, encodings string, limit int) (decoded []byte, err error) {
	names := strings.Split(encodings, ",")
	if len(names) > maxEncodings {
		return nil, &DecodeError{Encoding: encodings, Err: ErrEncoding}
	}
	for _, name := range slices.Backward(names) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		var failed error
		raw, failed = Decode(raw, strings.TrimPrefix(strings.ToLower(name), "x-"), limit)
		if err == nil {
			err = failed
		}
		if len(raw) == 0 {
			break
		}
	}
	return raw, err
}

func (d *Decoder) decode(raw []byte, encoding string, limit int) ([]byte, error) {
	switch encoding {
	case "none", "identity":
		if len(raw) > limit {
			return raw[:limit:limit], ErrLimit
		}
		return raw, nil
	case "gzip", "deflate", "deflateraw", "br", "zstd":
		if len(raw) == 0 {
			return []byte{}, nil
		}
	}
	switch encoding {
	case "gzip":
		return d.inflateAny(raw, limit)
	case "deflate", "deflateraw":
		return d.inflateZlibOrRaw(raw, limit)
	case "br":
		return d.decodeBrotli(raw, limit)
	case "zstd":
		return d.decodeZstd(raw, limit)
	}
	return nil, ErrEncoding
}

// decodeBrotli refuses bytes behind the end, as Google's decoder does. The
// library behind it is old: should it panic on hostile data, that is an error
// of the data.
func (d *Decoder) decodeBrotli(raw []byte, limit int) (decoded []byte, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the data is damaged")
		}
	}()
	src := bytes.NewReader(raw)
	r, err := brotli.NewReader(src, nil)
	if err != nil {
		return nil, err
	}
	decoded, err = d.readAll(r, limit)
	if err == nil && src.Len() > 0 {
		err = errors.New("there is data behind the end")
	}
	return decoded, err
}

// decodeZstd decodes all frames, one after the other.
func (d *Decoder) decodeZstd(raw []byte, limit int) ([]byte, error) {
	r, err := zstd.NewReader(bytes.NewReader(raw),
		zstd.WithDecoderConcurrency(1), // no goroutines
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(MaxWindow))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return d.readAll(r, limit)
}

// readAll reads up to limit bytes into d.decoded, and keeps what came before an
// error.
func (d *Decoder) readAll(r io.Reader, limit int) ([]byte, error) {
	if d.decoded == nil {
		d.decoded = []byte{} // empty, not absent
	}
	b := bytes.NewBuffer(d.decoded[:0])
	_, err := b.ReadFrom(io.LimitReader(r, int64(limit)))
	decoded := b.Bytes()
	if d.decoded = decoded[:0]; cap(decoded) > maxReused {
		d.decoded = nil
	}
	if err == nil && len(decoded) == limit {
		var more [1]byte
		var n int
		if n, err = io.ReadFull(r, more[:]); n > 0 {
			err = ErrLimit
		} else if err == io.EOF {
			err = nil
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = ErrTruncated
	}
	return decoded, err
}

// maxReused is the size in bytes up to which a Decoder keeps the memory of a
// result.
const maxReused = 4 << 20
