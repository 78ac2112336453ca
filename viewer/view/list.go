package view

import (
	"fmt"
	"slices"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

// A List is the flows of a session and which of them are shown, in which
// order, and which has the focus: mitmproxy's view. It is synchronous, and not
// safe for concurrent use; a [View] is one that many may use while it follows
// a file that is read.
//
// It differs from mitmproxy's where a viewer of captures does:
//
//   - Flows have a place in the session, which never changes, not even when
//     flows before it are removed: a removed flow is hidden for good, and its
//     capture stays as it is.
//   - There are no live flows: nothing is killed, resumed, created or
//     replayed, and changes come as new summaries.
//   - A flow that is added while marked flows alone are shown is shown if it
//     is marked. Mitmproxy shows it until the next filter.
//   - The order of the files is one, and the default.
//
// Each change costs a walk through the rows that are shown.
type List struct {
	// Signal, unless nil, is called after each change with what changed. It
	// may read the list, and must not change it.
	Signal func(Signal)

	columns  columns
	keys     index
	loader   Loader
	answers  answers
	shown    selection
	focus    focus
	settings settings
}

// NewList returns an empty list that shows all flows in the order of the
// files. Filters on headers and bodies ask loader.
func NewList(loader Loader) *List { return &List{loader: loader} }

// A Signal tells of one change.
type Signal struct {
	Kind  SignalKind
	Key   string // of the flow; empty for refreshes
	Index int    // on screen, of Added, Updated and Removed; before a removal
}

// A SignalKind is what a Signal tells.
type SignalKind uint8

const (
	Added          SignalKind = iota // a flow is shown that was not
	Updated                          // a flow that is shown changed
	Removed                          // a flow is not shown any more
	Refreshed                        // anything may be shown now
	StoreRemoved                     // a flow is not in the session any more
	StoreRefreshed                   // any flow may be gone from the session
)

func (l *List) signal(kind SignalKind, key string, index int) {
	if l.Signal != nil {
		l.Signal(Signal{kind, key, index})
	}
}

// append adds a flow that is not looked at yet.
func (l *List) append(key string, s *flow.Summary) {
	l.columns.append(key, s)
	l.keys.add(&l.columns)
}

// row finds a flow that was not removed.
func (l *List) row(key string) (uint32, bool) {
	row, ok := l.keys.find(&l.columns, key)
	return uint32(row), ok && !l.columns.removed.has(uint32(row))
}

// catchUp looks at what changed.
func (l *List) catchUp() {
	x := newScan(l.shown, l.loader, &l.answers)
	if x.advance(&l.columns, nil) == nil { // orders were checked when they were set
		l.shown = x.selection
	}
	l.refocus()
}

// Add adds a flow at the end of the session. One whose key is known is left
// as it is, and false returned.
func (l *List) Add(key string, s *flow.Summary) bool {
	if _, known := l.keys.find(&l.columns, key); known {
		return false
	}
	l.append(key, s)
	l.catchUp()
	if i, ok := l.Index(key); ok {
		l.signal(Added, key, i)
	}
	return true
}

// Update replaces the summary of a flow, which may then be shown, hidden or
// moved. It is false for an unknown flow. Of a flow that is neither shown before
// nor after, nothing is told; where one moves, a refresh is told before.
func (l *List) Update(key string, s *flow.Summary) bool {
	row, ok := l.row(key)
	if !ok {
		return false
	}
	before, was := l.shown.find(row)
	l.columns.set(int(row), s)
	l.catchUp()
	after, is := l.shown.find(row)
	switch {
	case was && !is:
		l.signal(Removed, key, before)
	case is && !was:
		l.signal(Added, key, after)
	case is:
		if before != after {
			l.signal(Refreshed, "", 0)
		}
		l.signal(Updated, key, after)
	}
	return true
}

// Remove hides flows for good, and returns how many there were.
func (l *List) Remove(keys ...string) int {
	n := 0
	for _, key := range keys {
		row, ok := l.row(key)
		if !ok {
			continue
		}
		n++
		index, shown := l.shown.find(row)
		l.forget(row)
		l.catchUp()
		if shown {
			l.signal(Removed, key, index)
		}
		l.signal(StoreRemoved, key, 0)
	}
	return n
}

// Clear removes all flows.
func (l *List) Clear() { l.clear(func(int) bool { return true }) }

// ClearUnmarked removes all flows without a marker, shown or not.
func (l *List) ClearUnmarked() { l.clear(func(row int) bool { return !l.columns.marked(row) }) }

func (l *List) clear(goes func(row int) bool) {
	l.forget(l.stored(goes)...)
	l.catchUp()
	l.signal(Refreshed, "", 0)
	l.signal(StoreRefreshed, "", 0)
}

// forget removes rows, and what is kept of them beside columns.
func (l *List) forget(rows ...uint32) {
	l.columns.remove(rows)
	l.settings.forget(rows)
}

// stored returns the rows that were not removed and are in a set, in the order
// of the files.
func (l *List) stored(in func(row int) bool) []uint32 {
	var rows []uint32
	for row := range l.columns.n {
		if !l.columns.removed.has(uint32(row)) && in(row) {
			rows = append(rows, uint32(row))
		}
	}
	return rows
}

// Duplicate adds a copy of each flow under the key at the same place of as,
// and gives the first copy the focus if it is shown. Loader must know the new
// keys. It is an error, and nothing is added, if a flow is unknown or a new key
// is not new.
func (l *List) Duplicate(keys, as []string) error {
	if len(keys) != len(as) {
		return fmt.Errorf("view: %d keys for copies of %d flows", len(as), len(keys))
	}
	for i := range keys {
		if _, ok := l.row(keys[i]); !ok {
			return fmt.Errorf("view: no flow %q to copy", keys[i])
		}
		if _, taken := l.keys.find(&l.columns, as[i]); taken || slices.Contains(as[:i], as[i]) {
			return fmt.Errorf("view: a flow is called %q already", as[i])
		}
	}
	for i := range keys {
		row, _ := l.row(keys[i])
		s := l.columns.summary(int(row))
		l.Add(as[i], &s)
	}
	if len(as) > 0 {
		if row, ok := l.row(as[0]); ok {
			l.setFocus(row)
		}
	}
	return nil
}

// SetFilter shows the flows that match f; nil shows all. Flows that a filter
// cannot be asked of are not shown: see Failed.
func (l *List) SetFilter(f *filter.Filter) {
	spec := l.shown.spec
	spec.Filter = f
	l.show(spec)
}

// SetMarkedOnly says whether flows without a marker are hidden, beside those
// that the filter hides.
func (l *List) SetMarkedOnly(only bool) {
	spec := l.shown.spec
	spec.MarkedOnly = only
	l.show(spec)
}

// ToggleMarkedOnly turns SetMarkedOnly on or off, and returns which.
func (l *List) ToggleMarkedOnly() bool {
	l.SetMarkedOnly(!l.shown.spec.MarkedOnly)
	return l.shown.spec.MarkedOnly
}

// SetOrder orders what is shown. An unknown order is an error, and changes
// nothing.
func (l *List) SetOrder(o Order) error {
	if _, err := o.over(new(columns)); err != nil {
		return err
	}
	spec := l.shown.spec
	spec.Order = o
	l.show(spec)
	return nil
}

// SetDescending says whether the order is read backwards.
func (l *List) SetDescending(on bool) {
	spec := l.shown.spec
	spec.Descending = on
	l.show(spec)
}

// Spec returns what is shown.
func (l *List) Spec() Spec { return l.shown.spec }

func (l *List) show(spec Spec) {
	if !l.shown.reorder(&l.columns, spec) {
		l.shown = selection{spec: spec}
	}
	l.catchUp()
	l.signal(Refreshed, "", 0)
}

// Failed returns how many flows the filter could not be asked of, and the
// first reason.
func (l *List) Failed() (n uint64, reason string) { return l.shown.failed, l.shown.failure }

// Len returns how many flows are shown.
func (l *List) Len() int { return len(l.shown.rows) }

// Total returns how many flows there are, shown or not.
func (l *List) Total() int { return l.columns.n - l.columns.removed.count() }

// InBounds reports whether there is a row at an index on screen.
func (l *List) InBounds(index int) bool { return 0 <= index && index < l.Len() }

// Row returns the row at an index on screen, nil out of bounds.
func (l *List) Row(index int) *viewerpb.Row {
	if !l.InBounds(index) {
		return nil
	}
	return l.columns.row(int(l.shown.rows[l.shown.place(index)]))
}

// Key returns the key of the flow at an index on screen, "" out of bounds.
func (l *List) Key(index int) string {
	if !l.InBounds(index) {
		return ""
	}
	return l.columns.keyText(int(l.shown.rows[l.shown.place(index)]))
}

// Index returns where on screen a flow is, if it is shown.
func (l *List) Index(key string) (int, bool) {
	row, ok := l.row(key)
	if !ok {
		return 0, false
	}
	return l.shown.find(row)
}

// Get returns the row of a flow, shown or not; nil for an unknown one.
func (l *List) Get(key string) *viewerpb.Row {
	row, ok := l.row(key)
	if !ok {
		return nil
	}
	return l.columns.row(int(row))
}
