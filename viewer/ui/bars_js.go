package ui

import (
	"math"
	"strconv"
	"syscall/js"
)

// A barChart paints bars on a canvas, each of parts that stand on each other. It
// paints anew when its size, the pixels of the screen or the theme are others.
type barChart struct {
	canvas, context js.Value
	colours         []js.Value // styles of elements: of what is behind the bars, and of each part
	all, parts      []uint32
	most            uint32
	width, height   int // in pixels of the screen
}

// leastBar is what part of the height a bar of one has.
const leastBar = 0.04

// newBarChart paints on a canvas, in the colours of the elements in it.
func newBarChart(canvas js.Value) *barChart {
	c := &barChart{canvas: canvas, context: canvas.Call("getContext", "2d")}
	list := canvas.Get("children")
	for i := range list.Length() {
		c.colours = append(c.colours, js.Global().Call("getComputedStyle", list.Index(i)))
	}
	measure := js.FuncOf(func(js.Value, []js.Value) any {
		c.measure()
		return nil
	})
	js.Global().Get("ResizeObserver").New(measure).Call("observe", canvas)
	js.Global().Call("addEventListener", "resize", measure) // to a screen of other pixels
	for _, query := range [...]string{"(prefers-color-scheme: dark)", "(forced-colors: active)"} {
		onRaw(js.Global().Call("matchMedia", query), "change", func(js.Value) { c.paint() })
	}
	return c
}

// show shows bars, the highest of which counts most, and reports whether they are
// others than before: all of what there is, and behind each other the parts of
// each bar, of which the last stands on the ground, where it is seen. They must
// not change any more.
func (c *barChart) show(all, parts []uint32, most uint32) (others bool) {
	if len(all) == 0 || len(c.all) > 0 && &c.all[0] == &all[0] {
		return false
	}
	c.all, c.parts, c.most = all, parts, most
	c.paint()
	return true
}

func (c *barChart) measure() {
	ratio := js.Global().Get("devicePixelRatio").Float()
	pixels := func(side string) int { return int(math.Round(c.canvas.Get(side).Float() * ratio)) }
	width, height := pixels("clientWidth"), pixels("clientHeight")
	if width == 0 || width == c.width && height == c.height { // 0: it is not to be seen
		return
	}
	c.width, c.height = width, height
	c.canvas.Set("width", width) // which clears it
	c.canvas.Set("height", height)
	c.paint()
}

// paint paints a path for each part: a call into the browser costs as much as a
// hundred bars.
func (c *barChart) paint() {
	if c.width == 0 {
		return
	}
	c.context.Call("clearRect", 0, 0, c.width, c.height)
	for i, path := range c.paths() {
		if len(path) > 0 {
			c.context.Set("fillStyle", c.colours[i].Get("color"))
			c.context.Call("fill", js.Global().Get("Path2D").New(string(path)))
		}
	}
}

// paths returns, in the order of the colours, what is to be filled with each.
func (c *barChart) paths() [][]byte {
	paths := make([][]byte, len(c.colours))
	of := len(paths) - 1
	for bar, flows := range c.all {
		left, right := bar*c.width/len(c.all), (bar+1)*c.width/len(c.all)
		paths[0] = c.appendBar(paths[0], left, right, 0, c.high(flows))
		var shown, below uint32
		parts := c.parts[bar*of : (bar+1)*of]
		for _, n := range parts {
			shown += n
		}
		full := c.high(shown)
		for part := of - 1; part >= 0 && shown > 0; part-- {
			n := parts[part]
			paths[part+1] = c.appendBar(paths[part+1], left, right, full*int(below)/int(shown), full*int(below+n)/int(shown))
			below += n
		}
	}
	return paths
}

// high returns how high a bar is, in pixels. One flow is seen too.
func (c *barChart) high(flows uint32) int {
	if flows == 0 {
		return 0
	}
	least := max(1, int(leastBar*float64(c.height)))
	return least + int(uint64(c.height-least)*uint64(flows)/uint64(c.most))
}

// appendBar appends a rectangle, unless it has no height.
func (c *barChart) appendBar(path []byte, left, right, from, to int) []byte {
	if from == to {
		return path
	}
	path = strconv.AppendInt(append(path, 'M'), int64(left), 10)
	path = strconv.AppendInt(append(path, ' '), int64(c.height-from), 10)
	path = strconv.AppendInt(append(path, 'V'), int64(c.height-to), 10)
	path = strconv.AppendInt(append(path, 'H'), int64(right), 10)
	path = strconv.AppendInt(append(path, 'V'), int64(c.height-from), 10)
	return append(path, 'z')
}
