package engine

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
)

// parsed is a filter that is asked for again and again.
type parsed struct {
	mu     sync.Mutex
	text   string
	filter *filter.Filter
}

var errNoFilter = errors.New("engine: there is no filter")

// parse returns the filter of text, which may not be blank.
func (p *parsed) parse(text string) (*filter.Filter, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.filter == nil || p.text != text {
		f, err := parse(text)
		if err != nil {
			return nil, err
		}
		if f == nil {
			return nil, errNoFilter
		}
		p.filter, p.text = f, text
	}
	return p.filter, nil
}

// Explain implements api.API.
func (e *Engine) Explain(_ context.Context, key, expr string) (*viewerpb.Explanation, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	f, err := parse(expr)
	if f == nil || err != nil {
		return new(viewerpb.Explanation), err
	}
	reasons, err := o.view.Why(f, key)
	reply := new(viewerpb.Explanation)
	for _, r := range reasons {
		reply.Reasons = append(reply.Reasons, &viewerpb.Reason{
			Condition: r.Condition, Place: r.Place, Before: r.Before, Hit: r.Hit, After: r.After, Tab: tabOf(r.Place),
		})
	}
	return reply, err
}

// tabOf returns the tab of the detail pane that shows a place, by its phrase.
func tabOf(place string) string {
	switch word, _, _ := strings.Cut(place, " "); word {
	case "request", "response", "messages", "comment", "metadata":
		return word
	case "client", "server", "address":
		return "connection"
	}
	return ""
}

// Highlight implements api.API. It yields: to ask for what is in bodies takes
// time.
func (e *Engine) Highlight(ctx context.Context, expr string, keys []string) (*viewerpb.Highlighted, error) {
	o, _ := e.session()
	f, err := o.highlight.parse(expr)
	if err != nil {
		return nil, err
	}
	resumed := time.Now()
	matching, err := o.view.Matching(f, keys[:min(len(keys), maxRows)], func() error {
		if time.Since(resumed) > slice {
			e.config.Yield()
			resumed = time.Now()
		}
		return ctx.Err()
	})
	return &viewerpb.Highlighted{Keys: matching}, err
}
