package webcrypto

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"syscall/js"
	"unsafe"

	"flowpane/viewer/seal"
	"flowpane/wasm/promise"
)

// New returns a Cipher under a key of 32 bytes, which no script can read again.
// Where the browser has no SubtleCrypto, on a page that came unencrypted, that
// is [seal.Host].
func New(key []byte) (seal.Cipher, error) {
	subtle := js.Global().Get("crypto").Get("subtle")
	if !subtle.Truthy() {
		return seal.Host(key)
	}
	raw := js.Global().Get("Uint8Array").New(len(key))
	js.CopyBytesToJS(raw, key)
	imported, err := promise.Await(subtle.Call("importKey", "raw", raw, "AES-GCM", false, []any{"encrypt", "decrypt"}))
	raw.Call("fill", 0)
	if err != nil {
		return nil, fmt.Errorf("webcrypto: %w", err)
	}
	return &aes{imported, js.Global().Get("flowpane")}, nil
}

// aes is a key that was imported, and the helper in the script of the worker.
type aes struct{ key, script js.Value }

// Seal implements seal.Cipher.
func (a *aes) Seal(ctx context.Context, dst, nonce, plain, data []byte) error {
	return a.crypt(ctx, "encrypt", dst, nonce, plain, data)
}

// Open implements seal.Cipher.
func (a *aes) Open(ctx context.Context, dst, nonce, sealed, data []byte) error {
	err := a.crypt(ctx, "decrypt", dst, nonce, sealed, data)
	var thrown js.Error
	if errors.As(err, &thrown) && thrown.Get("name").String() == "OperationError" {
		return seal.ErrForged
	}
	return err
}

// crypt has the script make views on the memory of the program, for which the
// slices must lie on the heap, which does not move: they do, as they came
// through an interface. The browser copies them before the call returns, and
// writes what it made of them only if all of it is right.
func (a *aes) crypt(ctx context.Context, how string, dst, nonce, src, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n, err := promise.Await(a.script.Call("crypt", how, a.key,
		address(nonce), len(nonce), address(data), len(data), address(src), len(src), address(dst), len(dst)))
	runtime.KeepAlive(nonce)
	runtime.KeepAlive(data)
	runtime.KeepAlive(src)
	runtime.KeepAlive(dst)
	if err != nil {
		return fmt.Errorf("webcrypto: %w", err)
	}
	if n.Int() != len(dst) {
		return fmt.Errorf("webcrypto: %sed %d bytes, not %d", how, n.Int(), len(dst))
	}
	return nil
}

// address returns where b is in the memory of the program.
func address(b []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(b))) }
