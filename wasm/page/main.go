//go:build js

// Command page is the visible half of the viewer: it joins the screen to the
// document, and both to the engine at the other end of a port. It is wiring,
// without logic to test.
package main

import (
	"runtime/debug"

	"flowpane/viewer/api"
	"flowpane/viewer/ui"
	"flowpane/wasm/port"
)

// garbage is how much of it there may be before it is collected, in per cent of
// what is in use. That is a few megabytes; to collect it while a person scrolls
// takes a part of a frame.
const garbage = 180

func main() {
	debug.SetGCPercent(garbage)
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
