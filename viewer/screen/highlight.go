package screen

import (
	"context"
	"errors"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// HighlightTyped: the text of the highlight rule changed.
type HighlightTyped struct{ Text string }

type litCame struct {
	rule  string
	asked []string
	lit   *viewerpb.Highlighted
	err   error
}

// maxLit is of how many flows it is known whether the highlight rule holds for
// them: many times what is seen at once.
const maxLit = 4096

// A highlight is a second filter, whose flows stand out in the table.
type highlight struct {
	text string
	err  string          // why text is no filter
	lit  map[string]bool // by keys of flows that were asked of
}

// setHighlight puts text into the place of the rule.
func (s *Screen) setHighlight(do *commands, text string) {
	s.highlight = highlight{text: text}
	do.stop(slotHighlight)
	s.askHighlight(do)
}

// askHighlight asks of the rows that are drawn, and not known, whether the rule
// holds for them.
func (s *Screen) askHighlight(do *commands) {
	h, t := &s.highlight, &s.table
	if h.err != "" || strings.TrimSpace(h.text) == "" || !s.session.watched {
		return
	}
	var keys []string
	first, end := t.window()
	for i := first; i < end; i++ {
		if row := t.cache.row(i); row != nil {
			if _, known := h.lit[row.Key]; !known {
				keys = append(keys, row.Key)
			}
		}
	}
	if len(keys) == 0 {
		return
	}
	rule := h.text
	do.add(Call{slotHighlight, func(ctx context.Context, engine api.API, post func(Msg)) {
		lit, err := engine.Highlight(ctx, rule, keys)
		post(litCame{rule, keys, lit, err})
	}})
}

func (s *Screen) litCame(do *commands, m litCame) {
	h := &s.highlight
	if m.rule != h.text {
		return
	}
	var bad *api.Error
	if errors.As(m.err, &bad) && bad.Code == viewerpb.Code_BAD_FILTER {
		h.err = bad.Text
		return
	}
	if s.failed(m.err) {
		return
	}
	if h.lit == nil || len(h.lit) > maxLit {
		h.lit = map[string]bool{}
	}
	for _, key := range m.asked {
		h.lit[key] = false
	}
	for _, key := range m.lit.Keys {
		h.lit[key] = true
	}
	s.askHighlight(do) // other rows may be drawn by now
}
