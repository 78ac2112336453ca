package ui

import (
	"strconv"
	"syscall/js"

	"flowpane/viewer/screen"
)

// A table is the flow table. Its rows are few: those in sight and some more.
// Each is moved to where it belongs, and given another flow when it is out of
// sight.
type table struct {
	area   *element
	grid   *element
	spacer *element
	empty  *element
	noFlow *element
	clear  *element
	head   *heading
	blank  js.Value // an empty row
	write  js.Value // the script's function that fills one
	rows   []*row   // in the document, in order of index
	end    row      // stands for what is after the last of them: nothing
	height float64

	// The columns and how high a row is, as last set.
	template  string
	rowHeight float64
	refocus   bool // the row that had the focus is gone, or is to come
}

func newTable(loop *screen.Loop) *table {
	t := &table{
		rowHeight: screen.RowHeight, // as the style sheet has it
		area:      byID("list"), grid: byID("flows"), spacer: byID("rows"),
		end: row{element: js.Null()}, write: js.Global().Get("flowpane").Get("write"), empty: byID("no-flows"), noFlow: byID("no-flows-text"), clear: byID("clear-filter"),
	}
	t.head = newHeading(loop)
	grid := t.grid.Value
	onRaw(grid, "scroll", func(js.Value) {
		loop.Send(screen.Scrolled{Top: grid.Get("scrollTop").Float()})
	})
	onRaw(t.spacer.Value, "click", func(e js.Value) {
		if i, ok := rowOf(e); ok {
			add := e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool()
			loop.Send(screen.RowClicked{Index: i, Add: add, Range: e.Get("shiftKey").Bool()})
		}
	})
	onRaw(t.spacer.Value, "mousedown", func(e js.Value) {
		if e.Get("shiftKey").Bool() { // picks rows, and no text
			e.Call("preventDefault")
		}
	})
	onRaw(t.spacer.Value, "focusin", func(e js.Value) {
		if i, ok := rowOf(e); ok {
			loop.Send(screen.RowFocused{Index: i})
		}
	})
	onRaw(t.spacer.Value, "contextmenu", func(e js.Value) {
		i, ok := rowOf(e)
		if column, _ := closest(e.Get("target"), "data-column"); ok && !e.Get("shiftKey").Bool() {
			e.Call("preventDefault")
			loop.Send(screen.TermsAsked{Index: i, Column: column})
		}
	})
	onRaw(t.spacer.Value, "mouseover", func(e js.Value) { tell(e.Get("target")) })
	measure := js.FuncOf(func(js.Value, []js.Value) any {
		loop.Send(screen.Resized{
			Width:  js.Global().Get("innerWidth").Float(),
			Table:  grid.Get("clientWidth").Float(),
			Height: max(grid.Get("clientHeight").Float()-t.rowHeight, 0),
		})
		return nil
	})
	js.Global().Get("ResizeObserver").New(measure).Call("observe", grid)
	js.Global().Call("addEventListener", "resize", measure)
	measure.Invoke()
	return t
}

// rowOf returns the index of the row in which an event happened.
func rowOf(event js.Value) (int, bool) {
	index, _ := closest(event.Get("target"), "aria-rowindex")
	n, err := strconv.Atoi(index)
	return n - 2, err == nil
}

// tell gives the whole text of a cell that is cut off to whoever points at it.
func tell(cell js.Value) {
	if !cell.Call("matches", "[role=gridcell]").Bool() {
		return
	}
	title := ""
	if cell.Get("scrollWidth").Int() > cell.Get("clientWidth").Int() {
		title = cell.Get("textContent").String()
	}
	cell.Set("title", title)
}

// warm lays a few rows out where nobody sees them. A browser takes a tenth of a
// second for the first ones, to find fonts and to compile what draws them, and
// has that to spare while a file is being chosen.
func (t *table) warm() {
	if !t.area.Get("hidden").Bool() || len(t.rows) > 0 {
		return
	}
	style := t.area.Value.Get("style")
	style.Set("cssText", "position: absolute; inset: 0; visibility: hidden")
	t.area.Set("hidden", false)
	var rows []*row
	for i, class := range warmRows {
		r := t.newRow()
		sample := &screen.Row{Key: "-", Class: class}
		for range r.cells {
			sample.Cells = append(sample.Cells, "Sample 123 é…")
		}
		r.draw(&screen.TableRow{Index: i, Y: float64(i * screen.RowHeight), Row: sample}, t.write)
		t.spacer.Value.Call("appendChild", r.element)
		rows = append(rows, r)
	}
	t.spacer.Get("offsetHeight")
	for _, r := range rows {
		r.element.Call("remove")
	}
	t.area.Set("hidden", true)
	style.Set("cssText", "")
}

// warmRows are the classes of the rows that warm lays out: between them they have
// each of the signs in style.css. A sign that the font lacks is looked for in all
// others, which takes a browser that is reading a file tens of milliseconds.
var warmRows = [...]string{
	"s1 k-json marked commented", "s2 k-text", "s3 k-markup", "s4 k-script", "s5 k-style lit", "failed k-image",
	"s2 k-font", "s2 k-media", "s2 k-form picked", "s2 k-websocket contested", "s2 k-tcp base", "s2 k-dns replayed",
}

// newRows is how many rows are made in one frame at the most: with their layout
// that takes a third of the time that a browser calls long. The first frame makes
// half as many: it has the rest of the page to show as well.
const newRows = 12

// draw brings the document up to date, and reports whether there is more to do
// in the next frame. A scroll position, if there is one, is set once there is
// something to scroll.
func (t *table) draw(s *screen.Table, scroll *float64) (more bool) {
	t.area.show(s.Shown)
	t.grid.setAttr("aria-rowcount", strconv.Itoa(s.Count+1))
	t.grid.setAttr("aria-busy", yesNo(s.Busy))
	t.lay(s)
	t.empty.show(s.Empty != "")
	t.noFlow.setText(s.Empty)
	t.clear.show(s.Clearable)
	if t.height != s.Spacer {
		t.height = s.Spacer
		t.spacer.Get("style").Set("height", px(s.Spacer))
	}
	if scroll != nil {
		t.grid.Set("scrollTop", *scroll)
	}
	made := newRows
	if len(t.rows) == 0 {
		made /= 2
	}
	rows := s.Rows[:min(len(s.Rows), len(t.rows)+made)]
	jumped := t.arrange(rows)
	for i := range rows {
		if jumped && rows[i].Beyond { // what is seen is enough for one frame
			t.rows[i].park()
			more = true
			continue
		}
		t.rows[i].draw(&rows[i], t.write)
	}
	if t.refocus && s.Shown && (len(t.rows) > 0 || !s.Busy) {
		t.refocus = false
		if active := document().Get("activeElement"); active.Equal(document().Get("body")) || active.Equal(t.grid.Value) {
			t.focus()
		}
	}
	return more || len(rows) < len(s.Rows)
}

// lay makes the columns those of s. Where they are others, all rows are made
// anew.
func (t *table) lay(s *screen.Table) {
	if t.template != s.Template {
		t.template = s.Template
		t.grid.Get("style").Call("setProperty", "--columns", s.Template)
		t.grid.Get("style").Call("setProperty", "--least", px(float64(s.Least)))
	}
	if t.rowHeight != s.RowHeight {
		t.rowHeight = s.RowHeight
		document().Get("documentElement").Get("style").Call("setProperty", "--row-height", px(s.RowHeight))
	}
	if !t.head.draw(s.Columns) {
		return
	}
	t.refocus = t.refocus || t.spacer.Call("contains", document().Get("activeElement")).Bool()
	t.grid.setAttr("aria-colcount", strconv.Itoa(len(s.Columns)))
	t.blank = blankRow(s.Columns)
	t.spacer.setAll()
	t.rows, t.end = nil, row{element: js.Null()}
}

// arrange makes t.rows stand for the rows wanted, one for one. A row that is
// still wanted stays where it is in the document, with the focus if it has it;
// the others are moved to where rows are missing, unless they are there already.
// A move costs the browser more than the text of a row, so where few are still
// wanted, all but the one that may have the focus stand for others where they
// are, which it reports.
func (t *table) arrange(want []screen.TableRow) (jumped bool) {
	var free []*row
	have := make(map[int]*row, len(t.rows))
	for _, r := range t.rows {
		have[r.index] = r
	}
	wanted := make(map[int]bool, len(want))
	for i := range want {
		wanted[want[i].Index] = true
	}
	for _, r := range t.rows {
		if !wanted[r.index] {
			free = append(free, r)
		}
	}
	if jumped = len(free) > len(t.rows)/2; jumped {
		clear(have)
		free = free[:0]
		for _, r := range t.rows {
			if r.cursor && wanted[r.index] { // which may have the focus
				have[r.index] = r
			} else {
				free = append(free, r)
			}
		}
	}
	rows := make([]*row, len(want))
	next := &t.end
	for i := len(want) - 1; i >= 0; i-- {
		r := have[want[i].Index]
		if r == nil {
			if n := len(free); n > 0 {
				r, free = free[n-1], free[:n-1]
			} else {
				r = t.newRow()
			}
			if r.next != next {
				t.spacer.Value.Call("insertBefore", r.element, next.element)
				r.unlink()
				r.linkBefore(next)
			}
		}
		rows[i] = r
		next = r
	}
	for _, r := range free {
		if r.cursor && document().Get("activeElement").Equal(r.element) {
			t.refocus = true
		}
		r.element.Call("remove")
		r.unlink()
	}
	t.rows = rows
	return jumped
}

// newRow returns a copy of the empty row. To copy takes a tenth of the time
// that building takes, and the first screen needs many rows at once.
func (t *table) newRow() *row {
	r := &row{element: t.blank.Call("cloneNode", true), index: -1, y: -1, cells: make([]string, len(t.head.names))}
	r.style = r.element.Get("style")
	return r
}

// focus gives the focus to the row that is in the order of tabs, and to the table
// until there is one.
func (t *table) focus() {
	for _, r := range t.rows {
		if r.cursor {
			r.element.Call("focus", map[string]any{"preventScroll": true})
			return
		}
	}
	t.grid.Focus()
	t.refocus = true
}
