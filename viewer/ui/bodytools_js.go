package ui

import (
	"strconv"
	"strings"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// bodyTools are what can be done with the body shown, but for finding.
type bodyTools struct {
	box, line, lines   *element
	wrap, fold, unfold *element
	copyAll            *element
	saves              [2]*element
}

func newBodyTools(loop *screen.Loop, content *element) *bodyTools {
	t := &bodyTools{
		fold:    button("button small", "Fold", func() { loop.Send(screen.AllFolded{Hide: true}) }),
		unfold:  button("button small", "Unfold", func() { loop.Send(screen.AllFolded{}) }),
		copyAll: button("button small", "Copy", func() { loop.Send(screen.BodyCopyAsked{}) }),
	}
	t.fold.setAttr("title", "Hide what the first lines open")
	t.unfold.setAttr("title", "Show all lines")
	t.copyAll.setAttr("title", "Copy all of the text as shown")
	for i := range t.saves {
		t.saves[i] = button("button small", "", func() { loop.Send(screen.BodySaveAsked{Decoded: i == 0}) })
	}
	t.newWrap(content)
	t.newLine(loop)
	t.box = create("div", "tools", t.line, t.lines, t.wrap, t.fold, t.unfold, t.copyAll, t.saves[0], t.saves[1])
	return t
}

// newWrap makes the switch for long lines, which the browser remembers.
func (t *bodyTools) newWrap(content *element) {
	unwrapped := stored(unwrapKey) != ""
	t.wrap = button("button small", "Wrap", func() {
		unwrapped = !unwrapped
		store(unwrapKey, map[bool]string{true: "yes"}[unwrapped])
		t.drawWrap(content, unwrapped)
	})
	t.wrap.setAttr("title", "Break long lines")
	t.drawWrap(content, unwrapped)
}

func (t *bodyTools) drawWrap(content *element, unwrapped bool) {
	content.setFlag("data-unwrapped", unwrapped)
	t.wrap.setAttr("aria-pressed", yesNo(!unwrapped))
}

// newLine makes the field that goes to a line.
func (t *bodyTools) newLine(loop *screen.Loop) {
	t.line = create("input", "")
	for name, value := range map[string]string{"id": "line", "inputmode": "numeric", "placeholder": "Line", "aria-label": "Go to line", "autocomplete": "off"} {
		t.line.setAttr(name, value)
	}
	t.line.on("change", func(dom.Event) {
		if n, err := strconv.Atoi(t.line.Get("value").String()); err == nil && n > 0 {
			loop.Send(screen.LineAsked{Number: n})
		}
	})
	t.lines = create("span", "count")
}

func (t *bodyTools) draw(s *screen.Body) {
	text := len(s.Chunks) > 0
	t.box.show(text || len(s.Saves) > 0)
	t.line.show(text && s.Lines != "")
	t.lines.show(text && s.Lines != "")
	t.lines.setText("of " + s.Lines)
	t.wrap.show(text && !strings.HasPrefix(s.View, "hex"))
	t.fold.show(s.Foldable)
	t.unfold.show(s.Foldable)
	t.copyAll.show(text)
	for i, button := range t.saves {
		if button.show(i < len(s.Saves)); i < len(s.Saves) {
			button.setText(s.Saves[i])
		}
	}
}
