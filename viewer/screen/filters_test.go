package screen_test

import (
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

// lit returns the places of the rows in sight that stand out.
func lit(s *screen.State) (list []int) {
	for _, row := range s.Table.Rows {
		if row.Lit {
			list = append(list, row.Index)
		}
	}
	return list
}

func TestHighlight(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm&highlight=3")
		s := u.screen.State()
		if got := lit(s); !slices.Equal(got, []int{3, 13}) || s.Filters.Highlight != "3" {
			t.Errorf("rows %v are lit by the rule %q of the link", got, s.Filters.Highlight)
		}
		u.send(screen.Scrolled{Top: 20 * screen.RowHeight})
		if got := lit(u.screen.State()); !slices.Contains(got, 23) || !slices.Contains(got, 30) {
			t.Errorf("after scrolling rows %v are lit", got)
		}
		u.engine.taken()
		u.send(screen.Scrolled{Top: 0})
		if calls := u.engine.taken(); len(calls) != 0 {
			t.Errorf("rows that are known were asked of again: %q", calls)
		}
		u.send(screen.HighlightTyped{Text: "3~"})
		if s := u.screen.State(); s.Filters.HighlightError != "no such operator" || lit(s) != nil {
			t.Errorf("error %q, rows %v are lit", s.Filters.HighlightError, lit(s))
		}
		u.send(screen.HighlightTyped{})
		if s := u.screen.State(); s.Filters.HighlightError != "" || lit(s) != nil {
			t.Errorf("without a rule: error %q, rows %v are lit", s.Filters.HighlightError, lit(s))
		}
		if last := u.effects[len(u.effects)-1]; strings.Contains(last, "highlight") {
			t.Errorf("the address keeps the rule: %s", last)
		}
	})
}

func TestNamedFilters(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm")
		u.send(screen.NamedRecalled{Filters: []screen.NamedFilter{{Name: "old", Text: "9"}}}, screen.FilterNamed{Name: "nothing"})
		u.send(screen.FiltersToggled{}, screen.FilterTyped{Text: " 5 "}, screen.FilterNamed{Name: "  my\nfives "}, screen.FilterNamed{Name: " "})
		want := []screen.NamedFilter{{Name: "my fives", Text: "5"}, {Name: "old", Text: "9"}}
		if s := u.screen.State().Filters; !slices.Equal(s.Named, want) || !s.Open || !s.Keepable {
			t.Errorf("%+v", s)
		}
		u.send(screen.FilterTyped{Text: "55"}, screen.FilterNamed{Name: "my fives"}, screen.NamedChosen{Index: 1})
		if s := u.screen.State(); s.Filter.Text != "9" || s.Filters.Named[0].Text != "55" || len(s.Filters.Named) != 2 {
			t.Errorf("filter %q, %+v", s.Filter.Text, s.Filters.Named)
		}
		u.send(screen.NamedForgotten{Index: 1}, screen.FilterTyped{}, screen.CaretMoved{})
		if g := u.screen.State().Filter.Suggestions; len(g) == 0 || g[0].Text != "55" || g[0].Help != "my fives" {
			t.Errorf("suggestions in an empty box: %+v", g)
		}
		kept := 0
		for _, e := range u.effects {
			if strings.HasPrefix(e, "RememberNamed") {
				kept++
			}
		}
		if kept != 3 {
			t.Errorf("filters were kept %d times, not 3", kept)
		}
	})
}

func TestTerms(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm&flow=f1")
		u.send(screen.TermsAsked{Index: 12, Column: "path"})
		menu := u.screen.State().Terms
		if !menu.Open || len(menu.List) != 2 || menu.List[0].Text != "/12" {
			t.Fatalf("%+v", menu)
		}
		u.send(screen.TermChosen{Index: 0})
		s := u.screen.State()
		if s.Terms.Open || s.Filter.Text != "/12" || s.Table.Count != 1 {
			t.Errorf("open %v, filter %q, %d rows", s.Terms.Open, s.Filter.Text, s.Table.Count)
		}
		u.send(screen.FilterTyped{Text: "a | b"})
		u.act(screen.FilterBy)
		u.send(screen.TermsLeft{}, screen.FilterTyped{Text: "1"})
		u.act(screen.FilterBy)
		u.send(screen.TermChosen{Index: 0, Not: true}, screen.FieldChosen{Of: "nothing"})
		if s := u.screen.State(); s.Filter.Text != "1 !example" {
			t.Errorf("filter %q", s.Filter.Text)
		}
		u.send(screen.FilterTyped{Text: "~broken"}, screen.FieldChosen{Of: "request-header 0"}, screen.FieldChosen{Of: "request-header 0"})
		if s := u.screen.State(); s.Filter.Text != "a:b" {
			t.Errorf("in place of a broken filter: %q", s.Filter.Text)
		}
	})
}

func TestReasons(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm&filter=5&flow=f15")
		want := []screen.Reason{{Condition: "5", Place: "response body", Before: "a ", Hit: "5", After: " z", Leads: true}}
		if s := u.screen.State().Detail; !slices.Equal(s.Reasons, want) {
			t.Errorf("reasons %+v", s.Reasons)
		}
		u.send(screen.ReasonChosen{Index: 0})
		if s := u.screen.State().Detail; !slices.ContainsFunc(s.Tabs, func(t screen.Tab) bool { return t.Name == "response" && t.Selected }) {
			t.Errorf("tabs %+v", s.Tabs)
		}
		u.send(screen.FilterTyped{Text: "15"})
		if s := u.screen.State().Detail; len(s.Reasons) != 1 || s.Reasons[0].Hit != "15" {
			t.Errorf("after another filter: %+v", s.Reasons)
		}
		u.send(screen.FilterTyped{})
		if s := u.screen.State().Detail; len(s.Reasons) != 0 {
			t.Errorf("without filter: %+v", s.Reasons)
		}
	})
}

func TestFind(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm&flow=f3&tab=response")
		u.send(screen.FindTyped{Text: "x+", IsRegex: true})
		find := func() screen.Find { return u.screen.State().Detail.Body.Find }
		if f := find(); f.Count != "4 found" || f.Hit != -1 {
			t.Fatalf("%+v", f)
		}
		var places [][2]int
		for range 5 {
			u.act(screen.NextHit)
			places = append(places, [2]int{find().Chunk, find().Hit})
		}
		if want := [][2]int{{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}}; !slices.Equal(places, want) {
			t.Errorf("hits at %v, want %v", places, want)
		}
		u.act(screen.PreviousHit)
		if f := find(); f.Count != "4 of 4" {
			t.Errorf("the one before the first: %q", f.Count)
		}
		u.send(screen.FindTyped{})
		if f := find(); f.Count != "" || f.Any || len(u.screen.State().Detail.Body.Chunks) != 1 {
			t.Errorf("nothing to find: %+v", f)
		}
		u.act(screen.NextHit)
	})
}

// TestOperators begins conditions by the list of all that filters are made of.
func TestOperators(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		u.act(screen.OpenPalette)
		items := u.screen.State().Palette.Items
		at := len(items) - 3
		if i := items[at]; i.Group == "" || i.Label != "helps ~a" || !slices.Equal(i.Keys, []string{"~a"}) {
			t.Fatalf("the list ends with %+v", items[at:])
		}
		u.send(screen.PaletteRun{Index: at})
		if got := u.screen.State(); got.Filter.Text != "~a" || got.Palette.Open {
			t.Errorf("the filter is %q", got.Filter.Text)
		}
		u.act(screen.OpenPalette)
		u.send(screen.PaletteTyped{Text: "~B"})
		u.effects = nil
		u.send(screen.PaletteRun{Index: -1})
		if got := u.screen.State().Filter.Text; got != "~a ~b " {
			t.Errorf("the filter is %q", got)
		}
		if !slices.Contains(u.effects, "SetCaret{At:6}") {
			t.Errorf("%q", u.effects)
		}
	})
}
