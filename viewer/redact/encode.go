package redact

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"strings"
)

// encodeAll applies the content encodings that the value of a header names, the
// first one first. Brotli and zstd store what they are given: there is no need
// to make it small, and what compresses them would be large.
func encodeAll(b []byte, encodings string) ([]byte, error) {
	for name := range strings.SplitSeq(encodings, ",") {
		var err error
		switch name = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), "x-"); name {
		case "", "identity", "none":
		case "gzip":
			var out bytes.Buffer
			z := gzip.NewWriter(&out)
			_, err = z.Write(b)
			err = firstOf(err, z.Close())
			b = out.Bytes()
		case "deflate":
			var out bytes.Buffer
			z := zlib.NewWriter(&out)
			_, err = z.Write(b)
			err = firstOf(err, z.Close())
			b = out.Bytes()
		case "deflateraw":
			var out bytes.Buffer
			z, failed := flate.NewWriter(&out, flate.DefaultCompression)
			if failed != nil {
				return nil, failed
			}
			_, err = z.Write(b)
			err = firstOf(err, z.Close())
			b = out.Bytes()
		case "br":
			b = storeBrotli(b)
		case "zstd":
			b = storeZstd(b)
		default:
			return nil, fmt.Errorf("content encoding %q is not known", name)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// storeBrotli returns a stream of meta-blocks that are not compressed.
//
// Source: https://www.rfc-editor.org/rfc/rfc7932#section-9
func storeBrotli(b []byte) []byte {
	const most = 1 << 16
	out := make([]byte, 0, len(b)+len(b)/most*4+8)
	// The window is of 16 bits: a single bit 0. Then of each block: not the last
	// (0), four nibbles of its length (00), length - 1 (16), not compressed (1).
	bits, n := uint64(0), uint(1)
	for len(b) > 0 {
		piece := b[:min(len(b), most)]
		bits |= uint64(len(piece)-1) << (n + 3)
		bits |= 1 << (n + 19)
		for n += 20; n > 0; n -= min(n, 8) {
			out = append(out, byte(bits))
			bits >>= 8
		}
		bits = 0
		out = append(out, piece...)
		b = b[len(piece):]
	}
	return append(out, byte(bits|3<<n)) // the last block, which is empty
}

// storeZstd returns a frame of raw blocks.
//
// Source: https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
func storeZstd(b []byte) []byte {
	const most = 1 << 17
	out := binary.LittleEndian.AppendUint32(nil, 0xfd2fb528)
	out = append(out, 0x80) // its size follows in four bytes, and a window
	out = append(out, 7<<3) // of 128 KB
	out = binary.LittleEndian.AppendUint32(out, uint32(len(b)))
	for {
		piece := b[:min(len(b), most)]
		b = b[len(piece):]
		head := uint32(len(piece)) << 3
		if len(b) == 0 {
			head |= 1 // the last
		}
		out = append(out, byte(head), byte(head>>8), byte(head>>16))
		out = append(out, piece...)
		if len(b) == 0 {
			return out
		}
	}
}
