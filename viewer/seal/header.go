package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"flowpane/viewer/blob"
)

const (
	magic   = "Flowpane sealed\n"
	version = 1

	// chunkSize is how much plaintext a chunk of a new file holds: as much as is
	// asked for at once of a host far away.
	chunkSize = 64 << 10
	minChunk  = 1 << 10
	maxChunk  = 1 << 20
)

// Where the parts of a header are; see the package comment.
const (
	atVersion  = len(magic)
	atPrefix   = 17
	atSalt     = 24
	atCheck    = 40
	atChunk    = 56
	atSum      = 60
	headerSize = 64
)

// What Open reports of files that it cannot open.
var (
	// ErrNotSealed: the file is none of this package's.
	ErrNotSealed = errors.New("the file is not encrypted")
	// ErrNewer: it was written by a later version.
	ErrNewer = errors.New("the file was encrypted by a newer version of the viewer")
	// ErrWrongKey: nothing is wrong with the file, but the key is not its own.
	ErrWrongKey = errors.New("the key is not that of this file")
)

// A header is the beginning of a file, and the additional data of its chunks.
type header [headerSize]byte

// newHeader returns a header under key, with a salt and a prefix of its own, and
// the key of the chunks.
func newHeader(key Key, size int) (h header, chunks []byte, err error) {
	copy(h[:], magic)
	h[atVersion] = version
	rand.Read(h[atPrefix:atCheck])
	chunks, check, err := h.derive(key)
	copy(h[atCheck:atChunk], check)
	binary.BigEndian.PutUint32(h[atChunk:], uint32(size))
	binary.BigEndian.PutUint32(h[atSum:], crc32.ChecksumIEEE(h[:atSum]))
	return h, chunks, err
}

// derive returns the key of the chunks, and the check of key.
func (h *header) derive(key Key) (chunks, check []byte, err error) {
	salt := h[atSalt:atCheck]
	chunks, err1 := hkdf.Key(sha256.New, key[:], salt, "flowpane seal 1 chunks", KeySize)
	check, err2 := hkdf.Key(sha256.New, key[:], salt, "flowpane seal 1 check", atChunk-atCheck)
	return chunks, check, errors.Join(err1, err2)
}

// unlock returns the key of the chunks, if key is that of the file.
func (h *header) unlock(key Key) ([]byte, error) {
	chunks, check, err := h.derive(key)
	if err == nil && subtle.ConstantTimeCompare(check, h[atCheck:atChunk]) == 0 {
		err = ErrWrongKey
	}
	return chunks, err
}

// readHeader reads the header of src.
func readHeader(src blob.Source) (h header, err error) {
	head, err := blob.Head(src, headerSize)
	switch {
	case err != nil:
		return h, err
	case !bytes.HasPrefix(head, []byte(magic)):
		return h, ErrNotSealed
	case len(head) > atVersion && head[atVersion] > version:
		return h, ErrNewer
	case copy(h[:], head) < headerSize,
		binary.BigEndian.Uint32(h[atSum:]) != crc32.ChecksumIEEE(h[:atSum]),
		h[atVersion] != version, h.chunk() < minChunk, h.chunk() > maxChunk:
		return h, &DamageError{Chunk: -1}
	}
	return h, nil
}

// chunk returns how much plaintext a chunk holds, in bytes.
func (h *header) chunk() int64 { return int64(binary.BigEndian.Uint32(h[atChunk:])) }

// nonce returns that of a chunk.
func (h *header) nonce(number uint32, last bool) []byte {
	n := make([]byte, 0, nonceSize)
	n = append(n, h[atPrefix:atSalt]...)
	n = binary.BigEndian.AppendUint32(n, number)
	if last {
		return append(n, 1)
	}
	return append(n, 0)
}

// Sealed reports whether src is a sealed file, by how it begins.
func Sealed(src blob.Source) (bool, error) {
	head, err := blob.Head(src, len(magic))
	return string(head) == magic, err
}

// A DamageError says which part of a sealed file is not as it was written: the
// file was damaged on its way, or somebody changed it.
type DamageError struct {
	Chunk  int64 // from 0; -1 is the header
	Offset int64 // where it begins in the sealed file, in bytes
	Last   bool  // it is the end of the file, of which something may be missing
}

func (e *DamageError) Error() string {
	switch {
	case e.Chunk < 0:
		return "the encrypted file is damaged: its first bytes are not as they were written"
	case e.Last:
		return fmt.Sprintf("the encrypted file is damaged, or not all of it is there: its end, from byte %d on, is not as it was written", e.Offset)
	}
	return fmt.Sprintf("the encrypted file is damaged: chunk %d, from byte %d on, is not as it was written", e.Chunk, e.Offset)
}
