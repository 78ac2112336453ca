package screen

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A State is what is to be seen. Strings that came from a capture may hold
// anything: they are to be shown as text.
type State struct {
	Phase Phase
	// Title is the title of the document, Name what is open, for the header.
	Title, Name string
	// Status is the status line, in plain words. Fleeting: it will be another in
	// a moment, and is not worth being spoken.
	Status   string
	Fleeting bool
	// Progress is how much is read, or searched, from 0 to 1; negative is
	// neither.
	Progress float64
	// Closable: there is a session that can be closed. Unsaved: who leaves the page
	// loses something.
	Closable, Unsaved bool

	Filter   Filter
	Filters  Filters
	Terms    Terms
	Start    Start
	Consent  Consent
	Unlock   Unlock
	Issues   Issues
	Table    Table
	Columns  Columns
	Palette  Palette
	Timeline Timeline
	Overview Overview
	Theme    Theme
	App      App
	Detail   Detail
	Save     Save
	Kept     Kept
	Follow   Follow
}

// A Filter is the filter box.
type Filter struct {
	Text string
	// Hint is help, or what the filter means, in plain words.
	Hint string
	// Error says what is wrong with the filter; empty is nothing. Before, Bad
	// and After are the text around what is wrong. Incomplete: it may become
	// right as it is typed.
	Error              string
	Before, Bad, After string
	Incomplete         bool
	// Suggestions are what can be typed, to be shown below the box.
	Suggestions []Suggestion
}

// Start is the page without a session; without a Heading it is not shown.
type Start struct{ Heading, Text string }

// Issues is the list of problems; it is not shown without a Summary.
type Issues struct {
	Summary string
	Folded  bool
	// Calm: there are notes, but no problems.
	Calm bool
	// Serial differs whenever List is another, and stays when it only grows.
	Serial int
	List   []Issue
	// More says how many are not listed, or is empty.
	More string
}

// A Table is the flow table.
type Table struct {
	Shown bool
	// Count is the number of flows in the view. Busy: it may change yet, or
	// rows in sight are still to come.
	Count int
	Busy  bool
	// Spacer is the height of the element that stands for all rows, in pixels.
	Spacer float64
	// Rows are the rows to draw, in order.
	Rows []TableRow
	// Columns are those that are shown, from left to right; Template is how wide
	// they are, as a value of grid-template-columns, and Least how wide a row is
	// at the least, in pixels.
	Columns  []TableColumn
	Template string
	Least    int
	// RowHeight is how high each row is, in pixels.
	RowHeight float64
	// Empty says why there are no rows, or is empty. Clearable: it is because
	// of the filter.
	Empty     string
	Clearable bool
}

// A TableRow is a row where it is to be drawn.
type TableRow struct {
	Index int
	// Y is its distance from the top of the spacer, in pixels.
	Y float64
	// Row is nil while it has not come.
	Row *Row
	// Beyond: it is out of sight, and drawn for who scrolls on.
	Beyond bool
	// Selected: its flow is the selected one. Cursor: it is in the order of
	// tabs; one row is, if there are any.
	Selected, Cursor bool
	// Base: others are compared with its flow.
	Base bool
	// Picked: its flow is among those that what is done next is done with.
	Picked bool
	// Lit: the highlight rule holds for its flow.
	Lit bool
	// Bar is where the flow is on the timeline, if there is a column for that.
	Bar Span
}

// A Span is a part of the timeline, both of it from 0 to 1.
type Span struct{ Left, Width float64 }

// State returns what is to be seen now.
func (s *Screen) State() *State {
	st := &State{
		Phase:    s.phase,
		Title:    "Flowpane",
		Name:     s.session.name(),
		Status:   s.status(),
		Fleeting: s.fleeting(),
		Progress: s.done(),
		Closable: s.closable(),
		Unsaved:  s.losesNotes() || s.shelf.keeping != nil,
		Filter:   s.filterState(),
		Filters:  s.filtersState(),
		Terms:    s.termsState(),
		Start:    s.start(),
		Consent:  s.consentState(),
		Unlock:   s.unlockState(),
		Issues:   s.issues(),
		Table:    s.tableState(),
		Columns:  s.columnsState(),
		Palette:  s.paletteState(),
		Timeline: s.timelineState(),
		Overview: s.overviewState(),
		Theme:    s.theme,
		App:      s.appState(),
		Detail:   s.detailState(),
		Save:     s.saveState(),
		Kept:     s.keptState(),
		Follow:   s.followState(),
	}
	if st.Name != "" {
		st.Title = st.Name + " – Flowpane"
	}
	return st
}

func (s *Screen) start() Start {
	switch s.phase {
	case Loading:
		if s.restarts.next != nil {
			return Start{"The engine stopped", "It is being started again. Your files have not been changed."}
		}
		return Start{"Open a capture", "The engine is starting. Files dropped now are opened as soon as it has."}
	case Ready:
		return Start{"Open a capture", "Drop a mitmproxy dump, a HAR or a session database here, or choose files."}
	case Failed:
		if s.session.lost {
			return Start{"The engine stopped", "Open a capture or reload the page to start it again. Your files have not been changed."}
		}
		return Start{"This could not be opened", "Flowpane opens mitmproxy dumps, HARs and session databases, compressed or not. Drop another file here, or choose one."}
	}
	return Start{}
}

// status returns the status line.
func (s *Screen) status() string {
	text := strings.TrimSuffix(s.activity()+" · "+s.schemas.known, " · ")
	if stuck := cmp.Or(s.table.stuck, s.session.stuck); stuck != "" {
		text = stuck + " · " + text
	}
	return text
}

// activity says what goes on, or what is shown.
func (s *Screen) activity() string {
	t, p := &s.table, &s.session.progress
	switch s.phase {
	case Loading:
		return "Starting…"
	case Ready:
		return "Ready"
	case Failed:
		return "Nothing is open"
	case Reading:
		text := "Reading " + s.session.name()
		if p.BytesTotal > 0 {
			text += ": " + formatSize(p.BytesRead) + " of " + formatSize(p.BytesTotal)
		}
		if total := max(t.total, p.Flows); total > 0 {
			text += " · " + s.counted(total)
		}
		return text
	}
	if t.trying != nil && s.filter.applied != "" && !s.filter.pending {
		return "Filtering " + formatPlural(t.total, "flow") + "…"
	}
	text := s.counted(t.total)
	if s.session.following {
		text = "Following " + s.session.name() + " · " + text
	}
	if s.filtering() {
		text += " so far · " + formatCount(t.examined) + " looked at"
	}
	if n := s.picked(); n > 0 {
		text += " · " + formatCount(uint64(n)) + " picked"
	}
	if t.failed > 0 {
		text += " · the filter could not be applied to " + formatPlural(t.failed, "flow")
		if t.failure != "" {
			text += ": " + t.failure
		}
	}
	return text
}

// fleeting reports whether the status line counts what is done so far.
func (s *Screen) fleeting() bool {
	return s.phase == Reading && s.session.progress.BytesRead > 0 || s.filtering()
}

// filtering reports whether the filter is still being applied to a session
// that is read.
func (s *Screen) filtering() bool {
	t := &s.table
	return s.phase == Opened && t.busy && t.examined < t.total
}

// counted says how many flows are shown: "412 of 100,000 flows".
func (s *Screen) counted(total uint64) string {
	switch {
	case total == 0:
		return "No flows"
	case s.filter.applied != "":
		return formatCount(uint64(s.table.count)) + " of " + formatPlural(total, "flow")
	}
	return formatPlural(total, "flow")
}

func (s *Screen) done() float64 {
	p := &s.session.progress
	switch {
	case s.filtering():
		return float64(s.table.examined) / float64(s.table.total)
	case s.phase != Reading:
		return -1
	case p.BytesTotal == 0:
		return 0
	}
	return min(float64(p.BytesRead)/float64(p.BytesTotal), 1)
}

func (s *Screen) filterState() Filter {
	f := Filter{Text: s.filter.text, Suggestions: s.suggestions.state()}
	e := s.filter.err
	if e == nil {
		f.Hint = s.filter.meaning
		if strings.TrimSpace(f.Text) == "" {
			f.Hint = "Type part of a URL, or ~c 404, ~m POST, ~d example.com, ~b text; join with & | ! ( )"
		}
		return f
	}
	f.Error, f.Incomplete = e.Text, e.Incomplete
	if pos, end := e.Pos, e.End; 0 <= pos && pos <= end && end <= len(f.Text) {
		f.Error += ", at character " + strconv.Itoa(utf8.RuneCountInString(f.Text[:pos])+1) + ": "
		f.Before, f.Bad, f.After = f.Text[:pos], f.Text[pos:end], f.Text[end:]
	}
	return f
}

func (s *Screen) issues() Issues {
	n := &s.session
	if n.total == 0 {
		return Issues{}
	}
	i := Issues{Summary: summarize(n.total-n.notes, n.notes), Calm: n.total == n.notes, Folded: n.folded, Serial: s.opens, List: n.issues}
	if s.phase == Failed {
		i.Summary = "What went wrong"
	}
	if rest := n.total - uint64(len(n.issues)); rest > 0 {
		i.More = "and " + formatCount(rest) + " more"
	}
	return i
}

func summarize(problems, notes uint64) string {
	switch {
	case notes == 0:
		return formatPlural(problems, "problem")
	case problems == 0:
		return formatPlural(notes, "note")
	}
	return formatPlural(problems, "problem") + ", " + formatPlural(notes, "note")
}

func (s *Screen) tableState() Table {
	t := &s.table
	st := Table{
		Shown:  s.phase == Reading || s.phase == Opened,
		Count:  t.count,
		Spacer: t.spacer(), RowHeight: t.rowHeight(),
		Busy: s.busy(),
	}
	st.Columns = s.tableColumns()
	st.Template, st.Least = s.layout.template(t.width)
	if !st.Shown {
		return st
	}
	first, end := t.window()
	if t.count > 0 && t.cursor < first {
		st.Rows = append(st.Rows, s.tableRow(t.cursor))
	}
	for i := first; i < end; i++ {
		st.Rows = append(st.Rows, s.tableRow(i))
	}
	if t.count > 0 && t.cursor >= end {
		st.Rows = append(st.Rows, s.tableRow(t.cursor))
	}
	if t.count == 0 && !st.Busy {
		st.Empty, st.Clearable = "No flow matches this filter.", true
		if t.total == 0 {
			st.Empty, st.Clearable = "There are no flows in this file.", false
		}
		if t.total == 0 && s.session.total > 0 {
			st.Empty = "No flow of this file could be read. The list of problems says why."
		}
	}
	return st
}

// tableRow returns row i. The row in the order of tabs is drawn even out of
// sight, so that it can keep the focus.
func (s *Screen) tableRow(i int) TableRow {
	t := &s.table
	row := t.cache.row(i)
	first, end := t.visible()
	r := TableRow{
		Index: i, Y: t.y(i), Row: row, Cursor: i == t.cursor,
		Beyond:   (i < first || i >= end) && i != t.cursor,
		Selected: row != nil && row.Key == t.selected,
		Base:     row != nil && s.table.base != "" && row.Key == s.table.base,
		Lit:      row != nil && s.highlight.lit[row.Key],
		Picked:   row != nil && s.picks.has(row.Key),
	}
	if row != nil && s.layout.shows(waterfallColumn) {
		r.Bar = s.waterfall(t.cache.came(i))
	}
	return r
}

// busy reports whether what the table shows may still change by itself.
func (s *Screen) busy() bool {
	t := &s.table
	switch {
	case s.phase == Failed || s.phase == Ready:
		return false
	case s.phase != Opened || t.trying != nil || t.busy || s.filter.pending:
		return true
	}
	first, end := t.visible()
	_, missing := t.cache.missing(first, end, t.revision)
	return missing > 0
}

// describeZone says of which zone the times of the table are.
func (s *Screen) describeZone(ns int64) string {
	offset := s.zone(ns)
	return formatDate(ns, offset) + " " + formatClock(ns, offset) + " " + formatZone(offset)
}

func countLabel(title string, n int) string {
	if n == 0 {
		return title
	}
	return title + " (" + strconv.Itoa(n) + ")"
}
