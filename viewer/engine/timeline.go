package engine

import (
	"context"

	"flowpane/proto/viewerpb"
)

// Timeline implements api.API.
func (e *Engine) Timeline(ctx context.Context, get *viewerpb.GetTimeline) (*viewerpb.Timeline, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	return o.view.Timeline(get.From, get.To, int(get.Buckets), e.pause(ctx))
}
