package ui

import (
	"math"
	"slices"
	"strconv"
	"syscall/js"

	"flowpane/viewer/screen"
)

// A heading is the line above the rows of the flow table. Its cells sort when
// they are pressed, move when they are dragged, and have a grip at their end by
// which they are widened.
type heading struct {
	loop  *screen.Loop
	head  *element
	cells []*element
	names []string // of the columns
	drag  drag
}

// A drag is a press on the heading that goes on.
type drag struct {
	name  string // of the column; empty is no drag
	grip  bool   // its width is dragged, not its place
	from  float64
	width float64
	moved bool
	to    int // the place where it would be dropped
}

// dragAfter is how far a press must move to be a drag, in pixels.
const dragAfter = 6

func newHeading(loop *screen.Loop) *heading {
	h := &heading{loop: loop, head: byID("head")}
	head := h.head.Value
	onRaw(head, "pointerdown", h.press)
	onRaw(head, "pointermove", func(e js.Value) {
		if h.drag.name != "" {
			h.move(e)
		}
	})
	onRaw(head, "pointerup", func(js.Value) { h.drop() })
	onRaw(head, "pointercancel", func(js.Value) { h.drag = drag{} })
	onRaw(head, "dblclick", func(e js.Value) {
		if name, ok := closest(e.Get("target"), "data-grip"); ok {
			loop.Send(screen.ColumnResized{Name: name, Done: true})
		}
	})
	onRaw(head, "click", func(e js.Value) {
		if h.drag.moved { // it was dragged
			h.drag = drag{}
			return
		}
		h.drag = drag{}
		name, ok := closest(e.Get("target"), "data-column")
		if ok && !e.Get("target").Call("closest", "button").IsNull() {
			loop.Send(screen.HeaderClicked{Column: name})
		}
	})
	return h
}

// width returns how wide a column is, in pixels; 0 is one that is not to be seen.
func (h *heading) width(name string) int {
	i := slices.Index(h.names, name)
	if i < 0 {
		return 0
	}
	return int(math.Round(h.cells[i].Call("getBoundingClientRect").Get("width").Float()))
}

// draw brings the cells up to date, and reports whether the columns are others.
func (h *heading) draw(columns []screen.TableColumn) (others bool) {
	same := func(name string, c screen.TableColumn) bool { return name == c.Name }
	if others = !slices.EqualFunc(h.names, columns, same); others {
		h.cells, h.names = nil, nil
		for i := range columns {
			h.cells, h.names = append(h.cells, headCell(i, &columns[i])), append(h.names, columns[i].Name)
		}
		h.head.setAll(h.cells...)
	}
	for i := range columns {
		h.cells[i].setAttr("aria-sort", columns[i].Sort)
	}
	return others
}

func headCell(i int, c *screen.TableColumn) *element {
	cell := create("div", "cell")
	cell.setAttr("role", "columnheader")
	cell.setAttr("data-column", c.Name)
	cell.setAttr("aria-colindex", strconv.Itoa(i+1))
	b := createText("button", "", c.Label)
	b.setAttr("type", "button")
	b.setAttr("title", c.About+". "+c.Hint)
	cell.AppendChild(b)
	grip := create("span", "grip")
	grip.setAttr("data-grip", c.Name)
	grip.setAttr("aria-hidden", "true") // buttons of the dialog for columns do it by keys
	cell.AppendChild(grip)
	return cell
}

func (h *heading) press(e js.Value) {
	name, ok := closest(e.Get("target"), "data-column")
	if !ok || e.Get("button").Int() != 0 {
		return
	}
	i := slices.Index(h.names, name)
	_, grip := closest(e.Get("target"), "data-grip")
	h.drag = drag{name: name, grip: grip, from: e.Get("clientX").Float(), width: h.cells[i].Call("getBoundingClientRect").Get("width").Float(), to: i}
}

// move goes on with a drag, wherever the pointer is by now.
func (h *heading) move(e js.Value) {
	d := &h.drag
	x := e.Get("clientX").Float()
	by := x - d.from
	if !d.moved {
		if math.Abs(by) < dragAfter {
			return
		}
		d.moved = true
		h.head.Call("setPointerCapture", e.Get("pointerId"))
	}
	if d.grip {
		h.loop.Send(screen.ColumnResized{Name: d.name, Width: int(d.width + by)})
		return
	}
	d.to = len(h.cells) - 1
	for i, cell := range h.cells {
		r := cell.Call("getBoundingClientRect")
		if x < r.Get("right").Float() {
			d.to = i
			break
		}
	}
	for i, cell := range h.cells {
		cell.setFlag("data-drop", i == d.to)
	}
}

// drop ends a drag where it is. The click that follows belongs to it.
func (h *heading) drop() {
	d := h.drag
	for _, cell := range h.cells {
		cell.setFlag("data-drop", false)
	}
	switch {
	case d.name == "" || !d.moved:
	case d.grip:
		h.loop.Send(screen.ColumnResized{Name: d.name, Width: h.width(d.name), Done: true})
	default:
		h.loop.Send(screen.ColumnMoved{Name: d.name, To: d.to})
	}
	h.drag.name = ""
}
