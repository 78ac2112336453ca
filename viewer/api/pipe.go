package api

import (
	"io"
	"sync"
)

// NewPipe returns the two ends of a pipe in memory, for tests and for programs
// that run page and engine in one process. Closing either end ends both.
func NewPipe() (a, b *MemoryPipe) {
	there, back, done := newQueue(), newQueue(), new(sync.Once)
	a = &MemoryPipe{out: there, in: back, once: done}
	b = &MemoryPipe{out: back, in: there, once: done}
	return a, b
}

// A MemoryPipe is one end of a pipe in memory.
type MemoryPipe struct {
	out, in *queue
	once    *sync.Once
}

// Send implements Pipe.
func (p *MemoryPipe) Send(frame []byte) error { return p.out.push(frame) }

// Receive implements Pipe.
func (p *MemoryPipe) Receive() ([]byte, error) { return p.in.pop() }

// Close ends the pipe.
func (p *MemoryPipe) Close() error {
	p.once.Do(func() {
		p.out.close()
		p.in.close()
	})
	return nil
}

// A queue holds frames without bound.
type queue struct {
	mu     sync.Mutex
	more   sync.Cond
	frames [][]byte
	closed bool
}

func newQueue() *queue {
	q := new(queue)
	q.more.L = &q.mu
	return q
}

func (q *queue) push(frame []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return io.ErrClosedPipe
	}
	q.frames = append(q.frames, frame)
	q.more.Signal()
	return nil
}

func (q *queue) pop() ([]byte, error) {
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

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Broadcast()
}
