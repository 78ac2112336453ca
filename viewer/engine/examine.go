package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/session"
	"flowpane/viewer/view"
)

// lent is what an engine that helps another was asked last.
type lent struct {
	mu     sync.Mutex
	files  map[string]session.Walker // by token or URL
	filter parsed
}

// Examine implements api.API.
func (e *Engine) Examine(ctx context.Context, examine *viewerpb.Examine) (*viewerpb.Examined, error) {
	if len(examine.Offsets) != len(examine.Lengths) {
		return nil, errors.New("engine: examine: as many offsets as lengths are needed")
	}
	l := &e.lent
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := l.filter.parse(examine.Filter)
	if err != nil {
		return nil, err
	}
	walker, err := e.borrow(ctx, examine.Source)
	if err != nil {
		return nil, err
	}
	resumed := time.Now()
	found, err := view.Examine(f, &lying{walker, examine}, func() error {
		if time.Since(resumed) > slice {
			e.config.Yield()
			resumed = time.Now()
		}
		return ctx.Err()
	})
	reply := new(viewerpb.Examined)
	for _, f := range found {
		reply.Answers = append(reply.Answers, &viewerpb.Answers{Condition: f.Condition, Asked: f.Asked, Holds: f.Holds})
	}
	return reply, err
}

// borrow returns a file that another engine lends, which stays open.
func (e *Engine) borrow(ctx context.Context, source *viewerpb.Source) (session.Walker, error) {
	name := source.GetToken() + source.GetUrl()
	if w := e.lent.files[name]; w != nil {
		return w, nil
	}
	b, err := e.config.Source(ctx, source)
	if err != nil {
		return nil, err
	}
	format, err := session.Detect(b, e.formats)
	if err != nil {
		return nil, err
	}
	r, err := format.Open(context.WithoutCancel(ctx), b)
	if err != nil {
		return nil, err
	}
	scanner, ok := r.(session.Scanner)
	if !ok {
		return nil, errors.New("engine: examine: flows of this format lie nowhere")
	}
	if e.lent.files == nil {
		e.lent.files = map[string]session.Walker{}
	}
	e.lent.files[name] = session.Walk(scanner)
	return e.lent.files[name], nil
}

// lying are the flows of a request, where they lie.
type lying struct {
	walker session.Walker
	*viewerpb.Examine
}

func (l *lying) Len() int { return len(l.Offsets) }

func (l *lying) Flow(i int) (*flowpb.Flow, error) {
	return l.walker.At(session.Place{Offset: int64(l.Offsets[i]), Length: int64(l.Lengths[i])})
}

func (l *lying) Raw(content []byte, ref *flowpb.Body) ([]byte, error) {
	switch {
	case content != nil || ref == nil:
		return content, nil
	case ref.GetLength() > maxBody:
		return nil, errTooLarge(ref.GetLength())
	}
	return l.walker.Bytes(ref)
}
