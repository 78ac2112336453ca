package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// Restart starts an engine in place of one that is gone, and connects it.
type Restart struct{}

// restarts is what is known of engines that ended. What ends one as a rule, a
// session that takes more memory than there is, may end the next as well: each
// time that nobody had a hand in it, less is shown again, and at last nothing.
type restarts struct {
	count int   // since a person last did something with an engine that ran
	next  *last // what the engine that is started is to show; nil: nothing
	// before is what was open before what is being read. It is opened again when
	// that ends each engine.
	before *restore
}

// The steps down, by how often an engine ended.
const (
	sameView    = 1 // the session is opened again, and stands where it stood
	plainView   = 2 // the session is opened again, as at first
	nothingOpen = 3 // the engine is started, and opens nothing
)

// last is what was seen last before an engine ended.
type last struct {
	session  session
	selected string // key of a flow
	open     bool   // the flow is shown: its tab, and its view
	tab      string
	view     string
	why      *viewerpb.Issue
}

// lose takes in that the engine is gone, and has another started.
func (s *Screen) lose(do *commands, err error) {
	if s.session.lost {
		return
	}
	ran := s.connected
	s.connected = false
	if s.restarts.count++; !ran || s.restarts.count > nothingOpen {
		s.giveUp(err)
		return
	}
	if s.restarts.count == plainView && !s.looksCloser() {
		s.restarts.count = nothingOpen // that is what has just been tried
	}
	s.giveAway()
	next := s.lastSeen()
	if s.restarts.count == plainView {
		s.filter, s.highlight, next.selected, next.open = filter{}, highlight{}, "", false
	}
	s.forget(do)
	s.session, s.before = next.session, nil
	s.phase, s.restarts.next = Loading, next
	s.schemas.requeue()
	do.add(Restart{})
}

// giveAway takes in that no engine has the session before any more.
func (s *Screen) giveAway() {
	if s.before != nil {
		s.restarts.before, s.before = &restore{s.before.session.again(), s.before.link}, nil
	}
}

// giveUp says that there is no engine, and will be none until a person opens
// something.
func (s *Screen) giveUp(err error) {
	text := err.Error()
	if s.restarts.count > nothingOpen {
		text = "The engine stopped again with nothing open, and is not started any more until you open something."
	}
	s.session.lost, s.session.folded = true, false
	s.phase, s.restarts.next = Failed, nil
	s.session.addIssue(&viewerpb.Issue{Text: text})
}

// startAnew has an engine started where there is none, for a person who opens
// something.
func (s *Screen) startAnew(do *commands) {
	if !s.session.lost {
		return
	}
	again := s.lastSeen().session
	s.forget(do)
	s.session, s.phase = again, Loading
	do.add(Restart{})
}

// looksCloser reports whether more is asked of the engine than to list the
// session.
func (s *Screen) looksCloser() bool {
	return strings.TrimSpace(s.filter.text+s.highlight.text) != "" || s.table.selected != ""
}

// lastSeen returns what is open, to be opened again.
func (s *Screen) lastSeen() *last {
	d := &s.detail
	next := &last{
		session:  s.session.again(),
		selected: s.table.selected, open: d.open, tab: d.wanted, view: d.view,
		why: &viewerpb.Issue{Text: s.whatHappened()},
	}
	if next.view == previewView {
		next.view = "" // only a person's own click shows it
	}
	return next
}

// again returns n as it is to be opened by another engine.
func (n *session) again() session {
	next := session{
		names: n.names, urls: n.urls, key: n.key, inline: n.inline, kept: n.kept, sources: n.sources,
		said: n.said, untold: n.toRetell(), refollow: n.following || n.refollow,
	}
	if n.kept != "" { // where what is said of flows is, too
		next.sources = []*viewerpb.Source{{Kept: n.kept}}
	}
	return next
}

// whatHappened says so, and what comes of it.
func (s *Screen) whatHappened() string {
	if len(s.session.sources) == 0 {
		return "The engine stopped, and was started again."
	}
	var text string
	shown := &s.session
	switch s.restarts.count {
	case sameView:
		text = "The engine stopped, perhaps for want of memory. It was started again, and the session opened again where you were."
	case plainView:
		text = "The engine stopped again. The session was opened again without its filter and without a flow: one of these may take more memory than there is."
	default:
		text = "The engine stopped again while it read this, so it is not opened once more. It may take more memory than this browser grants: " +
			"close other tabs and reload the page, or open a smaller file."
		if shown = nil; s.restarts.before != nil {
			shown = &s.restarts.before.session
			text += " The session that was open before was opened again."
		}
	}
	if s.shelf.keeping != nil {
		text += " Keeping it was broken off: what was kept until then is in the list of kept sessions."
	}
	if s.save.running {
		text += " What was being saved was not saved."
	}
	if shown != nil && shown.saidOfView() {
		text += " Marks that were set on all shown flows at once are gone."
	}
	return text
}

// saidOfView reports whether something was said of the flows that a view showed:
// which those were nobody knows any more.
func (n *session) saidOfView() bool {
	for _, a := range n.said {
		if a.Scope == viewerpb.Scope_VIEW {
			return true
		}
	}
	return false
}

// reopen has the engine that was started show what the last one showed.
func (s *Screen) reopen(do *commands) {
	l, before := s.restarts.next, s.restarts.before
	if s.restarts.count == nothingOpen && before != nil {
		l.why.Place = l.session.name()
		s.reopenBefore(do, l.why)
		return
	}
	if s.restarts.count == nothingOpen || len(l.session.sources) == 0 {
		s.restarts.next, s.session = nil, session{names: l.session.names}
		s.session.addIssue(l.why)
		if len(l.session.sources) > 0 {
			s.phase = Failed
		}
		s.lookAtShelf(do)
		return
	}
	s.begin(do, l.session)
	s.restarts.before = before
	s.session.addIssue(l.why)
	s.table.selected, s.table.reveal = l.selected, l.selected != ""
	s.detail.open, s.detail.wanted, s.detail.view = l.open, l.tab, l.view
	s.record(do, false)
}

// reopenBefore opens what was open before something that is given up, and says why.
func (s *Screen) reopenBefore(do *commands, why *viewerpb.Issue) {
	before := s.restarts.before
	s.restarts.count = 0 // it did not end an engine
	s.begin(do, before.session)
	s.session.addIssue(why)
	s.navigate(do, before.link)
}

// sayAgain tells the engine that was started what a person said of flows, and has
// it follow a file that was followed.
func (s *Screen) sayAgain(do *commands) {
	s.retell(do)
	if n := &s.session; n.refollow {
		n.refollow = false
		s.follow(do)
	}
}

// toRetell returns what is to be told to the engine that opens the session again:
// what only the last one knew, except of all flows that a view showed.
func (n *session) toRetell() []*viewerpb.Annotate {
	if n.kept != "" { // there is all that an engine took
		return n.untold
	}
	return slices.DeleteFunc(slices.Clone(n.said), func(a *viewerpb.Annotate) bool { return a.Scope == viewerpb.Scope_VIEW })
}

// retell tells the engine the first thing that it is still to be told.
func (s *Screen) retell(do *commands) {
	if len(s.session.untold) == 0 {
		return
	}
	a := s.session.untold[0]
	do.add(Call{slotRetell, func(ctx context.Context, engine api.API, post func(Msg)) {
		row, err := engine.Annotate(ctx, a)
		post(retold{noted{a.Key, row, err}})
	}})
}

// forgive counts anew when a person does something with an engine that has shown
// all that it was to show, or opens something else.
func (r *restarts) forgive(msg Msg, phase Phase) {
	switch msg.(type) {
	case Picked, Navigated, AddressGiven:
		r.count = 0
	case Acted, RowClicked, FilterTyped, HeaderClicked, HighlightTyped, TermChosen, FieldChosen, TabChosen, ViewChosen,
		MoreAsked, LineAsked, StepTaken, FindTyped, MessageClicked, KeepAsked, SaveStarted:
		if phase == Opened || phase == Ready {
			r.count = 0
		}
	}
}
