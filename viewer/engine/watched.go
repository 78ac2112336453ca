package engine

import (
	"sync"

	"flowpane/proto/viewerpb"
)

// watched is what a Watch was shown last, so that it can be told beside it that
// a file does not answer: what makes the view may be waiting for that itself. The
// zero value is ready.
type watched struct {
	mu      sync.Mutex
	watches int // so far
	each    func(*viewerpb.View)
	last    *viewerpb.View // nil before the first
	waiting string         // why a file does not answer; empty if none is waited for
	opening func(string)   // is told of it until it is known what the files are; may be nil
}

// opens says who is to be told of what is waited for before there is a view, nil
// for nobody any more.
func (w *watched) opens(told func(waiting string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opening = told
}

// begin takes the Watch that each belongs to, and returns its number.
func (w *watched) begin(each func(*viewerpb.View)) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watches++
	w.each, w.last = each, nil
	return w.watches
}

// end forgets a Watch, unless another has come.
func (w *watched) end(number int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if number == w.watches {
		w.each, w.last = nil, nil
	}
}

// show shows the Watch a state of the view, which it takes over.
func (w *watched) show(v *viewerpb.View) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.each == nil {
		return
	}
	v.Waiting = w.waiting
	w.last = new(*v)
	w.last.Rows = nil // which change meanwhile
	w.each(v)
}

// waits takes in why a file does not answer, or with nil that it does.
func (w *watched) waits(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.waiting
	if w.waiting = ""; err != nil {
		w.waiting = err.Error()
	}
	switch {
	case w.waiting == before:
	case w.last != nil:
		w.last.Waiting = w.waiting
		w.each(new(*w.last))
	case w.opening != nil:
		w.opening(w.waiting)
	}
}
