package view

import (
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// Summary returns the summary of a flow as it was appended or updated last.
// Its lists of content types belong to the view.
func (v *View) Summary(key string) (flow.Summary, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	row, ok := v.list.row(key)
	if !ok {
		return flow.Summary{}, false
	}
	return v.list.columns.summary(int(row)), true
}

// Update replaces the summary of a flow, as [List.Update] does; the Watch
// follows. It is false for an unknown flow.
func (v *View) Update(key string, s *flow.Summary) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	row, ok := v.list.row(key)
	if ok {
		v.list.columns.set(int(row), s)
		v.notify()
	}
	return ok
}

// Remove hides flows for good, as [List.Remove] does, and returns how many
// there were; the Watch follows.
func (v *View) Remove(keys ...string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := 0
	for _, key := range keys {
		if row, ok := v.list.row(key); ok {
			v.list.forget(row)
			n++
		}
	}
	v.notify()
	return n
}

// Clear removes all flows, or those without a marker; the Watch follows.
func (v *View) Clear(unmarkedOnly bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	l := &v.list
	l.forget(l.stored(func(row int) bool { return !unmarkedOnly || !l.columns.marked(row) })...)
	v.notify()
}

// SetFocus gives a flow that is shown the focus, and reports whether it is
// shown.
func (v *View) SetFocus(key string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.list.SetFocus(key) == nil
}

// Focus returns the flow that has the focus and where it is, as [List.Focus]
// does; "" if nothing is shown. While a filter is at work the focus waits,
// and may be at -1.
func (v *View) Focus() (key string, at *viewerpb.Location) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key, _, _ = v.list.Focus()
	return key, v.locate(key)
}
