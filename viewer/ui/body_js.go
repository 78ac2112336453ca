package ui

import (
	"slices"
	"strconv"
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// unwrapKey is where this browser keeps that long lines are not to be broken.
const unwrapKey = "flowpane-unwrapped"

// A body is the body that the detail pane shows.
type body struct {
	loop    *screen.Loop
	box     *element
	chooser *element
	note    *element
	content *element // #body
	err     *element
	allow   *element
	// What is in sight of these has more loaded.
	earlier, more *element
	watch         js.Value // an IntersectionObserver; undefined if there is none

	inside  *insideBar
	tools   *bodyTools
	find    *finder
	colours *colours
	models  *lineModels

	drawings drawings
	options  []*element
	serial   int
	chunks   []*chunk
	picture  *element
	filled   bool // with words in place of content
}

func newBody(loop *screen.Loop) *body {
	b := &body{loop: loop, serial: -1}
	b.chooser = create("select", "")
	b.chooser.setAttr("aria-label", "Show the body as")
	b.chooser.on("change", func(dom.Event) {
		loop.Send(screen.ViewChosen{View: b.chooser.Get("value").String()})
	})
	b.note = create("p", "note")
	b.content = create("div", "")
	for name, value := range map[string]string{"id": "body", "tabindex": "0", "role": "group", "aria-label": "Body"} {
		b.content.setAttr(name, value)
	}
	b.err = create("p", "error")
	b.earlier = button("more", "Show earlier lines", func() { loop.Send(screen.MoreAsked{Earlier: true}) })
	b.more = button("more", "Show more", func() { loop.Send(screen.MoreAsked{}) })
	b.allow = button("more", "", func() { loop.Send(screen.AllowAsked{}) })
	b.find = newFinder(loop, b.content)
	b.inside = newInsideBar(loop)
	b.tools = newBodyTools(loop, b.content)
	b.colours = newColours()
	b.models = newLineModels()
	b.drawings.loop = loop
	b.observe()
	b.listenToFolds()
	b.box = create("section", "body",
		create("div", "bar", createText("h3", "", "Body"), b.note, b.chooser), b.inside.box, create("div", "bar", b.find.box, b.tools.box),
		b.earlier, b.content, b.err, b.more, b.allow)
	return b
}

// button makes a button that does something.
func button(class, text string, press func()) *element {
	e := createText("button", class, text)
	e.setAttr("type", "button")
	e.on("click", func(dom.Event) { press() })
	return e
}

// observe has lines loaded before a person comes to where they are missing.
func (b *body) observe() {
	observer := js.Global().Get("IntersectionObserver")
	if observer.IsUndefined() {
		return
	}
	seen := js.FuncOf(func(_ js.Value, args []js.Value) any {
		for i := range args[0].Length() {
			entry := args[0].Index(i)
			if entry.Get("isIntersecting").Bool() {
				b.loop.Send(screen.MoreAsked{Earlier: entry.Get("target").Equal(b.earlier.Value)})
			}
		}
		return nil
	})
	b.watch = observer.New(seen, map[string]any{"root": byID("panel").Value, "rootMargin": "300px"})
}

// clear lets go of what may be long.
func (b *body) clear() {
	for _, c := range b.chunks {
		b.colours.remove(c)
	}
	b.content.setAll()
	b.drawings.clear()
	b.serial, b.chunks, b.picture, b.filled = -1, nil, nil, false
}

func (b *body) draw(s *screen.Body) {
	b.box.show(s.Shown)
	if b.serial != s.Serial {
		b.clear()
		b.serial = s.Serial
	}
	b.content.setAttr("aria-busy", yesNo(s.Busy))
	if s.View == "" {
		b.content.dropAttr("data-view")
	} else {
		b.content.setAttr("data-view", s.View)
	}
	b.drawChooser(s)
	b.note.setText(s.Note)
	b.err.show(s.Error != "")
	b.err.setText(s.Error)
	changed := b.drawContent(s)
	b.find.draw(&s.Find, b.chunks, changed)
	b.inside.draw(s)
	b.tools.draw(s)
	b.drawMore(s, changed)
}

// drawMore draws the buttons for more. They are looked at anew after each change:
// one that stays in sight is not told of again.
func (b *body) drawMore(s *screen.Body, changed bool) {
	active := document().Get("activeElement")
	for e, on := range map[*element]bool{b.earlier: s.Earlier, b.more: s.More, b.allow: s.Allow != "" && !s.More} {
		if !on && e.Equal(active) {
			b.content.Focus() // the button that had the focus goes
		}
		e.show(on)
	}
	b.allow.setText(s.Allow)
	if changed && !b.watch.IsUndefined() {
		b.watch.Call("disconnect")
		b.watch.Call("observe", b.earlier.Value)
		b.watch.Call("observe", b.more.Value)
	}
}

// drawContent makes the chunks those of s, and reports whether any is another.
// What is in sight stays where it is.
func (b *body) drawContent(s *screen.Body) (changed bool) {
	if !b.filled && s.Empty != "" {
		b.content.setAll(createText("span", "empty", s.Empty))
		b.filled = true
	}
	if b.picture == nil && len(s.Image) > 0 {
		b.picture = b.drawings.draw(s.Image, s.Media)
		b.content.Call("prepend", b.picture.Value)
	}
	same := func(c *chunk) bool { return slices.Contains(s.Chunks, c.window) }
	if len(b.chunks) == len(s.Chunks) && !slices.ContainsFunc(b.chunks, func(c *chunk) bool { return !same(c) }) {
		return false
	}
	place := closestPlace()
	stays := -1
	if len(s.Chunks) > 0 {
		stays = slices.IndexFunc(b.chunks, same)
	}
	var top float64
	if stays >= 0 {
		top = b.chunks[stays].top()
	}
	b.replace(s)
	if stays >= 0 {
		for _, c := range b.chunks {
			if c.stayed {
				panel := byID("panel")
				panel.Set("scrollTop", panel.Get("scrollTop").Float()+c.top()-top)
				break
			}
		}
	}
	b.numberWidth()
	b.focusFold(place)
	return true
}

// replace takes chunks out that are gone, and puts in those that are new.
func (b *body) replace(s *screen.Body) {
	old := b.chunks
	b.chunks = nil
	for _, c := range old {
		if !slices.Contains(s.Chunks, c.window) {
			b.colours.remove(c)
			c.box.Call("remove")
		}
	}
	for _, w := range s.Chunks {
		if i := slices.IndexFunc(old, func(c *chunk) bool { return c.window == w }); i >= 0 {
			old[i].stayed = true
			b.chunks = append(b.chunks, old[i])
			continue
		}
		c := newChunk(w, b.models, b.colours.registry.IsUndefined())
		if n := len(b.chunks); n > 0 {
			b.chunks[n-1].box.Call("after", c.box.Value)
		} else if b.picture != nil {
			b.picture.Call("after", c.box.Value)
		} else {
			b.content.Call("prepend", c.box.Value)
		}
		b.colours.add(c)
		b.chunks = append(b.chunks, c)
	}
}

func (c *chunk) top() float64 { return c.box.Call("getBoundingClientRect").Get("top").Float() }

func (b *body) drawChooser(s *screen.Body) {
	b.chooser.show(len(s.Choices) > 0)
	if !slices.EqualFunc(b.options, s.Choices, func(e *element, c screen.ViewChoice) bool { return e.attrs["value"] == c.Name }) {
		b.options = nil
		for _, c := range s.Choices {
			option := create("option", "")
			option.setAttr("value", c.Name)
			option.setAttr("title", c.About)
			b.options = append(b.options, option)
		}
		b.chooser.setAll(b.options...)
	}
	for i, c := range s.Choices {
		b.options[i].setText(c.Label)
		if c.Name == s.Asked {
			b.chooser.setAttr("title", c.About)
		}
	}
	if b.chooser.Get("value").String() != s.Asked {
		b.chooser.Set("value", s.Asked)
	}
}

// listenToFolds lets lines be hidden and shown: by a press on the sign beside
// the line, and by the arrow keys, which also go from one to the next.
func (b *body) listenToFolds() {
	onRaw(b.content.Value, "click", func(e js.Value) {
		if place, ok := closest(e.Get("target"), "data-place"); ok {
			b.toggle(place)
		}
	})
	onRaw(b.content.Value, "keydown", func(e js.Value) {
		target := e.Get("target")
		folds := b.content.Call("querySelectorAll", ".fold")
		at := js.Global().Get("Array").Get("prototype").Get("indexOf").Call("call", folds, target).Int()
		switch key := e.Get("key").String(); {
		case key == "ArrowDown" && at >= 0 && at+1 < folds.Length():
			folds.Index(at + 1).Call("focus")
		case key == "ArrowUp" && at > 0:
			folds.Index(at - 1).Call("focus")
		case at >= 0 && key == map[string]string{"true": "ArrowLeft", "false": "ArrowRight"}[target.Call("getAttribute", "aria-expanded").String()]:
			place, _ := closest(target, "data-place")
			b.toggle(place)
		default:
			return
		}
		e.Call("preventDefault")
		e.Call("stopPropagation")
	})
}

func (b *body) toggle(place string) {
	if n, err := strconv.ParseUint(place, 10, 64); err == nil {
		b.loop.Send(screen.FoldToggled{Place: n})
	}
}

// closestPlace returns the place of the fold that has the focus.
func closestPlace() string {
	place, _ := closest(document().Get("activeElement"), "data-place")
	return place
}

// numberWidth makes room for the numbers of the lines.
func (b *body) numberWidth() {
	if n := len(b.chunks); n > 0 {
		w := b.chunks[n-1].window
		digits := max(2, len(strconv.Itoa(int(w.Line)+strings.Count(w.Text, "\n"))))
		b.content.Get("style").Call("setProperty", "--digits", strconv.Itoa(digits))
	}
}

// focusFold gives the focus back to the fold of a place. The first one is in the
// order of tabs, the others are reached from there.
func (b *body) focusFold(place string) {
	if first := b.content.Call("querySelector", ".fold"); first.Truthy() {
		first.Set("tabIndex", 0)
	}
	if place == "" {
		return
	}
	if e := b.content.Call("querySelector", `[data-place="`+place+`"]`); e.Truthy() {
		e.Call("focus")
	} else {
		b.content.Focus()
	}
}
