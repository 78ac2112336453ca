package ui

import (
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A timeline is the strip above the table. What its bars say, the plot says in
// words to those who go through them by keys.
type timeline struct {
	loop         *screen.Loop
	box, plot    *element
	bars         *barChart
	brush, ticks *element
	value, whole *element
	places       []screen.Tick
	from         float64 // where the press began, or -1
	used         bool    // Escape has something to take back
}

func newTimeline(loop *screen.Loop) *timeline {
	t := &timeline{loop: loop, from: -1, box: byID("timeline"), plot: byID("timeline-plot"), brush: byID("timeline-brush"),
		ticks: byID("timeline-ticks"), value: byID("timeline-value"), whole: byID("timeline-whole")}
	plot := t.plot.Value
	t.bars = newBarChart(plot.Call("querySelector", "canvas"))
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
		loop.Send(screen.TimelineWheeled{At: t.at(e), Width: plot.Get("clientWidth").Float(), Unit: e.Get("deltaMode").Int(),
			X: e.Get("deltaX").Float(), Y: e.Get("deltaY").Float(), Shift: e.Get("shiftKey").Bool()})
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
		t.loop.Send(screen.TimelineStepped{By: -len(t.bars.all) / 10, Extend: shift})
	case "PageDown":
		t.loop.Send(screen.TimelineStepped{By: len(t.bars.all) / 10, Extend: shift})
	case "Home":
		t.loop.Send(screen.TimelineStepped{By: -len(t.bars.all), Extend: shift})
	case "End":
		t.loop.Send(screen.TimelineStepped{By: len(t.bars.all), Extend: shift})
	case "Enter", " ":
		t.loop.Send(screen.TimelineTaken{})
	case "+", "=":
		t.loop.Send(screen.TimelineZoomed{At: -1, Factor: 1 / screen.TimelineZoom})
	case "-":
		t.loop.Send(screen.TimelineZoomed{At: -1, Factor: screen.TimelineZoom})
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
	if t.bars.show(s.All, s.Bars, s.Max) {
		t.plot.setAttr("aria-valuemax", strconv.Itoa(len(s.All)-1))
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
