package ui

import (
	"slices"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A body is the body that the detail pane shows.
type body struct {
	loop    *screen.Loop
	box     *element
	heading *element
	chooser *element
	note    *element
	content *element // #body
	err     *element
	more    *element

	find    *finder
	saves   [2]*element
	colours *colours
	options []*element
	serial  int
	chunks  int
	filled  bool // with an image, or words in place of content
}

func newBody(loop *screen.Loop) *body {
	b := &body{loop: loop, serial: -1}
	b.heading = createText("h3", "", "Body")
	b.chooser = create("select", "")
	b.chooser.setAttr("aria-label", "Show the body as")
	b.chooser.on("change", func(dom.Event) {
		loop.Send(screen.ViewChosen{View: b.chooser.Get("value").String()})
	})
	b.note = create("p", "note")
	b.content = create("pre", "")
	b.content.setAttr("id", "body")
	b.content.setAttr("tabindex", "0")
	b.content.setAttr("role", "group")
	b.content.setAttr("aria-label", "Body")
	b.err = create("p", "error")
	b.more = create("button", "more")
	b.more.setAttr("type", "button")
	b.more.on("click", func(dom.Event) { loop.Send(screen.MoreAsked{}) })
	b.find = newFinder(loop, b.content)
	b.colours = newColours()
	for i := range b.saves {
		b.saves[i] = create("button", "button small")
		b.saves[i].setAttr("type", "button")
		b.saves[i].on("click", func(dom.Event) { loop.Send(screen.BodySaveAsked{Decoded: i == 0}) })
	}
	b.box = create("section", "body",
		create("div", "bar", b.heading, b.note, b.find.box, b.saves[0], b.saves[1], b.chooser),
		b.content, b.err, b.more)
	return b
}

// clear lets go of what may be long.
func (b *body) clear() {
	b.content.setAll()
	b.find.texts = nil
	b.colours.clear()
	b.serial, b.chunks, b.filled = -1, 0, false
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
	if s.More == "" && b.more.Equal(document().Get("activeElement")) {
		b.content.Focus() // the button that had the focus goes
	}
	b.more.show(s.More != "")
	b.more.setText(s.More)
	b.drawContent(s)
	b.find.draw(&s.Find, len(s.Chunks) > 0)
	for i, button := range b.saves {
		if button.show(i < len(s.Saves)); i < len(s.Saves) {
			button.setText(s.Saves[i])
		}
	}
}

func (b *body) drawContent(s *screen.Body) {
	for _, chunk := range s.Chunks[min(b.chunks, len(s.Chunks)):] {
		text := document().Call("createTextNode", chunk)
		b.content.Call("append", text)
		b.find.texts = append(b.find.texts, text)
		if b.chunks < len(s.Tokens) {
			b.colours.add(text, s.Tokens[b.chunks])
		}
		b.chunks++
	}
	switch {
	case b.filled:
	case s.Empty != "":
		b.content.setAll(createText("span", "empty", s.Empty))
		b.filled = true
	case len(s.Image) > 0:
		b.content.setAll(b.image(s.Image, s.Media))
		b.filled = true
	}
}

func (b *body) drawChooser(s *screen.Body) {
	b.chooser.show(len(s.Choices) > 0)
	if !slices.EqualFunc(b.options, s.Choices, func(e *element, c screen.Choice) bool { return e.attrs["value"] == c.Name }) {
		b.options = nil
		for _, c := range s.Choices {
			option := create("option", "")
			option.setAttr("value", c.Name)
			b.options = append(b.options, option)
		}
		b.chooser.setAll(b.options...)
	}
	for i, c := range s.Choices {
		b.options[i].setText(c.Label)
	}
	if b.chooser.Get("value").String() != s.Asked {
		b.chooser.Set("value", s.Asked)
	}
}

// image shows bytes through an inert object URL, which is given up as soon as
// the browser has decoded them.
func (b *body) image(data []byte, media string) *element {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	blob := js.Global().Get("Blob").New([]any{array}, map[string]any{"type": media})
	urls := js.Global().Get("URL")
	url := urls.Call("createObjectURL", blob)
	e := create("img", "")
	e.setAttr("alt", "The body, as an image")
	var done js.Func
	done = js.FuncOf(func(_ js.Value, args []js.Value) any {
		if args[0].Get("type").String() == "error" {
			b.loop.Send(screen.ImageFailed{})
		}
		urls.Call("revokeObjectURL", url)
		e.Set("onload", nil)
		e.Set("onerror", nil)
		done.Release()
		return nil
	})
	e.Set("onload", done)
	e.Set("onerror", done)
	e.Set("src", url)
	return e
}
