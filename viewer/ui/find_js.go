package ui

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// maxMarked is how many hits are marked in a body; one can go to all of them.
const maxMarked = 2000

// A finder finds text in the body, and marks it. Marks are not part of the
// document, where the browser can do that: text stays as it is.
//
// Source: https://drafts.csswg.org/css-highlight-api-1/
type finder struct {
	box, input, regex    *element
	count, back, forward *element
	texts                []js.Value // the nodes of the body's chunks
	highlights           js.Value   // the browser's; undefined if it has none

	typed         string
	serial        int
	marked, drawn int // hits, and chunks of them, that are marked
	seek          int
}

func newFinder(loop *screen.Loop, content *element) *finder {
	f := &finder{serial: -1, highlights: js.Undefined()}
	if css := js.Global().Get("CSS"); css.Type() == js.TypeFunction || css.Type() == js.TypeObject {
		f.highlights = css.Get("highlights")
	}
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

func (f *finder) draw(s *screen.Find, shown bool) {
	f.box.show(shown)
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
	f.mark(s)
	if f.seek != s.Seek && s.Hit >= 0 && s.Chunk < len(f.texts) {
		f.seek = s.Seek
		f.bring(s)
	}
}

// mark marks the hits that are not marked yet.
func (f *finder) mark(s *screen.Find) {
	if f.highlights.IsUndefined() {
		return
	}
	if f.serial != s.Serial {
		f.serial, f.marked, f.drawn = s.Serial, 0, 0
		f.highlights.Call("set", "hit", js.Global().Get("Highlight").New())
		f.highlights.Call("delete", "hit-now")
	}
	if f.drawn >= min(len(s.Hits), len(f.texts)) {
		return
	}
	all := f.highlights.Call("get", "hit")
	for ; f.drawn < min(len(s.Hits), len(f.texts)); f.drawn++ {
		hits := s.Hits[f.drawn]
		for i := 0; i+1 < len(hits) && f.marked < maxMarked; i += 2 {
			all.Call("add", f.at(f.drawn, hits[i:i+2]))
			f.marked++
		}
	}
}

// at returns a hit in a chunk as a range of the document.
func (f *finder) at(chunk int, hit []uint32) js.Value {
	r := document().Call("createRange")
	r.Call("setStart", f.texts[chunk], hit[0])
	r.Call("setEnd", f.texts[chunk], hit[1])
	return r
}

// bring brings the present hit into sight, and makes it stand out.
func (f *finder) bring(s *screen.Find) {
	hits := s.Hits[s.Chunk]
	r := f.at(s.Chunk, hits[2*s.Hit:2*s.Hit+2])
	if f.highlights.IsUndefined() {
		selection := js.Global().Call("getSelection")
		selection.Call("removeAllRanges")
		selection.Call("addRange", r)
	} else {
		f.highlights.Call("set", "hit-now", js.Global().Get("Highlight").New(r))
	}
	box, panel := r.Call("getBoundingClientRect"), byID("panel")
	seen := panel.Call("getBoundingClientRect")
	top, bottom := box.Get("top").Float(), box.Get("bottom").Float()
	if high, low := seen.Get("top").Float(), seen.Get("bottom").Float(); top < high+40 || bottom > low-40 {
		panel.Call("scrollBy", 0, top-(high+low)/2)
	}
}
