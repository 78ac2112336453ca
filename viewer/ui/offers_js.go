package ui

import (
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

	source js.Value // of the last offer
	origin string
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

func say(to js.Value, what, origin string) {
	if origin == "null" { // which no message can be addressed to
		origin = anyOrigin
	}
	to.Call("postMessage", map[string]any{"flowpane": what}, origin)
}

func (o *offers) hear(source js.Value, origin string, data js.Value) {
	if data.Type() != js.TypeObject || data.Get("flowpane").Type() != js.TypeString {
		return
	}
	switch data.Get("flowpane").String() {
	case "hello":
		say(source, "ready", origin)
	case "open":
		o.take(source, origin, data)
	}
}

// take hands what is offered to the engine, and asks.
func (o *offers) take(source js.Value, origin string, data js.Value) {
	session := data.Get("session")
	blobs, buffers := js.Global().Get("Blob"), js.Global().Get("ArrayBuffer")
	switch {
	case session.InstanceOf(blobs):
	case session.InstanceOf(buffers):
		session = blobs.New([]any{session})
	default:
		say(source, "refused", origin)
		return
	}
	name := textOr(data.Get("name"), textOr(session.Get("name"), "session"))
	size := uint64(session.Get("size").Float())
	file := o.files.handOver(session, name)
	o.loop.Send(screen.Offered{From: origin, File: file, Size: size, View: textOr(data.Get("view"), "")})
	o.source, o.origin = source, origin // behind an answer to what was offered before
}

// answer tells the other page what became of its offer.
func (o *offers) answer(taken bool) {
	what := "refused"
	if taken {
		what = "opened"
	}
	say(o.source, what, o.origin)
}

func textOr(v js.Value, other string) string {
	if v.Type() != js.TypeString || v.String() == "" {
		return other
	}
	return v.String()
}
