package view

import "fmt"

// focus is the row that has it: its number and one, 0 for none.
type focus uint32

// refocus keeps the focus where it is if that is shown, and moves it to the
// nearest row else. Where there is none, the first row gets it.
func (l *List) refocus() {
	n := l.Len()
	if n == 0 {
		l.focus = 0
		return
	}
	index := 0
	if l.focus != 0 {
		var shown bool
		if index, shown = l.shown.find(uint32(l.focus - 1)); shown {
			return
		}
	}
	l.Go(min(index, n-1))
}

func (l *List) setFocus(row uint32) bool {
	_, shown := l.shown.find(row)
	if shown {
		l.focus = focus(row + 1)
	}
	return shown
}

// Focus returns the flow that has the focus and its index on screen; false if
// nothing is shown. The focus stays with its flow while that is shown, and
// goes to the one that takes its place when not.
func (l *List) Focus() (key string, index int, ok bool) {
	if l.focus == 0 {
		return "", 0, false
	}
	row := uint32(l.focus - 1)
	index, _ = l.shown.find(row)
	return l.columns.keyText(int(row)), index, true
}

// SetFocus gives a flow the focus. One that is not shown is an error.
func (l *List) SetFocus(key string) error {
	if row, ok := l.row(key); !ok || !l.setFocus(row) {
		return fmt.Errorf("view: flow %q is not shown", key)
	}
	return nil
}

// Go gives the focus to the row at an index on screen: a negative one counts
// from the end, and what is out of bounds is the first row or the last.
func (l *List) Go(index int) {
	n := l.Len()
	if n == 0 {
		return
	}
	if index < 0 {
		index += n
	}
	index = max(0, min(index, n-1))
	l.focus = focus(l.shown.rows[l.shown.place(index)] + 1)
}

// Next gives the focus to the row below. It stays at the last.
func (l *List) Next() { l.step(1) }

// Prev gives the focus to the row above. It stays at the first.
func (l *List) Prev() { l.step(-1) }

func (l *List) step(by int) {
	if _, index, ok := l.Focus(); ok && l.InBounds(index+by) {
		l.Go(index + by)
	}
}
