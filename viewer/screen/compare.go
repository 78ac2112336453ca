package screen

import (
	"context"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

type comparedCame struct {
	base, key string
	compared  *viewerpb.Comparison
	err       error
}

// Tabs that compare the flow shown: with what it was, and with another.
const (
	tabChanges = "changes"
	tabCompare = "compare"
)

// setBase makes the flow with the focus the one that others are compared with,
// or none if it is that already.
func (s *Screen) setBase(do *commands) {
	row := s.table.cache.row(s.table.cursor)
	switch {
	case row == nil:
		return
	case row.Key == s.table.base:
		s.table.base = ""
	default:
		s.table.base = row.Key
	}
	if d := &s.detail; d.flow != nil {
		d.tabs = s.tabs()
		s.showTab(do)
	}
}

// tabs returns the tabs of the flow shown.
func (s *Screen) tabs() []string {
	d := &s.detail
	tabs := tabsOf(d.flow)
	if d.flow.Row.Edited {
		tabs = append(tabs, tabChanges)
	}
	if base := s.table.base; base != "" && base != d.key {
		tabs = append(tabs, tabCompare)
	}
	return tabs
}

// loadComparison asks for what the tab compares, if it does.
func (s *Screen) loadComparison(do *commands) {
	d := &s.detail
	d.compared = nil
	base, key := s.table.base, d.key
	switch d.tab {
	case tabChanges:
		base = ""
	case tabCompare:
	default:
		do.stop(slotCompare)
		return
	}
	do.add(Call{slotCompare, func(ctx context.Context, engine api.API, post func(Msg)) {
		compared, err := engine.Compare(ctx, base, key)
		post(comparedCame{base, key, compared, err})
	}})
}

func (s *Screen) comparedCame(m comparedCame) {
	d := &s.detail
	if m.key != d.key || d.tab != tabChanges && d.tab != tabCompare {
		return
	}
	d.serial++
	if m.err != nil {
		m.compared = &viewerpb.Comparison{Parts: []*viewerpb.ComparedPart{{Title: "Not compared", Note: m.err.Error()}}}
	}
	d.compared = m.compared
}

// comparison says what the tab compares.
func (d *detail) comparison(p *Panel) {
	switch {
	case d.compared == nil:
		p.Text = "Comparing…"
		return
	case d.tab == tabChanges:
		p.Text = "Left: as it was captured. Right: as it was edited."
	default:
		p.Text = "Left: the flow that was chosen with b. Right: this one."
	}
	var same []string
	for _, part := range d.compared.Parts {
		if part.Same && part.Note == "" {
			same = append(same, part.Title)
		} else {
			p.Compared = append(p.Compared, part)
		}
	}
	if len(p.Compared) == 0 {
		p.Text = "Nothing differs."
	} else if len(same) > 0 {
		p.Text += " The same: " + joinWords(same) + "."
	}
}

// joinWords joins words in lower case: "request, request headers".
func joinWords(words []string) string {
	text := ""
	for i, w := range words {
		if i > 0 {
			text += ", "
		}
		text += string(w[0]|0x20) + w[1:]
	}
	return text
}
