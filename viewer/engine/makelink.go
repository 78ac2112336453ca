package engine

import (
	"context"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/redact"
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
	var text string
	var err error
	if m.Redaction == nil {
		text, err = inline.Text(ctx, flows)
	} else {
		text, err = e.redactedText(ctx, flows, m.Redaction)
	}
	if err != nil {
		return nil, unreadable(err)
	}
	return &viewerpb.MadeLink{Session: text, Flows: uint64(len(flows.keys))}, nil
}

// redactedText returns flows without what is secret as text that fits into a link,
// once that was looked at.
func (e *Engine) redactedText(ctx context.Context, flows *choice, r *viewerpb.Redaction) (string, error) {
	redactor := redact.New(policy(r))
	redacted, err := redactor.Over(ctx, flows)
	if err != nil {
		return "", err
	}
	text, err := inline.Text(ctx, redacted)
	if err != nil {
		return "", err
	}
	packed, err := inline.Flows(text)
	if err != nil {
		return "", err
	}
	watch := redactor.Watch()
	watch.Write(packed)
	return text, refused(e.prove(ctx, blob.Bytes(packed), watch, flows))
}
