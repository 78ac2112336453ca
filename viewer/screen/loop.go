package screen

import (
	"context"
	"runtime"
	"sync"

	"flowpane/viewer/api"
)

// A Msg is something that happened: an event of the page, or an answer of the
// engine.
type Msg any

// A Command is something that Update wants done: a [Call], a [Promote], or an effect
// on the page, which is one of [ScrollTo], [Focus], [SetFragment], [SetCaret],
// [Remember], [RememberNamed], [RememberSetting], [AppendPiece], [DropPieces],
// [Download], [Copy], [RememberOrigin], [OpenPicker], [LetGo], [Reload],
// [Restart], [Persist] and [Confirm].
type Command any

// A Slot is a line of calls in which a newer one cancels the one before.
type Slot int

const (
	slotOpen  Slot = iota
	slotWatch      // of the view that is shown
	slotTry        // of one that is to take its place
	slotCheck
	slotRows
	slotLocate
	slotFlow
	slotBody
	slotSurvey
	slotMessages
	slotTimeline
	slotOverview
	slotPicks
	slotBranch
	slotSave
	slotSecrets
	slotKept
	slotKeep
	slotNote
	slotFollow
	slotComplete
	slotPalette
	slotHighlight
	slotTerms
	slotWhy
	slotExport
	slotCompare
	slotSaveBody
	slotSchemas
	slotRetell
	slotCount
)

// A Call is work for the engine. Do posts messages until it returns; nil just
// ends the call before it in the slot.
type Call struct {
	Slot Slot
	Do   func(ctx context.Context, engine api.API, post func(Msg))
}

// Promote puts the call in one slot into another, and ends the one that was there.
type Promote struct{ From, To Slot }

// ScrollTo moves the flow table to a scroll position, in pixels.
type ScrollTo struct{ Top float64 }

// Focus moves the focus of the keyboard.
type Focus struct{ On Target }

// A Target is what can be given the focus.
type Target int

const (
	// FocusRow is the row of the flow table that is in the order of tabs.
	FocusRow Target = iota
	FocusFilter
	// FocusTab is the tab that is shown.
	FocusTab
	// FocusFilters is the button that opens the panel of filters, and
	// FocusHighlight the highlight rule in it.
	FocusFilters
	FocusHighlight
	// FocusTerms is the menu of what to filter by.
	FocusTerms
	// FocusFind is where what to find in a body is typed.
	FocusFind
)

// SetFragment puts a link into the address of the page. Push keeps the present
// address in the history.
type SetFragment struct {
	Fragment string
	Push     bool
}

// A Loop runs a Screen: it hands it messages one after the other, runs its
// calls and passes its effects on. Calls run on goroutines of their own, all
// else on that of whoever sends.
type Loop struct {
	screen  *Screen
	effect  func(Command)
	changed func()

	mu      sync.Mutex
	queue   []envelope
	running bool

	// Used by the running goroutine only.
	engine api.API
	cancel [slotCount]context.CancelFunc
}

// An envelope holds a message, and the context of the call that posted it.
type envelope struct {
	msg Msg
	ctx context.Context
}

// NewLoop returns a Loop for screen. effect does an effect on the page; changed
// is told when the state may differ. Both are called one at a time, and may
// send.
func NewLoop(screen *Screen, effect func(Command), changed func()) *Loop {
	return &Loop{screen: screen, effect: effect, changed: changed}
}

// Connect gives the loop the engine that its calls go to, in place of one that is
// gone.
func (l *Loop) Connect(engine api.API) { l.Send(connected{engine}) }

// Send hands a message to the screen. It never waits: while another message is
// being handled, as when an effect fires an event, it only queues.
func (l *Loop) Send(msg Msg) { l.post(context.Background(), msg) }

func (l *Loop) post(ctx context.Context, msg Msg) {
	l.mu.Lock()
	l.queue = append(l.queue, envelope{msg, ctx})
	running := l.running
	l.running = true
	l.mu.Unlock()
	if running {
		return
	}
	for {
		next, ok := l.next()
		if !ok {
			break
		}
		// What a cancelled call posted before it heard of it is out of date.
		if next.ctx.Err() == nil {
			l.handle(next.msg)
		}
	}
}

// next takes a message from the queue. When there is none the loop no longer
// runs.
func (l *Loop) next() (e envelope, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		l.running = false
		return e, false
	}
	e = l.queue[0]
	l.queue = l.queue[1:]
	return e, true
}

func (l *Loop) handle(msg Msg) {
	switch m := msg.(type) {
	case connected:
		l.leave()
		l.engine = m.engine
	case Disconnected:
		l.leave()
	}
	for _, command := range l.screen.Update(msg) {
		switch c := command.(type) {
		case Call:
			l.call(c)
		case Promote:
			l.promote(c)
		default:
			l.effect(c)
		}
	}
	runtime.Gosched() // the engine begins while the rest is done here
	l.changed()
}

// leave ends the calls of an engine that is gone, so that none of them speaks of
// the next, and makes no more of them.
func (l *Loop) leave() {
	for slot := range slotCount {
		l.end(slot)
	}
	l.engine = nil
}

// end ends the call in a slot, if there is one.
func (l *Loop) end(slot Slot) {
	if cancel := l.cancel[slot]; cancel != nil {
		cancel()
		l.cancel[slot] = nil
	}
}

func (l *Loop) promote(p Promote) {
	l.end(p.To)
	l.cancel[p.To], l.cancel[p.From] = l.cancel[p.From], nil
}

func (l *Loop) call(c Call) {
	l.end(c.Slot)
	if c.Do == nil || l.engine == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel[c.Slot] = cancel
	engine := l.engine
	go c.Do(ctx, engine, func(m Msg) { l.post(ctx, m) })
}
