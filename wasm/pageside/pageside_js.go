package pageside

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

// Run shows the page. It does not return.
func Run() {
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
