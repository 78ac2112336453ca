package ui

import (
	"slices"
	"strconv"
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A filterPanel has the highlight rule and the filters that a person keeps.
type filterPanel struct {
	toggle, panel    *element
	highlight, err   *element
	name, keep, list *element
	rule             string // last typed or set
	open             bool
	drawn            []screen.NamedFilter
}

func newFilterPanel(loop *screen.Loop) *filterPanel {
	p := &filterPanel{
		toggle: byID("filters-toggle"), panel: byID("filters"),
		highlight: byID("highlight"), err: byID("highlight-error"),
		name: byID("filters-name"), keep: byID("filters-keep-it"), list: byID("filters-named"),
	}
	p.toggle.on("click", func(dom.Event) { loop.Send(screen.FiltersToggled{}) })
	p.highlight.on("input", func(dom.Event) {
		p.rule = p.highlight.Get("value").String()
		loop.Send(screen.HighlightTyped{Text: p.rule})
	})
	byID("filters-keep").on("submit", func(e dom.Event) {
		e.PreventDefault()
		loop.Send(screen.FilterNamed{Name: p.name.Get("value").String()})
		p.name.Set("value", "")
	})
	escape := func(e js.Value) {
		if p.open && e.Get("key").String() == "Escape" {
			e.Call("preventDefault")
			loop.Send(screen.FiltersToggled{})
		}
	}
	onRaw(p.panel.Value, "keydown", escape)
	onRaw(p.toggle.Value, "keydown", escape)
	for _, event := range [...]string{"pointerdown", "focusin"} {
		onRaw(document(), event, func(e js.Value) {
			if p.open && e.Get("target").Call("closest", "#filters, #filters-toggle").IsNull() {
				loop.Send(screen.FiltersLeft{})
			}
		})
	}
	onRaw(p.list.Value, "click", func(e js.Value) {
		if n, ok := closest(e.Get("target"), "data-forget"); ok {
			i, _ := strconv.Atoi(n)
			loop.Send(screen.NamedForgotten{Index: i})
			p.name.Focus()
		} else if n, ok := closest(e.Get("target"), "data-named"); ok {
			i, _ := strconv.Atoi(n)
			loop.Send(screen.NamedChosen{Index: i})
		}
	})
	if named := namedFilters(); len(named) > 0 {
		loop.Send(screen.NamedRecalled{Filters: named})
	}
	return p
}

func (p *filterPanel) draw(s *screen.Filters) {
	p.open = s.Open
	p.panel.show(s.Open)
	p.toggle.setAttr("aria-expanded", yesNo(s.Open))
	p.toggle.setFlag("data-on", strings.TrimSpace(s.Highlight) != "")
	if p.rule != s.Highlight {
		p.rule = s.Highlight
		p.highlight.Set("value", s.Highlight)
	}
	p.highlight.setAttr("aria-invalid", yesNo(s.HighlightError != ""))
	p.err.show(s.HighlightError != "")
	p.err.setText(s.HighlightError)
	p.keep.Set("disabled", !s.Keepable)
	if !s.Open || slices.Equal(s.Named, p.drawn) {
		return
	}
	p.drawn = s.Named
	items := make([]*element, len(s.Named))
	for i, f := range s.Named {
		use := create("button", "named", createText("span", "", f.Name), createText("code", "", f.Text))
		use.setAttr("type", "button")
		use.setAttr("data-named", strconv.Itoa(i))
		forget := createText("button", "forget", "×")
		forget.setAttr("type", "button")
		forget.setAttr("data-forget", strconv.Itoa(i))
		forget.setAttr("aria-label", "Forget "+f.Name)
		items[i] = create("li", "", use, forget)
	}
	p.list.setAll(items...)
}

// namedKey is the key of the filters that are kept: name and text of each, in
// turn, a line each.
const namedKey = "flowpane.named"

func namedFilters() []screen.NamedFilter {
	var named []screen.NamedFilter
	lines := strings.Split(stored(namedKey), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		named = append(named, screen.NamedFilter{Name: lines[i], Text: lines[i+1]})
	}
	return named
}

func rememberNamed(filters []screen.NamedFilter) {
	var b strings.Builder
	for _, f := range filters {
		b.WriteString(f.Name + "\n" + f.Text + "\n")
	}
	store(namedKey, b.String())
}
