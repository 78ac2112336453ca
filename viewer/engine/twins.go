package engine

import (
	"bytes"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"sync"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// twins finds the flows of one file among those of the files before it. A flow
// that two files hold identically, bodies too, is listed once; one that has an
// id of another file's flow and differs is listed and flagged.
//
// A file may hold a flow twice, as a replay: each of them answers to one of
// another file.
type twins struct {
	open *open
	seed maphash.Seed

	mu      sync.Mutex // one goroutine writes what follows
	heads   map[uint64]*alike
	byKey   map[string]*twin
	claimed map[string]*claim // by id
}

// A twin is a flow that is listed.
type twin struct {
	key    string
	id     string
	source int
	also   []int // numbers of the other files that hold it
}

func newTwins(o *open) *twins {
	return &twins{
		open: o, seed: maphash.MakeSeed(),
		heads: map[uint64]*alike{}, byKey: map[string]*twin{}, claimed: map[string]*claim{},
	}
}

// find returns the listed flow of another file that f, read from file source,
// is identical to, or nil, and the hash of f's head. It costs one hash of the
// head, and where that is known a comparison of heads and bodies, however many
// flows have that head.
func (t *twins) find(f *flowpb.Flow, source int) (*twin, uint64) {
	head := headOf(f)
	hash := maphash.Bytes(t.seed, head)
	for _, other := range t.candidates(t.heads[hash], f, source) {
		if other.in(source) {
			continue
		}
		g, err := t.open.captured(other.key)
		if err == nil && bytes.Equal(headOf(g), head) && t.sameBodies(f, g) {
			return other, hash
		}
	}
	return nil, hash
}

// add notes that a flow is listed, and reports whether another file's flow has
// its id.
func (t *twins) add(f *flowpb.Flow, key string, hash uint64, source int) (contested bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := &twin{key: key, id: flow.ID(f), source: source}
	if t.heads[hash] == nil {
		t.heads[hash] = new(alike)
	}
	t.heads[hash].listed = append(t.heads[hash].listed, n)
	t.byKey[key] = n
	if n.id == "" {
		return false
	}
	c := t.claimed[n.id]
	if c == nil {
		c = new(claim)
		t.claimed[n.id] = c
	}
	contested = c.heldBy(source) < len(c.listed)
	c.listed = append(c.listed, n)
	c.hold(source)
	return contested
}

// also notes that file source holds a listed flow too.
func (t *twins) also(n *twin, source int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n.also = append(n.also, source)
	if c := t.claimed[n.id]; c != nil {
		c.hold(source)
	}
}

// contests reports whether m, of the same id, is of other files than n: within
// one file an id repeats by right.
func (n *twin) contests(m *twin) bool {
	return !n.in(m.source) && !m.in(n.source)
}

// in reports whether file source holds n.
func (n *twin) in(source int) bool {
	return n.source == source || slices.Contains(n.also, source)
}

// headOf returns all that f says, but not where its bodies lie.
func headOf(f *flowpb.Flow) []byte { return withoutPlaces(f).Append(nil) }

// withoutPlaces returns f, whose bodies have lengths but no places. It shares
// what it can with f, and does not change it.
func withoutPlaces(f *flowpb.Flow) *flowpb.Flow {
	if f == nil {
		return nil
	}
	g := *f
	g.Source, g.Reversed = nil, nil
	g.Backup = withoutPlaces(f.Backup)
	if r := f.Request; r.GetBody() != nil {
		c := *r
		c.Body = lengthOf(r.Body)
		g.Request = &c
	}
	if r := f.Response; r.GetBody() != nil {
		c := *r
		c.Body = lengthOf(r.Body)
		g.Response = &c
	}
	if f.Websocket != nil {
		c := *f.Websocket
		c.Messages = slices.Clone(c.Messages)
		for i, m := range c.Messages {
			d := *m
			d.Body = lengthOf(m.Body)
			c.Messages[i] = &d
		}
		g.Websocket = &c
	}
	g.Messages = slices.Clone(f.Messages)
	for i, m := range g.Messages {
		d := *m
		d.Body = lengthOf(m.Body)
		g.Messages[i] = &d
	}
	return &g
}

func lengthOf(b *flowpb.Body) *flowpb.Body {
	if b == nil {
		return nil
	}
	return &flowpb.Body{Length: b.Length, Decoded: b.Decoded}
}

// sameBodies reports whether what f and g refer to is the same bytes. Their
// heads are equal, so they have as many references.
func (t *twins) sameBodies(f, g *flowpb.Flow) bool {
	for f != nil && g != nil {
		a, b := references(f), references(g)
		for i := range a {
			if !t.sameBody(a[i], b[i]) {
				return false
			}
		}
		f, g = f.Backup, g.Backup
	}
	return true
}

func (t *twins) sameBody(a, b *flowpb.Body) bool {
	x, err := t.open.referred(a)
	if err != nil {
		return false
	}
	y, err := t.open.referred(b)
	return err == nil && sameBytes(x, y)
}

// pieceLen is how much of a body is compared at once, in bytes.
const pieceLen = 16 << 10

func sameBytes(a, b blob.Source) bool {
	if a.Size() != b.Size() {
		return false
	}
	var x, y [pieceLen]byte
	for at := int64(0); at < a.Size(); {
		n := min(int64(len(x)), a.Size()-at)
		if !readFull(a, x[:n], at) || !readFull(b, y[:n], at) || !bytes.Equal(x[:n], y[:n]) {
			return false
		}
		at += n
	}
	return true
}

func readFull(src blob.Source, p []byte, at int64) bool {
	n, err := src.ReadAt(p, at)
	return n == len(p) && (err == nil || err == io.EOF)
}

// sources says which files a flow is in, and which other flows have its id.
// It says nothing of a session of one file, whose twins are nil.
func (t *twins) sources(key string) *table {
	s := new(table)
	s.Tab, s.Title = "comment", "File"
	if t == nil {
		return s
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.byKey[key]
	if n == nil {
		return s
	}
	s.add("Read from", t.open.fileName(n.source))
	for _, also := range n.also {
		s.add("Identical in", t.open.fileName(also))
	}
	if c := t.claimed[n.id]; c != nil {
		t.contest(s, n, c)
	}
	return s
}

// contest lists the flows that contest n: the first of them, and how many more.
func (t *twins) contest(s *table, n *twin, c *claim) {
	const most = 100
	count := 0
	for _, other := range c.listed {
		if !n.contests(other) {
			continue
		}
		if count++; count <= most {
			s.add("Same id, but different", other.key+" in "+t.open.fileName(other.source))
		}
	}
	if count > most {
		s.add("Same id, but different", "and "+strconv.Itoa(count-most)+" more")
	}
}
