package ui

import (
	"strconv"

	"honnef.co/go/js/dom/v2"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/screen"
)

// A talkBar says how many messages there are, and which of them are wanted. It
// is one element for all conversations, so that what is being typed outlives a
// redraw.
type talkBar struct {
	box, text, side, stream, summary *element
}

func newTalkBar(loop *screen.Loop) *talkBar {
	b := &talkBar{text: create("input", ""), side: create("select", ""), summary: create("p", "summary")}
	for name, value := range map[string]string{"id": "find-message", "type": "search", "placeholder": "Find in messages", "aria-label": "Find in messages", "autocomplete": "off", "spellcheck": "false"} {
		b.text.setAttr(name, value)
	}
	b.side.setAttr("aria-label", "Whose messages")
	for i, label := range []string{"Both sides", "From the client", "From the server"} {
		option := createText("option", "", label)
		option.setAttr("value", strconv.Itoa(i))
		b.side.AppendChild(option)
	}
	wanted := func(dom.Event) {
		side, _ := strconv.Atoi(b.side.Get("value").String())
		loop.Send(screen.MessagesFiltered{Text: b.text.Get("value").String(), Side: viewerpb.Side(side)})
	}
	b.text.on("input", wanted)
	b.side.on("change", wanted)
	b.stream = button("button small", "As one stream", func() { loop.Send(screen.StreamToggled{}) })
	b.stream.setAttr("title", "Show the messages one behind the other, as one body")
	b.summary.setAttr("role", "status")
	b.box = create("div", "bar talk", b.text, b.side, b.stream, b.summary)
	return b
}

func (b *talkBar) draw(s *screen.Talk) {
	b.text.show(!s.Stream)
	if b.text.Get("value").String() != s.Text {
		b.text.Set("value", s.Text)
	}
	b.side.Set("value", strconv.Itoa(int(s.Side)))
	b.stream.setAttr("aria-pressed", yesNo(s.Stream))
	b.summary.setText(s.Summary)
}
