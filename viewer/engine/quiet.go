package engine

import (
	"context"
	"sync"
	"time"
)

// quiet tells work that can wait when nobody waits for an answer. A worker has
// one thread: a batch for the store would come between a keystroke and its
// rows.
type quiet struct {
	mu     sync.Mutex
	active int
	since  time.Time // when active became 0
}

// newQuiet returns a quiet that begins now.
func newQuiet() *quiet { return &quiet{since: time.Now()} }

// begin notes that somebody waits, until the returned function is called.
// Calling that twice does no harm.
func (q *quiet) begin() (end func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.active++
	return sync.OnceFunc(func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.active--; q.active == 0 {
			q.since = time.Now()
		}
	})
}

// wait returns when there has been quiet for a while, or ctx is cancelled.
func (q *quiet) wait(ctx context.Context) error { return q.lasts(ctx, pauseAfterCalls) }

// lasts returns when there has been quiet for d, or ctx is cancelled.
func (q *quiet) lasts(ctx context.Context, d time.Duration) error {
	for {
		q.mu.Lock()
		left := d - time.Since(q.since)
		if q.active > 0 {
			left = d
		}
		q.mu.Unlock()
		if left <= 0 {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(left):
		}
	}
}
