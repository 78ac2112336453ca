package ui

import (
	"strconv"
	"syscall/js"

	"flowpane/viewer/screen"
)

// A termMenu offers what flows can be filtered by, at the pointer or below the
// row with the focus. Each entry has a twin that hides such flows.
//
// Source: https://www.w3.org/WAI/ARIA/apg/patterns/menubar/
type termMenu struct {
	menu   *element
	serial int
	x, y   float64 // of the pointer, when it asked
}

func newTermMenu(loop *screen.Loop) *termMenu {
	m := &termMenu{menu: byID("terms"), serial: -1, x: -1}
	choose := func(e js.Value, not bool) {
		if n, ok := closest(e.Get("target"), "data-term"); ok {
			i, _ := strconv.Atoi(n)
			_, hides := closest(e.Get("target"), "data-not")
			loop.Send(screen.TermChosen{Index: i, Not: not || hides})
		}
	}
	onRaw(document(), "contextmenu", func(e js.Value) {
		if m.x = -1; e.Get("button").Int() == 2 { // not of the key
			m.x, m.y = e.Get("clientX").Float(), e.Get("clientY").Float()
		}
	})
	onRaw(m.menu.Value, "click", func(e js.Value) { choose(e, e.Get("shiftKey").Bool()) })
	onRaw(m.menu.Value, "keydown", func(e js.Value) {
		switch e.Get("key").String() {
		case "ArrowDown":
			m.step(2)
		case "ArrowUp":
			m.step(-2)
		case "ArrowRight", "ArrowLeft":
			m.turn()
		case "Home":
			m.at(0)
		case "End":
			m.at(-2)
		case "Enter", " ":
			choose(e, e.Get("shiftKey").Bool())
		case "Escape", "Tab":
			loop.Send(screen.TermsLeft{})
		default:
			return
		}
		e.Call("preventDefault")
	})
	onRaw(m.menu.Value, "focusout", func(e js.Value) {
		if to := e.Get("relatedTarget"); to.IsNull() || !m.menu.Call("contains", to).Bool() {
			loop.Send(screen.TermsLeft{Gone: true})
		}
	})
	return m
}

func (m *termMenu) draw(s *screen.Terms) {
	if s.Open && m.serial != s.Serial {
		m.serial = s.Serial
		var items []*element
		for i, term := range s.List {
			only := create("button", "", createText("span", "", term.Label), createText("code", "", term.Text))
			hide := createText("button", "not", "hide")
			hide.setAttr("aria-label", "Hide: "+term.Label)
			hide.setAttr("data-not", "")
			for _, b := range []*element{only, hide} {
				b.setAttr("type", "button")
				b.setAttr("role", "menuitem")
				b.setAttr("tabindex", "-1")
				b.setAttr("data-term", strconv.Itoa(i))
			}
			items = append(items, only, hide)
		}
		m.menu.setAll(items...)
	}
	if m.menu.show(s.Open); s.Open {
		m.place()
	}
}

// place puts the menu where it was asked for, and within the window.
func (m *termMenu) place() {
	x, y := m.x, m.y
	if x < 0 {
		if row := document().Call("querySelector", "#rows [role=row][tabindex=\"0\"]"); row.Truthy() {
			box := row.Call("getBoundingClientRect")
			x, y = box.Get("left").Float()+80, box.Get("bottom").Float()
		}
	}
	window := js.Global()
	x = max(min(x, window.Get("innerWidth").Float()-m.menu.Get("offsetWidth").Float()-8), 8)
	y = max(min(y, window.Get("innerHeight").Float()-m.menu.Get("offsetHeight").Float()-8), 8)
	style := m.menu.Get("style")
	style.Set("left", px(x))
	style.Set("top", px(y))
}

// focus goes to the first entry. Who asks next asks by key until the pointer
// says otherwise.
func (m *termMenu) focus() {
	m.at(0)
	m.x = -1
}

func (m *termMenu) items() js.Value { return m.menu.Get("children") }

// index returns which entry has the focus.
func (m *termMenu) index() int {
	items, active := m.items(), document().Get("activeElement")
	for i := range items.Length() {
		if items.Index(i).Equal(active) {
			return i
		}
	}
	return 0
}

func (m *termMenu) step(by int) { m.at(m.index() + by) }

// turn goes to the twin of an entry.
func (m *termMenu) turn() { m.at(m.index() ^ 1) }

func (m *termMenu) at(i int) {
	items := m.items()
	if n := items.Length(); n > 0 {
		items.Index((i + n) % n).Call("focus")
	}
}
