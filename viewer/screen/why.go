package screen

import (
	"context"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// ReasonChosen: a person wants to see where a condition holds.
type ReasonChosen struct{ Index int }

type whyCame struct {
	key, filter string
	why         *viewerpb.Explanation
}

// maxReasons is how many reasons are listed.
const maxReasons = 5

// A Reason is a condition of the filter that holds for the flow shown: Hit is
// what it found in a place, between Before and After.
type Reason struct {
	Condition, Place   string
	Before, Hit, After string
	// Leads: a tab shows the place.
	Leads bool
}

// explain asks why the filter holds for the flow shown.
func (s *Screen) explain(do *commands) {
	d := &s.detail
	key, filter := d.key, s.filter.applied
	if !d.open || d.flow == nil || filter == "" {
		d.reasons = nil
		do.stop(slotWhy)
		return
	}
	do.add(Call{slotWhy, func(ctx context.Context, engine api.API, post func(Msg)) {
		why, err := engine.Explain(ctx, key, filter)
		if err != nil { // the flow is shown all the same
			why = new(viewerpb.Explanation)
		}
		post(whyCame{key, filter, why})
	}})
}

func (s *Screen) whyCame(m whyCame) {
	if d := &s.detail; m.key == d.key && m.filter == s.filter.applied {
		d.reasons = m.why.Reasons[:min(len(m.why.Reasons), maxReasons)]
	}
}

// goToReason shows the tab in which a condition holds.
func (s *Screen) goToReason(do *commands, i int) {
	d := &s.detail
	if i >= len(d.reasons) {
		return
	}
	tab := d.reasons[i].Tab
	if tab == "messages" && d.flow.Websocket != nil {
		tab = "websocket"
	}
	s.chooseTab(do, tab)
}

func (d *detail) reasonsState() []Reason {
	var list []Reason
	for _, r := range d.reasons {
		if r.Hit != "" {
			list = append(list, Reason{r.Condition, r.Place, r.Before, r.Hit, r.After, r.Tab != ""})
		}
	}
	return list
}
