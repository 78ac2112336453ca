// Package screen is the user interface without the document: a state, messages
// that change it, and the commands that follow from them. It holds every text
// that people read, and every decision that is worth a test.
//
// A [Screen] is told what happened by Update, which returns what is to be done;
// State says what is to be seen. A [Loop] joins a Screen to an engine.
package screen

import (
	"errors"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/link"
)

// A Phase is what the page as a whole is at; its name is in
// document.documentElement.dataset.state.
type Phase string

const (
	// Loading: the engine is not there yet.
	Loading Phase = "loading"
	// Ready: nothing is open, files are welcome.
	Ready Phase = "ready"
	// Reading: a session is being read; its first flows may be seen.
	Reading Phase = "reading"
	// Opened: a session is read.
	Opened Phase = "open"
	// Failed: the session could not be read at all.
	Failed Phase = "failed"
)

// narrowWidth is the width, in pixels, below which the detail pane takes the
// place of the flow table. The style sheet has the same figure.
const narrowWidth = 800

// A Screen is the state of the user interface. Its methods are called from one
// goroutine at a time.
type Screen struct {
	zone Zone
	// sortHeaders: headers are shown in the order of their names.
	sortHeaders bool
	connected   bool
	restarts    restarts
	handed      []string // tokens of files that the engine was handed, and that were not let go
	at          string   // the address of the page, without a fragment
	phase       Phase
	width       float64

	session     session
	opens       int      // how many sessions there have been
	before      *restore // what a session that cannot be opened gives way to again
	filter      filter
	suggestions suggestions
	filters     filters
	highlight   highlight
	terms       terms
	order       order
	table       table
	layout      layout
	timeline    timeline
	palette     palette
	theme       Theme
	app         app
	overview    overview
	picks       picks
	detail      detail
	save        save
	shelf       shelf
	schemas     schemas
	resolve     Resolver
	consent     consent
	parting     *parting // what a person is asked about, nil if nothing
	unlock      unlock
	history     history
}

// New returns a Screen that waits for its engine. Clock times are shown as of
// zone; nil is UTC. Addresses are as resolve has them; nil is that all are of
// this page's own site.
func New(zone Zone, resolve Resolver) *Screen {
	if zone == nil {
		zone = func(int64) int { return 0 }
	}
	if resolve == nil {
		resolve = func(address string) Address { return Address{URL: address} }
	}
	s := &Screen{zone: zone, resolve: resolve, phase: Loading, width: 1200}
	s.detail.auto = true
	s.table.selectedIndex, s.table.cache.zone, s.suggestions.active = -1, zone, -1
	s.table.width, s.timeline.cursor, s.picks.anchor = s.width, -1, -1
	s.layOut()
	return s
}

// Update takes msg in and returns what is to be done.
func (s *Screen) Update(msg Msg) []Command {
	var do commands
	s.handOver(msg)
	switch m := msg.(type) {
	case connected, Disconnected, Picked, Navigated, IssuesToggled, progressed, opened, left, schemasAdded:
		s.updateSession(&do, m)
	case CloseAsked:
		s.part(&do, parting{})
	case Answered:
		s.answered(&do, m)
	case KeyGiven, KeyRefused:
		s.updateUnlock(&do, m)
	case FilterTyped, FilterLeft, HeaderClicked, checked, viewed, unwatched:
		s.updateView(&do, m)
	case RowClicked, RowFocused, Scrolled, Resized, rowsCame, located:
		s.updateTable(&do, m)
	case ColumnsAsked, ColumnsClosed, ColumnToggled, ColumnMoved, ColumnResized, ColumnStepped, ColumnsReset:
		s.updateLayout(&do, m)
	case TimelineBrushed, TimelineZoomed, TimelineWheeled, TimelineStepped, TimelineTaken, TimelineReset, TimelinePointed, TimelineLeft, timelineCame:
		s.updateTimeline(&do, m)
	case OverviewClosed, GroupChosen, GroupToggled, GroupsOrdered, OutlierChosen, overviewCame, branchCame:
		s.updateOverview(&do, m)
	case rangeCame:
		s.rangeCame(m)
	case AppKept:
		s.appKept(m)
	case SettingRecalled:
		s.recallSetting(&do, m)
	case PaletteTyped, PaletteMoved, PaletteRun, PaletteClosed, operatorsCame:
		s.updatePalette(&do, m)
	case ViewChosen, MoreAsked, LineAsked, FoldToggled, AllFolded, StepTaken, StepsLeft, AllowAsked, BodyCopyAsked, ImageFailed, bodyCame, surveyed, bodyCopied:
		s.updateBody(&do, msg)
	case HeadersSorted, TableCopied:
		s.updateHeaders(&do, msg)
	case MessagesFiltered, StreamToggled, MoreMessagesAsked, MessageClicked, messagesCame:
		s.updateTalk(&do, msg)
	case TabChosen, ReasonChosen, flowCame, whyCame, comparedCame:
		s.updateDetail(&do, m)
	case AddressGiven, ConsentGiven, ConsentRefused, OriginRecalled, Offered:
		s.updateConsent(&do, m)
	case Surrounded, QuestionSeen, ApartAsked, ApartOpened:
		s.updateSight(&do, m)
	case SaveClosed, SaveTargetChosen, SaveScopeChosen, SaveStarted, targetsCame, lossesCame, pieceCame, saveEnded:
		s.updateSave(&do, m)
	case SecretsLeft, SecretClassToggled, ClaimsToggled, SecretAdded, SecretDropped, SecretFlowChosen, TextSelected, secretsCame:
		s.updateSecrets(&do, m)
	case Served, SealToggled, HostTyped, LinkCopied, linkMade:
		s.updateShare(&do, m)
	case KeepAsked, KeptShared, KeptRemoved, keptCame, keeping, keepEnded, removed:
		s.updateShelf(&do, m)
	case FollowAsked, grown, followEnded:
		s.updateFollow(&do, m)
	case Commented, Marked, noted, retold:
		s.updateNotes(&do, m)
	case FiltersToggled, FiltersLeft, HighlightTyped, FilterNamed, NamedChosen, NamedForgotten, NamedRecalled, litCame:
		s.updateFilters(&do, m)
	case TermsAsked, TermChosen, TermsLeft, FieldChosen, termsCame, fieldCame:
		s.updateTerms(&do, m)
	case ExportChosen, Copied, exportCame:
		s.updateExport(&do, m)
	case BodySaveAsked, bodyPieceCame, bodySaved:
		s.updateSaveBody(&do, m)
	case FindTyped, HitAsked:
		s.updateFind(&do, m)
	case CaretMoved, CaretGone, SuggestionChosen, Remembered, completionsCame:
		s.updateSuggestions(&do, m)
	case Acted:
		s.act(&do, m.Action)
	}
	s.history.keep(msg)
	s.restarts.forgive(msg, s.phase)
	s.letGo(&do)
	return do
}

// commands gathers what an Update wants done.
type commands []Command

func (do *commands) add(c ...Command) { *do = append(*do, c...) }

// stop ends the calls of slots.
func (do *commands) stop(slots ...Slot) {
	for _, slot := range slots {
		do.add(Call{Slot: slot})
	}
}

func (s *Screen) act(do *commands, action Action) {
	switch action {
	case NextRow:
		s.move(do, 1)
	case PreviousRow:
		s.move(do, -1)
	case NextPage:
		s.move(do, s.table.page())
	case PreviousPage:
		s.move(do, -s.table.page())
	case FirstRow:
		s.moveTo(do, 0)
	case LastRow:
		s.moveTo(do, s.table.count-1)
	case OpenDetail:
		s.enterDetail(do)
	case CloseDetail:
		if !s.dropPicks(do) {
			s.closeDetail(do)
		}
	case NextTab:
		s.moveTab(do, 1)
	case PreviousTab:
		s.moveTab(do, -1)
	case FirstTab:
		s.moveTabTo(do, 0)
	case LastTab:
		s.moveTabTo(do, len(s.detail.tabs)-1)
	default:
		s.actOnPage(do, action)
	}
}

// actOnPage does what is not about where one is.
func (s *Screen) actOnPage(do *commands, action Action) {
	switch action {
	case SaveAs:
		s.openSave(do)
	case ToggleMark:
		s.toggleMark(do)
	case GoToFilter:
		do.add(Focus{FocusFilter})
	case NextSuggestion:
		s.suggestions.walk(1)
	case PreviousSuggestion:
		s.suggestions.walk(-1)
	case TakeSuggestion:
		s.take(do, s.suggestions.active)
	case FilterBy:
		s.askTerms(do, TermsAsked{Index: -1})
	case OpenPalette:
		s.openPalette(do)
	case ToggleTimeline:
		s.toggleTimeline(do)
	case ToggleCompact:
		s.toggleCompact(do)
	case UseSystemTheme:
		s.setTheme(do, SystemTheme)
	case UseLightTheme:
		s.setTheme(do, LightTheme)
	case UseDarkTheme:
		s.setTheme(do, DarkTheme)
	case OpenFiles:
		do.add(OpenPicker{})
	case CloseSession:
		s.part(do, parting{})
	case OpenOverview:
		s.openOverview(do)
	case PickRow:
		s.pickRow(do, s.table.cursor)
	case PickNext:
		s.pickTo(do, s.table.cursor+1)
	case PickPrevious:
		s.pickTo(do, s.table.cursor-1)
	case PickAll:
		s.pickAll(do)
	case TakeUpdate:
		do.add(Reload{})
	case KeepSession:
		s.keep(do)
	case FollowSession:
		s.follow(do)
	case OpenColumns:
		s.layout.open = true
	case OpenFilters:
		s.openFilters(do)
	case SetBase:
		s.setBase(do)
	case FindInBody:
		do.add(Focus{FocusFind})
	case NextHit:
		s.goToHit(do, false)
	case PreviousHit:
		s.goToHit(do, true)
	case CloseSuggestions:
		s.closeSuggestions(do)
	case GoToTable:
		s.filter.typing = false
		do.add(Focus{FocusRow})
	}
}

func (s *Screen) narrow() bool { return s.width < narrowWidth }

// failed takes in the error of a call that is not the subject of the screen. It
// reports whether there was one.
func (s *Screen) failed(err error) bool {
	if err == nil {
		return false
	}
	if !errors.Is(err, api.ErrClosed) { // of which Disconnected tells
		s.session.addIssue(&viewerpb.Issue{Text: err.Error()})
	}
	return true
}

// present returns the link to what is seen.
func (s *Screen) present() link.Link {
	l := link.Link{
		URLs: s.session.urls, Key: s.session.key, Local: s.session.kept, Session: s.session.inline,
		Filter: s.filter.text, Highlight: s.highlight.text, Order: s.order.String(),
	}
	if l.Local != "" { // where what is said of flows is kept too
		l.URLs, l.Key, l.Session = nil, "", ""
	}
	if s.detail.open {
		l.Flow, l.Tab, l.View = s.table.selected, s.detail.wanted, s.detail.view
		if l.View == previewView {
			l.View = ""
		}
	}
	return l
}

// A history remembers the address that was last set or met.
type history struct {
	fragment string
	walking  bool // the address has an entry for the present walk
}

// keep ends a walk when a person does something else. A walk from row to row
// is one entry of the history.
func (h *history) keep(msg Msg) {
	switch m := msg.(type) {
	case Acted:
		h.walking = m.Action == NextRow || m.Action == PreviousRow
	case RowClicked, FilterTyped, HeaderClicked, TermChosen, FieldChosen, TabChosen, Navigated, Picked, AddressGiven, CloseAsked:
		h.walking = false
	}
}

// record brings the address up to date. While a person is asked about a link, it
// is that.
func (s *Screen) record(do *commands, push bool) {
	fragment := s.present().String()
	if fragment == s.history.fragment || len(s.consent.sites) > 0 {
		return
	}
	s.history.fragment = fragment
	do.add(SetFragment{Fragment: fragment, Push: push})
}
