package store

import (
	"maps"
	"slices"
	"sync"

	"flowpane/proto/flowpb"
)

// pending is a flow in its newest state, not yet flushed.
type pending struct {
	key   string
	flow  *flowpb.Flow
	index Index
}

// hotStore holds the flows that were put and not yet flushed, by key and in
// the order in which they were put last.
type hotStore struct {
	mu    sync.Mutex
	byKey map[string]*pending
	queue []*pending // those that were replaced since are passed over
}

func (h *hotStore) put(p *pending) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byKey == nil {
		h.byKey = map[string]*pending{}
	}
	h.byKey[p.key] = p
	h.queue = append(h.queue, p)
}

func (h *hotStore) get(key string) (*flowpb.Flow, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, ok := h.byKey[key]
	if !ok {
		return nil, false
	}
	return p.flow, true
}

func (h *hotStore) len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.byKey)
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
	over := make(map[*pending]bool, len(batch))
	for _, p := range batch {
		over[p] = true
		if h.byKey[p.key] == p && stored(p) {
			delete(h.byKey, p.key)
		}
	}
	n := 0
	for n < len(h.queue) && (over[h.queue[n]] || h.byKey[h.queue[n].key] != h.queue[n]) {
		n++
	}
	clear(h.queue[:n])
	h.queue = h.queue[n:]
}
