package ui

import (
	"math"
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/api"
	"flowpane/viewer/screen"
)

// A UI is the document.
type UI struct {
	loop    *screen.Loop
	screen  *screen.Screen
	restart func()
	letGo   func(token string)

	root     *element
	name     *element
	filter   *filterBox
	filters  *filterPanel
	terms    *termMenu
	start    startPage
	consent  *consentDialog
	unlock   *unlockDialog
	issues   issueList
	timeline *timeline
	table    *table
	columns  *columnDialog
	palette  *paletteDialog
	detail   *detail
	files    *files
	save     *saveDialog
	kept     *keptList
	follow   *element
	home     *element
	saved    savedFile
	offers   *offers
	address  *addressBar
	app      appNotice
	overview *overviewDialog
	status   *element
	bar      *element
	title    string
	theme    screen.Theme
	drawing  bool // a draw is due
	warmed   bool
	frame    js.Func
	leaving  js.Func // has a browser ask who is about to leave the page
	unsaved  bool    // and it is to

	// Effects that wait for the draw.
	scroll *float64
	focus  *screen.Target
	caret  *int
}

// A Line leads to the engine that is running.
type Line struct {
	// SendFile hands over a file that a person chose, under the token by which it
	// is opened, and SendHandle the handle of one that was dropped, later.
	SendFile, SendHandle func(token string, file js.Value)
	// LetGo says that a file will not be opened, nor its handle be asked for, any more.
	LetGo func(token string)
	// Restart starts an engine in place of one that is gone, and has it connected.
	Restart func()
}

// New takes the document over and draws the first state into it.
func New(line Line) *UI {
	u := &UI{screen: screen.New(zone(), resolve), restart: line.Restart, letGo: line.LetGo}
	u.loop = screen.NewLoop(u.screen, u.effect, u.changed)
	u.root = wrap(document().Get("documentElement"))
	u.name, u.status, u.bar = byID("name"), byID("status"), byID("progress")
	u.frame = js.FuncOf(func(js.Value, []js.Value) any {
		u.drawing = false
		u.draw()
		return nil
	})
	u.address = newAddressBar()
	u.filter = newFilterBox(u.loop)
	u.filters = newFilterPanel(u.loop)
	u.terms = newTermMenu(u.loop)
	u.start = newStartPage()
	takeAddresses(u.loop)
	u.consent = newConsentDialog(u.loop)
	u.unlock = newUnlockDialog(u.loop)
	u.issues = newIssueList(u.loop)
	u.timeline = newTimeline(u.loop)
	u.table = newTable(u.loop)
	u.columns = newColumnDialog(u.loop, u.table.head)
	u.palette = newPaletteDialog(u.loop)
	recallSettings(u.loop)
	recallOrigins(u.loop)
	u.detail = newDetail(u.loop)
	u.save = newSaveDialog(u.loop)
	u.kept = newKeptList(u.loop)
	u.home = byID("home")
	u.home.on("click", func(dom.Event) { u.loop.Send(screen.CloseAsked{}) })
	u.leaving = js.FuncOf(func(_ js.Value, args []js.Value) any {
		args[0].Call("preventDefault")
		return nil
	})
	u.follow = byID("follow")
	u.follow.on("click", func(dom.Event) { u.loop.Send(screen.FollowAsked{}) })
	u.files = newFiles(u.loop, u.root, line.SendFile, line.SendHandle)
	u.offers = newOffers(u.loop, u.files)
	u.overview = newOverviewDialog(u.loop)
	u.app = newAppNotice(u.loop)
	newTip()
	u.listenToKeys()
	navigated := func() {
		u.loop.Send(screen.Navigated{Fragment: hash()})
	}
	onRaw(js.Global(), "hashchange", func(js.Value) {
		u.address.forget()
		navigated()
	})
	u.loop.Send(screen.Served{At: pageAddress()})
	navigated()
	u.draw()
	return u
}

// Connect gives the page its engine, or one in place of an engine that is gone.
func (u *UI) Connect(engine api.API) { u.loop.Connect(engine) }

// Disconnect says that there is no engine, and why, once for each.
func (u *UI) Disconnect(err error) { u.loop.Send(screen.Disconnected{Err: err}) }

// effect does an effect, or keeps it for the draw that is about to come, when
// the document is as the effect expects it.
func (u *UI) effect(c screen.Command) {
	switch c := c.(type) {
	case screen.ScrollTo:
		u.scroll = &c.Top
	case screen.Focus:
		u.focus = &c.On
	case screen.SetCaret:
		u.caret = &c.At
	case screen.Remember:
		rememberFilters(c.Filters)
	case screen.RememberNamed:
		rememberNamed(c.Filters)
	case screen.RememberSetting:
		store(settingKey(c.Name), c.Value)
	case screen.OpenPicker:
		u.files.input.Click()
	case screen.AppendPiece:
		u.saved.append(c.Data)
	case screen.DropPieces:
		u.saved.drop()
	case screen.Download:
		u.saved.download(c.Name, c.Media)
	case screen.Copy:
		u.copy(c.Text)
	case screen.AnswerOffer:
		u.offers.answer(c.Taken)
	case screen.LetGo:
		for _, token := range c.Tokens {
			u.letGo(token)
		}
	case screen.Restart:
		u.restart()
	case screen.OpenApart:
		u.openApart(c)
	case screen.Reload:
		js.Global().Get("location").Call("reload")
	case screen.RememberOrigin:
		rememberOrigin(c.Origin)
	case screen.Persist:
		persist()
	case screen.Confirm:
		u.confirm(c.Text)
	case screen.SetFragment:
		u.address.set(c)
	}
}

// changed sees to it that the state is drawn in the next frame. A focus that
// moves does not wait: the next key may be here before the next frame.
func (u *UI) changed() {
	if u.focus != nil {
		u.draw()
	} else if !u.drawing {
		u.drawing = true
		js.Global().Call("requestAnimationFrame", u.frame)
	}
}

func (u *UI) draw() {
	s := u.screen.State()
	u.root.setAttr("data-state", string(s.Phase))
	u.root.setFlag("data-detail", s.Detail.Open)
	if s.Phase != screen.Loading {
		u.root.RemoveAttribute("data-linked")
	}
	u.drawTheme(s.Theme)
	u.home.setFlag("disabled", !s.Closable)
	u.guard(s.Unsaved)
	if u.title != s.Title {
		u.title = s.Title
		document().Set("title", s.Title)
	}
	u.name.setText(s.Name)
	u.filter.draw(&s.Filter)
	u.filters.draw(&s.Filters)
	u.terms.draw(&s.Terms)
	u.consent.draw(&s.Consent) // it gives back the focus to what it was opened over
	u.unlock.draw(&s.Unlock)
	if u.start.draw(&s.Start) {
		u.table.refocus = true
	}
	u.issues.draw(&s.Issues)
	u.timeline.draw(&s.Timeline)
	more := u.table.draw(&s.Table, u.scroll)
	u.palette.draw(&s.Palette)
	u.columns.draw(&s.Columns)
	u.detail.draw(&s.Detail)
	u.save.draw(&s.Save)
	u.kept.draw(&s.Kept)
	u.follow.show(s.Follow.Offered)
	u.follow.setAttr("aria-pressed", yesNo(s.Follow.On))
	u.overview.draw(&s.Overview)
	u.app.draw(&s.App)
	u.status.setAttr("aria-live", map[bool]string{true: "off", false: "polite"}[s.Fleeting])
	u.status.setText(s.Status)
	u.bar.show(s.Progress >= 0)
	if s.Progress >= 0 {
		u.bar.Set("value", s.Progress)
	}
	if s.Phase == screen.Ready && !u.warmed {
		u.warmed = true
		whenIdle(func() {
			screen.Warm(zone())
			u.table.warm()
		})
	}
	u.scroll = nil
	if u.focus != nil {
		on := *u.focus
		u.focus = nil
		u.moveFocus(on)
	}
	if u.caret != nil {
		setCaret(u.filter.input, *u.caret)
		u.caret = nil
	}
	if more {
		u.changed()
	}
}

// guard has the browser ask whoever is about to leave the page, or no more. A page
// that listens for that is not kept for who comes back, so it does so seldom.
func (u *UI) guard(unsaved bool) {
	if u.unsaved == unsaved {
		return
	}
	u.unsaved = unsaved
	what := map[bool]string{true: "addEventListener", false: "removeEventListener"}[unsaved]
	js.Global().Call(what, "beforeunload", u.leaving)
}

// confirm asks a question. In a frame a browser may not let it: there the answer is
// yes.
func (u *UI) confirm(text string) {
	window := js.Global()
	yes := !window.Get("parent").Equal(window) || window.Call("confirm", text).Bool()
	u.loop.Send(screen.Answered{Yes: yes})
}

func (u *UI) drawTheme(theme screen.Theme) {
	if u.theme == theme {
		return
	}
	u.theme = theme
	if theme == screen.SystemTheme {
		u.root.dropAttr("data-theme")
	} else {
		u.root.setAttr("data-theme", string(theme))
	}
	u.timeline.bars.paint()
}

// whenIdle calls f when the browser has nothing else to do, if it can tell.
func whenIdle(f func()) {
	idle := js.Global().Get("requestIdleCallback")
	if idle.Type() != js.TypeFunction {
		return
	}
	var once js.Func
	once = js.FuncOf(func(js.Value, []js.Value) any {
		once.Release()
		f()
		return nil
	})
	idle.Invoke(once)
}

func (u *UI) moveFocus(on screen.Target) {
	switch on {
	case screen.FocusRow:
		u.table.focus()
	case screen.FocusFilter:
		u.filter.focus()
	case screen.FocusFilters:
		u.filters.toggle.Focus()
	case screen.FocusHighlight:
		u.filters.highlight.Focus()
		u.filters.highlight.Call("select")
	case screen.FocusTerms:
		u.terms.focus()
	case screen.FocusFind:
		u.detail.body.find.focus()
	case screen.FocusTab:
		u.detail.focus()
	}
}

// zone asks the browser what clocks here showed at a time: the program's own
// zone is fixed when it starts, and knows no summer. Clocks change at quarters
// of an hour, and the flows of a screen are of one as a rule.
func zone() screen.Zone {
	const quarter = int64(15 * time.Minute)
	date := js.Global().Get("Date")
	last, offset := int64(math.MinInt64), 0
	return func(ns int64) int {
		if ns/quarter != last {
			last = ns / quarter
			offset = -60 * date.New(float64(ns/1e6)).Call("getTimezoneOffset").Int()
		}
		return offset
	}
}

func (u *UI) listenToKeys() {
	taken := false // the key that is down
	wrap(document()).on("keydown", func(e dom.Event) {
		key, ok := e.(*dom.KeyboardEvent)
		taken = ok && u.take(key)
		if taken {
			e.PreventDefault()
		}
	})
	// Whoever drives a browser may send the character apart from the key. It
	// must not reach what has the focus by now.
	onRaw(document(), "keypress", func(e js.Value) {
		if taken {
			e.Call("preventDefault")
		}
	})
}

// take does what a key asks for, and reports whether it asked for something.
func (u *UI) take(key *dom.KeyboardEvent) bool {
	event := key.Underlying()
	if key.AltKey() || key.DefaultPrevented() || event.Get("isComposing").Bool() {
		return false
	}
	area := areaOf(event.Get("target"))
	if area == screen.AreaFilter {
		area = u.screen.FilterArea()
	}
	name := key.Key()
	if key.CtrlKey() || key.MetaKey() {
		name = "Ctrl+" + name
	}
	action := screen.KeyAction(area, name, key.ShiftKey())
	if action == screen.NoAction {
		return false
	}
	u.loop.Send(screen.Acted{Action: action})
	if area == screen.AreaTabs {
		u.focusTabs(action)
	}
	return true
}

// focusTabs lets the focus follow the tab shown, if it was among the tabs.
func (u *UI) focusTabs(action screen.Action) {
	switch action {
	case screen.NextTab, screen.PreviousTab, screen.FirstTab, screen.LastTab:
		u.effect(screen.Focus{On: screen.FocusTab})
		u.changed()
	}
}

func areaOf(target js.Value) screen.Area {
	if target.Get("closest").IsUndefined() {
		return screen.AreaPage
	}
	is := func(selector string) bool { return target.Call("matches", selector).Bool() }
	switch {
	case !target.Call("closest", "dialog, #filters, #terms").IsNull():
		return screen.AreaField
	case is("#filter"):
		return screen.AreaFilter
	case is("[role=tab]"):
		return screen.AreaTabs
	case is("[role=row]"):
		return screen.AreaGrid
	case is("button, a, label, input[type=file]"):
		return screen.AreaControl
	case is("input, select, textarea"):
		return screen.AreaField
	case !target.Call("closest", "#detail").IsNull():
		return screen.AreaDetail
	}
	return screen.AreaPage
}
