package ui

import (
	"slices"
	"syscall/js"

	"flowpane/viewer/screen"
)

// colouredAtOnce is how many tokens are coloured in one turn of the page.
const colouredAtOnce = 300

// colours colour the tokens of the body, without an element for each: text
// stays text. In a browser that cannot do that, chunks are made of elements.
//
// Source: https://drafts.csswg.org/css-highlight-api-1/
type colours struct {
	registry js.Value   // undefined if the browser has none
	kinds    []js.Value // a Highlight each, by kind
	place    js.Value   // where a range is, for all of them
	newRange js.Value

	waiting []*chunk // that are not coloured to their end yet
	timer   bool
}

func newColours() *colours {
	c := &colours{registry: highlights()}
	if c.registry.IsUndefined() {
		return c
	}
	c.newRange = js.Global().Get("StaticRange")
	c.place = js.Global().Get("Object").New()
	for kind := range screen.TokenNames() {
		highlight := js.Global().Get("Highlight").New()
		highlight.Set("priority", -1) // what is found stands out before it
		c.kinds = append(c.kinds, highlight)
		if kind > 0 {
			c.registry.Call("set", tokenClass(kind), highlight)
		}
	}
	return c
}

// highlights returns the browser's, undefined if it has none.
func highlights() js.Value {
	css := js.Global().Get("CSS")
	if css.IsUndefined() {
		return css
	}
	return css.Get("highlights")
}

// tokenClass returns what the style sheet calls a kind of token.
func tokenClass(kind int) string {
	if names := screen.TokenNames(); kind > 0 && kind < len(names) {
		return "token-" + names[kind]
	}
	return ""
}

// add colours a chunk, when the page has nothing else to do.
func (c *colours) add(fresh *chunk) {
	if c.registry.IsUndefined() || len(fresh.window.Tokens) < 3 {
		return
	}
	c.waiting = append(c.waiting, fresh)
	c.later()
}

// remove lets go of the ranges of a chunk.
func (c *colours) remove(gone *chunk) {
	c.waiting = slices.DeleteFunc(c.waiting, func(w *chunk) bool { return w == gone })
	for i, r := range gone.ranges {
		c.kinds[gone.window.Tokens[3*i+2]].Call("delete", r)
	}
	gone.ranges = nil
}

func (c *colours) later() {
	if !c.timer {
		c.timer = true
		whenIdle(func() {
			c.timer = false
			c.some()
		})
	}
}

func (c *colours) some() {
	for n := 0; len(c.waiting) > 0 && n < colouredAtOnce; n++ {
		chunk := c.waiting[0]
		tokens := chunk.window.Tokens[3*len(chunk.ranges):]
		if len(tokens) < 3 || int(tokens[2]) >= len(c.kinds) {
			c.waiting = c.waiting[1:]
			continue
		}
		node, begin := chunk.at(tokens[0])
		last, end := chunk.at(tokens[1] - 1)
		c.place.Set("startContainer", node)
		c.place.Set("startOffset", begin)
		c.place.Set("endContainer", last)
		c.place.Set("endOffset", end+1)
		r := c.newRange.New(c.place)
		c.kinds[tokens[2]].Call("add", r)
		chunk.ranges = append(chunk.ranges, r)
	}
	if len(c.waiting) > 0 {
		c.later()
	}
}
