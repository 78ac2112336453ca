package redact

import (
	"context"
	"fmt"
	"iter"

	"flowpane/proto/flowpb"
	"flowpane/proto/wire"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// maxBody is the largest body that is looked into, in bytes. Larger ones go as
// a whole.
const maxBody = 64 << 20

// A Redactor takes the secrets out of the flows of one session. It is for one
// goroutine.
type Redactor struct {
	policy Policy
	keeps  map[string]bool // classes
	names  map[string]bool // that were added

	placeholders map[string]string // by value
	numbers      map[string]int    // how many placeholders there are of a class
	known        finder
	surveyed     bool

	report Report
	total  tally
	now    *tally // of the flow
	depth  int    // of texts within texts
	nested int    // of messages within messages
}

// New returns a Redactor that follows a policy.
func New(p Policy) *Redactor {
	r := &Redactor{policy: p, keeps: map[string]bool{}, names: map[string]bool{}, placeholders: map[string]string{}, numbers: map[string]int{}}
	r.reset()
	for _, class := range p.Keep {
		r.keeps[class] = true
	}
	for _, name := range p.Names {
		if plain := plainName(name); plain != "" {
			r.names[plain] = true
		}
	}
	for _, value := range p.Values {
		r.hide(Chosen, "", value)
	}
	return r
}

// Over surveys flows, and returns them without what is secret. Those are copies
// of the flows; bodies without a secret stay what they were.
func (r *Redactor) Over(ctx context.Context, flows session.Flows) (session.Flows, error) {
	over := &redacted{Flows: flows, r: r}
	for _, err := range over.All(ctx) {
		if err != nil {
			return nil, err
		}
	}
	r.surveyed = true
	return over, nil
}

// Flow returns a copy of f without what is secret. body gives the bytes of a
// body that f refers to.
func (r *Redactor) Flow(f *flowpb.Flow, body func(*flowpb.Body) (blob.Source, error)) (*flowpb.Flow, error) {
	g := new(flowpb.Flow)
	if err := wire.Unmarshal(f.Append(nil), g); err != nil {
		return nil, err
	}
	r.begin()
	w := walker{Redactor: r, read: body}
	if err := w.flow(g); err != nil {
		return nil, fmt.Errorf("redact: flow %s: %w", f.GetId(), err)
	}
	r.end()
	return g, nil
}

// Text returns a text about flows, such as a filter or the name of a file,
// without what is secret in it or was found to be in them.
func (r *Redactor) Text(s string) string {
	w := walker{Redactor: r}
	return string(w.text([]byte(s), headerText))
}

// URL is Text for an address.
func (r *Redactor) URL(s string) string {
	w := walker{Redactor: r}
	return string(w.url([]byte(s)))
}

// redacted are flows without what is secret.
type redacted struct {
	session.Flows
	r *Redactor
}

// All implements session.Flows. The report is of the last time.
func (o *redacted) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		o.r.reset()
		for f, err := range o.Flows.All(ctx) {
			if err == nil {
				f, err = o.r.Flow(f, o.Body)
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// About implements session.Flows.
func (o *redacted) About(source uint32) *flowpb.About {
	about := o.Flows.About(source)
	if about == nil {
		return nil
	}
	w := walker{Redactor: o.r, inHAR: true}
	return &flowpb.About{HarLog: w.json(about.HarLog)}
}

// Sources implements session.Sourced.
func (o *redacted) Sources() []session.Source {
	named, ok := o.Flows.(session.Sourced)
	if !ok {
		return nil
	}
	w := walker{Redactor: o.r}
	var list []session.Source
	for _, s := range named.Sources() {
		s.Name = string(w.leaf([]byte(s.Name)))
		list = append(list, s)
	}
	return list
}
