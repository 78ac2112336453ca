package engine

import (
	"context"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/redact"
)

// policy returns what a Redaction says.
func policy(r *viewerpb.Redaction) redact.Policy {
	return redact.Policy{Keep: r.Keep, Claims: r.Claims, Names: r.Names, Values: r.Values, Types: r.Types}
}

// FindSecrets implements api.API. It goes through the flows and their bodies once.
func (e *Engine) FindSecrets(ctx context.Context, find *viewerpb.FindSecrets, each func(*viewerpb.Secrets)) error {
	r := find.Redaction
	if r == nil {
		r = new(viewerpb.Redaction)
	}
	redactor := redact.New(policy(r))
	o, _ := e.session()
	flows := o.chosen(find.Scope, find.Keys)
	told := time.Now()
	flows.pause = func() {
		if time.Since(told) > progressEvery {
			told = time.Now()
			each(&viewerpb.Secrets{Flows: uint64(flows.gone), FlowsTotal: uint64(len(flows.keys))})
		}
	}
	if _, err := redactor.Over(ctx, flows); err != nil {
		return unreadable(err)
	}
	found := secretsOf(redactor.Report(), flows.keys)
	for _, in := range found.By {
		if f, err := flows.flow(ctx, in.Key); err == nil {
			in.Title = redactor.Text(flow.Method(f)) + " " + redactor.URL(flow.URL(f))
		}
	}
	each(found)
	return nil
}

// secretsOf says what a Report does, with all classes, those that nothing was
// found of too: a person chooses among them.
func secretsOf(report redact.Report, keys []string) *viewerpb.Secrets {
	n := uint64(report.Flows)
	s := &viewerpb.Secrets{Flows: n, FlowsTotal: n, Changed: uint64(report.Changed), Complete: true}
	byName := map[string]*viewerpb.SecretClass{}
	for _, c := range redact.Classes() {
		class := &viewerpb.SecretClass{Name: c.Name, Label: c.Label, About: c.About}
		byName[c.Name] = class
		s.Classes = append(s.Classes, class)
	}
	for _, found := range report.Found {
		class := byName[found.Class]
		class.Count += uint64(found.Count)
		class.Places = append(class.Places, &viewerpb.SecretPlace{Name: found.Name, Count: uint64(found.Count)})
	}
	for _, f := range report.By[:min(len(report.By), maxSecretFlows)] {
		in := &viewerpb.SecretFlow{Key: keys[f.Number]}
		for _, found := range f.Found {
			in.Places = append(in.Places, &viewerpb.SecretPlace{Name: found.Name, Count: uint64(found.Count), Class: found.Class})
		}
		s.By = append(s.By, in)
	}
	return s
}
