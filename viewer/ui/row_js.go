package ui

import (
	"slices"
	"strconv"
	"strings"
	"syscall/js"

	"flowpane/viewer/screen"
)

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
	r.stretch(s.Bar)
	if s.Row != nil && (r.key != s.Row.Key || !slices.Equal(r.cells, s.Row.Cells)) {
		r.y, r.index, r.class, r.key, r.cells = s.Y, s.Index, class, s.Row.Key, s.Row.Cells
		write.Invoke(r.element, r.key, r.joined())
		return
	}
	r.move(s.Y)
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

// joined returns what write takes besides the key, which may be any text: one text
// crosses at the cost that each of these would.
func (r *row) joined() string {
	const between, stand = "\x1f", "\u241f"
	var b strings.Builder
	b.Grow(256)
	b.WriteString(r.place())
	b.WriteString(between)
	b.WriteString(strconv.Itoa(r.index + 2))
	b.WriteString(between)
	b.WriteString(r.class)
	for _, text := range r.cells {
		b.WriteString(between)
		if strings.Contains(text, between) {
			text = strings.ReplaceAll(text, between, stand)
		}
		b.WriteString(text)
	}
	return b.String()
}

// move moves a row.
func (r *row) move(y float64) {
	if r.y != y {
		r.y = y
		r.style.Set("transform", r.place())
	}
}

// place returns what moves a row to where it is. Alone, a browser takes it in
// without a look at the rest of the style.
func (r *row) place() string { return "translateY(" + px(r.y) + ")" }

// stretch draws the bar of the row, in the column that has one.
func (r *row) stretch(bar screen.Span) {
	if r.bar != bar {
		r.bar = bar
		r.style.Call("setProperty", "--left", bar.Left)
		r.style.Call("setProperty", "--width", bar.Width)
	}
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
	r.move(away)
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

func px(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) + "px" }
