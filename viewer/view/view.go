// Package view keeps the ordered, filtered view of a session over columns held
// in memory: which flows are shown, and in which order. Rows are added while
// files are read; the view follows. Filters and orders that need columns alone
// never touch a flow; the others load it.
package view

import (
	"context"
	"slices"
	"sync"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

// A View is the columns of a session and the rows that are shown of it. Its
// methods are safe for concurrent use.
type View struct {
	loader Loader
	yield  func()

	mu       sync.Mutex
	columns  columns
	keys     map[string]uint32
	reading  bool
	changed  chan struct{} // closed when columns or reading change
	shown    shown
	revision uint64
}

// shown is the outcome of a Watch so far. Its rows are never changed, only
// replaced.
type shown struct {
	rows       []uint32
	descending bool
}

// New returns an empty view that expects rows until Complete. Its revisions
// begin after revision: those of views that follow each other on screen must
// grow. yield lets other work of the thread be done; it is called every few
// milliseconds of a long computation.
func New(loader Loader, revision uint64, yield func()) *View {
	return &View{
		loader: loader, yield: yield, revision: revision,
		keys: map[string]uint32{}, reading: true, changed: make(chan struct{}),
	}
}

// Append adds a flow at the end of the session. The key must be new.
func (v *View) Append(key string, s *flow.Summary) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.keys[key] = uint32(v.columns.n)
	v.columns.append(key, s)
}

// Publish lets the Watch see what was appended since it last looked.
func (v *View) Publish() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.notify()
}

// Complete says that no more rows come.
func (v *View) Complete() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.reading = false
	v.notify()
}

func (v *View) notify() {
	close(v.changed)
	v.changed = make(chan struct{})
}

// Len returns how many flows there are, shown or not.
func (v *View) Len() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.columns.n
}

// Revision returns the number of the newest state of the view. It only grows.
func (v *View) Revision() uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.revision
}

// Rows returns up to count rows from index from on.
func (v *View) Rows(from uint64, count uint32) *viewerpb.Rows {
	v.mu.Lock()
	defer v.mu.Unlock()
	total := uint64(len(v.shown.rows))
	from = min(from, total)
	to := min(from+uint64(count), total)
	reply := &viewerpb.Rows{Revision: v.revision, From: from, Rows: make([]*viewerpb.Row, 0, to-from)}
	for i := from; i < to; i++ {
		reply.Rows = append(reply.Rows, v.columns.row(int(v.shown.at(i))))
	}
	return reply
}

func (s *shown) at(i uint64) uint32 {
	if s.descending {
		i = uint64(len(s.rows)) - 1 - i
	}
	return s.rows[i]
}

// Row returns the row of a flow, shown or not.
func (v *View) Row(key string) (*viewerpb.Row, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i, ok := v.keys[key]
	if !ok {
		return nil, false
	}
	return v.columns.row(int(i)), true
}

// Number returns the place of a flow in the session, from 0.
func (v *View) Number(key string) (int, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n, ok := v.keys[key]
	return int(n), ok
}

// Keys returns the keys of all flows, or of those that are shown, in the order
// of the session.
func (v *View) Keys(shown bool) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !shown {
		return v.columns.key[:v.columns.n:v.columns.n]
	}
	rows := slices.Sorted(slices.Values(v.shown.rows))
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = v.columns.key[r]
	}
	return keys
}

// Locate returns where in the view a flow is; -1 where it is not shown.
func (v *View) Locate(key string) *viewerpb.Location {
	v.mu.Lock()
	defer v.mu.Unlock()
	row, exists := v.keys[key]
	location := &viewerpb.Location{Revision: v.revision, Index: -1, Exists: exists}
	if !exists {
		return location
	}
	for i, r := range v.shown.rows {
		if r == row {
			location.Index = int64(i)
			if v.shown.descending {
				location.Index = int64(len(v.shown.rows) - 1 - i)
			}
			break
		}
	}
	return location
}

// A Spec says what a Watch shows.
type Spec struct {
	Filter     *filter.Filter // nil shows all
	Order      Order
	Descending bool
}

const (
	// slice is how long a computation goes on before it yields.
	slice = 8 * time.Millisecond
	// patience is how long the former view stays up before the part of the
	// new one that is known takes its place.
	patience = 120 * time.Millisecond
)

// Watch shows what spec says and calls each with every state of the view. It
// returns when ctx is cancelled. One Watch at a time has a say in the view;
// the caller ends one before it starts another.
func (v *View) Watch(ctx context.Context, spec Spec, each func(*viewerpb.View)) error {
	if _, err := spec.Order.over(new(columns)); err != nil {
		return err
	}
	w := &watch{view: v, spec: spec, each: each}
	for {
		snapshot, changed, reading := v.snapshot()
		if err := w.advance(ctx, &snapshot, reading); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

func (v *View) snapshot() (columns, <-chan struct{}, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.columns, v.changed, v.reading
}

// A watch is a Watch under way.
type watch struct {
	view    *View
	spec    Spec
	each    func(*viewerpb.View)
	rows    []uint32 // shown, in order
	looked  int      // rows looked at, from 0
	of      int      // the generation that they were looked at in
	failed  uint64
	failure string
}

// advance looks at the rows that are new in c.
func (w *watch) advance(ctx context.Context, c *columns, reading bool) error {
	order, err := w.spec.Order.over(c)
	if err != nil {
		return err
	}
	if w.of != c.generation {
		w.of, w.looked, w.rows, w.failed = c.generation, 0, nil, 0
	}
	var matches []uint32
	began, resumed := time.Now(), time.Now()
	for w.looked < c.n {
		if w.matches(c, w.looked) {
			matches = append(matches, uint32(w.looked))
		}
		w.looked++
		if w.looked%w.stride() != 0 || time.Since(resumed) < slice {
			continue
		}
		w.view.yield()
		if err := ctx.Err(); err != nil {
			return err
		}
		if resumed = time.Now(); resumed.Sub(began) > patience {
			w.rows = order.merge(w.rows, matches)
			matches = nil
			w.publish(c.n, true)
			began = resumed
		}
	}
	w.rows = order.merge(w.rows, matches)
	if err := ctx.Err(); err != nil {
		return err
	}
	w.publish(c.n, reading)
	return nil
}

// stride is how many rows pass between two looks at the clock, which in a
// browser costs as much as a few rows of columns.
func (w *watch) stride() int {
	if f := w.spec.Filter; f != nil && f.Cost() != filter.Columns {
		return 1
	}
	return 256
}

func (w *watch) matches(c *columns, i int) bool {
	if w.spec.Filter == nil {
		return true
	}
	ok, err := w.spec.Filter.Match(&subject{c: c, i: i, loader: w.view.loader})
	if err != nil {
		if w.failed == 0 {
			w.failure = err.Error()
		}
		w.failed++
	}
	return ok && err == nil
}

// publish makes the rows found so far the ones shown.
func (w *watch) publish(total int, busy bool) {
	v := w.view
	v.mu.Lock()
	v.shown = shown{rows: w.rows, descending: w.spec.Descending}
	v.revision++
	state := &viewerpb.View{
		Revision: v.revision, Shown: uint64(len(w.rows)), Total: uint64(total),
		Busy: busy, Examined: uint64(w.looked), Failed: w.failed, Failure: w.failure,
	}
	v.mu.Unlock()
	w.each(state)
}
