package screen

import (
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
)

// A Detail is the detail pane.
type Detail struct {
	Open bool
	// Key is the key of the flow, and Busy says that it has not come yet: what
	// is shown is the one before.
	Key  string
	Busy bool
	// Title is the URL, or what stands in its place. Badges are short facts to
	// read beside it.
	Title  string
	Badges []Badge
	// Error is what went wrong with the flow, or with showing it.
	Error string
	Tabs  []Tab
	// Serial differs whenever Panel is another.
	Serial int
	Panel  Panel
	Body   Body
	// Exports are the forms of text that the flow can be exported as, and
	// Exported says what became of that.
	Exports  []Choice
	Exported string
	// Reasons are why the filter holds for the flow.
	Reasons []Reason
}

// A Badge is a short fact. Class is its CSS class, or empty.
type Badge struct{ Text, Class string }

// A Tab is a tab of the detail pane.
type Tab struct {
	Name, Label string
	Selected    bool
}

// A Panel is what a tab shows, but for the body.
type Panel struct {
	// Line is a request or status line, or empty.
	Line string
	// Text is prose, or empty.
	Text   string
	Tables []FieldTable
	// Talk is a conversation, if the tab shows one.
	Talk Talk
	// Compared are parts of flows beside each other, where they differ.
	Compared []*viewerpb.ComparedPart
	// Bars are what the time was spent on.
	Bars []Bar
	// Note is what a person says of the flow.
	Note Note
}

// A FieldTable is a titled list of names and values.
type FieldTable struct {
	Title  string
	Fields []*viewerpb.Field
	// Empty stands in place of fields.
	Empty string
	// Of is what [FieldChosen] calls the fields, with their Places behind it;
	// empty if the session cannot be filtered by them. Only such tables can be
	// sorted.
	Of     string
	Places []int
	Sorted bool
}

// A Body is the body shown.
type Body struct {
	Shown bool
	Busy  bool
	// Serial differs whenever the content is another.
	Serial int
	// View is the content view used; Choices are those that can be chosen and
	// Asked the name of the one that was.
	View, Asked string
	Choices     []ViewChoice
	// Chunks are the lines shown, one window behind the other. Those that are
	// the same as before are the same pointers. Image is drawn above them.
	Chunks []*viewerpb.BodyWindow
	Image  []byte
	Media  string
	// Note says what was done to the bytes, and Lines how many lines there are.
	// Empty stands in place of content.
	Note, Lines, Empty, Error string
	// Earlier and More: there are lines in front of the chunks, and behind.
	Earlier, More bool
	// Allow is the label of what shows more of a body that is too long.
	Allow string
	// Foldable: some lines open others.
	Foldable bool
	Find     Find
	// Inside are the names of the steps that were taken into the body, and Steps
	// those that can be taken next.
	Inside []string
	Steps  []Choice
	// Saves are the labels of what saves the body; the first does it decoded.
	Saves []string
}

// TokenNames returns what the kinds of token are called in the style sheet; the
// first is none.
func TokenNames() []string { return []string{"", "name", "string", "number", "word", "comment"} }

// A Choice is one of several things that can be chosen.
type Choice struct{ Name, Label string }

// A ViewChoice is a content view that can be chosen, and what it shows.
type ViewChoice struct {
	Choice
	About string
}

func (s *Screen) detailState() Detail {
	d := &s.detail
	st := Detail{Open: d.open, Key: d.key, Busy: d.loading, Serial: d.serial, Error: d.failure}
	f := d.flow
	if !d.open || f == nil {
		return st
	}
	st.Title = f.Url
	if st.Title == "" {
		st.Title = f.Row.Host + f.Row.Path
	}
	st.Badges = s.badges(f)
	if f.Error != "" {
		st.Error = f.Error
	}
	for _, tab := range d.tabs {
		st.Tabs = append(st.Tabs, Tab{tab, tabLabel(tab), tab == d.tab})
	}
	st.Panel = s.panel()
	st.Body = d.bodyState()
	st.Reasons = d.reasonsState()
	for _, x := range f.Exports {
		st.Exports = append(st.Exports, Choice{x.Name, x.Label})
	}
	st.Exported = d.exported.status
	return st
}

func (s *Screen) badges(f *viewerpb.Flow) []Badge {
	var list []Badge
	add := func(text, class string) {
		if text != "" {
			list = append(list, Badge{text, class})
		}
	}
	r := f.Row
	add(r.Method, "method")
	if r.Status != 0 || r.StatusText != "" {
		add(statusText(r, s.zone), "status "+statusClass(r.Status))
	}
	add(r.Version, "")
	add(sizeText(r, s.zone), "")
	add(formatDuration(r.Duration), "")
	if r.Start != 0 {
		add(s.describeZone(r.Start), "")
	}
	for _, done := range doneTo(r) {
		add(done, "")
	}
	if r.Marker != "" {
		add("marked "+strings.ReplaceAll(strings.Trim(r.Marker, ":"), "_", " "), "marker")
	}
	return list
}

func (s *Screen) panel() Panel {
	d := &s.detail
	var p Panel
	if head, _ := d.head(); head != nil {
		p.Line = head.Line
		p.Tables = append(p.Tables, s.headerTable(head.Headers, d.tab+"-header"))
		if head.HasTrailers {
			p.Tables = append(p.Tables, FieldTable{Title: countLabel("Trailers", len(head.Trailers)), Fields: head.Trailers, Empty: "The trailers are empty."})
		}
	}
	if d.tab == tabChanges || d.tab == tabCompare {
		d.comparison(&p)
	}
	if d.tab == "timing" {
		p.Bars = barsOf(d.flow.Phases)
	}
	if d.tab == "comment" {
		p.Note = noteOf(d.flow)
	}
	if d.talks() {
		p.Talk = s.talkState()
	}
	for _, section := range d.flow.Sections {
		if section.Tab == d.tab {
			p.Tables = append(p.Tables, FieldTable{Title: section.Title, Fields: section.Fields})
		}
	}
	return p
}

func (d *detail) bodyState() Body {
	b := &d.body
	st := Body{
		Shown: b.shown, Busy: b.loading, Serial: b.serial, View: b.view, Asked: d.viewAsked(), Choices: b.choices(),
		Chunks: b.windows, Image: b.image, Media: b.media,
		Note: b.survey.Note, Lines: b.place(), Empty: b.empty, Error: b.failure,
		Earlier: b.hasEarlier(), More: b.hasMore(), Find: d.findState(), Saves: d.saves(),
	}
	if len(b.views) > 0 && !slices.Contains(b.views, st.Asked) {
		st.Asked = "auto" // which is what the engine takes an unknown one for
	}
	if b.survey.Allow > 0 {
		st.Allow = "Show up to " + formatSize(b.survey.Allow)
	}
	st.Inside = d.inside
	for _, step := range b.survey.Steps {
		st.Steps = append(st.Steps, Choice{step.Name, stepLabel(step)})
	}
	for _, w := range b.windows {
		st.Foldable = st.Foldable || len(w.FoldRows) > 0
	}
	if b.empty == "" && b.failure == "" && !b.loading && len(b.windows) == 0 && len(b.image) == 0 {
		st.Empty = "The body is empty."
	}
	return st
}

// stepLabel says where a step leads: "data: Base64, 53 B: {"user"…".
func stepLabel(step *viewerpb.Step) string {
	label := step.Kind
	if !strings.EqualFold(step.Name, step.Kind) {
		label = step.Name + ": " + step.Kind
	}
	return label + ", " + formatSize(step.Size) + ": " + step.Preview
}

// choices returns the content views by what people call them. The engine's own
// choice says what it was.
func (b *body) choices() []ViewChoice {
	var list []ViewChoice
	for i, view := range b.views {
		label, about := view, ""
		if i < len(b.abouts) {
			about = b.abouts[i]
		}
		if view == "auto" && b.view != "" {
			label = "auto (" + b.view + ")"
		}
		list = append(list, ViewChoice{Choice{view, label}, about})
	}
	return list
}
