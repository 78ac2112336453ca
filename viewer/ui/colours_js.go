package ui

import (
	"syscall/js"

	"flowpane/viewer/screen"
)

const (
	// maxColoured is how many tokens of a body are coloured: a few screens of
	// what is shown at first.
	maxColoured = 30_000
	// colouredAtOnce is how many are coloured in one turn of the page.
	colouredAtOnce = 1500
)

// colours colour the tokens of the body, without an element for each: text
// stays text. A browser that cannot do that shows it without colours.
//
// Source: https://drafts.csswg.org/css-highlight-api-1/
type colours struct {
	registry js.Value   // undefined if the browser has none
	kinds    []js.Value // a Highlight each, by kind
	place    js.Value   // where a range is, for all of them
	newRange js.Value

	waiting []coloured
	count   int
	timer   bool
}

// A coloured is a chunk whose tokens are not all coloured yet.
type coloured struct {
	text   js.Value
	tokens []uint32
}

func newColours() *colours {
	c := &colours{registry: js.Undefined()}
	if css := js.Global().Get("CSS"); !css.IsUndefined() {
		c.registry = css.Get("highlights")
	}
	if c.registry.IsUndefined() {
		return c
	}
	c.newRange = js.Global().Get("StaticRange")
	c.place = js.Global().Get("Object").New()
	for _, name := range screen.TokenNames() {
		kind := js.Global().Get("Highlight").New()
		kind.Set("priority", -1) // what is found stands out before it
		c.kinds = append(c.kinds, kind)
		if name != "" {
			c.registry.Call("set", "token-"+name, kind)
		}
	}
	return c
}

// clear lets go of the chunks there were.
func (c *colours) clear() {
	c.waiting, c.count = nil, 0
	for _, kind := range c.kinds {
		kind.Call("clear")
	}
}

// add colours a chunk, when the page has nothing else to do.
func (c *colours) add(text js.Value, tokens []uint32) {
	if c.registry.IsUndefined() || len(tokens) == 0 {
		return
	}
	c.waiting = append(c.waiting, coloured{text, tokens})
	c.later()
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
	for n := 0; len(c.waiting) > 0 && n < colouredAtOnce && c.count < maxColoured; n++ {
		w := &c.waiting[0]
		if len(w.tokens) < 3 {
			c.waiting = c.waiting[1:]
			continue
		}
		begin, end, kind := w.tokens[0], w.tokens[1], int(w.tokens[2])
		w.tokens = w.tokens[3:]
		if kind < 1 || kind >= len(c.kinds) {
			continue
		}
		c.place.Set("startContainer", w.text)
		c.place.Set("startOffset", begin)
		c.place.Set("endContainer", w.text)
		c.place.Set("endOffset", end)
		c.kinds[kind].Call("add", c.newRange.New(c.place))
		c.count++
	}
	if len(c.waiting) > 0 && c.count < maxColoured {
		c.later()
	}
}
