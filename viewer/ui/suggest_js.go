package ui

import (
	"strconv"
	"strings"
	"syscall/js"
	"unicode/utf16"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A suggestionList is what can be typed into the filter box, below it: a list
// box of which the box says which option is reached, so that the focus stays.
//
// Source: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
type suggestionList struct {
	input, list *element
	drawn       []screen.Suggestion
	options     []*element
}

func newSuggestionList(input *element, loop *screen.Loop) *suggestionList {
	l := &suggestionList{input: input, list: byID("suggestions")}
	onRaw(l.list.Value, "pointerdown", func(e js.Value) { e.Call("preventDefault") }) // the focus stays
	onRaw(l.list.Value, "click", func(e js.Value) {
		if n, ok := closest(e.Get("target"), "data-suggestion"); ok {
			i, _ := strconv.Atoi(n)
			loop.Send(screen.SuggestionChosen{Index: i})
		}
	})
	input.on("focus", func(dom.Event) {
		if input.Get("value").String() == "" {
			loop.Send(screen.CaretMoved{})
		}
	})
	input.on("blur", func(dom.Event) { loop.Send(screen.CaretGone{}) })
	if recent := recentFilters(); len(recent) > 0 {
		loop.Send(screen.Remembered{Filters: recent})
	}
	return l
}

func (l *suggestionList) draw(list []screen.Suggestion) {
	l.list.show(len(list) > 0)
	l.input.setAttr("aria-expanded", yesNo(len(list) > 0))
	if !sameSuggestions(list, l.drawn) {
		l.options = nil
		for i, s := range list {
			option := create("li", "", createText("code", "", s.Text), createText("span", "", s.Help))
			option.setAttr("role", "option")
			option.setAttr("id", "suggestion-"+strconv.Itoa(i))
			option.setAttr("data-suggestion", strconv.Itoa(i))
			l.options = append(l.options, option)
		}
		l.list.setAll(l.options...)
	}
	l.drawn = list
	reached := ""
	for i, s := range list {
		l.options[i].setAttr("aria-selected", yesNo(s.Active))
		if s.Active {
			reached = "suggestion-" + strconv.Itoa(i)
			l.options[i].Call("scrollIntoView", map[string]any{"block": "nearest"})
		}
	}
	if reached == "" {
		l.input.dropAttr("aria-activedescendant")
	} else {
		l.input.setAttr("aria-activedescendant", reached)
	}
}

// sameSuggestions compares all but which is reached.
func sameSuggestions(a, b []screen.Suggestion) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Text != b[i].Text || a[i].Help != b[i].Help {
			return false
		}
	}
	return true
}

// caret returns the byte offset of the caret of an input; the browser counts in
// UTF-16.
func caret(input *element) int {
	units := utf16.Encode([]rune(input.Get("value").String()))
	at := input.Get("selectionStart")
	if at.Type() != js.TypeNumber {
		return 0
	}
	return len(string(utf16.Decode(units[:min(at.Int(), len(units))])))
}

func setCaret(input *element, at int) {
	text := input.Get("value").String()
	units := len(utf16.Encode([]rune(text[:min(at, len(text))])))
	input.Call("setSelectionRange", units, units)
}

// filtersKey is the key of the filters used before, one a line.
const filtersKey = "flowpane.filters"

func recentFilters() []string {
	kept := stored(filtersKey)
	if kept == "" {
		return nil
	}
	return strings.Split(kept, "\n")
}

func rememberFilters(filters []string) { store(filtersKey, strings.Join(filters, "\n")) }
