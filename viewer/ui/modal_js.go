package ui

import "honnef.co/go/js/dom/v2"

// A modal is a dialog in front of the page, open or not as a state says.
type modal struct {
	*element
	closing bool // by a state
}

// newModal returns a dialog of index.html. dismissed is called where a person
// closes it by Escape, or as a phone has it. A browser asks first, as a rule, and
// then the state decides; one that does not ask has closed it already.
func newModal(id string, dismissed func()) *modal {
	m := &modal{element: byID(id)}
	m.on("cancel", func(e dom.Event) {
		e.PreventDefault()
		dismissed()
	})
	m.on("close", func(dom.Event) {
		if !m.closing && !m.Get("open").Bool() { // it may have been opened again meanwhile
			dismissed()
		}
		m.closing = false
	})
	return m
}

// opens opens the dialog or closes it, and reports whether it is opened only now.
func (m *modal) opens(open bool) bool {
	if m.Get("open").Bool() == open {
		return false
	}
	if open {
		m.Call("showModal")
		return true
	}
	// A browser takes the focus from it only with the next frame, and the next key
	// may be here before.
	if active := document().Get("activeElement"); m.Call("contains", active).Bool() {
		active.Call("blur")
	}
	m.closing = true
	m.Call("close")
	return false
}
