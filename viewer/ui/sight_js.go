package ui

import (
	"syscall/js"

	"flowpane/viewer/screen"
)

// A sight tells whether a person sees a question: whether it has been in front of
// them, and nothing before it, for a moment.
//
// A window that another page puts in front of this one, and closes between the two
// clicks of a double click, takes the focus; from its return on the moment counts
// anew. A page that shows this one in a frame can cover it, or make it
// transparent; of that an IntersectionObserver tells which tracks visibility. A
// browser that has one also takes no clicks in a frame that was moved under the
// pointer just before.
//
// Source: https://w3c.github.io/IntersectionObserver/#calculate-visibility-algo
type sight struct {
	loop     *screen.Loop
	dialog   *element
	observer js.Value // undefined where nothing is around the page, or nothing tells
	framed   bool

	number int // of the question, 0 for none
	plain  bool
	timer  js.Value
	due    js.Func
}

// aMoment is how long a question has to be seen before it can be answered, in
// milliseconds: more than the clicks of a double click are apart.
const aMoment = 500

func newSight(loop *screen.Loop, dialog *element) *sight {
	v := &sight{loop: loop, dialog: dialog}
	v.due = js.FuncOf(func(js.Value, []js.Value) any {
		v.tell(true)
		return nil
	})
	onRaw(document(), "visibilitychange", func(js.Value) { v.begin() })
	if window := js.Global(); window.Get("parent").Equal(window) {
		onRaw(window, "focus", func(js.Value) { v.begin() })
		return v
	}
	v.framed = true // it gets the focus with the click that answers
	v.observe()
	loop.Send(screen.Surrounded{Watched: v.observer.Truthy()})
	return v
}

// observe makes the observer, where the browser has one that tells.
func (v *sight) observe() {
	changed := js.FuncOf(func(_ js.Value, args []js.Value) any {
		last := args[0].Index(args[0].Length() - 1)
		v.plain = last.Get("isVisible").Truthy() && last.Get("intersectionRatio").Float() > 0.99 // it is rounded
		v.begin()
		return nil
	})
	const often = 100 // ms: the least that browsers grant
	observer := js.Global().Get("IntersectionObserver").New(changed, map[string]any{"trackVisibility": true, "delay": often, "threshold": []any{0.5, 0.99, 1}})
	if observer.Get("trackVisibility").Truthy() {
		v.observer = observer
	}
}

// draw follows which question there is.
func (v *sight) draw(s *screen.Consent) {
	number := s.Number
	if !s.Open {
		number = 0
	}
	if number == v.number {
		return
	}
	if v.observer.Truthy() && (number == 0) != (v.number == 0) {
		v.plain = false
		if number == 0 {
			v.observer.Call("disconnect")
		} else {
			v.observer.Call("observe", v.dialog.Value)
		}
	}
	v.number = number
	v.begin()
}

// begin begins the moment anew, if the question is seen.
func (v *sight) begin() {
	js.Global().Call("clearTimeout", v.timer)
	if v.number == 0 {
		return
	}
	v.tell(false)
	if v.plain || !v.framed {
		v.timer = js.Global().Call("setTimeout", v.due, aMoment)
	}
}

func (v *sight) tell(seen bool) { v.loop.Send(screen.QuestionSeen{Number: v.number, Seen: seen}) }

// openApart opens a tab of this page, where nothing is around it.
func (u *UI) openApart(c screen.OpenApart) {
	ok := false
	if c.Offer {
		ok = u.offers.pass()
	} else if tab := js.Global().Call("open", pageAddress()+"#"+c.Fragment); tab.Truthy() {
		tab.Set("opener", nil) // it is to hear of nobody
		ok = true
	}
	u.loop.Send(screen.ApartOpened{OK: ok})
}
