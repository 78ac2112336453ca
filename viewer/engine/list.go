package engine

import (
	"context"
	"time"

	"flowpane/viewer/session"
)

// list takes the flows of the present file from its list, if it has one, and
// returns how many those are and whether they are all. The file then is their
// store: nothing is copied of it.
//
// Of several files the flows are compared, so they have to be read.
func (r *reading) list(ctx context.Context) (listed int, all bool, err error) {
	l, ok := r.file.reader.(session.Lister)
	if !ok || r.open.twins != nil {
		r.open.first.over()
		return 0, false, nil
	}
	for part, err := range l.List() {
		if err != nil {
			r.issue(&session.Issue{Place: "list of flows", Err: err})
			return listed, false, nil
		}
		listed += len(part.Summaries)
		r.open.listed.Store(int64(listed)) // before anybody can ask for them
		for i := range part.Summaries {
			r.open.view.Append(part.Keys[i], &part.Summaries[i])
		}
		if r.shown.Flows = uint64(listed); listed == len(part.Summaries) {
			r.report()
			r.lookFirst(ctx)
			r.showFirst(ctx)
		}
		if err := r.pause(ctx); err != nil {
			return listed, false, err
		}
	}
	r.open.first.over()
	return listed, listed > 0, nil
}

// showFirst lets the first rows be given away and painted before more is read: far
// away, what is read comes in the way of them, and where there are few processors,
// who reads it does.
func (r *reading) showFirst(ctx context.Context) {
	select {
	case <-r.open.seen:
	case <-time.After(showFirstFor):
	case <-ctx.Done():
	}
	select {
	case <-time.After(paintFor):
	case <-ctx.Done():
	}
}

// lister returns the one file of a session of which flows are listed.
func (o *open) lister() session.Lister {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.files[0].reader.(session.Lister)
}
