package engine

import (
	"context"
	"errors"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/session"
)

// follower returns the one file of a session that can be followed: a file of
// records, one behind the other, that can be asked for what is new.
func (o *open) follower() session.Follower {
	if len(o.files) != 1 || o.files[0].grows == nil || !o.files[0].grows.Grows() {
		return nil
	}
	f, _ := o.files[0].reader.(session.Follower)
	return f
}

// endsWithin reports whether the present file, which will not grow, ends within
// a record, and has the rest read as it is.
func (r *reading) endsWithin() bool {
	f := r.file
	follower, ok := f.reader.(session.Follower)
	if !ok || f.grows == nil || f.grows.Grows() || follower.Progress() >= f.size {
		return false
	}
	follower.Follow(false)
	f.grows = nil
	return true
}

// Follow implements api.API. Rows that are new take their place in the view as
// filter and order have it.
func (e *Engine) Follow(ctx context.Context, each func(*viewerpb.Progress)) error {
	o, _ := e.session()
	select {
	case <-o.read:
	case <-ctx.Done():
		return ctx.Err()
	}
	o.mu.Lock()
	r := o.last
	o.mu.Unlock()
	if r == nil || o.follower() == nil {
		return errors.New("this session cannot be followed: it is no dump that the browser may ask for more")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(o.ctx, cancel)()
	o.reading.Add(1)
	defer o.reading.Done()
	if err := o.ctx.Err(); err != nil { // its file is closed, or about to be
		return err
	}
	r.each = each
	for {
		if err := r.readMore(ctx); err != nil {
			return unreadable(err)
		}
		select {
		case <-time.After(followEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// readMore reads what was appended to the file.
func (r *reading) readMore(ctx context.Context) error {
	size, err := r.file.grows.Grow(ctx)
	if err != nil || size == r.file.size && !r.behind {
		return err
	}
	r.behind = true // until all of it is read
	r.done += size - r.file.size
	r.file.size, r.shown.BytesTotal = size, uint64(size)
	r.resumed, r.told = time.Now(), time.Now()
	if err := r.readFile(ctx); err != nil {
		return err
	}
	r.behind = false
	r.report()
	return nil
}
