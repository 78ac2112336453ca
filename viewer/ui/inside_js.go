package ui

import (
	"slices"
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// An insideBar leads into a body, and back out.
type insideBar struct {
	loop  *screen.Loop
	box   *element
	path  *element // buttons, one for each step that was taken
	steps *element

	names   []string
	choices []screen.Choice
}

func newInsideBar(loop *screen.Loop) *insideBar {
	b := &insideBar{loop: loop}
	b.path = create("nav", "path")
	b.path.setAttr("aria-label", "Inside the body")
	onRaw(b.path.Value, "click", func(e js.Value) {
		if depth, ok := closest(e.Get("target"), "data-depth"); ok {
			n, _ := strconv.Atoi(depth)
			loop.Send(screen.StepsLeft{Depth: n})
		}
	})
	b.steps = create("select", "")
	b.steps.setAttr("id", "inside")
	b.steps.setAttr("aria-label", "Look inside")
	b.steps.on("change", func(dom.Event) {
		loop.Send(screen.StepTaken{Name: b.steps.Get("value").String()})
	})
	b.box = create("div", "bar inside", b.path, b.steps)
	return b
}

func (b *insideBar) draw(s *screen.Body) {
	b.box.show(len(s.Inside)+len(s.Steps) > 0)
	b.path.show(len(s.Inside) > 0)
	b.steps.show(len(s.Steps) > 0)
	if !slices.Equal(b.names, s.Inside) {
		b.names = s.Inside
		b.drawPath()
	}
	if !slices.Equal(b.choices, s.Steps) {
		b.choices = s.Steps
		title := createText("option", "", "Look inside…")
		title.setAttr("value", "")
		list := []*element{title}
		for _, c := range s.Steps {
			option := createText("option", "", c.Label)
			option.setAttr("value", c.Name)
			list = append(list, option)
		}
		b.steps.setAll(list...)
	}
}

// drawPath draws the way that was taken: each step but the last leads back to it.
func (b *insideBar) drawPath() {
	list := make([]*element, len(b.names)+1)
	for i := range list {
		name := "Body"
		if i > 0 {
			name = b.names[i-1]
		}
		if i == len(b.names) {
			list[i] = createText("span", "step", name)
			list[i].setAttr("aria-current", "true")
			break
		}
		list[i] = createText("button", "step", name)
		list[i].setAttr("type", "button")
		list[i].setAttr("data-depth", strconv.Itoa(i))
	}
	b.path.setAll(list...)
}
