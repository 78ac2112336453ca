package engineside

import (
	"context"
	"fmt"
	"syscall/js"

	"flowpane/viewer/blob"
	"flowpane/wasm/fileblob"
	"flowpane/wasm/promise"
)

// held opens a session that is in the page itself, which is one file.
func held(name string) (blob.Source, error) {
	file := js.Global().Get("flowpane").Get("sessions").Call("get", name)
	if file.IsUndefined() {
		return nil, fmt.Errorf("%s: this page holds no session of that name", name)
	}
	return fileblob.New(file), nil
}

// assets returns what fetches files of the page by name, which lie beside this
// worker; nil where the page is one file. The host is asked whether they have
// changed: their names do not say it.
func assets() func(context.Context, string) ([]byte, error) {
	if js.Global().Get("location").Get("protocol").String() == "blob:" {
		return nil
	}
	return func(_ context.Context, name string) ([]byte, error) {
		response, err := promise.Await(js.Global().Call("fetch", name, map[string]any{"cache": "no-cache"}))
		if err != nil {
			return nil, fmt.Errorf("%s: cannot be fetched: %w", name, err)
		}
		if !response.Get("ok").Bool() {
			return nil, fmt.Errorf("%s: the host answered %d %s", name, response.Get("status").Int(), response.Get("statusText").String())
		}
		buffer, err := promise.Await(response.Call("arrayBuffer"))
		if err != nil {
			return nil, fmt.Errorf("%s: the download broke off: %w", name, err)
		}
		array := js.Global().Get("Uint8Array").New(buffer)
		content := make([]byte, array.Length())
		js.CopyBytesToGo(content, array)
		return content, nil
	}
}
