package screen

import (
	"context"
	"errors"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// A filter is the filter box and what the engine says about its text.
type filter struct {
	text    string
	typing  bool   // the address has an entry for what is being typed
	pending bool   // the engine has not answered about text
	applied string // the last text that was right
	asked   string // what the view is asked for: applied, or text, which may be wrong
	meaning string // of text, in plain words
	err     *api.Error
}

// An order is what the flow table is sorted by.
type order struct {
	column     int // in columns; 0 is the order of the files
	descending bool
}

// String returns the order as a link has it: "-size"; empty is the order of
// the files.
func (o order) String() string {
	switch {
	case o.descending:
		return "-" + columns[o.column].Name
	case o.column == 0:
		return ""
	}
	return columns[o.column].Name
}

func parseOrder(s string) order {
	name, descending := strings.CutPrefix(s, "-")
	for i, c := range columns {
		if c.Name == name {
			return order{i, descending}
		}
	}
	return order{}
}

// next returns the order after a press on the heading of a column: ascending,
// descending, and back to that of the files.
func (o order) next(column int) order {
	switch {
	case o.column != column:
		return order{column: column}
	case !o.descending:
		return order{column, true}
	}
	return order{}
}

func (s *Screen) updateView(do *commands, msg Msg) {
	switch m := msg.(type) {
	case FilterTyped:
		if m.Text == s.filter.text {
			return
		}
		if m.Text == "" {
			s.closeSuggestions(do)
		}
		s.setFilter(do, m.Text)
		s.record(do, !s.filter.typing)
		s.filter.typing = true
	case FilterLeft:
		s.filter.typing = false
		s.remember(do)
	case HeaderClicked:
		for i, c := range columns {
			if c.Name == m.Column {
				s.order = s.order.next(i)
				s.watch(do)
				s.record(do, true)
			}
		}
	case checked:
		s.checked(do, m.text, m.check.GetDescription(), m.err)
	case viewed:
		if s.filter.pending {
			s.checked(do, m.watch.Filter, m.view.Meaning, nil)
		}
		s.viewed(do, m.watch, m.view)
		s.shareOpened(do)
	case unwatched:
		s.table.waiting = false
		if s.filter.pending {
			s.checked(do, m.watch.Filter, "", m.err)
		} else {
			s.failed(m.err)
		}
	}
}

// setFilter puts text into the filter box. The table changes when the engine
// has found it right.
func (s *Screen) setFilter(do *commands, text string) {
	s.filter = filter{text: text, typing: s.filter.typing, applied: s.filter.applied, asked: s.filter.asked}
	s.check(do)
}

// check asks whether the text is right, and what it means. Where flows are shown, a
// view of it is asked for at once: most are right, and a person sees the rows sooner
// by a way there and back.
func (s *Screen) check(do *commands) {
	text := s.filter.text
	if strings.TrimSpace(text) == "" {
		do.stop(slotCheck)
		s.apply(do, "")
		return
	}
	s.filter.pending = true
	switch {
	case !s.connected:
	case s.session.watched:
		do.stop(slotCheck)
		s.watchFor(do, text)
	default:
		do.add(Call{slotCheck, func(ctx context.Context, engine api.API, post func(Msg)) {
			check, err := engine.CheckFilter(ctx, text)
			post(checked{text, check, err})
		}})
	}
}

// checkAgain has a text checked whose view would have told, had its session not gone.
func (s *Screen) checkAgain(do *commands) {
	if s.filter.pending {
		s.check(do)
	}
}

// checked takes in what a text means, or what is wrong with it.
func (s *Screen) checked(do *commands, text, meaning string, err error) {
	s.filter.pending = false
	var bad *api.Error
	switch {
	case err == nil:
		s.filter.meaning = meaning
		s.apply(do, text)
		return
	case errors.As(err, &bad):
		s.filter.err = bad
	case !errors.Is(err, api.ErrClosed): // of which Disconnected tells
		s.filter.err = &api.Error{Text: err.Error()}
	}
	s.apply(do, s.filter.applied)
}

// apply makes a text that is right the filter.
func (s *Screen) apply(do *commands, text string) {
	renewed := text != s.filter.applied
	s.filter.applied = text
	if !s.session.watched {
		s.watch(do)
		return
	}
	if renewed {
		s.renew(do)
	}
	if s.filter.asked != text {
		s.watchFor(do, text)
	}
}

// watch asks for the view as filter and order have it. While a filter that
// came with a link is being checked, the answer to that does it.
func (s *Screen) watch(do *commands) {
	if !s.session.begun || s.session.lost || s.filter.pending && !s.session.watched {
		return
	}
	s.session.watched = true
	s.renew(do)
	if s.filter.pending {
		s.watchFor(do, s.filter.text)
	} else {
		s.watchFor(do, s.filter.applied)
	}
}

// renew sees to what goes by the view: it is another one.
func (s *Screen) renew(do *commands) {
	s.table.wanted.row = 0 // of another order, it would be another flow
	s.dropPicks(do)
	s.explain(do)
	if s.detail.find.text == "" { // then it is the filter that is found in bodies
		s.findAgain(do)
	}
}

// watchFor asks for the view of a filter. One that is wrong leaves the table as it
// is.
func (s *Screen) watchFor(do *commands, text string) {
	if s.session.lost {
		return
	}
	s.filter.asked = text
	s.table.waiting = true
	w := &viewerpb.Watch{
		Filter: text, Order: columns[s.order.column].order, Descending: s.order.descending, Rows: s.table.firstRows(),
	}
	do.add(Call{slotWatch, func(ctx context.Context, engine api.API, post func(Msg)) {
		err := engine.Watch(ctx, w, func(v *viewerpb.View) { post(viewed{w, v}) })
		post(unwatched{w, err})
	}})
}
