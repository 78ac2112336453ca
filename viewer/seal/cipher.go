package seal

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
)

// A Cipher is AES-256-GCM under one key, with nonces of 12 bytes and tags of
// [Overhead]. It is safe for concurrent use. No slice is kept, and dst overlaps
// none of the others.
type Cipher interface {
	// Seal encrypts plain into dst, which is longer by Overhead.
	Seal(ctx context.Context, dst, nonce, plain, data []byte) error
	// Open decrypts sealed into dst, which is shorter by Overhead. It is
	// ErrForged where sealed or data are not what was sealed with nonce; then
	// nothing of sealed is in dst.
	Open(ctx context.Context, dst, nonce, sealed, data []byte) error
}

// Overhead is how much longer a chunk is when it is sealed, in bytes.
const Overhead = 16

const nonceSize = 12

// ErrForged is what a [Cipher] reports of bytes that it did not seal.
var ErrForged = errors.New("the bytes are not those that were encrypted")

// NewCipher makes a Cipher of a key of 32 bytes, which it does not keep.
type NewCipher func(key []byte) (Cipher, error)

// Host is the Cipher of Go's own library. It is quick where the processor has
// instructions for AES, and slow in WebAssembly, which has none.
func Host(key []byte) (Cipher, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return host{aead}, err
}

type host struct{ aead cipher.AEAD }

func (h host) Seal(ctx context.Context, dst, nonce, plain, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	h.aead.Seal(dst[:0], nonce, plain, data)
	return nil
}

func (h host) Open(ctx context.Context, dst, nonce, sealed, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := h.aead.Open(dst[:0], nonce, sealed, data); err != nil {
		return ErrForged
	}
	return nil
}
