package ui

import (
	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A filterBox is the input of the filter, its hint and its error.
type filterBox struct {
	input, hint, err                  *element
	message, line, before, bad, after *element

	suggestions *suggestionList

	text string // last typed or set
}

func newFilterBox(loop *screen.Loop) *filterBox {
	f := &filterBox{input: byID("filter"), hint: byID("filter-hint"), err: byID("filter-error")}
	f.message = create("span", "reason")
	f.before, f.bad, f.after = create("span", ""), create("mark", ""), create("span", "")
	f.line = create("code", "", f.before, f.bad, f.after)
	f.err.setAll(f.message, f.line)
	if typed := f.input.Get("value").String(); typed != "" {
		f.text = typed // before this program was here
		loop.Send(screen.FilterTyped{Text: typed})
	}
	f.suggestions = newSuggestionList(f.input, loop)
	f.input.on("input", func(dom.Event) {
		f.text = f.input.Get("value").String()
		loop.Send(screen.FilterTyped{Text: f.text})
		loop.Send(screen.CaretMoved{Cursor: caret(f.input)})
	})
	f.input.on("change", func(dom.Event) { loop.Send(screen.FilterLeft{}) })
	clear := byID("clear-filter")
	clear.on("click", func(dom.Event) {
		loop.Send(screen.FilterTyped{})
		loop.Send(screen.FilterLeft{})
		loop.Send(screen.Acted{Action: screen.GoToFilter})
	})
	return f
}

func (f *filterBox) draw(s *screen.Filter) {
	// What a person is typing is left alone: it is told by an event, and may
	// not be finished.
	if f.text != s.Text {
		f.text = s.Text
		f.input.Set("value", s.Text)
	}
	f.suggestions.draw(s.Suggestions)
	wrong := s.Error != ""
	f.input.setAttr("aria-invalid", yesNo(wrong))
	f.input.setFlag("data-incomplete", s.Incomplete)
	f.hint.show(!wrong)
	f.hint.setText(s.Hint)
	f.err.show(wrong)
	f.err.setFlag("data-incomplete", s.Incomplete)
	f.message.setText(s.Error)
	f.line.show(s.Bad != "")
	f.before.setText(s.Before)
	f.bad.setText(s.Bad)
	f.after.setText(s.After)
}

func (f *filterBox) focus() {
	f.input.Focus()
	f.input.Call("select")
}

// A startPage is what is seen without a session.
type startPage struct{ page, heading, text *element }

func newStartPage() startPage {
	return startPage{byID("start"), byID("start-heading"), byID("start-text")}
}

// draw reports whether it took away what had the focus.
func (p *startPage) draw(s *screen.Start) (lost bool) {
	on := s.Heading != ""
	lost = !on && p.page.visibility == shown && p.page.Call("contains", document().Get("activeElement")).Bool()
	p.page.show(on)
	if s.Heading != "" {
		p.heading.setText(s.Heading)
		p.text.setText(s.Text)
	}
	return lost
}

// An issueList is the list of problems.
type issueList struct {
	box, toggle, list, more *element
	serial, drawn           int
}

func newIssueList(loop *screen.Loop) issueList {
	l := issueList{box: byID("issues"), toggle: byID("issues-toggle"), list: byID("issues-list"), more: byID("issues-more")}
	l.toggle.on("click", func(dom.Event) { loop.Send(screen.IssuesToggled{}) })
	return l
}

func (l *issueList) draw(s *screen.Issues) {
	l.box.show(s.Summary != "")
	l.box.setFlag("data-calm", s.Calm)
	l.toggle.setText(s.Summary)
	l.toggle.setAttr("aria-expanded", yesNo(!s.Folded))
	l.list.show(!s.Folded)
	l.more.show(!s.Folded && s.More != "")
	l.more.setText(s.More)
	if s.Serial != l.serial {
		l.list.setAll()
		l.serial, l.drawn = s.Serial, 0
	}
	for _, i := range s.List[l.drawn:] {
		entry := create("div", "issue")
		if i.Note {
			entry.setAttr("class", "issue note")
		}
		entry.setAttr("role", "alert")
		if i.Place != "" {
			entry.AppendChild(createText("span", "place", i.Place+": "))
		}
		entry.AppendChild(createText("span", "text", i.Text))
		l.list.AppendChild(entry)
	}
	l.drawn = len(s.List)
}
