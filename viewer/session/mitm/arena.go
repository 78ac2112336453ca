package mitm

// arenaLen is how many values an arena allocates at once. A flow that is kept
// alone keeps as many.
const arenaLen = 32

// An arena allocates values of one type in small runs: a flow consists of a
// hundred values that live and die together.
type arena[T any] struct{ free []T }

// put returns a pointer to a copy of v that nobody else has.
func (a *arena[T]) put(v T) *T {
	if len(a.free) == 0 {
		a.free = make([]T, arenaLen)
	}
	p := &a.free[0]
	a.free = a.free[1:]
	*p = v
	return p
}

// slabLen is how many bytes a slab allocates at once: what a few flows keep.
const slabLen = 8 << 10

// A slab copies bytes out of the stream's buffer, which does not last.
type slab struct{ free []byte }

// keep returns a copy of b, which is never nil and has no spare capacity.
func (s *slab) keep(b []byte) []byte {
	n := len(b)
	if n == 0 {
		return []byte{}
	}
	if n > len(s.free) {
		if n > slabLen/8 {
			return append(make([]byte, 0, n), b...)
		}
		s.free = make([]byte, slabLen)
	}
	kept := s.free[:n:n]
	s.free = s.free[n:]
	copy(kept, b)
	return kept
}
