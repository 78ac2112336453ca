//go:build js

// Command page is the visible half of the viewer: it joins the screen to the
// document, and both to the engine at the other end of a port. It is wiring,
// without logic to test.
package main

import (
	"flowpane/viewer/api"
	"flowpane/viewer/ui"
	"flowpane/wasm/port"
)

func main() {
	pipe := port.FromGlobal()
	page := ui.New(pipe.SendFile, pipe.SendHandle)
	engine, err := api.Dial(pipe)
	if err != nil {
		page.Disconnect(err)
	} else {
		page.Connect(engine)
	}
	select {}
}
