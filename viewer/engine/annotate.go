package engine

import (
	"context"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/store"
)

// Annotate implements api.API.
func (e *Engine) Annotate(ctx context.Context, a *viewerpb.Annotate) (*viewerpb.Row, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	said := store.Annotation{Marker: a.Marker, Comment: a.Comment}
	if err := o.annotate(a.Key, said); err != nil {
		return nil, err
	}
	if a.Scope != viewerpb.Scope_ALL {
		pause := e.pause(ctx)
		for _, key := range o.chosen(a.Scope, a.Keys).keys {
			if err := o.annotate(key, said); err != nil {
				return nil, err
			}
			if err := pause(); err != nil {
				return nil, err
			}
		}
	}
	row, _ := o.view.Row(a.Key)
	return row, nil
}

// annotate notes what is said of a flow, where it is kept too.
func (o *open) annotate(key string, said store.Annotation) error {
	n, ok := o.view.Number(key)
	if !ok {
		return noFlow(key)
	}
	if k := o.shelved(); k != nil {
		if err := k.store.Annotate(int64(n), said); err != nil {
			return err
		}
	}
	o.setNote(key, said)
	o.show(key, said)
	return nil
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
