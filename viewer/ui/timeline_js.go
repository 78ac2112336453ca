package ui

import (
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A timeline is the strip above the table. Its bars are one path for each class
// of status, which the style sheet colours, so that a change of theme or of
// width needs no drawing.
type timeline struct {
	loop         *screen.Loop
	box, plot    *element
	all          *element
	paths        []*element // by class
	brush, ticks *element
	value, whole *element
	drawn        *uint32 // the first bar of what was drawn
	places       []screen.Tick
	from         float64 // where the press began, or -1
	used         bool    // Escape has something to take back
	bars         int
}

// plotHeight is what the highest bar measures, and barLeast what one of a single
// flow does, in units of the plot.
const (
	plotHeight = 1000
	barLeast   = 40
)

func newTimeline(loop *screen.Loop) *timeline {
	t := &timeline{loop: loop, from: -1, box: byID("timeline"), plot: byID("timeline-plot"), brush: byID("timeline-brush"),
		ticks: byID("timeline-ticks"), value: byID("timeline-value"), whole: byID("timeline-whole")}
	list := t.plot.Call("querySelectorAll", "path")
	t.all = wrap(list.Index(0))
	for i := 1; i < list.Length(); i++ {
		t.paths = append(t.paths, wrap(list.Index(i)))
	}
	plot := t.plot.Value
	onRaw(plot, "pointerdown", func(e js.Value) {
		if e.Get("button").Int() == 0 {
			t.from = t.at(e)
			plot.Call("setPointerCapture", e.Get("pointerId"))
		}
	})
	onRaw(plot, "pointermove", func(e js.Value) {
		if t.from >= 0 {
			loop.Send(screen.TimelineBrushed{From: t.from, To: t.at(e)})
		} else {
			loop.Send(screen.TimelinePointed{At: t.at(e)})
		}
	})
	onRaw(plot, "pointerup", func(e js.Value) {
		if t.from >= 0 {
			loop.Send(screen.TimelineBrushed{From: t.from, To: t.at(e), Done: true})
			t.from = -1
		}
	})
	onRaw(plot, "pointercancel", func(js.Value) {
		t.from = -1
		loop.Send(screen.TimelineLeft{})
	})
	leave := func(js.Value) {
		if t.from < 0 {
			loop.Send(screen.TimelineLeft{})
		}
	}
	onRaw(plot, "pointerleave", leave)
	onRaw(plot, "blur", leave)
	onRaw(plot, "dblclick", func(js.Value) { loop.Send(screen.TimelineReset{}) })
	onRaw(plot, "wheel", func(e js.Value) {
		if e.Get("ctrlKey").Bool() { // the page is to be zoomed
			return
		}
		e.Call("preventDefault")
		t.zoom(t.at(e), e.Get("deltaY").Float() > 0)
	})
	onRaw(plot, "keydown", func(e js.Value) {
		if !e.Get("ctrlKey").Bool() && !e.Get("altKey").Bool() && !e.Get("metaKey").Bool() && t.take(e.Get("key").String(), e.Get("shiftKey").Bool()) {
			e.Call("preventDefault")
		}
	})
	t.whole.on("click", func(dom.Event) {
		loop.Send(screen.TimelineReset{})
		t.plot.Focus()
	})
	return t
}

// take does what a key asks for, and reports whether it asks for something.
func (t *timeline) take(key string, shift bool) bool {
	switch key {
	case "ArrowLeft":
		t.loop.Send(screen.TimelineStepped{By: -1, Extend: shift})
	case "ArrowRight":
		t.loop.Send(screen.TimelineStepped{By: 1, Extend: shift})
	case "PageUp":
		t.loop.Send(screen.TimelineStepped{By: -t.bars / 10, Extend: shift})
	case "PageDown":
		t.loop.Send(screen.TimelineStepped{By: t.bars / 10, Extend: shift})
	case "Home":
		t.loop.Send(screen.TimelineStepped{By: -t.bars, Extend: shift})
	case "End":
		t.loop.Send(screen.TimelineStepped{By: t.bars, Extend: shift})
	case "Enter", " ":
		t.loop.Send(screen.TimelineTaken{})
	case "+", "=":
		t.zoom(-1, false)
	case "-":
		t.zoom(-1, true)
	case "Escape":
		if t.used {
			t.loop.Send(screen.TimelineReset{})
		}
		return t.used
	default:
		return false
	}
	return true
}

// zoom shows a longer time or a shorter one around a place, or around what keys
// have reached where it is below 0.
func (t *timeline) zoom(at float64, longer bool) {
	const step = 1.25
	factor := 1 / step
	if longer {
		factor = step
	}
	t.loop.Send(screen.TimelineZoomed{At: at, Factor: factor})
}

// at returns where on the strip a pointer is, from 0 to 1.
func (t *timeline) at(e js.Value) float64 {
	r := t.plot.Call("getBoundingClientRect")
	return (e.Get("clientX").Float() - r.Get("left").Float()) / max(1, r.Get("width").Float())
}

func (t *timeline) draw(s *screen.Timeline) {
	t.box.show(s.Shown)
	if !s.Shown {
		return
	}
	t.used = s.Used
	if len(s.All) > 0 && &s.All[0] != t.drawn {
		t.drawn, t.bars = &s.All[0], len(s.All)
		t.drawBars(s)
	}
	t.plot.setAttr("aria-label", s.Label)
	t.plot.setAttr("aria-valuenow", strconv.Itoa(max(s.Cursor, 0)))
	t.plot.setAttr("aria-valuetext", s.Value)
	t.whole.show(s.Zoomed)
	chosen := s.Brush[1] > s.Brush[0]
	t.brush.show(chosen)
	if chosen {
		t.brush.setAttr("style", "left:"+percent(100*s.Brush[0])+";width:"+percent(100*(s.Brush[1]-s.Brush[0])))
	}
	t.value.show(s.Note != "")
	if s.Note != "" {
		t.value.setText(s.Note)
		t.value.setAttr("style", "left:"+percent(100*s.NoteAt)+";translate:"+percent(-100*s.NoteAt))
	}
	t.drawTicks(s.Ticks)
}

// drawBars makes a path for each class. Failures stand on the ground, where they
// are seen.
func (t *timeline) drawBars(s *screen.Timeline) {
	classes := len(t.paths)
	t.plot.setAttr("aria-valuemax", strconv.Itoa(len(s.All)-1))
	t.plot.Call("querySelector", "svg").Call("setAttribute", "viewBox", "0 0 "+strconv.Itoa(len(s.All))+" "+strconv.Itoa(plotHeight))
	paths := make([][]byte, classes)
	var all []byte
	for bar, flows := range s.All {
		all = appendBar(all, bar, 0, height(flows, s.Max))
		var shown uint32
		for _, n := range s.Bars[bar*classes : (bar+1)*classes] {
			shown += n
		}
		if shown == 0 {
			continue
		}
		full := height(shown, s.Max)
		var below uint32
		for class := classes - 1; class >= 0; class-- {
			n := s.Bars[bar*classes+class]
			paths[class] = appendBar(paths[class], bar, full*int(below)/int(shown), full*int(below+n)/int(shown))
			below += n
		}
	}
	t.all.setAttr("d", string(all))
	for class, path := range t.paths {
		path.setAttr("d", string(paths[class]))
	}
}

// height returns how high a bar is. One flow is seen too.
func height(flows, most uint32) int {
	if flows == 0 {
		return 0
	}
	return barLeast + int(uint64(plotHeight-barLeast)*uint64(flows)/uint64(most))
}

// appendBar appends a rectangle, unless it has no height.
func appendBar(path []byte, bar, from, to int) []byte {
	if from == to {
		return path
	}
	path = strconv.AppendInt(append(path, 'M'), int64(bar), 10)
	path = strconv.AppendInt(append(path, ' '), int64(plotHeight-from), 10)
	path = strconv.AppendInt(append(path, 'v'), int64(from-to), 10)
	path = strconv.AppendInt(append(path, "h1v"...), int64(to-from), 10)
	return append(path, 'z')
}

func (t *timeline) drawTicks(ticks []screen.Tick) {
	same := len(ticks) == len(t.places)
	for i := range ticks {
		same = same && ticks[i] == t.places[i]
	}
	if same {
		return
	}
	t.places = append(t.places[:0], ticks...)
	list := make([]*element, len(ticks))
	for i, tick := range ticks {
		list[i] = createText("span", "", tick.Text)
		list[i].setAttr("style", "left:"+percent(100*tick.At))
	}
	t.ticks.setAll(list...)
}
