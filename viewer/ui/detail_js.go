package ui

import (
	"slices"
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/screen"
)

// A detail is the detail pane.
type detail struct {
	loop   *screen.Loop
	pane   *element
	title  *element
	badges *element
	err    *element
	why    *element
	export *exportMenu
	list   *element
	panel  *element
	body   *body
	note   *noteEditor
	talk   *talkBar

	tabs   []*element // in the list of tabs
	names  []string   // and their names
	shown  string     // name of the tab shown
	serial int        // of the panel that is drawn
	place  string     // the flow and tab that it is of

	reasons []screen.Reason // that are drawn
}

func newDetail(loop *screen.Loop) *detail {
	d := &detail{
		loop: loop, pane: byID("detail"), title: byID("detail-title"), badges: byID("badges"),
		err: byID("detail-error"), why: byID("why"), list: byID("tabs"), panel: byID("panel"), serial: -1,
	}
	d.body = newBody(loop)
	d.note = newNoteEditor(loop)
	d.talk = newTalkBar(loop)
	d.export = newExportMenu(loop)
	byID("close-detail").on("click", func(dom.Event) { loop.Send(screen.Acted{Action: screen.CloseDetail}) })
	onRaw(d.list.Value, "click", func(e js.Value) {
		if tab, ok := closest(e.Get("target"), "data-tab"); ok {
			loop.Send(screen.TabChosen{Tab: tab})
		}
	})
	onRaw(d.panel.Value, "click", func(e js.Value) {
		if message, ok := closest(e.Get("target"), "data-message"); ok {
			d.clicked(message)
		}
		if table, ok := closest(e.Get("target"), "data-table"); ok {
			d.useTable(table)
		}
		if of, ok := closest(e.Get("target"), "data-of"); ok {
			loop.Send(screen.FieldChosen{Of: of, Not: e.Get("shiftKey").Bool()})
		}
	})
	onRaw(d.why.Value, "click", func(e js.Value) {
		if n, ok := closest(e.Get("target"), "data-reason"); ok {
			i, _ := strconv.Atoi(n)
			loop.Send(screen.ReasonChosen{Index: i})
		}
	})
	return d
}

// useTable takes a click on a tool of a table.
func (d *detail) useTable(does string) {
	if does == sortHeaders {
		d.loop.Send(screen.HeadersSorted{})
	} else if n, err := strconv.Atoi(does); err == nil {
		d.loop.Send(screen.TableCopied{Index: n})
	}
}

// clicked takes a click on a message, by its index, or on the button for more.
func (d *detail) clicked(message string) {
	if message == moreMessages {
		d.loop.Send(screen.MoreMessagesAsked{})
	} else if i, err := strconv.Atoi(message); err == nil {
		d.loop.Send(screen.MessageClicked{Index: i})
	}
}

// moreMessages is the data-message of the button for more.
const moreMessages = "more"

func (d *detail) draw(s *screen.Detail) {
	d.pane.show(s.Open)
	if !s.Open {
		d.body.clear()
		return
	}
	d.pane.setAttr("aria-busy", yesNo(s.Busy))
	d.pane.setAttr("data-flow-id", s.Key)
	d.title.setText(s.Title)
	d.err.show(s.Error != "")
	d.err.setText(s.Error)
	d.drawTabs(s.Tabs)
	d.list.show(len(s.Tabs) > 0)
	d.panel.show(len(s.Tabs) > 0)
	if d.serial != s.Serial {
		d.serial = s.Serial
		d.drawBadges(s.Badges)
		d.redrawPanel(s)
	}
	d.export.draw(s)
	d.drawWhy(s.Reasons)
	d.body.draw(&s.Body)
}

// drawWhy lists why the filter holds for the flow. A reason leads to where it is.
func (d *detail) drawWhy(reasons []screen.Reason) {
	d.why.show(len(reasons) > 0)
	if slices.Equal(reasons, d.reasons) {
		return
	}
	d.reasons = reasons
	list := make([]*element, len(reasons))
	for i, r := range reasons {
		condition := createText("code", "condition", r.Condition)
		if r.Leads {
			condition = createText("button", "condition", r.Condition)
			condition.setAttr("type", "button")
			condition.setAttr("data-reason", strconv.Itoa(i))
			condition.setAttr("title", "Go to the "+r.Place)
		}
		list[i] = create("li", "", condition, createText("span", "place", r.Place+":"),
			create("q", "", createText("span", "", r.Before), createText("mark", "", r.Hit), createText("span", "", r.After)))
	}
	d.why.setAll(list...)
}

// drawTabs keeps the tabs that are there when they are the same, so that the
// focus stays on them.
func (d *detail) drawTabs(tabs []screen.Tab) {
	if !d.sameTabs(tabs) {
		d.tabs, d.names = nil, nil
		for _, tab := range tabs {
			e := createText("button", "tab", tab.Label)
			e.setAttr("type", "button")
			e.setAttr("role", "tab")
			e.setAttr("id", "tab-"+tab.Name)
			e.setAttr("data-tab", tab.Name)
			e.setAttr("aria-controls", "panel")
			d.tabs = append(d.tabs, e)
			d.names = append(d.names, tab.Name)
		}
		d.list.setAll(d.tabs...)
	}
	for i, tab := range tabs {
		d.tabs[i].setAttr("aria-selected", yesNo(tab.Selected))
		d.tabs[i].setAttr("tabindex", map[bool]string{true: "0", false: "-1"}[tab.Selected])
		if tab.Selected {
			d.shown = tab.Name
			d.panel.setAttr("aria-labelledby", "tab-"+tab.Name)
		}
	}
}

func (d *detail) sameTabs(tabs []screen.Tab) bool {
	return slices.EqualFunc(d.names, tabs, func(name string, tab screen.Tab) bool { return name == tab.Name })
}

func (d *detail) drawBadges(badges []screen.Badge) {
	list := make([]*element, len(badges))
	for i, b := range badges {
		list[i] = createText("li", "badge "+b.Class, b.Text)
	}
	d.badges.setAll(list...)
}

// redrawPanel builds the panel anew. As long as it is of the same flow and tab
// it stays where it was scrolled to, and what had the focus in it keeps it.
func (d *detail) redrawPanel(s *screen.Detail) {
	restore := keepFocus(d.panel, "data-message", "data-table", "data-of")
	scroll := d.panel.Get("scrollTop").Float()
	d.drawPanel(s)
	if place := s.Key + " " + d.shown; place != d.place {
		d.place = place
		d.panel.Set("scrollTop", 0)
	} else {
		d.panel.Set("scrollTop", scroll)
	}
	restore()
}

// drawPanel builds what the tab shows. The body is one element for all tabs,
// and put in its place.
func (d *detail) drawPanel(s *screen.Detail) {
	var parts []*element
	p := &s.Panel
	if p.Line != "" {
		parts = append(parts, createText("p", "line", p.Line))
	}
	if p.Text != "" {
		parts = append(parts, createText("p", "prose", p.Text))
	}
	if p.Note.Shown {
		d.note.draw(d.loop, s.Key, &p.Note)
		parts = append(parts, d.note.box)
	}
	if p.Talk.Shown {
		d.talk.draw(&p.Talk)
		parts = append(parts, d.talk.box)
		if !p.Talk.Stream {
			parts = append(parts, d.messages(&p.Talk))
		}
	}
	if len(p.Bars) > 0 {
		parts = append(parts, waterfall(p.Bars))
	}
	for _, part := range p.Compared {
		parts = append(parts, comparedPart(part))
	}
	for i, t := range p.Tables {
		parts = append(parts, fieldTable(i, &t))
	}
	if !p.Talk.Shown || p.Talk.Stream {
		parts = append(parts, d.body.box)
	}
	d.panel.setAll(parts...)
}

func fieldTable(n int, t *screen.FieldTable) *element {
	section := create("section", "fields", createText("h3", "", t.Title))
	if len(t.Fields) > 0 {
		section.AppendChild(tableTools(n, t))
	}
	if len(t.Fields) == 0 {
		section.AppendChild(createText("p", "empty", t.Empty))
		return section
	}
	list := create("dl", "")
	for i, f := range t.Fields {
		e := field(f)
		if t.Of != "" {
			e.AppendChild(filterBy(t.Of+" "+strconv.Itoa(t.Places[i]), f.Name))
		}
		list.AppendChild(e)
	}
	section.AppendChild(list)
	return section
}

// tableTools returns what can be done with a table as a whole.
func tableTools(n int, t *screen.FieldTable) *element {
	tool := func(text, does, label string) *element {
		b := createText("button", "by", text)
		b.setAttr("type", "button")
		b.setAttr("data-table", does)
		b.setAttr("aria-label", label)
		b.setAttr("title", label)
		return b
	}
	copies := tool("copy", strconv.Itoa(n), "Copy "+t.Title)
	if t.Of == "" {
		return create("div", "table-tools", copies)
	}
	sort := tool("sort", sortHeaders, "Sort by name")
	sort.setAttr("aria-pressed", yesNo(t.Sorted))
	return create("div", "table-tools", sort, copies)
}

// sortHeaders is the data-table of the button that sorts.
const sortHeaders = "sort"

// filterBy returns a button that filters by a field.
func filterBy(of, name string) *element {
	b := createText("button", "by", "filter")
	b.setAttr("type", "button")
	b.setAttr("data-of", of)
	b.setAttr("aria-label", "Filter by this "+name)
	b.setAttr("title", "Show only flows with this header (with Shift: hide them)")
	return create("dd", "act", b)
}

func field(f *viewerpb.Field) *element {
	return create("div", "field", createText("dt", "", f.Name), createText("dd", "", f.Value))
}

func (d *detail) messages(p *screen.Talk) *element {
	list := create("ol", "messages")
	for i := range p.Messages {
		list.AppendChild(d.message(&p.Messages[i]))
	}
	if p.More == "" {
		return list
	}
	more := createText("button", "more", p.More)
	more.setAttr("type", "button")
	more.setAttr("data-message", moreMessages)
	return create("div", "", list, more)
}

func (d *detail) message(m *screen.Message) *element {
	arrow := createText("span", "arrow", map[bool]string{true: "↑", false: "↓"}[m.FromClient])
	arrow.setAttr("aria-hidden", "true")
	button := create("button", "message", arrow,
		createText("span", "hidden", m.Label+" "),
		createText("span", "preview", m.Preview),
		createText("span", "note", m.Note),
		createText("span", "size", m.Size),
		createText("span", "time", m.Time))
	button.setAttr("type", "button")
	button.setAttr("aria-expanded", yesNo(m.Open))
	button.setAttr("data-message", strconv.Itoa(m.Index))
	item := create("li", map[bool]string{true: "from-client", false: "from-server"}[m.FromClient], button)
	if m.Open {
		item.AppendChild(d.body.box)
	}
	return item
}

// focus gives the focus to the tab that is shown.
func (d *detail) focus() {
	for i, name := range d.names {
		if name == d.shown {
			d.tabs[i].Focus()
			return
		}
	}
	wrap(d.pane.Value).Focus()
}
