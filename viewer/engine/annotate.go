package engine

import (
	"context"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/store"
)

// Annotate implements api.API.
func (e *Engine) Annotate(_ context.Context, a *viewerpb.Annotate) (*viewerpb.Row, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	n, ok := o.view.Number(a.Key)
	if !ok {
		return nil, noFlow(a.Key)
	}
	said := store.Annotation{Marker: a.Marker, Comment: a.Comment}
	if k := o.shelved(); k != nil {
		if err := k.store.Annotate(int64(n), said); err != nil {
			return nil, err
		}
	}
	o.setNote(a.Key, said)
	o.show(a.Key, said)
	row, _ := o.view.Row(a.Key)
	return row, nil
}

// show shows what was said of a flow in its row.
func (o *open) show(key string, said store.Annotation) {
	s, ok := o.view.Summary(key)
	if !ok {
		return
	}
	if said.Comment != nil {
		s.Comment = *said.Comment
	}
	if said.Marker != nil {
		s.Marker = *said.Marker
		if s.Flags &^= flow.FlagMarked; s.Marker != "" {
			s.Flags |= flow.FlagMarked
		}
	}
	o.view.Update(key, &s)
}

// note returns what a person said of a flow.
func (o *open) note(key string) store.Annotation {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.notes[key]
}

// setNote notes what is said of a flow; what it is silent of stays.
func (o *open) setNote(key string, said store.Annotation) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := o.notes[key]
	if said.Marker != nil {
		n.Marker = said.Marker
	}
	if said.Comment != nil {
		n.Comment = said.Comment
	}
	o.notes[key] = n
}

// annotated returns f with what was said of it. It does not change f.
func annotated(f *flowpb.Flow, said store.Annotation) *flowpb.Flow {
	if said.Marker == nil && said.Comment == nil {
		return f
	}
	g := *f
	if said.Marker != nil {
		g.Marker = []byte(*said.Marker)
		g.Marked = nil
		if f.Marked != nil {
			g.Marked = new(*said.Marker != "")
		}
	}
	if said.Comment != nil {
		g.Comment = []byte(*said.Comment)
	}
	return &g
}
