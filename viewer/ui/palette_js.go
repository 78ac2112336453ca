package ui

import (
	"slices"
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A paletteDialog is the list of all commands with their keys. What is typed
// narrows it, as in any list box below a text.
type paletteDialog struct {
	dialog *modal
	text   *element
	list   *element
	none   *element
	drawn  []string // the labels in the list
	items  []*element
}

func newPaletteDialog(loop *screen.Loop) *paletteDialog {
	d := &paletteDialog{dialog: newModal("palette", func() { loop.Send(screen.PaletteClosed{}) }), text: byID("palette-text"), list: byID("palette-list"), none: byID("palette-none")}
	byID("help").on("click", func(dom.Event) { loop.Send(screen.Acted{Action: screen.OpenPalette}) })
	d.text.on("input", func(dom.Event) { loop.Send(screen.PaletteTyped{Text: d.text.Get("value").String()}) })
	onRaw(d.dialog.Value, "keydown", func(e js.Value) {
		switch e.Get("key").String() {
		case "ArrowDown":
			loop.Send(screen.PaletteMoved{By: 1})
		case "ArrowUp":
			loop.Send(screen.PaletteMoved{By: -1})
		case "Enter":
			if e.Get("target").Call("closest", "a, summary").Truthy() {
				return
			}
			loop.Send(screen.PaletteRun{Index: -1})
		default:
			return
		}
		e.Call("preventDefault")
	})
	onRaw(d.list.Value, "click", func(e js.Value) {
		if at, ok := closest(e.Get("target"), "data-at"); ok {
			i, _ := strconv.Atoi(at)
			loop.Send(screen.PaletteRun{Index: i})
		}
	})
	onRaw(d.dialog.Value, "click", func(e js.Value) {
		if e.Get("target").Equal(d.dialog.Value) { // beside it
			loop.Send(screen.PaletteClosed{})
		}
	})
	return d
}

func (d *paletteDialog) draw(s *screen.Palette) {
	d.dialog.opens(s.Open)
	if !s.Open {
		return
	}
	if d.text.Get("value").String() != s.Text {
		d.text.Set("value", s.Text)
	}
	d.none.show(len(s.Items) == 0)
	if !slices.EqualFunc(d.drawn, s.Items, func(label string, item screen.PaletteItem) bool { return label == item.Label }) {
		d.drawItems(s.Items)
	}
	active := ""
	for i, e := range d.items {
		e.setAttr("aria-selected", yesNo(i == s.Active))
		if i == s.Active {
			active = "palette-" + strconv.Itoa(i)
			e.Call("scrollIntoView", map[string]any{"block": "nearest"})
		}
	}
	d.text.setAttr("aria-activedescendant", active)
}

func (d *paletteDialog) drawItems(items []screen.PaletteItem) {
	d.drawn, d.items = nil, nil
	var groups []*element
	for i, item := range items {
		if item.Group != "" {
			title := createText("div", "title", item.Group)
			title.setAttr("role", "presentation")
			group := create("div", "group", title)
			group.setAttr("role", "group")
			group.setAttr("aria-label", item.Group)
			groups = append(groups, group)
		}
		e := paletteItem(i, &item)
		groups[len(groups)-1].AppendChild(e)
		d.drawn, d.items = append(d.drawn, item.Label), append(d.items, e)
	}
	d.list.setAll(groups...)
}

func paletteItem(i int, item *screen.PaletteItem) *element {
	keys := create("span", "keys")
	for _, key := range item.Keys {
		keys.AppendChild(createText("kbd", "", key))
	}
	e := create("div", "command", createText("span", "", item.Label), keys)
	e.setAttr("id", "palette-"+strconv.Itoa(i))
	e.setAttr("role", "option")
	e.setAttr("data-at", strconv.Itoa(i))
	return e
}
