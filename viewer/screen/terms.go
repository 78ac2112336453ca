package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What a person does to filter by what is there.
type (
	// TermsAsked: what the flow in a row can be filtered by is to be offered,
	// that of a column first, if it has one.
	TermsAsked struct {
		Index  int
		Column string
	}
	// TermChosen: one of what is offered was pressed. Not: such flows are not
	// wanted.
	TermChosen struct {
		Index int
		Not   bool
	}
	// TermsLeft: what is offered is not wanted. Gone: the focus is elsewhere.
	TermsLeft struct{ Gone bool }
	// FieldChosen: the flow shown is to be filtered by one of its fields, by
	// what [Field].Of says.
	FieldChosen struct {
		Of  string
		Not bool
	}

	termsCame struct {
		key    string
		column string
		terms  *viewerpb.Terms
		err    error
	}
	fieldCame struct {
		of    string
		not   bool
		terms *viewerpb.Terms
		err   error
	}
)

// Terms is a menu of what a flow can be filtered by.
type Terms struct {
	Open bool
	// Serial differs whenever List is another.
	Serial int
	List   []Term
}

// A Term is something to filter by.
type Term struct {
	// Label is for people, Text the condition.
	Label, Text string
}

// terms is the menu.
type terms struct {
	serial int
	list   []Term
}

func (s *Screen) updateTerms(do *commands, msg Msg) {
	switch m := msg.(type) {
	case TermsAsked:
		s.askTerms(do, m)
	case termsCame:
		if !s.failed(m.err) {
			s.offerTerms(do, m)
		}
	case TermChosen:
		if m.Index < len(s.terms.list) {
			term := s.terms.list[m.Index].Text
			s.leaveTerms(do)
			s.narrowBy(do, term, m.Not)
		}
	case TermsLeft:
		if m.Gone {
			s.terms.list = nil
		} else {
			s.leaveTerms(do)
		}
	case FieldChosen:
		key := s.detail.key
		if s.detail.flow == nil {
			return
		}
		do.add(Call{slotTerms, func(ctx context.Context, engine api.API, post func(Msg)) {
			terms, err := engine.Terms(ctx, key)
			post(fieldCame{m.Of, m.Not, terms, err})
		}})
	case fieldCame:
		if s.failed(m.err) {
			return
		}
		for _, t := range m.terms.Terms {
			if t.Of == m.of {
				s.narrowBy(do, t.Text, m.not)
			}
		}
	}
}

func (s *Screen) askTerms(do *commands, m TermsAsked) {
	if m.Index < 0 {
		m.Index = s.table.cursor
	}
	row := s.table.cache.row(m.Index)
	if row == nil {
		return
	}
	s.table.cursor = m.Index
	key := row.Key
	do.add(Call{slotTerms, func(ctx context.Context, engine api.API, post func(Msg)) {
		terms, err := engine.Terms(ctx, key)
		post(termsCame{key, m.Column, terms, err})
	}})
}

// offerTerms shows the menu. Headers are offered where they stand.
func (s *Screen) offerTerms(do *commands, m termsCame) {
	var of, rest []Term
	for _, t := range m.terms.Terms {
		switch {
		case strings.Contains(t.Of, "-header"):
		case t.Of == m.column:
			of = append(of, Term{t.Label, t.Text})
		default:
			rest = append(rest, Term{t.Label, t.Text})
		}
	}
	s.terms.list = slices.Concat(of, rest)
	s.terms.serial++
	if len(s.terms.list) > 0 {
		do.add(Focus{FocusTerms})
	}
}

func (s *Screen) leaveTerms(do *commands) {
	if len(s.terms.list) > 0 {
		s.terms.list = nil
		do.add(Focus{FocusRow})
	}
}

// narrowBy adds a condition to the filter, if that is right as it is; else the
// condition takes its place. Side by side is AND, and binds loosest, so that what
// stands there needs no parentheses.
func (s *Screen) narrowBy(do *commands, term string, not bool) {
	if not {
		term = "!" + term
	}
	text := strings.TrimSpace(s.filter.text)
	switch {
	case text == "" || s.filter.err != nil:
		text = term
	case text == term || strings.HasSuffix(text, " "+term):
		return
	default:
		text += " " + term
	}
	s.setFilter(do, text)
	s.record(do, true)
}

func (s *Screen) termsState() Terms {
	return Terms{Open: len(s.terms.list) > 0, Serial: s.terms.serial, List: s.terms.list}
}
