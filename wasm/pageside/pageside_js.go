package pageside

import (
	"runtime/debug"

	"flowpane/viewer/ui"
)

// garbage is how much of it there may be before it is collected, in per cent of
// what is in use. That is a few megabytes; to collect it while a person scrolls
// takes a part of a frame.
const garbage = 180

// Run shows the page. It does not return.
func Run() {
	debug.SetGCPercent(garbage)
	l := newLine()
	l.page = ui.New(ui.Line{SendFile: l.sendFile, SendHandle: l.sendHandle, LetGo: l.letGo, Restart: l.restart})
	l.connect()
	select {}
}
