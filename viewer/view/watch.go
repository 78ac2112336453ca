package view

import (
	"context"
	"time"

	"flowpane/proto/viewerpb"
)

const (
	// slice is how long a computation goes on before it yields.
	slice = 8 * time.Millisecond
	// patience is how long the former view stays up before the part of the
	// new one that is known takes its place.
	patience = 120 * time.Millisecond
)

// Watch shows what spec says and calls each with every state of the view. It
// returns when ctx is cancelled. One Watch at a time has a say in the view;
// the caller ends one before it starts another. If the one before showed the
// same rows in another order, none is asked again.
func (v *View) Watch(ctx context.Context, spec Spec, each func(*viewerpb.View)) error {
	if _, err := spec.Order.over(new(columns)); err != nil {
		return err
	}
	snapshot, former := v.snapshot()
	if !former.shown.reorder(&snapshot, spec) {
		former.shown = selection{spec: spec}
	}
	w := &watch{view: v, scan: newScan(former.shown, v.list.loader, &v.list.answers), each: each}
	for {
		snapshot, state := v.snapshot()
		if err := w.advance(ctx, &snapshot, state.reading); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-state.changed:
		}
	}
}

// state is what a Watch sees of a view beside its columns.
type state struct {
	shown   selection
	changed <-chan struct{}
	reading bool
}

func (v *View) snapshot() (columns, state) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.list.columns.snapshot(), state{v.list.shown, v.changed, v.reading}
}

// A watch is a Watch under way.
type watch struct {
	*scan
	view *View
	each func(*viewerpb.View)
	aid  *aid // nil while there is none
}

// advance takes in what is new in c, and yields now and then.
func (w *watch) advance(ctx context.Context, c *columns, reading bool) error {
	began, resumed := time.Now(), time.Now()
	alone := began.Add(aidAfter)
	err := w.scan.advance(c, func() error {
		if time.Since(resumed) < slice {
			return nil
		}
		w.view.yield()
		if resumed = time.Now(); resumed.Sub(began) > patience && ctx.Err() == nil {
			w.settle()
			w.publish(c, true)
			began = resumed
		}
		if w.aid == nil && w.view.Aides != nil && w.loads && resumed.After(alone) {
			w.aid = w.help(ctx, c)
		}
		return ctx.Err()
	})
	w.aid.end()
	w.aid = nil
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		w.publish(c, reading)
	}
	return err
}

// publish makes the rows found so far the ones shown. The focus waits for all
// of them.
func (w *watch) publish(c *columns, busy bool) {
	v := w.view
	v.mu.Lock()
	v.list.shown = w.selection
	if !busy {
		v.list.refocus()
	}
	v.revision++
	state := &viewerpb.View{
		Revision: v.revision, Shown: uint64(len(w.rows)), Total: uint64(c.n - c.removed.count()),
		Busy: busy, Examined: uint64(w.looked + w.aid.reached(w.looked)), Failed: w.failed, Failure: w.failure,
	}
	v.mu.Unlock()
	w.each(state)
}
