package engine

import (
	"hash/maphash"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// few is how many flows of one head are compared one by one. The bodies of
// more are hashed, each once: else a file that holds a request thousands of
// times would be compared with itself, squared.
const few = 4

// alike are the listed flows whose heads have one hash, in the order of their
// files.
type alike struct {
	listed []*twin
	hashed int // how many of them are in bodies, unless theirs cannot be read
	bodies map[uint64]*queue
}

// A queue is of flows whose bodies have one hash. Which of them the present
// file holds only grows at its beginning.
type queue struct {
	listed       []*twin
	source, held int // the first held of them are held by file source
}

// after returns those that file source does not hold as yet, the first at once.
func (q *queue) after(source int) []*twin {
	if q.source != source {
		q.source, q.held = source, 0
	}
	for q.held < len(q.listed) && q.listed[q.held].in(source) {
		q.held++
	}
	return q.listed[q.held:]
}

// candidates returns the flows of a, of files before source, that may be
// identical to f.
func (t *twins) candidates(a *alike, f *flowpb.Flow, source int) []*twin {
	if a == nil || a.listed[0].source == source {
		return nil
	}
	if len(a.listed) <= few {
		return a.listed
	}
	if a.bodies == nil {
		a.bodies = map[uint64]*queue{}
	}
	for ; a.hashed < len(a.listed) && a.listed[a.hashed].source != source; a.hashed++ {
		n := a.listed[a.hashed]
		g, err := t.open.captured(n.key)
		if err != nil {
			continue
		}
		if hash, ok := t.hashBodies(g); ok {
			if a.bodies[hash] == nil {
				a.bodies[hash] = new(queue)
			}
			a.bodies[hash].listed = append(a.bodies[hash].listed, n)
		}
	}
	hash, ok := t.hashBodies(f)
	if !ok || a.bodies[hash] == nil {
		return nil
	}
	return a.bodies[hash].after(source)
}

// hashBodies returns a hash of all that f refers to, unless it cannot be read.
func (t *twins) hashBodies(f *flowpb.Flow) (hash uint64, ok bool) {
	var h maphash.Hash
	h.SetSeed(t.seed)
	for ; f != nil; f = f.Backup {
		for _, ref := range references(f) {
			src, err := t.open.referred(ref)
			if err != nil || !hashBytes(&h, src) {
				return 0, false
			}
		}
	}
	return h.Sum64(), true
}

func hashBytes(h *maphash.Hash, src blob.Source) bool {
	var b [pieceLen]byte
	for at := int64(0); at < src.Size(); {
		n := min(int64(len(b)), src.Size()-at)
		if !readFull(src, b[:n], at) {
			return false
		}
		h.Write(b[:n])
		at += n
	}
	return true
}

// A claim is of the listed flows that have one id.
type claim struct {
	listed       []*twin
	source, held int // held of them are held by file source
}

// hold notes that file source holds one of them.
func (c *claim) hold(source int) { c.held = c.heldBy(source) + 1 }

// heldBy returns how many of them the present file holds.
func (c *claim) heldBy(source int) int {
	if c.source != source {
		c.source, c.held = source, 0
	}
	return c.held
}
