package ui

import (
	"slices"
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A columnDialog chooses the columns of the flow table, their order and their
// widths.
type columnDialog struct {
	loop   *screen.Loop
	dialog *modal
	button *element
	list   *element
	drawn  []screen.ColumnChoice
}

// What buttons do to a column, in data-by.
const (
	moveLeft, moveRight     = "-1", "1"
	makeNarrower, makeWider = "narrower", "wider"
)

func newColumnDialog(loop *screen.Loop, head *heading) *columnDialog {
	d := &columnDialog{loop: loop, dialog: newModal("columns", func() { loop.Send(screen.ColumnsClosed{}) }), button: byID("choose-columns"), list: byID("columns-list")}
	d.button.on("click", func(dom.Event) { loop.Send(screen.ColumnsAsked{}) })
	byID("columns-reset").on("click", func(dom.Event) { loop.Send(screen.ColumnsReset{}) })
	byID("columns-close").on("click", func(dom.Event) { loop.Send(screen.ColumnsClosed{}) })
	onRaw(d.list.Value, "change", func(e js.Value) {
		if name, ok := closest(e.Get("target"), "data-column-name"); ok {
			loop.Send(screen.ColumnToggled{Name: name})
		}
	})
	onRaw(d.list.Value, "click", func(e js.Value) {
		name, _ := closest(e.Get("target"), "data-column-name")
		switch by, _ := closest(e.Get("target"), "data-by"); by {
		case moveLeft, moveRight:
			at := slices.IndexFunc(d.drawn, func(c screen.ColumnChoice) bool { return c.Name == name })
			n, _ := strconv.Atoi(by)
			loop.Send(screen.ColumnMoved{Name: name, To: at + n})
		case makeNarrower:
			loop.Send(screen.ColumnStepped{Name: name, By: -1, Seen: head.width(name)})
		case makeWider:
			loop.Send(screen.ColumnStepped{Name: name, By: 1, Seen: head.width(name)})
		}
	})
	return d
}

func (d *columnDialog) draw(s *screen.Columns) {
	defer d.dialog.opens(s.Open)
	if !s.Open || slices.Equal(d.drawn, s.Choices) {
		return
	}
	d.drawn = s.Choices
	active := document().Get("activeElement")
	name, inList := closest(active, "data-column-name")
	by, _ := closest(active, "data-by")
	var rows []*element
	for i := range s.Choices {
		rows = append(rows, columnChoice(&s.Choices[i]))
	}
	d.list.setAll(rows...)
	if !inList {
		return
	}
	row := d.list.Call("querySelector", `[data-column-name="`+name+`"]`)
	same := row.Call("querySelector", `[data-by="`+by+`"]:not(:disabled)`)
	if same.IsNull() {
		same = row.Call("querySelector", "input")
	}
	same.Call("focus")
}

func columnChoice(c *screen.ColumnChoice) *element {
	box := create("input", "")
	box.setAttr("type", "checkbox")
	box.Set("checked", c.Shown)
	row := create("li", "", create("label", "", box, createText("span", "", c.Label), createText("small", "", c.About)))
	row.setAttr("data-column-name", c.Name)
	button := func(by, sign, label string, off bool) {
		b := createText("button", "", sign)
		b.setAttr("type", "button")
		b.setAttr("data-by", by)
		b.setAttr("aria-label", label)
		b.setAttr("title", label)
		b.setFlag("disabled", off)
		row.AppendChild(b)
	}
	if c.Shown {
		button(makeNarrower, "›‹", "Make "+c.Label+" narrower", false)
		button(makeWider, "‹›", "Make "+c.Label+" wider", false)
	}
	button(moveLeft, "↑", "Move "+c.Label+" to the left", c.First || !c.Shown)
	button(moveRight, "↓", "Move "+c.Label+" to the right", c.Last || !c.Shown)
	return row
}
