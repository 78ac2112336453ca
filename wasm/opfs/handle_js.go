package opfs

import (
	"fmt"
	"io"
	"runtime"
	"syscall/js"
	"unsafe"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// jsHandle is a FileSystemSyncAccessHandle. Its calls block the worker.
type jsHandle struct {
	value       js.Value
	read, write js.Value // functions of the worker's script
}

// newHandle takes over an access handle.
func newHandle(value js.Value) *jsHandle {
	script := js.Global().Get("flowpane")
	return &jsHandle{value, script.Get("readHandle"), script.Get("writeHandle")}
}

// ReadAt has the script read straight into p. A view on the memory of this
// program that was made here could be detached before it is used: the file
// would seem to be empty, and the database damaged.
func (h *jsHandle) ReadAt(p []byte, offset int64) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err = number(func() js.Value { return h.read.Invoke(h.value, address(p), len(p), offset) })
	runtime.KeepAlive(p)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (h *jsHandle) WriteAt(p []byte, offset int64) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err = number(func() js.Value { return h.write.Invoke(h.value, address(p), len(p), offset) })
	runtime.KeepAlive(p)
	if err == nil && n < len(p) {
		err = sqlite3.FULL
	}
	return n, err
}

func (h *jsHandle) Truncate(size int64) error {
	return try(func() { h.value.Call("truncate", size) })
}

func (h *jsHandle) Size() (int64, error) {
	n, err := number(func() js.Value { return h.value.Call("getSize") })
	return int64(n), err
}

func (h *jsHandle) Flush() error { return try(func() { h.value.Call("flush") }) }

// Close releases the file. It may be called again.
func (h *jsHandle) Close() error { return try(func() { h.value.Call("close") }) }

func address(p []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(p))) }

func number(call func() js.Value) (n int, err error) {
	err = try(func() { n = int(call().Float()) })
	return n, err
}

// try calls f, and returns what JavaScript throws meanwhile. A full disk is an
// error that SQLite knows.
func try(f func()) (err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case js.Error:
			err = fmt.Errorf("opfs: %w", e)
			if named(e, "QuotaExceededError") {
				err = vfs.SystemError(err, sqlite3.FULL)
			}
		default:
			panic(e)
		}
	}()
	f()
	return nil
}

// named reports whether err is an exception of JavaScript of that name.
func named(err error, name string) bool {
	e, ok := err.(js.Error)
	return ok && e.Value.Type() == js.TypeObject && e.Value.Get("name").String() == name
}
