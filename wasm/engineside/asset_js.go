package engineside

import (
	"context"
	"fmt"
	"io/fs"
	"syscall/js"

	"flowpane/viewer/blob"
	"flowpane/viewer/bundle"
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

// parts returns what a page that is one file is made of, undefined for others.
func parts() js.Value { return js.Global().Get("flowpane").Get("parts") }

// asset returns a file of the page by name. A page that is one file has only the
// one that it is itself, as it was without its sessions.
func asset(_ context.Context, name string) ([]byte, error) {
	if parts := parts(); parts.IsUndefined() {
		return fetched(name)
	} else if name != bundle.Template {
		return nil, fmt.Errorf("%s: %w: this page is one file", name, fs.ErrNotExist)
	}
	markup, err := blob.ReadAll(fileblob.New(parts().Get("markup")))
	if err != nil {
		return nil, err
	}
	program, err := blob.ReadAll(fileblob.New(parts().Get("program")))
	if err != nil {
		return nil, err
	}
	return bundle.Whole(markup, program)
}

// fetched fetches a file of the page, which lies beside this worker. The host is
// asked whether it has changed: its name does not say it.
func fetched(name string) ([]byte, error) {
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
