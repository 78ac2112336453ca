package ui

import (
	"syscall/js"

	"flowpane/viewer/screen"
)

// A noteEditor is where a person comments on a flow and marks it. It is one
// element for all flows, so that what is being typed outlives a redraw.
type noteEditor struct {
	box, text, marker *element
	key               string // of the flow that it is about
	said              string // what the text was last set to, or said
	choices           int
}

func newNoteEditor(loop *screen.Loop) *noteEditor {
	n := &noteEditor{text: create("textarea", ""), marker: create("select", "")}
	n.text.setAttr("rows", "4")
	n.text.setAttr("placeholder", "What is there to say of this flow?")
	n.text.setAttr("id", "note-comment")
	n.marker.setAttr("id", "note-marker")
	label := func(text, of string) *element {
		l := createText("label", "", text)
		l.setAttr("for", of)
		return l
	}
	n.box = create("div", "note-editor", label("Mark", "note-marker"), n.marker, label("Comment", "note-comment"), n.text)
	// The change event comes when the box is left, also for another flow: by
	// then key may be of that one, but what was typed is of the one before.
	onRaw(n.text.Value, "change", func(js.Value) { n.say(loop) })
	var pause js.Value
	paused := js.FuncOf(func(js.Value, []js.Value) any {
		n.say(loop)
		return nil
	})
	onRaw(n.text.Value, "input", func(js.Value) { // who closes the page does not leave the box before
		js.Global().Call("clearTimeout", pause)
		pause = js.Global().Call("setTimeout", paused, aPause)
	})
	onRaw(n.marker.Value, "change", func(js.Value) {
		loop.Send(screen.Marked{Key: n.key, Marker: n.marker.Get("value").String()})
	})
	return n
}

// aPause is after how many milliseconds without a key what was typed is said.
const aPause = 400

// say sends what was typed, if it is another than before.
func (n *noteEditor) say(loop *screen.Loop) {
	if text := n.text.Get("value").String(); text != n.said {
		n.said = text
		loop.Send(screen.Commented{Key: n.key, Text: text})
	}
}

func (n *noteEditor) draw(loop *screen.Loop, key string, s *screen.Note) {
	typing := document().Get("activeElement").Equal(n.text.Value)
	if key != n.key {
		if n.key != "" {
			n.say(loop)
		}
		n.key, typing = key, false
	}
	if !typing {
		n.said = s.Comment
		n.text.Set("value", s.Comment)
	}
	if len(s.Markers) != n.choices {
		n.choices = len(s.Markers)
		options := make([]*element, len(s.Markers))
		for i, m := range s.Markers {
			options[i] = createText("option", "", m.Label)
			options[i].setAttr("value", m.Name)
		}
		n.marker.setAll(options...)
	}
	n.marker.Set("value", s.Marker)
}
