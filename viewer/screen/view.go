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
		s.checked(do, m)
	case viewed:
		s.viewed(do, m.watch, m.view)
		s.shareOpened(do)
	case unwatched:
		s.unwatched(do, m.watch, m.err)
	}
}

// setFilter puts text into the filter box. The table changes when the engine
// has found it right.
func (s *Screen) setFilter(do *commands, text string) {
	s.filter = filter{text: text, typing: s.filter.typing, applied: s.filter.applied}
	s.check(do)
}

// check asks what the text means. Where flows are shown, a view of it is asked for in
// the same breath: most texts are right, and a person sees the rows sooner by a way
// there and back. To a wrong one the engine gives no view.
func (s *Screen) check(do *commands) {
	text := s.filter.text
	if strings.TrimSpace(text) == "" {
		do.stop(slotCheck)
		s.apply(do, "")
		return
	}
	s.filter.pending = true
	if !s.connected {
		return
	}
	if s.session.watched {
		s.watchFor(do, text)
	}
	do.add(Call{slotCheck, func(ctx context.Context, engine api.API, post func(Msg)) {
		check, err := engine.CheckFilter(ctx, text)
		post(checked{text, check, err})
	}})
}

func (s *Screen) checked(do *commands, m checked) {
	s.filter.pending = false
	var bad *api.Error
	switch {
	case m.err == nil:
		s.filter.meaning = m.check.Description
		s.apply(do, m.text)
		return
	case errors.As(m.err, &bad):
		s.filter.err = bad
	case !errors.Is(m.err, api.ErrClosed): // of which Disconnected tells
		s.filter.err = &api.Error{Text: m.err.Error()}
	}
	if !s.session.watched {
		s.watch(do)
	}
}

// apply makes a text that is right the filter.
func (s *Screen) apply(do *commands, text string) {
	renewed := text != s.filter.applied
	s.filter.applied = text
	t := &s.table
	if t.trying == nil && t.shown == nil {
		s.watch(do)
		return
	}
	if !t.asks(text, s.order) {
		s.watchFor(do, text)
	}
	if renewed {
		s.renew(do)
	}
}

// watch asks for the view as filter and order have it. While a filter that
// came with a link is being checked, the answer to that does it.
func (s *Screen) watch(do *commands) {
	if !s.session.begun || s.session.lost || s.filter.pending && !s.session.watched {
		return
	}
	s.session.watched = true
	if s.filter.pending {
		s.watchFor(do, s.filter.text)
	} else {
		s.watchFor(do, s.filter.applied)
	}
	s.renew(do)
}

// renew sees to what goes by the filter: it is another one.
func (s *Screen) renew(do *commands) {
	s.dropPicks(do)
	s.explain(do)
	if s.detail.find.text == "" { // then it is the filter that is found in bodies
		s.findAgain(do)
	}
}

// watchFor asks for the view of a text. What is shown stays, and follows the session,
// until there is one.
func (s *Screen) watchFor(do *commands, text string) {
	if s.session.lost {
		return
	}
	t := &s.table
	if !t.shows(text, s.order) { // of another view, it would be another flow
		t.wanted.row = 0
	}
	w := &viewerpb.Watch{Filter: text, Order: columns[s.order.column].order, Descending: s.order.descending, Rows: t.firstRows()}
	t.trying = w
	do.add(Call{slotTry, func(ctx context.Context, engine api.API, post func(Msg)) {
		err := engine.Watch(ctx, w, func(v *viewerpb.View) { post(viewed{w, v}) })
		post(unwatched{w, err})
	}})
}

// unwatched takes in that a Watch has ended. The engine ends the one before where it
// begins another: should that be cancelled before it had a view, nobody watches.
func (s *Screen) unwatched(do *commands, w *viewerpb.Watch, err error) {
	t := &s.table
	var known *api.Error
	code := viewerpb.Code_INTERNAL
	if errors.As(err, &known) {
		code = known.Code
	}
	if w == t.shown {
		t.ended = true
	} else if w == t.trying {
		t.trying = nil
	}
	switch {
	case code != viewerpb.Code_CANCELLED && w.Filter == s.filter.applied: // it would fail again
		s.failed(err)
	case t.trying == nil && !t.asks(s.filter.applied, s.order): // of a text that is wrong the check tells
		s.watchFor(do, s.filter.applied)
	}
	s.selectWanted(do)
	s.locate(do)
}

// asks reports whether the newest view that is asked for, and comes or follows the
// session, is that of a filter, in an order.
func (t *table) asks(filter string, o order) bool {
	if t.trying != nil {
		return isOf(t.trying, filter, o)
	}
	return !t.ended && t.shows(filter, o)
}

// shows reports whether it is the view of a filter, in an order, that is shown.
func (t *table) shows(filter string, o order) bool { return isOf(t.shown, filter, o) }

// isOf reports whether w, unless it is nil, asks for a filter, in an order.
func isOf(w *viewerpb.Watch, filter string, o order) bool {
	return w != nil && w.Filter == filter && w.Order == columns[o.column].order && w.Descending == o.descending
}
