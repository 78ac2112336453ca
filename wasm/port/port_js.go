package port

import (
	"syscall/js"

	"flowpane/viewer/api"
)

// A Port is an api.Pipe over a MessagePort. A message that is a Uint8Array is
// a frame; null says that the other end is gone; {token, file} hands over a
// File that a person chose, {token, handle} its handle, and {token, gone} says
// that nobody will ask for it any more.
type Port struct {
	port   js.Value
	listen js.Func
	frames *api.Queue
	files  map[string]js.Value
	// handles of files that were dropped, which come after the files.
	handles map[string]js.Value
}

// FromGlobal returns the port that the boot script left in
// globalThis.flowpane.port, and begins to receive.
func FromGlobal() *Port { return New(js.Global().Get("flowpane").Get("port")) }

// New returns the Port over a MessagePort, and begins to receive.
func New(messages js.Value) *Port {
	p := &Port{
		port:   messages,
		frames: api.NewQueue(),
		files:  map[string]js.Value{},

		handles: map[string]js.Value{},
	}
	p.listen = js.FuncOf(func(_ js.Value, args []js.Value) any {
		p.receive(args[0].Get("data"))
		return nil
	})
	p.port.Set("onmessage", p.listen)
	return p
}

// Close ends the port at this end. Who receives gets io.EOF.
func (p *Port) Close() {
	p.port.Call("close")
	p.port.Set("onmessage", nil)
	p.listen.Release()
	p.frames.Close()
}

// receive runs on the event loop: it hands over and returns.
func (p *Port) receive(data js.Value) {
	switch {
	case data.IsNull():
		p.frames.Close()
	case data.InstanceOf(js.Global().Get("Uint8Array")):
		frame := make([]byte, data.Length())
		js.CopyBytesToGo(frame, data)
		_ = p.frames.Push(frame) // after the end nobody waits for frames
	case data.Get("gone").Truthy():
		delete(p.files, data.Get("token").String())
		delete(p.handles, data.Get("token").String())
	case data.Get("handle").Truthy():
		if _, ok := p.files[data.Get("token").String()]; ok {
			p.handles[data.Get("token").String()] = data.Get("handle")
		}
	default:
		p.files[data.Get("token").String()] = data.Get("file")
	}
}

// Send implements api.Pipe. The bytes are copied once, into a buffer that is
// transferred.
func (p *Port) Send(frame []byte) error {
	array := js.Global().Get("Uint8Array").New(len(frame))
	js.CopyBytesToJS(array, frame)
	p.port.Call("postMessage", array, []any{array.Get("buffer")})
	return nil
}

// Receive implements api.Pipe.
func (p *Port) Receive() ([]byte, error) { return p.frames.Pop() }

// SendFile hands a File to the other end, where Open may name it by token. It
// arrives before any frame sent later.
func (p *Port) SendFile(token string, file js.Value) {
	p.port.Call("postMessage", map[string]any{"token": token, "file": file})
}

// SendHandle hands over the FileSystemFileHandle of a file that was sent.
func (p *Port) SendHandle(token string, handle js.Value) {
	p.port.Call("postMessage", map[string]any{"token": token, "handle": handle})
}

// LetGo has the other end forget the file under token, and its handle.
func (p *Port) LetGo(token string) {
	p.port.Call("postMessage", map[string]any{"token": token, "gone": true})
}

// Handle returns the handle of the file under token, if there is one.
func (p *Port) Handle(token string) (js.Value, bool) {
	h, ok := p.handles[token]
	return h, ok
}

// File returns the File that the other end sent under token. It stays there until
// that lets it go: a file that is not the schema that it may be is opened.
func (p *Port) File(token string) (js.Value, bool) {
	f, ok := p.files[token]
	return f, ok
}
