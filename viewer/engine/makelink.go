package engine

import (
	"context"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session/inline"
)

// maxInlineFlows is how many flows are tried at the most: more never fit.
const maxInlineFlows = 5000

// MakeLink implements api.API.
func (e *Engine) MakeLink(ctx context.Context, m *viewerpb.MakeLink) (*viewerpb.MadeLink, error) {
	o, _ := e.session()
	flows := o.chosen(m.Scope, m.Keys)
	flows.named = true
	if len(flows.keys) > maxInlineFlows {
		return nil, inline.ErrLong
	}
	leaving, err := depart(ctx, flows, m.Redaction)
	if err != nil {
		return nil, unreadable(err)
	}
	text, err := inline.Text(ctx, leaving)
	if err == nil && leaving.redactor != nil {
		err = refused(e.proveLink(ctx, text, leaving))
	}
	if err != nil {
		return nil, unreadable(err)
	}
	return &viewerpb.MadeLink{Session: text, Flows: uint64(len(flows.keys)), Start: leaving.start(m.Start)}, nil
}

// proveLink looks at what is in a link, as whoever opens it does.
func (e *Engine) proveLink(ctx context.Context, text string, flows *departure) error {
	packed, err := inline.Flows(text)
	if err != nil {
		return err
	}
	watch := flows.redactor.Watch()
	if _, err := watch.Write(packed); err != nil {
		return err
	}
	flows.from.pass = proving
	return e.prove(ctx, blob.Bytes(packed), watch, flows.from)
}
