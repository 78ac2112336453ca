package blob

import (
	"errors"
	"io"
	"sync"
)

// An Arriving is a Source of known size whose bytes come one after the other,
// as those of a download do. Reads wait for what they want.
type Arriving struct {
	bytes []byte // all that there will be
	mu    sync.Mutex
	came  sync.Cond // signalled when have or err changes
	have  int       // how many of bytes are there
	err   error     // why no more come
}

// arrives is an Arriving, or what embeds one.
type arrives interface {
	await(offset int64, n int) int64
}

// NewArriving returns a Source of size bytes, none of which is there.
func NewArriving(size int) *Arriving {
	a := &Arriving{bytes: make([]byte, size)}
	a.came.L = &a.mu
	return a
}

// Room returns where the next bytes belong, all that are left of them. They are
// there when Came says so.
func (a *Arriving) Room() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bytes[a.have:]
}

// Came says that n bytes more are where Room said.
func (a *Arriving) Came(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.have += n
	a.came.Broadcast()
}

// End says that no more bytes come, and why: nil where all came. Reads of what
// is missing fail by it, and all others go on.
func (a *Arriving) End(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err == nil && a.have < len(a.bytes):
		err = io.ErrUnexpectedEOF
	case err == nil:
		err = io.EOF
	}
	a.err = err
	a.came.Broadcast()
}

// Size implements Source.
func (a *Arriving) Size() int64 { return int64(len(a.bytes)) }

// await waits for n bytes from offset on, or the end, and returns how many there
// are then.
func (a *Arriving) await(offset int64, n int) int64 {
	end := min(offset+int64(n), a.Size())
	a.mu.Lock()
	defer a.mu.Unlock()
	for int64(a.have) < end && a.err == nil {
		a.came.Wait()
	}
	return int64(a.have) - offset
}

// ReadAt implements Source.
func (a *Arriving) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, errors.New("blob: negative offset")
	}
	if offset >= a.Size() {
		return 0, io.EOF
	}
	end := offset + min(int64(len(p)), a.Size()-offset)
	n := 0
	if here := a.await(offset, len(p)); here > 0 {
		n = copy(p, a.bytes[offset:min(end, offset+here)])
	}
	switch {
	case offset+int64(n) < end:
		a.mu.Lock()
		defer a.mu.Unlock()
		return n, a.err
	case n < len(p):
		return n, io.EOF
	}
	return n, nil
}
