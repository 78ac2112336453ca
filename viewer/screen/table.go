package screen

import (
	"context"
	"math"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// A table is the flow table: a window on the view that the engine keeps.
type table struct {
	geometry
	cache cache
	width float64 // in pixels

	shown    *viewerpb.Watch // what is shown; nil before there is a view
	trying   *viewerpb.Watch // what is to be shown, and has no view yet; may be nil
	ended    bool            // nobody watches shown any more
	revision uint64
	total    uint64 // flows in the session
	busy     bool   // the engine is filtering, or reading
	examined uint64 // flows that the filter has been applied to
	failed   uint64 // flows that the filter could not be applied to
	failure  string
	stuck    string // why a file does not answer

	// The rows that are being asked for.
	asked struct {
		from, count int
		revision    uint64
	}

	cursor        int    // the row in the order of tabs
	base          string // key of the flow that others are compared with
	selected      string // key of the selected flow
	selectedIndex int    // where it is in the view; -1 is not known or not there
	reveal        bool   // bring it into sight when it is found

	// A row to select when it comes, from 1, and how.
	wanted struct {
		row        int
		push, show bool
	}
}

func (s *Screen) updateTable(do *commands, msg Msg) {
	t := &s.table
	switch m := msg.(type) {
	case RowClicked:
		if m.Index >= t.count {
			return
		}
		switch {
		case m.Range:
			s.pickTo(do, m.Index)
			return
		case m.Add:
			s.pickRow(do, m.Index)
			return
		}
		s.dropPicks(do)
		if s.narrow() { // the table makes way for the flow, and the focus with it
			s.table.cursor = m.Index
			s.enterDetail(do)
			return
		}
		s.detail.auto = true
		s.selectRow(do, m.Index, true, true)
	case RowFocused:
		if m.Index < t.count {
			t.cursor = m.Index
		}
	case Scrolled:
		if m.Top != t.scroll {
			t.scrolled(m.Top)
			s.align(do)
			s.askRows(do)
		}
	case Resized:
		s.width = m.Width
		if t.height = m.Height; m.Table > 0 { // else it is not to be seen
			t.width = m.Table
		}
		s.layOut()
		if s.timeline.counts == nil { // there may be room now
			s.askTimeline(do)
		}
		if t.selectedIndex >= 0 {
			s.found(do, t.selectedIndex)
		}
		s.askRows(do)
	case rowsCame:
		s.rowsCame(do, m)
	case located:
		s.located(do, m)
	}
}

// showFlow selects a flow, and shows it, wherever it is in the view.
func (s *Screen) showFlow(do *commands, key string) {
	s.table.selected, s.table.selectedIndex, s.table.reveal, s.table.wanted.row = key, -1, true, 0
	s.detail.open = true
	s.locate(do)
}

// viewed takes in a change of the view.
func (s *Screen) viewed(do *commands, w *viewerpb.Watch, v *viewerpb.View) {
	t := &s.table
	first := false
	if w == t.trying {
		first = !t.shows(w.Filter, s.order)
		t.trying, t.shown, t.ended = nil, w, false
		do.add(Promote{slotTry, slotWatch})
		if w.Filter == s.filter.text { // it is right; what it means is on its way
			s.filter.pending = false
		}
		s.apply(do, w.Filter)
	}
	t.revision, t.total, t.busy = v.Revision, v.Total, v.Busy
	t.examined, t.failed, t.failure = v.Examined, v.Failed, v.Failure
	t.stuck = v.Waiting
	atEnd := s.session.following && !s.order.descending && t.count > 0 && t.top() == t.maxTop()
	t.count = int(v.Shown)
	t.cursor = max(min(t.cursor, t.count-1), 0)
	if t.wanted.row > t.count {
		t.wanted.row = 0
	}
	if first {
		// Rows of another filter or order are of no use but where they are seen.
		t.cache.trim(t.firstVisible(), 2)
		t.selectedIndex = -1
		t.reveal = t.selected != ""
		switch {
		case t.reveal:
		case t.wanted.row > 0:
			s.scrollTo(do, t.geometry.reveal(t.wanted.row-1, false))
		default:
			s.scrollTo(do, 0)
			t.cursor = 0
		}
	}
	if atEnd && !first { // who looks at the last flows sees those that come
		s.scrollTo(do, t.maxTop())
	}
	if v.Rows != nil {
		t.cache.put(0, int(w.Rows), v.Rows.Revision, v.Rows.Rows)
	}
	s.align(do)
	s.askRows(do)
	s.selectWanted(do)
	s.locate(do)
	s.askTimelineAfter(do, timelineAfter)
	s.askOverview(do)
}

// firstRows returns how many rows are to come with a view: those that are drawn of
// its beginning, in whole pages.
func (t *table) firstRows() uint32 {
	top := geometry{count: math.MaxInt32, height: t.height, compact: t.compact}
	_, end := top.window()
	return uint32((end + pageRows - 1) / pageRows * pageRows)
}

func (t *table) firstVisible() int {
	first, _ := t.visible()
	return first
}

// scrollTo scrolls the table so that its upper edge is so far below that of the
// first row.
func (s *Screen) scrollTo(do *commands, top float64) {
	t := &s.table
	if top == t.top() {
		s.align(do)
		return
	}
	before := t.scroll
	if t.place(top); t.scroll != before {
		do.add(ScrollTo{t.scroll})
	}
}

// align sets the scroll position right where it has slipped. No row moves.
func (s *Screen) align(do *commands) {
	t := &s.table
	if !t.slipped() {
		return
	}
	t.place(t.top())
	do.add(ScrollTo{t.scroll})
}

// askRows asks for the rows that are to be drawn and not known.
func (s *Screen) askRows(do *commands) {
	t := &s.table
	first, end := t.window()
	s.askHighlight(do)
	from, count := t.cache.missing(first, end, t.revision)
	if count == 0 {
		return
	}
	a := &t.asked
	if a.revision == t.revision && a.from <= from && from+count <= a.from+a.count {
		return
	}
	a.from, a.count, a.revision = from, count, t.revision
	revision := t.revision
	do.add(Call{slotRows, func(ctx context.Context, engine api.API, post func(Msg)) {
		rows, err := engine.Rows(ctx, uint64(from), uint32(count))
		post(rowsCame{from, count, revision, rows, err})
	}})
}

func (s *Screen) rowsCame(do *commands, m rowsCame) {
	t := &s.table
	t.asked.count = 0
	if s.failed(m.err) {
		t.wanted.row = 0
		return
	}
	t.cache.put(m.from, m.count, max(m.revision, m.rows.Revision), m.rows.Rows)
	t.cache.trim(t.firstVisible(), keptPages)
	s.selectWanted(do)
	s.askRows(do)
}

// selectWanted selects the row that is waited for, if it is here.
func (s *Screen) selectWanted(do *commands) {
	if w := s.table.wanted; w.row > 0 {
		s.selectRow(do, w.row-1, w.push, w.show)
	}
}

// move moves the selection by rows.
func (s *Screen) move(do *commands, by int) {
	if s.table.selected == "" {
		by = 0 // the first key selects where one is
	}
	s.moveTo(do, s.table.cursor+by)
}

func (s *Screen) moveTo(do *commands, i int) {
	t := &s.table
	if t.count == 0 {
		return
	}
	i = max(min(i, t.count-1), 0)
	t.cursor = i
	s.scrollTo(do, t.geometry.reveal(i, false))
	s.askRows(do)
	s.selectRow(do, i, !s.history.walking, false)
	do.add(Focus{FocusRow})
}

// selectRow selects the flow in row i, and shows it if asked to or if that is
// how things are. A row that is not here yet is selected when it comes; one
// that is to be shown was pointed at, so it is the one that was seen.
func (s *Screen) selectRow(do *commands, i int, push, show bool) {
	t := &s.table
	t.cursor = i
	row := t.cache.row(i)
	t.wanted.row = 0
	if row == nil || !show && (t.trying != nil || !t.cache.fresh(i, t.revision)) {
		t.wanted.row, t.wanted.push, t.wanted.show = i+1, push, show
		return
	}
	t.selectedIndex = i
	changed := row.Key != t.selected
	t.selected = row.Key
	if show || s.detail.auto && !s.narrow() {
		push = push || !s.detail.open
		s.detail.open = true
	}
	if s.detail.open && (changed || s.detail.key != row.Key) {
		s.detail.view = ""
		s.load(do)
	}
	s.record(do, push)
}

// locate finds out where the selected flow is.
func (s *Screen) locate(do *commands) {
	t := &s.table
	key := t.selected
	if key == "" || !s.session.watched || t.trying != nil {
		return
	}
	first, end := t.window()
	if i := t.cache.find(key, first, end, t.revision); i >= 0 {
		s.found(do, i)
		return
	}
	do.add(Call{slotLocate, func(ctx context.Context, engine api.API, post func(Msg)) {
		location, err := engine.Locate(ctx, key)
		post(located{key, location, err})
	}})
}

func (s *Screen) located(do *commands, m located) {
	t := &s.table
	if m.key != t.selected || s.failed(m.err) {
		return
	}
	switch {
	case m.location.Index >= 0:
		s.found(do, int(m.location.Index))
	case t.reveal && !s.reading():
		// The view does not show it.
		t.selectedIndex, t.reveal = -1, false
		if t.wanted.row == 0 {
			t.cursor = max(min(int(m.location.Near), t.count-1), 0)
			s.scrollTo(do, t.geometry.reveal(t.cursor, true))
			s.askRows(do)
		}
	default:
		t.selectedIndex = -1
	}
	if !s.detail.open || s.detail.key == m.key {
		return
	}
	if m.location.Exists {
		s.load(do)
	} else if !s.reading() {
		s.detail.key = m.key
		s.detail.flow, s.detail.tabs = nil, nil
		s.detail.failure = "This flow is not in the session."
	}
}

// found takes in that the selected flow is in row i. Who has gone on to a row that
// is yet to come is not brought back.
func (s *Screen) found(do *commands, i int) {
	t := &s.table
	t.selectedIndex = i
	if t.wanted.row == 0 {
		t.cursor = i
	} else {
		t.reveal = false
	}
	if t.reveal && i < t.count && t.height > 0 {
		t.reveal = false
		s.scrollTo(do, t.geometry.reveal(i, true))
		s.askRows(do)
	}
	if s.detail.open && s.detail.key != t.selected {
		s.load(do)
	}
}

// reading reports whether flows may still come.
func (s *Screen) reading() bool { return s.phase == Reading || s.phase == Loading }
