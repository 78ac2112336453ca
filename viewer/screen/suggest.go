package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What a person does about what can be typed next.
type (
	// CaretMoved: the caret is at a byte offset of the text of the filter box,
	// which has the focus.
	CaretMoved struct{ Cursor int }
	// CaretGone: the filter box lost the focus.
	CaretGone struct{}
	// SuggestionChosen: a suggestion was pressed.
	SuggestionChosen struct{ Index int }
	// Remembered: these filters were used before, the last one first.
	Remembered struct{ Filters []string }

	completionsCame struct {
		text string
		list *viewerpb.Completions
	}
)

// SetCaret moves the caret to a byte offset of the text of the filter box.
type SetCaret struct{ At int }

// Remember keeps filters in this browser, the last one first.
type Remember struct{ Filters []string }

// maxRecent is how many filters are remembered, and shownRecent how many of
// them are suggested.
const (
	maxRecent   = 50
	shownRecent = 6
)

// suggestions are what can be typed at the caret.
type suggestions struct {
	list   []Suggestion
	text   string // the filter that they are of
	from   int    // the bytes of it that one takes the place of
	to     int
	active int      // the one that keys have reached; -1 is none
	recent []string // filters used before, the last one first
}

// A Suggestion can be typed.
type Suggestion struct {
	Text string
	// Help says what it means, or is empty.
	Help string
	// Active: keys have reached it.
	Active bool
}

func (s *Screen) updateSuggestions(do *commands, msg Msg) {
	g := &s.suggestions
	switch m := msg.(type) {
	case CaretMoved:
		s.suggest(do, m.Cursor)
	case CaretGone:
		s.closeSuggestions(do)
	case SuggestionChosen:
		s.take(do, m.Index)
	case Remembered:
		g.recent = m.Filters
	case completionsCame:
		if m.text == s.filter.text {
			s.offer(m)
		}
	}
}

// suggest asks what can be typed at a byte offset of the filter.
func (s *Screen) suggest(do *commands, cursor int) {
	text := s.filter.text
	if !s.connected {
		return
	}
	do.add(Call{slotComplete, func(ctx context.Context, engine api.API, post func(Msg)) {
		list, err := engine.Complete(ctx, text, cursor)
		if err != nil { // there is nothing to offer, which is no failure
			list = new(viewerpb.Completions)
		}
		post(completionsCame{text, list})
	}})
}

// offer takes in an answer. In an empty box the filters used last come first.
// What keys have reached stays reached if it is offered again: until there is an
// answer, the suggestions for what was typed before are shown.
func (s *Screen) offer(m completionsCame) {
	g := &s.suggestions
	reached := ""
	if g.active >= 0 {
		reached = g.list[g.active].Text
	}
	g.list, g.text, g.from, g.to, g.active = nil, m.text, int(m.list.From), int(m.list.To), -1
	if strings.TrimSpace(m.text) == "" {
		g.from, g.to = 0, len(m.text)
		for _, f := range s.filters.named {
			g.list = append(g.list, Suggestion{Text: f.Text, Help: f.Name})
		}
		for _, text := range g.recent[:min(len(g.recent), shownRecent)] {
			g.list = append(g.list, Suggestion{Text: text, Help: "used before"})
		}
	}
	for _, c := range m.list.List {
		if c.Likely && g.active < 0 {
			g.active = len(g.list)
		}
		g.list = append(g.list, Suggestion{Text: c.Text, Help: c.Help})
	}
	if i := slices.IndexFunc(g.list, func(o Suggestion) bool { return o.Text == reached }); i >= 0 {
		g.active = i
	}
}

func (s *Screen) closeSuggestions(do *commands) {
	do.stop(slotComplete)
	s.suggestions.list, s.suggestions.active = nil, -1
}

// walk moves among the suggestions, and out of them at either end.
func (g *suggestions) walk(by int) {
	n := len(g.list) + 1
	g.active = (g.active+1+by+n)%n - 1
}

// take puts a suggestion where the caret is. One that something has to follow
// leads to the next.
func (s *Screen) take(do *commands, i int) {
	g := &s.suggestions
	if i < 0 || i >= len(g.list) || g.text != s.filter.text {
		return
	}
	chosen := g.list[i].Text
	text, caret := g.text[:g.from]+chosen+g.text[g.to:], g.from+len(chosen)
	s.closeSuggestions(do)
	s.setFilter(do, text)
	s.record(do, !s.filter.typing)
	s.filter.typing = true
	do.add(Focus{FocusFilter}, SetCaret{caret})
	if strings.HasSuffix(chosen, " ") {
		s.suggest(do, caret)
	}
}

// beginTerm puts the beginning of a condition behind what stands in the filter box,
// for a person to go on there.
func (s *Screen) beginTerm(do *commands, term string) {
	text := term
	if before := strings.TrimSpace(s.filter.text); before != "" {
		text = before + " " + term
	}
	s.setFilter(do, text)
	s.record(do, true)
	s.filter.typing = true
	do.add(Focus{FocusFilter}, SetCaret{len(text)})
	if strings.HasSuffix(term, " ") {
		s.suggest(do, len(text))
	}
}

// remember notes that the filter was used.
func (s *Screen) remember(do *commands) {
	g := &s.suggestions
	text := strings.TrimSpace(s.filter.text)
	if text == "" || s.filter.applied != s.filter.text || len(g.recent) > 0 && g.recent[0] == text {
		return
	}
	recent := slices.DeleteFunc(slices.Clone(g.recent), func(t string) bool { return t == text })
	g.recent = slices.Insert(recent, 0, text)
	g.recent = g.recent[:min(len(g.recent), maxRecent)]
	do.add(Remember{g.recent})
}

// FilterArea returns what the filter box is to keys.
func (s *Screen) FilterArea() Area {
	switch g := &s.suggestions; {
	case g.active >= 0:
		return AreaSuggestion
	case len(g.list) > 0:
		return AreaSuggestions
	}
	return AreaFilter
}

func (g *suggestions) state() []Suggestion {
	list := slices.Clone(g.list)
	if g.active >= 0 {
		list[g.active].Active = true
	}
	return list
}
