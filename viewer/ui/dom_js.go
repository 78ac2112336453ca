package ui

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// An element is an element of the document. Attributes and text that are set
// through it reach the document only when they differ from what was last set.
type element struct {
	*dom.BasicHTMLElement
	attrs      map[string]string
	text       string
	visibility visibility
}

// wrap knows that v is an element, so nothing needs to be asked.
func wrap(v js.Value) *element {
	node := &dom.BasicNode{Value: v}
	return &element{BasicHTMLElement: &dom.BasicHTMLElement{BasicElement: &dom.BasicElement{BasicNode: node}}}
}

func document() js.Value { return js.Global().Get("document") }

// byID returns an element of index.html.
func byID(id string) *element {
	v := document().Call("getElementById", id)
	if v.IsNull() {
		panic("ui: index.html has no #" + id)
	}
	return wrap(v)
}

// create makes an element with a class, if any, and children.
func create(tag, class string, children ...*element) *element {
	e := wrap(document().Call("createElement", tag))
	if class != "" {
		e.setAttr("class", class)
	}
	for _, child := range children {
		e.AppendChild(child)
	}
	return e
}

// createText makes an element with text.
func createText(tag, class, text string) *element {
	e := create(tag, class)
	e.setText(text)
	return e
}

// clone makes an element like e, with what is in it.
func (e *element) clone() *element { return wrap(e.Call("cloneNode", true)) }

// setText makes text the only content of e.
func (e *element) setText(text string) {
	if e.text != text {
		e.text = text
		e.SetTextContent(text)
	}
}

// setAttr sets an attribute. An empty value is a value too.
func (e *element) setAttr(name, value string) {
	if old, ok := e.attrs[name]; ok && old == value {
		return
	}
	if e.attrs == nil {
		e.attrs = map[string]string{}
	}
	e.attrs[name] = value
	e.SetAttribute(name, value)
}

func (e *element) dropAttr(name string) {
	if _, ok := e.attrs[name]; ok {
		delete(e.attrs, name)
		e.RemoveAttribute(name)
	}
}

// setFlag sets an attribute that is there or not.
func (e *element) setFlag(name string, on bool) {
	if on {
		e.setAttr(name, "")
	} else {
		e.dropAttr(name)
	}
}

// show shows or hides e.
func (e *element) show(on bool) {
	if want := map[bool]visibility{true: shown, false: hidden}[on]; e.visibility != want {
		e.visibility = want
		e.Set("hidden", !on)
	}
}

// A visibility is what show last did, if it did anything: index.html hides
// some elements from the start.
type visibility int

const (
	unknown visibility = iota
	shown
	hidden
)

func (e *element) setAll(children ...*element) {
	list := make([]any, len(children))
	for i, child := range children {
		list[i] = child.Value
	}
	e.Call("replaceChildren", list...)
}

// on listens for as long as the page lives: it is for elements that stay.
// Those that come and go are heard by what they are in.
func (e *element) on(event string, listener func(dom.Event)) {
	e.AddEventListener(event, false, listener)
}

// onRaw listens without wrapping the event, for what comes often.
func onRaw(target js.Value, event string, listener func(event js.Value)) {
	target.Call("addEventListener", event, js.FuncOf(func(_ js.Value, args []js.Value) any {
		listener(args[0])
		return nil
	}))
}

// closest returns the value of an attribute of the element that an event
// happened in, or of the nearest above it that has the attribute.
func closest(target js.Value, attr string) (string, bool) {
	e := target.Call("closest", "["+attr+"]")
	if e.IsNull() {
		return "", false
	}
	return e.Call("getAttribute", attr).String(), true
}

// keepFocus notes what in box has the focus. The function that it returns gives
// the focus back once box was filled anew: to the same element, if it is there
// again, or to that which has the same value of one of the attributes, or to box.
func keepFocus(box *element, attrs ...string) (restore func()) {
	active := document().Get("activeElement")
	if !box.Call("contains", active).Bool() {
		return func() {}
	}
	again := ""
	for _, attr := range attrs {
		if value, ok := closest(active, attr); ok {
			again = "[" + attr + "=\"" + js.Global().Get("CSS").Call("escape", value).String() + "\"]"
		}
	}
	return func() {
		if !active.Get("isConnected").Bool() {
			found := js.Null()
			if again != "" {
				found = box.Call("querySelector", again)
			}
			if active = found; found.IsNull() {
				active = box.Value
			}
		}
		active.Call("focus", map[string]any{"preventScroll": true})
	}
}

func yesNo(on bool) string {
	if on {
		return "true"
	}
	return "false"
}
