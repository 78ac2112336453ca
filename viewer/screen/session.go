package screen

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/link"
)

// keptIssues is how many problems are listed; the rest is counted.
const keptIssues = 200

// A session is what is open, or was tried.
type session struct {
	names   []string
	urls    []string // of its files, where they have them
	key     string   // of those that are encrypted
	inline  string   // all of it as text, if it is in the link
	kept    string   // its name in this browser, if it is kept
	sources []*viewerpb.Source

	progress viewerpb.Progress
	issues   []Issue
	total    uint64 // issues, listed or not
	notes    uint64 // those of them that are no problem
	folded   bool
	begun    bool   // the engine has it, so it can be watched
	watched  bool   // a view of it was asked for
	looked   bool   // the flow that the link names was asked for before it was listed
	lost     bool   // the engine is gone
	stuck    string // why a file does not answer of which nothing is known yet

	following bool // what is appended to its file is read

	said     []*viewerpb.Annotate // of its flows, while only the engine knows
	untold   []*viewerpb.Annotate // what another engine is still to be told, oldest first
	refollow bool                 // and it is to follow the file
}

// An Issue is a problem, for people.
type Issue struct {
	// Place is where, or empty.
	Place string
	Text  string
	// Note: it is good to know, and no problem.
	Note bool
}

func (n *session) addIssue(i *viewerpb.Issue) {
	n.total++
	if i.Note {
		n.notes++
	}
	if len(n.issues) >= keptIssues {
		return
	}
	place := i.Place
	if i.Source != "" && len(n.names) > 1 {
		place = strings.TrimSuffix(i.Source+", "+i.Place, ", ")
	}
	n.issues = append(n.issues, Issue{Place: place, Text: i.Text, Note: i.Note})
}

func (n *session) name() string {
	switch len(n.names) {
	case 0:
		return ""
	case 1:
		return n.names[0]
	}
	return n.names[0] + " and " + strconv.Itoa(len(n.names)-1) + " more"
}

func (s *Screen) updateSession(do *commands, msg Msg) {
	switch m := msg.(type) {
	case connected:
		s.connected = true
		if s.phase == Loading {
			s.phase = Ready
		}
		s.check(do)
		if len(s.schemas.waiting) > 0 {
			s.pick(do, s.schemas.waiting)
			s.schemas.waiting = nil
		}
		switch {
		case s.restarts.next != nil:
			s.reopen(do)
		case len(s.session.sources) > 0:
			s.open(do)
		default:
			s.lookAtShelf(do)
		}
	case Disconnected:
		s.lose(do, m.Err)
	case Picked:
		switch {
		case len(m.Files) == 0:
		case slices.ContainsFunc(m.Files, func(f File) bool { return !mayBeSchema(f.Name) }):
			s.part(do, parting{m.Files})
		default:
			s.pick(do, m.Files)
		}
	case left: // what was kept can be looked at
		s.lookAtShelf(do)
	case schemasAdded:
		s.schemasAdded(do, m)
	case Navigated:
		s.visit(do, link.Parse(m.Fragment), false)
	case IssuesToggled:
		s.session.folded = !s.session.folded
	case progressed:
		s.takeProgress(do, m.progress)
	case opened:
		s.opened(do, m.err)
	}
}

// openFiles opens files that a person chose.
func (s *Screen) openFiles(do *commands, files []File) {
	s.consent.sites = nil
	next := session{}
	for _, f := range files {
		next.names = append(next.names, f.Name)
		next.sources = append(next.sources, f.source())
	}
	s.begin(do, next)
	s.record(do, true)
}

// navigate makes the screen show l.
func (s *Screen) navigate(do *commands, l link.Link) {
	s.startAnew(do)
	s.history.fragment = l.String()
	if l.Filter != s.filter.text {
		s.closeSuggestions(do)
		s.setFilter(do, l.Filter)
	}
	if l.Highlight != s.highlight.text {
		s.setHighlight(do, l.Highlight)
	}
	if order := parseOrder(l.Order); order != s.order {
		s.order = order
		s.watch(do)
	}
	switch {
	case l.Local != "" && l.Local == s.session.kept:
	case l.Local != "":
		s.begin(do, session{
			kept: l.Local, names: []string{l.Local}, sources: []*viewerpb.Source{{Kept: l.Local}},
		})
	case l.Session != "" && l.Session == s.session.inline && s.session.kept == "":
	case l.Session != "":
		s.begin(do, session{
			inline: l.Session, names: []string{inlineName}, sources: []*viewerpb.Source{{Name: inlineName, Inline: l.Session}},
		})
	case s.shows(l):
	case len(l.URLs) > 0:
		next := session{urls: l.URLs, key: l.Key}
		for _, url := range l.URLs {
			source := s.source(url)
			source.Key = l.Key
			if len(l.URLs) == 1 {
				source.FlowKey, source.FlowPart = l.Flow, partOf(l.Tab)
			}
			next.names = append(next.names, source.Name)
			next.sources = append(next.sources, source)
		}
		s.begin(do, next)
	default:
		s.leave(do)
	}
	s.detail.wanted, s.detail.view = l.Tab, l.View
	if l.View == previewView {
		s.detail.view = "" // only a person's own click shows it
	}
	switch {
	case l.Flow == "" && s.detail.open:
		s.hideDetail(do)
	case len(s.session.sources) == 0: // there is nothing to select from
	case l.Flow != "" && (l.Flow != s.table.selected || !s.detail.open):
		s.showFlow(do, l.Flow)
	case l.Flow != "":
		s.showTab(do)
	}
	s.record(do, false)
}

// inlineName is what a session is called that is in the link as a whole.
const inlineName = "session in the link"

// A restore is a session that is open while another is tried.
type restore struct {
	session session
	link    link.Link
}

// begin puts next in the place of the present session. The engine keeps that
// one until it knows what next is, and so does the screen.
func (s *Screen) begin(do *commands, next session) {
	s.startAnew(do)
	s.before, s.restarts.next, s.restarts.before = nil, nil, nil
	if s.phase == Opened {
		s.before = &restore{s.session, s.present()}
	}
	s.forget(do)
	s.session = next
	if s.connected {
		s.open(do)
	}
}

func (s *Screen) open(do *commands) {
	s.phase = Reading
	sources := s.session.sources
	do.add(Call{slotOpen, func(ctx context.Context, engine api.API, post func(Msg)) {
		err := engine.Open(ctx, sources, func(p *viewerpb.Progress) { post(progressed{p}) })
		post(opened{err})
	}})
}

// leave returns to the page without a session.
func (s *Screen) leave(do *commands) {
	s.forget(do)
	s.session, s.before, s.restarts.next, s.restarts.before = session{}, nil, nil, nil
	if !s.connected {
		return
	}
	s.phase = Ready
	do.add(Call{slotOpen, func(ctx context.Context, engine api.API, post func(Msg)) {
		_ = engine.Close(ctx) // a session that will not close is replaced by the next
		post(left{})
	}})
}

// forget drops all that belongs to the present session.
func (s *Screen) forget(do *commands) {
	s.opens++
	s.unlock = unlock{}
	do.stop(slotOpen, slotWatch, slotTry, slotRows, slotLocate, slotFlow, slotBody, slotKeep, slotFollow, slotHighlight, slotTerms, slotWhy, slotExport, slotCompare, slotSaveBody, slotRetell)
	s.highlight.lit, s.terms.list, s.schemas.known = nil, nil, ""
	s.closeSave(do)
	s.shelf.keeping, s.shelf.sharing, s.shelf.doomed, s.shelf.failure = nil, false, "", ""
	s.table = table{geometry: geometry{height: s.table.height, compact: s.table.compact}, width: s.table.width, cache: cache{zone: s.zone, shown: s.layout.shown}, selectedIndex: -1}
	do.stop(slotTimeline)
	s.closeOverview(do)
	s.dropPicks(do)
	s.timeline = timeline{off: s.timeline.off, cursor: -1, pointed: -1}
	s.detail.reset()
	do.add(ScrollTo{})
}

func (s *Screen) takeProgress(do *commands, p *viewerpb.Progress) {
	if s.session.stuck = p.Waiting; p.Detecting {
		return
	}
	for _, i := range p.Issues {
		s.session.addIssue(i)
	}
	s.session.total = max(s.session.total, p.IssuesTotal)
	s.session.progress = *p
	s.session.progress.Issues = nil
	first := !s.session.begun
	s.giveAway()
	s.session.begun = true
	if !s.session.watched {
		s.watch(do)
	}
	if first {
		s.loadFirst(do)
	}
}

// loadFirst asks for the flow that the link names, before it is listed: the
// engine may find it without.
func (s *Screen) loadFirst(do *commands) {
	n, key := &s.session, s.table.selected
	if s.detail.open && key != "" && len(n.sources) == 1 && n.sources[0].FlowKey == key {
		n.looked = true
		s.load(do)
	}
}

// missed takes in that a flow was not found. It reports whether it still may be.
func (s *Screen) missed(do *commands, err error) bool {
	var e *api.Error
	if !s.session.looked || !errors.As(err, &e) || e.Code != viewerpb.Code_NOT_FOUND {
		return false
	}
	s.session.looked, s.detail.key = false, ""
	s.locate(do)
	return true
}

func (s *Screen) opened(do *commands, err error) {
	s.session.stuck = ""
	locked := s.locked(err)
	defer func() { s.unlock = locked }()
	switch {
	case err == nil:
		s.phase, s.restarts.before = Opened, nil
		s.session.begun = true
		if !s.session.watched {
			s.watch(do)
		}
		s.sayAgain(do)
		s.locate(do)
		s.askTimeline(do)
		s.shareOpened(do)
	case errors.Is(err, api.ErrClosed): // of which Disconnected tells
	case s.table.total > 0:
		s.phase, s.restarts.before = Opened, nil
		s.failed(err)
		s.sayAgain(do) // it may be of the flows that were read
	case s.before != nil:
		s.restore(do, err)
	case s.restarts.before != nil && s.restarts.count > 0:
		s.reopenBefore(do, &viewerpb.Issue{Place: s.session.name(), Text: err.Error()})
	default:
		s.phase = Failed
		do.stop(slotWatch, slotTry, slotRows, slotLocate)
		s.lookAtShelf(do)
		s.session.addIssue(&viewerpb.Issue{Place: s.session.name(), Text: err.Error()})
	}
}

// restore goes back to the session before one that could not be opened, and
// says why.
func (s *Screen) restore(do *commands, err error) {
	tried, before := s.session.name(), s.before
	s.before = nil
	s.session = before.session
	s.session.watched = false
	s.session.addIssue(&viewerpb.Issue{Place: tried, Text: err.Error()})
	s.opens++
	s.phase = Opened
	s.watch(do)
	s.navigate(do, before.link)
	s.record(do, false)
	s.retell(do)
}

// baseName returns the last part of the path of a URL, as people read it. Of a
// session that is in the page itself it is the name; see viewer/bundle.
func baseName(url string) string {
	path := url
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	path = strings.TrimPrefix(strings.TrimRight(path, "/"), "bundle:")
	if name := link.Unescape(path[strings.LastIndexByte(path, '/')+1:]); name != "" {
		return name
	}
	return url
}
