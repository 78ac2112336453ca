package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// A detail is the detail pane.
type detail struct {
	open    bool
	auto    bool   // a selected flow is shown without being asked for
	key     string // of the flow that is shown or being fetched
	loading bool
	failure string
	flow    *viewerpb.Flow

	tabs   []string
	wanted string // the tab asked for last, kept from flow to flow
	tab    string // the tab shown
	serial int    // grows whenever the panel is another

	view     string // content view asked for; empty is "auto"
	body     body
	inside   []string // names of steps into it
	enter    bool     // the focus is to go to the tab when the flow is here
	talk     talk
	reasons  []*viewerpb.Reason
	compared *viewerpb.Comparison // what the tab compares, when it is here
	find     find
	exported exporting
	message  int // the one that is open, from 1
}

// reset empties the pane. Serials go on, so that what was drawn of them is not
// taken for what is to be drawn next.
func (d *detail) reset() {
	f := d.find
	f.forget()
	*d = detail{auto: true, serial: d.serial + 1, body: body{serial: d.body.serial}, find: f}
}

func (s *Screen) updateDetail(do *commands, msg Msg) {
	switch m := msg.(type) {
	case TabChosen:
		s.chooseTab(do, m.Tab)
	case ReasonChosen:
		s.goToReason(do, m.Index)
	case whyCame:
		s.whyCame(m)
	case comparedCame:
		s.comparedCame(m)
	case flowCame:
		s.flowCame(do, m)
	}
}

// enterDetail shows the flow in the row with the focus, and goes there.
func (s *Screen) enterDetail(do *commands) {
	if s.table.count == 0 {
		return
	}
	s.detail.auto = true
	s.selectRow(do, s.table.cursor, true, true)
	if s.detail.open && s.detail.loading {
		s.detail.enter = true
	} else if s.detail.open {
		do.add(Focus{FocusTab})
	}
}

// closeDetail goes back to the table.
func (s *Screen) closeDetail(do *commands) {
	if !s.detail.open {
		return
	}
	s.hideDetail(do)
	s.detail.auto = false
	s.record(do, true)
	do.add(Focus{FocusRow})
}

// hideDetail leaves the flow selected, but shows it no longer.
func (s *Screen) hideDetail(do *commands) {
	auto, wanted := s.detail.auto, s.detail.wanted
	s.detail.reset()
	s.detail.auto, s.detail.wanted = auto, wanted
	do.stop(slotFlow, slotBody, slotSurvey)
}

// load fetches the selected flow. The one before stays until it comes.
func (s *Screen) load(do *commands) {
	key := s.table.selected
	s.detail.key, s.detail.loading = key, true
	do.stop(slotBody, slotSurvey)
	do.add(Call{slotFlow, func(ctx context.Context, engine api.API, post func(Msg)) {
		flow, err := engine.Flow(ctx, key)
		post(flowCame{key, flow, err})
	}})
}

func (s *Screen) flowCame(do *commands, m flowCame) {
	d := &s.detail
	d.loading = false
	d.failure, d.flow, d.tabs, d.reasons, d.exported = "", nil, nil, nil, exporting{}
	d.serial++
	d.body = body{serial: d.body.serial}
	if s.missed(do, m.err) {
		return
	}
	if d.enter {
		d.enter = false
		do.add(Focus{FocusTab})
	}
	if m.err != nil {
		d.failure = m.err.Error()
		return
	}
	d.flow = m.flow
	if m.flow.Warning != "" {
		s.session.addIssue(&viewerpb.Issue{Place: "flow " + m.key, Text: m.flow.Warning})
	}
	if d.flow.Row == nil {
		d.flow.Row = new(viewerpb.Row)
	}
	d.tabs = s.tabs()
	s.showTab(do)
	s.explain(do)
}

// tabsOf returns the tabs that a flow has, in order.
func tabsOf(f *viewerpb.Flow) []string {
	var tabs, rest []string
	has := func(tab string) bool {
		return slices.ContainsFunc(f.Sections, func(c *viewerpb.Section) bool { return c.Tab == tab })
	}
	if f.Request != nil || has("request") {
		tabs = append(tabs, "request")
	}
	if f.Response != nil || has("response") {
		tabs = append(tabs, "response")
	}
	if f.Websocket != nil {
		tabs = append(tabs, "websocket")
	}
	if f.MessageCount > 0 && f.Websocket == nil || f.Row.Kind == "tcp" || f.Row.Kind == "udp" {
		tabs = append(tabs, "messages")
	}
	for _, section := range f.Sections {
		if section.Tab != "comment" && !slices.Contains(tabs, section.Tab) && !slices.Contains(rest, section.Tab) {
			rest = append(rest, section.Tab)
		}
	}
	tabs = append(tabs, rest...)
	return append(tabs, "comment")
}

// tabLabel returns the heading of a tab: "DNS request" for "dns-request".
func tabLabel(tab string) string {
	switch tab {
	case "":
		return "Other"
	case "websocket":
		return "WebSocket"
	}
	words := strings.ReplaceAll(tab, "-", " ")
	if rest, found := strings.CutPrefix(words, "dns"); found {
		return "DNS" + rest
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// showTab shows the tab asked for, or the first if this flow does not have it.
func (s *Screen) showTab(do *commands) {
	d := &s.detail
	if d.flow == nil {
		return
	}
	d.tab = ""
	if len(d.tabs) > 0 {
		d.tab = d.tabs[max(slices.Index(d.tabs, d.wanted), 0)]
	}
	d.talk = talk{text: d.talk.text, side: d.talk.side, stream: d.talk.stream}
	d.message, d.inside = 0, nil
	d.serial++
	s.loadTalk(do)
	s.loadBody(do)
	s.loadComparison(do)
}

func (s *Screen) chooseTab(do *commands, tab string) {
	d := &s.detail
	if tab == d.tab && tab == d.wanted {
		return
	}
	d.wanted, d.view = tab, ""
	s.showTab(do)
	s.record(do, false)
}

func (s *Screen) moveTab(do *commands, by int) {
	if n := len(s.detail.tabs); n > 0 {
		s.moveTabTo(do, (slices.Index(s.detail.tabs, s.detail.tab)+by+n)%n)
	}
}

// moveTabTo shows tab i. The focus follows if it is among the tabs.
func (s *Screen) moveTabTo(do *commands, i int) {
	if i >= 0 && i < len(s.detail.tabs) {
		s.chooseTab(do, s.detail.tabs[i])
	}
}

// partOf returns the part of a flow whose body a tab shows.
func partOf(tab string) viewerpb.Part {
	if tab == "response" {
		return viewerpb.Part_RESPONSE
	}
	return viewerpb.Part_REQUEST
}

// head returns the message that the tab shows, and which part of the flow its
// body is; nil if it shows none.
func (d *detail) head() (*viewerpb.Head, viewerpb.Part) {
	switch {
	case d.flow == nil:
		return nil, 0
	case d.tab == "request":
		return d.flow.Request, viewerpb.Part_REQUEST
	case d.tab == "response":
		return d.flow.Response, viewerpb.Part_RESPONSE
	}
	return nil, 0
}
