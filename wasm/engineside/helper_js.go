package engineside

import (
	"context"
	"fmt"
	"syscall/js"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
	"flowpane/wasm/fileblob"
	"flowpane/wasm/port"
)

// maxHelpers bounds how many engines help this one: each has a memory of its
// own, and disks do not get faster.
const maxHelpers = 3

// helpers starts an engine for each processor but one, where this one may start
// any.
func helpers() []engine.Helper {
	processors := js.Global().Get("navigator").Get("hardwareConcurrency")
	if processors.Type() != js.TypeNumber || js.Global().Get("flowpane").Get("help").IsUndefined() {
		return nil
	}
	list := make([]engine.Helper, min(max(processors.Int()-1, 0), maxHelpers))
	for i := range list {
		list[i] = newHelper()
	}
	return list
}

// A helper is an engine in a worker of this one's.
type helper struct {
	worker js.Value
	port   *port.Port
	dialed chan struct{} // closed when there is other, or an error
	other  api.API
	err    error

	lent  js.Value // the File lent last
	token string
	count int
}

func newHelper() *helper {
	started := js.Global().Get("flowpane").Call("help")
	h := &helper{worker: started.Get("worker"), port: port.New(started.Get("port")), dialed: make(chan struct{})}
	go func() {
		h.other, h.err = api.Dial(h.port)
		close(h.dialed)
	}()
	return h
}

// Lend implements engine.Helper, for files that a person chose.
func (h *helper) Lend(src blob.Source) (*viewerpb.Source, bool) {
	file, ok := fileblob.File(src)
	if !ok {
		return nil, false
	}
	if !file.Equal(h.lent) {
		h.count++
		h.lent, h.token = file, fmt.Sprint("lent ", h.count)
		h.port.SendFile(h.token, file)
	}
	return &viewerpb.Source{Token: h.token}, true
}

// Examine implements engine.Helper.
func (h *helper) Examine(ctx context.Context, examine *viewerpb.Examine) (*viewerpb.Examined, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-h.dialed:
	}
	if h.err != nil {
		return nil, h.err
	}
	return h.other.Examine(ctx, examine)
}

// Close implements engine.Helper.
func (h *helper) Close() {
	h.worker.Call("terminate")
	h.port.Close()
}
