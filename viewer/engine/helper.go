package engine

import (
	"context"
	"sync"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/filter"
	"flowpane/viewer/session"
	"flowpane/viewer/view"
)

// A Helper is another engine, on a processor of its own. An engine has it
// examine flows when a filter on bodies takes long.
type Helper interface {
	// Lend returns by what the helper opens a file, which it is handed at the
	// first call; false if it cannot have it.
	Lend(blob.Source) (*viewerpb.Source, bool)
	// Examine is that of api.API.
	Examine(context.Context, *viewerpb.Examine) (*viewerpb.Examined, error)
	// Close ends the helper.
	Close()
}

// helpers are started when they are needed first, and end with the session.
type helpers struct {
	start func() []Helper

	mu      sync.Mutex
	closed  bool
	started []Helper
}

// aides returns the helpers of o, one aide each.
func (o *open) aides() []view.Aide {
	h := &o.helpers
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.started == nil && !h.closed {
		h.started = h.start()
	}
	aides := make([]view.Aide, len(h.started))
	for i, helper := range h.started {
		aides[i] = &aide{o, helper}
	}
	return aides
}

func (h *helpers) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, helper := range h.started {
		helper.Close()
	}
	h.closed, h.started = true, nil
}

// An aide is a helper that examines flows of o.
type aide struct {
	open   *open
	helper Helper
}

// Examine implements view.Aide, for rows that lie in files that the helper can
// have. It leaves out those that a person said something of: of that the file
// knows nothing.
func (a *aide) Examine(ctx context.Context, f *filter.Filter, rows []uint32) ([]view.Finding, error) {
	type part struct {
		viewerpb.Examine
		at []int // places among rows
	}
	parts := map[int]*part{}
	noted := a.open.noted()
	for i, row := range rows {
		number, _, at := a.open.place(int(row))
		if at == (session.Place{}) || noted[row] {
			continue
		}
		p := parts[number]
		if p == nil {
			p = &part{Examine: viewerpb.Examine{Filter: f.String()}}
			parts[number] = p
		}
		p.Offsets, p.Lengths = append(p.Offsets, uint64(at.Offset)), append(p.Lengths, uint64(at.Length))
		p.at = append(p.at, i)
	}
	var found []view.Finding
	for number, p := range parts {
		var ok bool
		if p.Source, ok = a.helper.Lend(a.open.source(number)); !ok {
			continue
		}
		examined, err := a.helper.Examine(ctx, &p.Examine)
		if err != nil {
			return nil, err
		}
		for _, answers := range examined.Answers {
			found = append(found, spread(answers, p.at, len(rows)))
		}
	}
	return found, nil
}

// spread returns answers by places among rows, of which there are n, where they
// have them by places in the request: flow i of that is row at[i].
func spread(answers *viewerpb.Answers, at []int, n int) view.Finding {
	from := view.Finding{Asked: answers.Asked, Holds: answers.Holds}
	to := view.Finding{Condition: answers.Condition, Asked: make([]byte, (n+7)/8), Holds: make([]byte, (n+7)/8)}
	for i, row := range at {
		holds, asked := from.Of(i)
		if asked {
			to.Asked[row/8] |= 1 << (row % 8)
		}
		if holds {
			to.Holds[row/8] |= 1 << (row % 8)
		}
	}
	return to
}

// noted returns the rows that a person said something of.
func (o *open) noted() map[uint32]bool {
	o.mu.Lock()
	keys := make([]string, 0, len(o.notes))
	for key := range o.notes {
		keys = append(keys, key)
	}
	o.mu.Unlock()
	rows := map[uint32]bool{}
	for _, key := range keys {
		if n, ok := o.view.Number(key); ok {
			rows[uint32(n)] = true
		}
	}
	return rows
}

func (o *open) source(number int) blob.Source {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.files[number].source
}
