package screen

import (
	"slices"
	"strings"
)

// What a person does about filters to keep.
type (
	// FiltersToggled: the panel of filters is to be opened or closed.
	FiltersToggled struct{}
	// FiltersLeft: something else is used than the panel of filters.
	FiltersLeft struct{}
	// FilterNamed: the filter is to be kept under a name.
	FilterNamed struct{ Name string }
	// NamedChosen: a kept filter was pressed.
	NamedChosen struct{ Index int }
	// NamedForgotten: a kept filter is to be kept no longer.
	NamedForgotten struct{ Index int }
	// NamedRecalled: these filters are kept in this browser.
	NamedRecalled struct{ Filters []NamedFilter }
)

// RememberNamed keeps filters by their names in this browser.
type RememberNamed struct{ Filters []NamedFilter }

// A NamedFilter is a filter that a person gave a name. Neither has line breaks.
type NamedFilter struct{ Name, Text string }

// Filters is the panel of filters: the highlight rule, and the filters kept.
type Filters struct {
	Open bool
	// Highlight is the rule, and HighlightError what is wrong with it.
	Highlight, HighlightError string
	// Keepable: there is a filter to keep.
	Keepable bool
	Named    []NamedFilter
}

// filters is the panel of filters.
type filters struct {
	open  bool
	named []NamedFilter // in order of their names
}

func (s *Screen) updateFilters(do *commands, msg Msg) {
	switch m := msg.(type) {
	case FiltersToggled:
		s.filters.open = !s.filters.open
		if !s.filters.open {
			do.add(Focus{FocusFilters})
		}
	case FiltersLeft:
		s.filters.open = false
	case HighlightTyped:
		if m.Text != s.highlight.text {
			s.setHighlight(do, m.Text)
			s.record(do, false)
		}
	case litCame:
		s.litCame(do, m)
	case NamedRecalled:
		s.filters.named = m.Filters
	case FilterNamed:
		s.nameFilter(do, strings.Join(strings.Fields(m.Name), " "))
	case NamedChosen:
		if m.Index < len(s.filters.named) {
			s.setFilter(do, s.filters.named[m.Index].Text)
			s.record(do, true)
		}
	case NamedForgotten:
		if m.Index < len(s.filters.named) {
			s.filters.named = slices.Delete(slices.Clone(s.filters.named), m.Index, m.Index+1)
			do.add(RememberNamed{s.filters.named})
		}
	}
}

// nameFilter keeps the filter under a name, in place of one that had it.
func (s *Screen) nameFilter(do *commands, name string) {
	if name == "" || !s.keepable() {
		return
	}
	named := slices.DeleteFunc(slices.Clone(s.filters.named), func(f NamedFilter) bool { return f.Name == name })
	named = append(named, NamedFilter{name, strings.TrimSpace(s.filter.text)})
	slices.SortFunc(named, func(a, b NamedFilter) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	s.filters.named = named
	do.add(RememberNamed{named})
}

// keepable reports whether the filter is right, and says something.
func (s *Screen) keepable() bool {
	return strings.TrimSpace(s.filter.text) != "" && s.filter.err == nil && !s.filter.pending
}

// openFilters opens the panel and goes to the highlight rule.
func (s *Screen) openFilters(do *commands) {
	s.filters.open = true
	do.add(Focus{FocusHighlight})
}

func (s *Screen) filtersState() Filters {
	return Filters{
		Open: s.filters.open, Highlight: s.highlight.text, HighlightError: s.highlight.err,
		Keepable: s.keepable(), Named: s.filters.named,
	}
}
