package ui

import (
	"runtime"
	"syscall/js"

	"flowpane/viewer/screen"
)

// An offers listens to the page that opened this one, or shows it in a frame. They
// speak by postMessage, in objects with a member flowpane:
//
//	ready     to the other: it may offer a session; sent at the start and in
//	          answer to hello
//	hello     from the other: is this page ready?
//	open      from the other: session, an ArrayBuffer or a Blob; name, of a
//	          file; view, a filter and so on as in the fragment of a link
//	opened    to the other: a person agreed
//	refused   to the other: nobody agreed, or it was no session
//
// Who else sends messages is not heard.
//
// Source: https://html.spec.whatwg.org/multipage/web-messaging.html
type offers struct {
	loop  *screen.Loop
	files *files

	last   offer // that is asked about
	passed offer // that a tab of its own asks about
	tab    js.Value
}

// An offer is a session that another page hands over, as it came: it is handed
// on only when a person has agreed.
type offer struct {
	by         js.Value // a window
	origin     string   // of it
	session    js.Value // an ArrayBuffer or a Blob
	name, view string
	token      string // for the engine
}

// anyOrigin is who ready is said to: it tells nothing but that this is Flowpane.
const anyOrigin = "*"

func newOffers(loop *screen.Loop, files *files) *offers {
	o := &offers{loop: loop, files: files}
	window := js.Global()
	onRaw(window, "message", func(e js.Value) {
		source := e.Get("source")
		for _, other := range others() {
			if other.Equal(source) {
				o.hear(source, e.Get("origin").String(), e.Get("data"))
			}
		}
		if o.tab.Truthy() && o.tab.Equal(source) {
			o.hearTab(said(e.Get("data")))
		}
	})
	for _, other := range others() {
		say(other, "ready", anyOrigin)
	}
	return o
}

// others returns the pages that may offer a session.
func others() (list []js.Value) {
	window := js.Global().Get("window")
	if opener := window.Get("opener"); opener.Truthy() {
		list = append(list, opener)
	}
	if parent := window.Get("parent"); parent.Truthy() && !parent.Equal(window) {
		list = append(list, parent)
	}
	return list
}

func say(to js.Value, what, origin string) { send(to, map[string]any{"flowpane": what}, origin) }

func send(to js.Value, message map[string]any, origin string) {
	if origin == "null" { // which no message can be addressed to
		origin = anyOrigin
	}
	to.Call("postMessage", message, origin)
}

// said returns what a message is, "" if it is none of these.
func said(data js.Value) string {
	if data.Type() != js.TypeObject {
		return ""
	}
	return textOr(data.Get("flowpane"), "")
}

func (o *offers) hear(source js.Value, origin string, data js.Value) {
	switch said(data) {
	case "hello":
		say(source, "ready", origin)
	case "open":
		o.take(source, origin, data)
	}
}

// take asks about what is offered.
func (o *offers) take(source js.Value, origin string, data js.Value) {
	session := data.Get("session")
	size := session
	switch global := js.Global(); {
	case session.InstanceOf(global.Get("Blob")):
		size = session.Get("size")
	case session.InstanceOf(global.Get("ArrayBuffer")):
		size = session.Get("byteLength")
	default:
		say(source, "refused", origin)
		return
	}
	taken := offer{by: source, origin: origin, session: session, name: "session", view: textOr(data.Get("view"), ""), token: o.files.token()}
	if session.Get("name").Type() == js.TypeString { // of a File
		taken.name = textOr(session.Get("name"), taken.name)
	}
	taken.name = textOr(data.Get("name"), taken.name)
	from := origin
	if own := js.Global().Get("origin").String(); origin == own && own != "null" { // this page, within another
		from = textOr(data.Get("from"), from)
	}
	o.loop.Send(screen.Offered{From: from, File: screen.File{Token: taken.token, Name: taken.name}, Size: uint64(size.Float()), View: taken.view})
	o.last = taken // behind an answer to what was offered before
}

// answer tells the other page what became of its offer. What is taken goes to the
// engine, and what is not is let go: it may be a gigabyte, and this program may
// not collect what it no longer needs for long.
func (o *offers) answer(taken bool) {
	last := o.last
	o.last = offer{}
	if !taken {
		say(last.by, "refused", last.origin)
		last = offer{}
		runtime.GC()
		return
	}
	blobs := js.Global().Get("Blob")
	if !last.session.InstanceOf(blobs) {
		last.session = blobs.New([]any{last.session})
	}
	o.files.send(last.token, last.session)
	say(last.by, "opened", last.origin)
}

// pass opens a tab of this page, which is to ask about the last offer in the place
// of this one, and reports whether it is there.
func (o *offers) pass() bool {
	tab := js.Global().Call("open", pageAddress())
	if !tab.Truthy() {
		return false
	}
	o.hearTab("refused") // what was passed before
	o.passed, o.last, o.tab = o.last, offer{}, tab
	o.watchTab()
	return true
}

// hearTab hears what the tab says: that it is there, or what became of the offer.
func (o *offers) hearTab(what string) {
	switch p := &o.passed; what {
	case "ready":
		if p.session.Truthy() {
			own := js.Global().Get("origin").String()
			send(o.tab, map[string]any{"flowpane": "open", "session": p.session, "name": p.name, "view": p.view, "from": p.origin}, own)
			p.session = js.Undefined()
		}
	case "opened", "refused":
		if p.by.Truthy() {
			say(p.by, what, p.origin)
		}
		o.passed, o.tab = offer{}, js.Undefined()
	}
}

// watchTab takes a tab that is closed for a no. No event tells of it.
func (o *offers) watchTab() {
	const every = 1000 // ms
	var look js.Func
	tab := o.tab
	look = js.FuncOf(func(js.Value, []js.Value) any {
		switch {
		case !o.tab.Equal(tab):
		case tab.Get("closed").Bool():
			o.hearTab("refused")
		default:
			js.Global().Call("setTimeout", look, every)
			return nil
		}
		look.Release()
		return nil
	})
	js.Global().Call("setTimeout", look, every)
}

func textOr(v js.Value, other string) string {
	if v.Type() != js.TypeString || v.String() == "" {
		return other
	}
	return v.String()
}
