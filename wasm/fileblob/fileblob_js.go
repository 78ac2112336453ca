package fileblob

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"syscall/js"
	"unsafe"

	"flowpane/viewer/blob"
	"flowpane/wasm/promise"
)

// New returns a Source over a File or Blob. A read after the file changed on
// disk gives blob.ErrGone.
func New(file js.Value) blob.Source {
	return &source{file: file, size: int64(file.Get("size").Float())}
}

// NewGrowing is New for a file that may be asked for what is appended to it, if
// handle has its FileSystemFileHandle by then.
//
// Source: https://fs.spec.whatwg.org/#api-filesystemfilehandle
func NewGrowing(file js.Value, handle func() (js.Value, bool)) blob.Growing {
	return &source{file: file, size: int64(file.Get("size").Float()), handle: handle}
}

// File returns the File or Blob that a Source of this package reads, as it is
// by now.
func File(s blob.Source) (js.Value, bool) {
	if f, ok := s.(*source); ok {
		return f.file, true
	}
	return js.Value{}, false
}

type source struct {
	file   js.Value
	size   int64
	handle func() (js.Value, bool)
}

func (s *source) Size() int64 { return s.size }

// Grows implements blob.Growing.
func (s *source) Grows() bool {
	if s.handle == nil {
		return false
	}
	_, ok := s.handle()
	return ok
}

// Grow implements blob.Growing. A File is the file as it was when it was asked
// for; the handle gives another.
func (s *source) Grow(context.Context) (int64, error) {
	if !s.Grows() {
		return s.size, nil
	}
	handle, _ := s.handle()
	file, err := promise.Await(handle.Call("getFile"))
	if err != nil {
		return 0, readError(err)
	}
	size := int64(file.Get("size").Float())
	if size < s.size {
		return 0, blob.ErrGone
	}
	s.file, s.size = file, size
	return size, nil
}

// ReadAt has the script read the slice and copy it straight into p: an
// ArrayBuffer that passed through a Go value would stay alive until the
// collectors of both sides had run, which kept gigabytes. p lies on the heap,
// which does not move, so the address holds while this goroutine is parked.
func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	if offset >= s.size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), s.size-offset)
	if want == 0 {
		return 0, nil
	}
	address := uintptr(unsafe.Pointer(unsafe.SliceData(p)))
	read, err := promise.Await(js.Global().Get("flowpane").Call("readFile", s.file, address, want, offset))
	runtime.KeepAlive(p)
	if err != nil {
		return 0, readError(err)
	}
	n := read.Int()
	if int64(n) < want {
		return n, blob.ErrGone
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// readError tells a file that is gone from other failures. NotReadableError
// and NotFoundError are what browsers say of one that was changed or removed.
func readError(err error) error {
	if e, ok := err.(js.Error); ok {
		switch e.Value.Get("name").String() {
		case "NotReadableError", "NotFoundError":
			return blob.ErrGone
		}
	}
	return fmt.Errorf("fileblob: %w", err)
}
