package flow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/adler32"
	"hash/crc32"

	"github.com/klauspost/compress/flate"
)

// The containers around deflate are read here, and not by compress/gzip and
// compress/zlib: those refuse a damaged header or a missing checksum where
// zlib, which mitmproxy uses, gives what it has.

var (
	errHeader   = errors.New("not the header of compressed data")
	errChecksum = errors.New("the checksum differs")
)

// inflateAny reads gzip or zlib data, whichever the header names.
// Source: https://www.rfc-editor.org/rfc/rfc1952, rfc1950.
func (d *Decoder) inflateAny(raw []byte, limit int) ([]byte, error) {
	if raw[0] != 0x1f || len(raw) > 1 && raw[1] != 0x8b {
		return d.inflateZlib(raw, limit)
	}
	n, err := gzipHeader(raw)
	if err != nil {
		return nil, err
	}
	decoded, rest, err := d.inflate(raw[n:], limit)
	if err != nil {
		return decoded, err
	}
	if len(rest) < 8 {
		return decoded, ErrTruncated
	}
	if binary.LittleEndian.Uint32(rest) != crc32.ChecksumIEEE(decoded) ||
		binary.LittleEndian.Uint32(rest[4:]) != uint32(len(decoded)) {
		return decoded, errChecksum
	}
	d.rest = rest[8:]
	return decoded, nil
}

// gzipHeader returns the length of the header of a gzip member.
func gzipHeader(raw []byte) (int, error) {
	const (
		hasCRC = 1 << iota << 1
		hasExtra
		hasName
		hasComment
		reserved = 0xe0
	)
	if len(raw) < 10 {
		return 0, ErrTruncated
	}
	flags := raw[3]
	if raw[2] != 8 || flags&reserved != 0 {
		return 0, errHeader
	}
	n := 10
	if flags&hasExtra != 0 {
		if len(raw) < n+2 {
			return 0, ErrTruncated
		}
		n += 2 + int(binary.LittleEndian.Uint16(raw[n:]))
	}
	for _, field := range [...]byte{hasName, hasComment} {
		if flags&field == 0 {
			continue
		}
		if n > len(raw) {
			return 0, ErrTruncated
		}
		end := bytes.IndexByte(raw[n:], 0)
		if end < 0 {
			return 0, ErrTruncated
		}
		n += end + 1
	}
	if flags&hasCRC == 0 {
		return checkLength(raw, n)
	}
	if len(raw) < n+2 {
		return 0, ErrTruncated
	}
	if binary.LittleEndian.Uint16(raw[n:]) != uint16(crc32.ChecksumIEEE(raw[:n])) {
		return 0, errChecksum
	}
	return n + 2, nil
}

func checkLength(raw []byte, n int) (int, error) {
	if n > len(raw) {
		return 0, ErrTruncated
	}
	return n, nil
}

// inflateZlib reads deflate data in its zlib container.
func (d *Decoder) inflateZlib(raw []byte, limit int) ([]byte, error) {
	if len(raw) < 2 {
		return nil, ErrTruncated
	}
	const dictionary = 0x20
	if raw[0]&0x0f != 8 || raw[0]>>4 > 7 || raw[1]&dictionary != 0 || binary.BigEndian.Uint16(raw)%31 != 0 {
		return nil, errHeader
	}
	decoded, rest, err := d.inflate(raw[2:], limit)
	switch {
	case err != nil:
		return decoded, err
	case len(rest) < 4:
		return decoded, ErrTruncated
	case binary.BigEndian.Uint32(rest) != adler32.Checksum(decoded):
		return decoded, errChecksum
	}
	d.rest = rest[4:]
	return decoded, nil
}

// inflateZlibOrRaw reads zlib data, or deflate data without a container: the
// standard asks for the former, and some servers send the latter.
func (d *Decoder) inflateZlibOrRaw(raw []byte, limit int) ([]byte, error) {
	decoded, err := d.inflateZlib(raw, limit)
	if err == nil || errors.Is(err, ErrLimit) {
		return decoded, err
	}
	decoded = bytes.Clone(decoded) // its memory is used again
	bare, rest, bareErr := d.inflate(raw, limit)
	if bareErr == nil {
		d.rest = rest
	}
	if bareErr == nil || errors.Is(bareErr, ErrLimit) || len(bare) > len(decoded) {
		return bare, bareErr
	}
	return decoded, err
}

// inflate reads deflate data, and returns what follows it.
// Source: https://www.rfc-editor.org/rfc/rfc1951
func (d *Decoder) inflate(raw []byte, limit int) (decoded, rest []byte, err error) {
	d.source.Reset(raw)
	if d.inflater == nil {
		d.inflater = flate.NewReader(&d.source)
	} else if err := d.inflater.(flate.Resetter).Reset(&d.source, nil); err != nil {
		return nil, raw, err
	}
	decoded, err = d.readAll(d.inflater, limit)
	return decoded, raw[len(raw)-d.source.Len():], err
}
