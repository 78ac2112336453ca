package store

import (
	"maps"
	"slices"
	"sync"

	"flowpane/proto/flowpb"
)

// pending is a flow in its newest state, not yet flushed. All but its
// connections, which others share, is encoded: a flow is a hundred objects,
// and a garbage collector would visit those of every flow again and again,
// which in a browser it does on the thread that reads the file.
type pending struct {
	key     string
	content []byte // the flow, without its connections
	row     []byte // of flow_index
	client  *flowpb.ClientConnection
	server  *flowpb.ServerConnection
	over    bool // it does not wait to be flushed any more
}

// flow decodes the flow. It shares the bytes of p, which never change.
func (p *pending) flow() (*flowpb.Flow, error) {
	f := new(flowpb.Flow)
	err := f.Unmarshal(p.content)
	f.ClientConn, f.ServerConn = p.client, p.server
	return f, err
}

// slabSize is how many bytes of flows are allocated at once. They are freed
// when all flows of a slab are stored.
const slabSize = 1 << 20

// hotStore holds the flows that were put and not yet flushed, by key and in
// the order in which they were put last.
type hotStore struct {
	mu    sync.Mutex
	byKey map[string]*pending
	queue []*pending // those that were replaced since are passed over
	bytes int        // of all in byKey
	slab  []byte     // what is left of the last one
	buf   []byte
}

// put encodes a flow and its row of the index.
func (h *hotStore) put(key string, f *flowpb.Flow, row Index) {
	h.mu.Lock()
	defer h.mu.Unlock()
	bare := *f
	bare.ClientConn, bare.ServerConn = nil, nil
	p := &pending{key: key, client: f.ClientConn, server: f.ServerConn}
	h.buf = bare.Append(h.buf[:0])
	p.content = h.keep(h.buf)
	h.buf = row.append(h.buf[:0], key)
	p.row = h.keep(h.buf)
	if h.byKey == nil {
		h.byKey = map[string]*pending{}
	}
	if last := h.byKey[key]; last != nil {
		h.bytes -= last.size()
	}
	h.byKey[key] = p
	h.bytes += p.size()
	h.queue = append(h.queue, p)
}

func (p *pending) size() int { return len(p.content) + len(p.row) }

// keep returns a copy of b in the slab; a long one has memory of its own.
func (h *hotStore) keep(b []byte) []byte {
	if len(b) > slabSize/8 {
		return slices.Clone(b)
	}
	if len(b) > len(h.slab) {
		h.slab = make([]byte, slabSize)
	}
	kept := h.slab[:len(b):len(b)]
	h.slab = h.slab[len(b):]
	copy(kept, b)
	return kept
}

func (h *hotStore) get(key string) (*pending, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, ok := h.byKey[key]
	return p, ok
}

// size returns how many flows there are, and how many bytes they take.
func (h *hotStore) size() (flows, bytes int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.byKey), h.bytes
}

func (h *hotStore) keys() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Keys(h.byKey))
}

// oldest returns up to n flows to flush. They stay until [hotStore.done].
func (h *hotStore) oldest(n int) []*pending {
	h.mu.Lock()
	defer h.mu.Unlock()
	batch := make([]*pending, 0, min(n, len(h.queue)))
	for _, p := range h.queue {
		if len(batch) == n {
			break
		}
		if h.byKey[p.key] == p {
			batch = append(batch, p)
		}
	}
	return batch
}

// done takes away the flows of a batch that are stored now, unless they were
// put again since. The others stay at hand, but no longer wait to be flushed.
func (h *hotStore) done(batch []*pending, stored func(*pending) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range batch {
		p.over = true
		if h.byKey[p.key] == p && stored(p) {
			delete(h.byKey, p.key)
			h.bytes -= p.size()
		}
	}
	n := 0
	for n < len(h.queue) && (h.queue[n].over || h.byKey[h.queue[n].key] != h.queue[n]) {
		n++
	}
	clear(h.queue[:n])
	h.queue = h.queue[n:]
}
