package seal

import (
	"context"
	"errors"
	"io"
	"math"
)

// A Writer encrypts what is written to it. It has the file written chunk by
// chunk, and one chunk in memory.
type Writer struct {
	ctx    context.Context
	w      io.Writer
	key    Key
	header header
	cipher Cipher
	plain  []byte // of the chunk that is not written yet
	sealed []byte
	number uint32
	err    error // of all that is still to come
}

// NewWriter returns a Writer to w under a new key, having written the header.
// The cipher is [Host] if nil. Cancelling ctx ends it.
func NewWriter(ctx context.Context, w io.Writer, cipher NewCipher) (*Writer, error) {
	return newWriter(ctx, w, cipher, chunkSize)
}

func newWriter(ctx context.Context, w io.Writer, cipher NewCipher, size int) (*Writer, error) {
	if cipher == nil {
		cipher = Host
	}
	out := &Writer{ctx: ctx, w: w, key: newKey(), plain: make([]byte, 0, size), sealed: make([]byte, size+Overhead)}
	var chunks []byte
	if out.header, chunks, out.err = newHeader(out.key, size); out.err == nil {
		out.cipher, out.err = cipher(chunks)
	}
	if out.err == nil {
		_, out.err = w.Write(out.header[:])
	}
	return out, out.err
}

// Key returns the key that opens the file.
func (w *Writer) Key() Key { return w.key }

// Write implements io.Writer. After an error each call returns it again.
func (w *Writer) Write(p []byte) (n int, err error) {
	for n < len(p) && w.err == nil {
		if len(w.plain) == cap(w.plain) { // and more comes, so that it is not the last
			w.flush(false)
			continue
		}
		take := min(len(p)-n, cap(w.plain)-len(w.plain))
		w.plain = append(w.plain, p[n:n+take]...)
		n += take
	}
	return n, w.err
}

var errClosed = errors.New("seal: the file is closed")

// Close writes the last chunk, without which the file does not open: who could
// not write all of the plaintext does not call it. It does not close what is
// beneath.
func (w *Writer) Close() error {
	w.flush(true)
	if w.err != nil {
		return w.err
	}
	w.err = errClosed
	return nil
}

// flush writes the chunk at hand.
func (w *Writer) flush(last bool) {
	if w.err == nil && !last && w.number == math.MaxUint32 {
		w.err = errors.New("seal: the session is too long")
	}
	if w.err != nil {
		return
	}
	sealed := w.sealed[:len(w.plain)+Overhead]
	if w.err = w.cipher.Seal(w.ctx, sealed, w.header.nonce(w.number, last), w.plain, w.header[:]); w.err == nil {
		_, w.err = w.w.Write(sealed)
	}
	w.plain = w.plain[:0]
	w.number++
}
