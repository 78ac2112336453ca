package mitm

import "flowpane/proto/flowpb"

const (
	// arenaLen is how many values an arena allocates at once. A flow that is
	// kept alone keeps as many.
	arenaLen = 32
	// slabLen is how many bytes a slab allocates at once: what a few flows keep.
	slabLen = 8 << 10
)

// A memory is where flows are decoded into: a flow consists of a hundred
// values that live and die together.
type memory struct {
	bytes     slab
	floats    arena[float64]
	int32s    arena[int32]
	int64s    arena[int64]
	uint32s   arena[uint32]
	bools     arena[bool]
	kinds     arena[flowpb.Kind]
	flows     arena[flowpb.Flow]
	requests  arena[flowpb.HTTPRequest]
	responses arena[flowpb.HTTPResponse]
	headers   arena[flowpb.HTTPHeader]
	lines     arena[*flowpb.HTTPHeader]
	bodies    arena[bodyRef]
	values    arena[flowpb.Value]
	dicts     arena[flowpb.Value_Dict]
	pairList  arena[flowpb.Value_Pair]
	messages  arena[flowpb.Message]
}

// reuse gives the memory of all flows that were decoded into m to those that
// follow. Nobody may look at them any more.
func (m *memory) reuse() {
	m.bytes.reuse()
	m.floats.reuse()
	m.int32s.reuse()
	m.int64s.reuse()
	m.uint32s.reuse()
	m.bools.reuse()
	m.kinds.reuse()
	m.flows.reuse()
	m.requests.reuse()
	m.responses.reuse()
	m.headers.reuse()
	m.lines.reuse()
	m.bodies.reuse()
	m.values.reuse()
	m.dicts.reuse()
	m.pairList.reuse()
	m.messages.reuse()
}

// An arena allocates values of one type in small runs.
type arena[T any] struct{ run, free []T }

// put returns a pointer to a copy of v that nobody else has.
func (a *arena[T]) put(v T) *T {
	if len(a.free) == 0 {
		a.grow(arenaLen)
	}
	p := &a.free[0]
	a.free = a.free[1:]
	*p = v
	return p
}

// clone returns a copy of list, which is never nil and has no spare capacity.
func (a *arena[T]) clone(list []T) []T {
	n := len(list)
	if n > len(a.free) || a.free == nil {
		a.grow(max(n, arenaLen))
	}
	c := a.free[:n:n]
	a.free = a.free[copy(c, list):]
	return c
}

func (a *arena[T]) grow(n int) {
	a.run = make([]T, n)
	a.free = a.run
}

func (a *arena[T]) reuse() { a.free = a.run }

// A slab copies bytes out of the stream's buffer, which does not last.
type slab struct {
	run, free []byte
	aliases   bool // nothing is copied: what is decoded lasts no longer
}

// keep returns a copy of b, which is never nil and has no spare capacity.
func (s *slab) keep(b []byte) []byte {
	n := len(b)
	if s.aliases {
		return b[:n:n]
	}
	if n == 0 {
		return []byte{}
	}
	if n > len(s.free) {
		if n > slabLen/8 {
			return append(make([]byte, 0, n), b...)
		}
		s.run = make([]byte, slabLen)
		s.free = s.run
	}
	kept := s.free[:n:n]
	s.free = s.free[n:]
	copy(kept, b)
	return kept
}

func (s *slab) reuse() { s.free = s.run }
