package ui

import "syscall/js"

// A tip shows what an element says of itself, its title, to those who come to it
// by keys: a browser does so only for who points. Screen readers say it anyway. It
// goes with the next key.
type tip struct {
	box *element
	of  js.Value // what it is shown for; undefined is nothing
}

// tipGap is how far a tip is from what it is of, and from the edges of the window,
// in pixels.
const tipGap = 6

// newTip makes one, which listens for as long as the page lives. A browser without
// popovers, which alone are in front of dialogs, has no tips.
func newTip() {
	t := &tip{box: byID("tip")}
	if t.box.Get("showPopover").IsUndefined() {
		return
	}
	onRaw(document(), "focusin", func(e js.Value) { t.show(e.Get("target")) })
	for _, event := range []string{"focusout", "keydown", "pointerdown"} {
		onRaw(document(), event, func(js.Value) { t.hide() })
	}
	follow := js.FuncOf(func(js.Value, []js.Value) any {
		if !t.of.IsUndefined() {
			t.place()
		}
		return nil
	})
	document().Call("addEventListener", "scroll", follow, true) // of any element: it does not bubble
}

func (t *tip) show(of js.Value) {
	title := of.Get("title")
	if title.Type() != js.TypeString || title.String() == "" || !of.Call("matches", ":focus-visible").Bool() {
		return
	}
	t.box.setText(title.String())
	t.box.Call("showPopover")
	t.of = of
	t.place()
}

// place puts it below what it is of, or above where there is no room below.
func (t *tip) place() {
	at := t.of.Call("getBoundingClientRect")
	width, height := t.box.Get("offsetWidth").Float(), t.box.Get("offsetHeight").Float()
	right, bottom := js.Global().Get("innerWidth").Float()-tipGap, js.Global().Get("innerHeight").Float()-tipGap
	y := at.Get("bottom").Float() + tipGap
	if y+height > bottom {
		y = at.Get("top").Float() - tipGap - height
	}
	style := t.box.Get("style")
	style.Set("left", px(max(min(at.Get("left").Float(), right-width), tipGap)))
	style.Set("top", px(max(y, tipGap)))
}

func (t *tip) hide() {
	if !t.of.IsUndefined() {
		t.of = js.Undefined()
		t.box.Call("hidePopover")
	}
}
