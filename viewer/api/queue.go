package api

import (
	"io"
	"sync"
)

// A Queue holds frames without bound, so that whoever delivers them, a browser
// event for one, never blocks.
type Queue struct {
	mu     sync.Mutex
	more   sync.Cond
	frames [][]byte
	closed bool
}

// NewQueue returns an empty queue.
func NewQueue() *Queue {
	q := new(Queue)
	q.more.L = &q.mu
	return q
}

// Push appends a frame, which the queue takes over. It fails with
// io.ErrClosedPipe after Close.
func (q *Queue) Push(frame []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return io.ErrClosedPipe
	}
	q.frames = append(q.frames, frame)
	q.more.Signal()
	return nil
}

// Pop removes the oldest frame. It waits until there is one, and returns io.EOF
// when the queue is closed and empty.
func (q *Queue) Pop() ([]byte, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.frames) == 0 && !q.closed {
		q.more.Wait()
	}
	if len(q.frames) == 0 {
		return nil, io.EOF
	}
	frame := q.frames[0]
	q.frames = q.frames[1:]
	return frame, nil
}

// Close lets Pop return the frames that are left, then io.EOF.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Broadcast()
}
