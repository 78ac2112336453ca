package ui

import (
	"slices"
	"strconv"
	"strings"
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

// A row is a row of the document and what was last written to it.
type row struct {
	element  js.Value
	style    js.Value
	cells    []string
	key      string
	class    string
	index    int
	y        float64
	selected bool
	cursor   bool
	bar      screen.Span

	before, next *row // in the document; next is never nil in it
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
	"s2 k-font", "s2 k-media", "s2 k-form picked", "s2 k-websocket contested", "s2 k-tcp base", "s2 k-dns",
}

// newRows is how many rows are made in one frame: with their layout that takes
// a third of the time that a browser calls long.
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
	rows := s.Rows[:min(len(s.Rows), len(t.rows)+newRows)]
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

// unlink takes r out of the order of the document, if it is in it.
func (r *row) unlink() {
	if r.next != nil {
		r.next.before = r.before
	}
	if r.before != nil {
		r.before.next = r.next
	}
}

// linkBefore puts r in front of next.
func (r *row) linkBefore(next *row) {
	r.next, r.before = next, next.before
	if next.before != nil {
		next.before.next = r
	}
	next.before = r
}

// newRow returns a copy of the empty row. To copy takes a tenth of the time
// that building takes, and the first screen needs many rows at once.
func (t *table) newRow() *row {
	r := &row{element: t.blank.Call("cloneNode", true), index: -1, y: -1, cells: make([]string, len(t.head.names))}
	r.style = r.element.Get("style")
	return r
}

// blankRow builds the empty row.
func blankRow(columns []screen.TableColumn) js.Value {
	doc := document()
	set := func(e js.Value, name, value string) { e.Call("setAttribute", name, value) }
	row := doc.Call("createElement", "div")
	set(row, "role", "row")
	set(row, "class", "row")
	set(row, "tabindex", "-1")
	set(row, "aria-selected", "false")
	for i, c := range columns {
		cell := doc.Call("createElement", "div")
		set(cell, "role", "gridcell")
		set(cell, "class", "cell")
		set(cell, "data-column", c.Name)
		set(cell, "aria-colindex", strconv.Itoa(i+1))
		cell.Call("appendChild", doc.Call("createTextNode", ""))
		row.Call("appendChild", cell)
	}
	return row
}

// draw writes what differs.
func (r *row) draw(s *screen.TableRow, write js.Value) {
	if selected := s.Selected || s.Picked; r.selected != selected {
		r.selected = selected
		r.element.Call("setAttribute", "aria-selected", yesNo(selected))
	}
	r.setCursor(s.Cursor)
	class := "row pending" // which hides the cells
	if s.Row != nil {
		class = "row " + s.Row.Class
	}
	if s.Lit {
		class += " lit"
	}
	if s.Base {
		class += " base"
	}
	if s.Picked {
		class += " picked"
	}
	if s.Row != nil && (r.key != s.Row.Key || !slices.Equal(r.cells, s.Row.Cells)) {
		r.y, r.bar, r.index, r.class, r.key, r.cells = s.Y, s.Bar, s.Index, class, s.Row.Key, s.Row.Cells
		write.Invoke(r.element, r.joined())
		return
	}
	r.move(s.Y, s.Bar)
	if r.index != s.Index {
		r.index = s.Index
		r.element.Set("ariaRowIndex", s.Index+2)
	}
	if r.class != class {
		r.class = class
		r.element.Set("className", class)
	}
	if s.Row == nil && r.key != "" {
		r.key = ""
		r.element.Call("removeAttribute", "data-flow-id")
	}
}

// joined returns what write takes: all that a row says, in one text. To take one
// across costs as much as to take each.
func (r *row) joined() string {
	const between, stand = "\x1f", "\u241f"
	var b strings.Builder
	b.Grow(256)
	b.WriteString(r.place())
	for _, text := range [...]string{strconv.Itoa(r.index + 2), r.class, r.key} {
		b.WriteString(between)
		b.WriteString(text)
	}
	for _, text := range r.cells {
		b.WriteString(between)
		if strings.Contains(text, between) {
			text = strings.ReplaceAll(text, between, stand)
		}
		b.WriteString(text)
	}
	return b.String()
}

// move moves a row, and its bar in it.
func (r *row) move(y float64, bar screen.Span) {
	if r.y != y || r.bar != bar {
		r.y, r.bar = y, bar
		r.style.Set("cssText", r.place())
	}
}

// place returns the style that puts a row, and its bar in it, where they are.
func (r *row) place() string {
	style := "transform:translateY(" + px(r.y) + ")"
	if r.bar != (screen.Span{}) {
		style += ";--left:" + number(r.bar.Left) + ";--width:" + number(r.bar.Width)
	}
	return style
}

// setCursor makes r the row in the order of tabs, or not.
func (r *row) setCursor(on bool) {
	if r.cursor != on {
		r.cursor = on
		r.element.Set("tabIndex", map[bool]int{true: 0, false: -1}[on])
	}
}

// park moves a row to where nobody sees it, to stand for whatever is wanted next.
func (r *row) park() {
	const away = -4 * screen.RowHeight // above the first
	r.setCursor(false)
	r.index = -1
	r.move(away, r.bar)
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

func px(n float64) string { return number(n) + "px" }

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
