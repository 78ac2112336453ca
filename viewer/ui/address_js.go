package ui

import (
	"syscall/js"

	"flowpane/viewer/screen"
)

// An addressBar puts links into the address of the page. Browsers ignore
// changes that come too often, some 200 in ten seconds, and would then show an
// address of long ago: those that replace each other are therefore spaced, and
// the last of them always gets there.
type addressBar struct {
	pending *screen.SetFragment // replaces, when the timer runs out
	hash    string              // as the browser has it, of what was written last or gone to
	timer   js.Value
	due     js.Func
}

// spacing is how long one replacement waits for the next, in milliseconds.
const spacing = 60

func newAddressBar() *addressBar {
	a := &addressBar{hash: hash()}
	a.due = js.FuncOf(func(js.Value, []js.Value) any {
		a.timer = js.Undefined()
		a.flush()
		return nil
	})
	return a
}

func (a *addressBar) set(c screen.SetFragment) {
	if c.Push {
		a.flush()
		a.write("pushState", c.Fragment)
		return
	}
	if a.timer.Truthy() {
		a.pending = &c
		return
	}
	a.write("replaceState", c.Fragment)
	a.timer = js.Global().Call("setTimeout", a.due, spacing)
}

// flush writes what waits.
func (a *addressBar) flush() {
	if a.pending != nil && hash() == a.hash { // else the person is on the way to another address
		a.write("replaceState", a.pending.Fragment)
	}
	a.pending = nil
}

// forget drops what waits: the person has gone to another address.
func (a *addressBar) forget() { a.pending, a.hash = nil, hash() }

func (a *addressBar) write(method, fragment string) {
	url := "#" + fragment
	if fragment == "" {
		location := js.Global().Get("location")
		url = location.Get("pathname").String() + location.Get("search").String()
	}
	js.Global().Get("history").Call(method, nil, "", url)
	a.hash = hash()
}

func hash() string { return js.Global().Get("location").Get("hash").String() }
