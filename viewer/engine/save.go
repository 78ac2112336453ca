package engine

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/export"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

// Targets implements api.API.
func (e *Engine) Targets(context.Context) (*viewerpb.Targets, error) {
	list := new(viewerpb.Targets)
	for _, w := range e.writers {
		list.Targets = append(list.Targets, &viewerpb.Target{
			Name: w.Name, Label: w.Label, Extension: w.Extension, MediaType: w.Media, Session: w.Name != export.Table.Name && !withViewer(w.Name),
		})
	}
	return list, nil
}

func (e *Engine) writer(name string) (session.Writer, error) {
	i := slices.IndexFunc(e.writers, func(w session.Writer) bool { return w.Name == name })
	if i < 0 {
		return session.Writer{}, &api.Error{Code: viewerpb.Code_NOT_FOUND, Text: "no kind of file is named " + strconv.Quote(name)}
	}
	return e.writers[i], nil
}

// Losses implements api.API.
func (e *Engine) Losses(ctx context.Context, count *viewerpb.CountLosses) (*viewerpb.Losses, error) {
	defer e.config.quiet.begin()()
	w, err := e.writer(count.Target)
	if err != nil {
		return nil, err
	}
	o, _ := e.session()
	total := new(viewerpb.Losses)
	known := map[string]*viewerpb.Loss{}
	for f, err := range o.chosen(count.Scope, count.Keys).All(ctx) {
		if err != nil {
			return nil, unreadable(err)
		}
		total.Flows++
		for _, text := range w.Losses(f) {
			if known[text] == nil {
				known[text] = &viewerpb.Loss{Text: text}
				total.Losses = append(total.Losses, known[text])
			}
			known[text].Flows++
		}
	}
	slices.SortStableFunc(total.Losses, func(a, b *viewerpb.Loss) int { return int(b.Flows) - int(a.Flows) })
	return total, nil
}

// Save implements api.API.
func (e *Engine) Save(ctx context.Context, save *viewerpb.Save, each func(*viewerpb.Saved)) error {
	w, err := e.writer(save.Target)
	if err != nil {
		return err
	}
	o, _ := e.session()
	flows := o.chosen(save.Scope, save.Keys)
	p := &pieces{ctx: ctx, flows: flows, each: each, piece: make([]byte, 0, savedPiece)}
	flows.pause, flows.named = p.tell, save.Redaction != nil || save.Scope != viewerpb.Scope_ALL && (save.Seal || withViewer(save.Target))
	leaving, err := depart(ctx, flows, save.Redaction)
	if err != nil {
		return unreadable(err)
	}
	p.start = leaving.start(save.Start)
	out, err := e.outlet(ctx, save, p)
	if err == nil {
		err = e.bundled(ctx, out, save.Target, leaving, p.start, func(file io.Writer) error { return e.write(ctx, file, w, leaving) })
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return unreadable(err)
	}
	p.send()
	return nil
}

// A choice of flows of an open session. It implements session.Flows.
type choice struct {
	*open
	keys []string
	gone int // through how many All went last

	// What is made of them may take several passes, of which this is one.
	pass, passes int
	resumed      time.Time
	pause        func() // called now and then; may be nil

	// named: the id of each flow is its key, so that a link to it still leads to
	// it where flows before it, or its id, are missing.
	named bool
}

// progress returns how many flows were gone through, and of how many, where each
// pass counts anew.
func (c *choice) progress() (done, total uint64) {
	return uint64(c.pass*len(c.keys) + c.gone), uint64(c.passes * len(c.keys))
}

// breathe lets others work when a slice of time is over.
func (c *choice) breathe() {
	if time.Since(c.resumed) < slice {
		return
	}
	if c.pause != nil {
		c.pause()
	}
	c.config.Yield()
	c.resumed = time.Now()
}

// chosen returns the flows of scope as they are now, in the order of the
// files. Keys of none are left out.
func (o *open) chosen(scope viewerpb.Scope, keys []string) *choice {
	all := o.view.Keys(scope == viewerpb.Scope_VIEW)
	if scope == viewerpb.Scope_KEYS {
		named := make(map[string]bool, len(keys))
		for _, key := range keys {
			named[key] = true
		}
		all = slices.DeleteFunc(all, func(key string) bool { return !named[key] })
	}
	return &choice{open: o, keys: all, passes: 1}
}

// All implements session.Flows. It yields to other work of the thread.
func (c *choice) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		c.resumed = time.Now()
		for i, key := range c.keys {
			if c.gone = i; i%stride == 0 || c.pause != nil {
				c.breathe()
			}
			f, err := c.flow(ctx, key)
			if !yield(f, err) || err != nil {
				return
			}
		}
		c.gone = len(c.keys)
	}
}

func (c *choice) flow(ctx context.Context, key string) (*flowpb.Flow, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.ctx.Err() != nil {
		return nil, errors.New("the session was closed")
	}
	f, err := c.open.Flow(key)
	if err != nil || !c.named || flow.ID(f) == key {
		return f, err
	}
	g := *f
	g.Id = []byte(key)
	return &g, nil
}

// Body implements session.Flows.
func (c *choice) Body(ref *flowpb.Body) (blob.Source, error) { return c.referred(ref) }

// About implements session.Flows.
func (c *choice) About(source uint32) *flowpb.About {
	c.mu.Lock()
	defer c.mu.Unlock()
	if int(source) >= len(c.files) {
		return nil
	}
	return c.files[source].about
}

// Sources implements session.Sourced.
func (c *choice) Sources() []session.Source {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]session.Source, len(c.files))
	for i, f := range c.files {
		list[i] = session.Source{Name: f.name, Format: f.format.Name, Size: f.size}
	}
	return list
}

// pieces is an io.WriteCloser that sends what is written piece by piece.
type pieces struct {
	ctx   context.Context
	flows *choice
	each  func(*viewerpb.Saved)
	piece []byte
	told  time.Time

	// Of a file that is whole, sent with its last piece: of one that is sealed its
	// name and key, and what is shown at first.
	name, key, start string
}

// tell says how far it is where there is nothing to send yet.
func (p *pieces) tell() {
	if time.Since(p.told) < progressEvery {
		return
	}
	p.told = time.Now()
	done, total := p.flows.progress()
	p.each(&viewerpb.Saved{Flows: done, FlowsTotal: total})
}

func (p *pieces) Write(b []byte) (n int, err error) {
	n = len(b)
	for len(b) > 0 {
		if err := p.ctx.Err(); err != nil {
			return 0, err
		}
		take := min(len(b), savedPiece-len(p.piece))
		p.piece = append(p.piece, b[:take]...)
		b = b[take:]
		if len(p.piece) == savedPiece {
			p.send()
		}
	}
	return n, nil
}

// Close implements io.Closer. What is left is sent when all else is done.
func (p *pieces) Close() error { return nil }

// send sends what is written so far, and lets others work: the pieces are on
// their way before the next is made.
func (p *pieces) send() {
	done, total := p.flows.progress()
	p.each(&viewerpb.Saved{Data: p.piece, Flows: done, FlowsTotal: total, FileName: p.name, Key: p.key, Start: p.start})
	p.piece = make([]byte, 0, savedPiece)
	p.flows.config.Yield()
}
