package ui

import (
	"slices"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// maxMarked is how many hits are marked in a chunk of the body; one can go to
// all of them.
const maxMarked = 1000

// A finder finds text in the body, and marks it. Marks are not part of the
// document, where the browser can do that: text stays as it is.
//
// Source: https://drafts.csswg.org/css-highlight-api-1/
type finder struct {
	box, input, regex    *element
	count, back, forward *element
	highlights           js.Value // the browser's; undefined if it has none

	typed string
	seek  int
}

func newFinder(loop *screen.Loop, content *element) *finder {
	f := &finder{highlights: highlights()}
	f.input = create("input", "")
	for name, value := range map[string]string{"id": "find", "type": "search", "placeholder": "Find in body", "aria-label": "Find in body", "autocomplete": "off", "spellcheck": "false"} {
		f.input.setAttr(name, value)
	}
	f.regex = findButton(".*", "Regular expression")
	f.regex.setAttr("aria-pressed", "false")
	f.count = create("span", "count")
	f.count.setAttr("role", "status")
	f.back, f.forward = findButton("↑", "Previous hit (N)"), findButton("↓", "Next hit (n)")
	f.box = create("div", "find", f.input, f.regex, f.count, f.back, f.forward)

	type message = screen.FindTyped
	isRegex := func() bool { return f.regex.attrs["aria-pressed"] == "true" }
	f.input.on("input", func(dom.Event) {
		f.typed = f.input.Get("value").String()
		loop.Send(message{Text: f.typed, IsRegex: isRegex()})
	})
	f.regex.on("click", func(dom.Event) { loop.Send(message{Text: f.typed, IsRegex: !isRegex()}) })
	f.back.on("click", func(dom.Event) { loop.Send(screen.HitAsked{Back: true}) })
	f.forward.on("click", func(dom.Event) { loop.Send(screen.HitAsked{}) })
	onRaw(f.input.Value, "keydown", func(e js.Value) {
		switch e.Get("key").String() {
		case "Enter":
			e.Call("preventDefault")
			loop.Send(screen.HitAsked{Back: e.Get("shiftKey").Bool()})
		case "Escape":
			e.Call("preventDefault")
			content.Focus()
		}
	})
	return f
}

func findButton(text, label string) *element {
	b := createText("button", "", text)
	b.setAttr("type", "button")
	b.setAttr("aria-label", label)
	b.setAttr("title", label)
	return b
}

func (f *finder) focus() {
	f.input.Focus()
	f.input.Call("select")
}

// draw draws what is found in chunks of the body, which are others if changed.
func (f *finder) draw(s *screen.Find, chunks []*chunk, changed bool) {
	f.box.show(len(chunks) > 0)
	if f.typed != s.Text {
		f.typed = s.Text
		f.input.Set("value", s.Text)
	}
	f.regex.setAttr("aria-pressed", yesNo(s.IsRegex))
	f.input.setAttr("aria-invalid", yesNo(s.Error != ""))
	if f.count.setText(s.Count); s.Error != "" {
		f.count.setText(s.Error)
	}
	f.back.Set("disabled", !s.Any)
	f.forward.Set("disabled", !s.Any)
	if changed {
		f.mark(chunks)
	}
	if (changed || f.seek != s.Seek) && s.Hit >= 0 && s.Chunk < len(chunks) {
		c := chunks[s.Chunk]
		f.show(c, c.window.Hits[2*s.Hit:2*s.Hit+2], f.seek != s.Seek)
		f.seek = s.Seek
	}
}

// mark marks all hits.
func (f *finder) mark(chunks []*chunk) {
	if f.highlights.IsUndefined() {
		return
	}
	all := js.Global().Get("Highlight").New()
	for _, c := range chunks {
		for hit := range slices.Chunk(c.window.Hits[:min(len(c.window.Hits), 2*maxMarked)], 2) {
			if hit[0] < hit[1] {
				all.Call("add", c.rangeOf(hit))
			}
		}
	}
	f.highlights.Call("set", "hit", all)
	f.highlights.Call("delete", "hit-now")
}

// rangeOf returns a hit as a range of the document.
func (c *chunk) rangeOf(hit []uint32) js.Value {
	r := document().Call("createRange")
	node, begin := c.at(hit[0])
	r.Call("setStart", node, begin)
	node, end := c.at(hit[1] - 1)
	r.Call("setEnd", node, end+1)
	return r
}

// show makes the present hit stand out, and brings it into sight.
func (f *finder) show(c *chunk, hit []uint32, seek bool) {
	r := c.rangeOf(hit)
	if f.highlights.IsUndefined() {
		selection := js.Global().Call("getSelection")
		selection.Call("removeAllRanges")
		selection.Call("addRange", r)
	} else {
		f.highlights.Call("set", "hit-now", js.Global().Get("Highlight").New(r))
	}
	if !seek {
		return
	}
	box, panel := r.Call("getBoundingClientRect"), byID("panel")
	seen := panel.Call("getBoundingClientRect")
	top, bottom := box.Get("top").Float(), box.Get("bottom").Float()
	if high, low := seen.Get("top").Float(), seen.Get("bottom").Float(); top < high+40 || bottom > low-40 {
		panel.Call("scrollBy", 0, top-(high+low)/2)
	}
	// Of a line that is not broken, the part beside may be meant.
	lines := c.box.Get("parentElement")
	seen = lines.Call("getBoundingClientRect")
	if left, right := box.Get("left").Float(), box.Get("right").Float(); left < seen.Get("left").Float()+60 || right > seen.Get("right").Float() {
		lines.Call("scrollBy", left-seen.Get("left").Float()-100, 0)
	}
}
