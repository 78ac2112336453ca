// Package view keeps the ordered, filtered view of a session over columns held
// in memory: which flows are shown, and in which order. Rows are added while
// files are read; the view follows. Filters and orders that need columns alone
// never touch a flow; the others load it.
//
// A [List] is the synchronous core, with all that mitmproxy's view can do; a
// [View] shares one between those that read files, look and choose.
package view

import (
	"slices"
	"sync"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// A View is a List that is shown as a Watch says. Its methods are safe for
// concurrent use.
type View struct {
	// Aides, unless nil, returns who helps where flows have to be loaded to
	// filter them. It is set before the first Watch, and called by a Watch that
	// takes long.
	Aides func() []Aide

	yield func()

	mu       sync.Mutex
	list     List // its selection is that of the Watch, as far as it is known
	reading  bool
	changed  chan struct{} // closed when list or reading change
	revision uint64
}

// New returns an empty view that expects rows until Complete. Its revisions
// begin after revision: those of views that follow each other on screen must
// grow. yield lets other work of the thread be done; it is called every few
// milliseconds of a long computation.
func New(loader Loader, revision uint64, yield func()) *View {
	return &View{
		yield: yield, revision: revision,
		list: List{loader: loader}, reading: true, changed: make(chan struct{}),
	}
}

// Append adds a flow at the end of the session. The key must be new. Nothing
// of s is kept.
func (v *View) Append(key string, s *flow.Summary) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.list.append(key, s)
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
	return v.list.Total()
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
	total := uint64(v.list.Len())
	from = min(from, total)
	to := min(from+uint64(count), total)
	reply := &viewerpb.Rows{Revision: v.revision, From: from, Rows: make([]*viewerpb.Row, 0, to-from)}
	for i := from; i < to; i++ {
		reply.Rows = append(reply.Rows, v.list.Row(int(i)))
	}
	return reply
}

// Row returns the row of a flow, shown or not.
func (v *View) Row(key string) (*viewerpb.Row, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	row := v.list.Get(key)
	return row, row != nil
}

// Number returns the place of a flow in the session, from 0. A flow that was
// removed still has its place.
func (v *View) Number(key string) (int, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.list.keys.find(&v.list.columns, key)
}

// Keys returns the keys of all flows, or of those that are shown, in the order
// of the session. The slice is the caller's.
func (v *View) Keys(shown bool) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	l := &v.list
	if shown {
		return l.columns.keyTexts(slices.AppendSeq(make([]uint32, 0, l.Len()), l.shown.set(l.columns.n).all()))
	}
	return l.columns.keyTexts(l.stored(func(int) bool { return true }))
}

// Locate returns where in the view a flow is; -1 where it is not shown.
func (v *View) Locate(key string) *viewerpb.Location {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.locate(key)
}

func (v *View) locate(key string) *viewerpb.Location {
	row, exists := v.list.row(key)
	location := &viewerpb.Location{Revision: v.revision, Index: -1, Exists: exists}
	if !exists {
		return location
	}
	if index, shown := v.list.shown.find(row); shown {
		location.Index = int64(index)
	} else {
		location.Near = int64(max(0, min(index, v.list.Len()-1)))
	}
	return location
}
