package api

import "sync"

// NewPipe returns the two ends of a pipe in memory, for tests and for programs
// that run page and engine in one process. Closing either end ends both.
func NewPipe() (a, b *MemoryPipe) {
	there, back, done := NewQueue(), NewQueue(), new(sync.Once)
	a = &MemoryPipe{out: there, in: back, once: done}
	b = &MemoryPipe{out: back, in: there, once: done}
	return a, b
}

// A MemoryPipe is one end of a pipe in memory.
type MemoryPipe struct {
	out, in *Queue
	once    *sync.Once
}

// Send implements Pipe.
func (p *MemoryPipe) Send(frame []byte) error { return p.out.Push(frame) }

// Receive implements Pipe.
func (p *MemoryPipe) Receive() ([]byte, error) { return p.in.Pop() }

// Close ends the pipe.
func (p *MemoryPipe) Close() error {
	p.once.Do(func() {
		p.out.Close()
		p.in.Close()
	})
	return nil
}
