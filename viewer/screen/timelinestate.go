package screen

import (
	"math"

	"flowpane/proto/viewerpb"
)

// A Timeline is the strip that shows when flows began.
type Timeline struct {
	Shown bool
	// Bars are the parts of each bar, Max is how many flows the highest has. All
	// are the flows that were there before the filter.
	Bars, All []uint32
	Max       uint32
	Ticks     []Tick
	// Brush is the part that is chosen, from 0 to 1; none, if it ends where it
	// begins.
	Brush [2]float64
	// Cursor is the bar that keys have reached, or -1; Label says what the strip
	// shows, and Value what the bar does.
	Cursor       int
	Label, Value string
	// Note is what stands at a place, from 0 to 1, beneath the bars: what is said
	// of the bar that is looked at, or reached.
	Note   string
	NoteAt float64
	// Zoomed: not all of the session is shown. Used: that, or something is chosen
	// or reached, so that TimelineReset does something.
	Zoomed, Used bool
}

// A Tick is a time below the strip, at a place from 0 to 1.
type Tick struct {
	At   float64
	Text string
}

func (s *Screen) timelineState() Timeline {
	t := &s.timeline
	st := Timeline{Shown: s.drawsTimeline() && !t.off && !s.narrow(), Label: "Flows over time", Cursor: t.cursor}
	if !st.Shown || t.counts == nil {
		return st
	}
	st.Bars, st.All, st.Max = t.counts.Shown, t.counts.All, 1
	highest, flows := 0, uint64(0)
	for i, n := range st.All {
		flows += uint64(n)
		if n > st.Max {
			st.Max, highest = n, i
		}
	}
	from, length := t.span()
	st.Ticks = s.ticks(from, length)
	st.Value = "all of it"
	if _, _, begin, end, ok := findTime(s.filter.text); ok {
		st.Brush = [2]float64{clamp(float64(begin-from)/float64(length), 0, 1), clamp(float64(end-from)/float64(length), 0, 1)}
		st.Value = formatClock(begin, s.zone(begin)) + " to " + formatClock(end, s.zone(end))
		st.Used = true
	}
	switch {
	case t.choosing:
		st.Brush = t.brush
		begin, end := from+int64(t.brush[0]*float64(length)), from+int64(t.brush[1]*float64(length))
		st.Note = formatClock(begin, s.zone(begin)) + " + " + formatDuration(end-begin)
		st.NoteAt = (t.brush[0] + t.brush[1]) / 2
	case t.cursor >= 0:
		reached := t.reached()
		st.Brush = [2]float64{max(reached[0], 0), min(reached[1], 1)}
		st.Value = t.value(min(t.cursor, t.anchor), max(t.cursor, t.anchor), s.zone)
		st.Note, st.NoteAt = st.Value, (st.Brush[0]+st.Brush[1])/2
	case t.pointed >= 0:
		st.Note, st.NoteAt = t.value(t.pointed, t.pointed, s.zone), (float64(t.pointed)+0.5)/float64(len(st.All))
	}
	st.Label += ": " + formatPlural(flows, "flow") + " in " + formatDuration(length)
	if flows > 0 {
		st.Label += ", most of them at " + formatClock(from+int64(highest)*t.counts.Width, s.zone(from))
	}
	st.Zoomed = t.to > t.from
	st.Used = st.Used || st.Zoomed || t.cursor >= 0
	return st
}

// value says what the bars from one to another show. How many flows are in bars
// that are out of sight is unknown.
func (t *timeline) value(first, last int, zone Zone) string {
	from := t.counts.From + int64(first)*t.counts.Width
	text := formatClock(from, zone(from)) + ", " + formatDuration(int64(last-first+1)*t.counts.Width)
	if first < 0 || last >= len(t.counts.All) {
		return text
	}
	var shown, failed uint64
	for i := first * timelineClasses; i < (last+1)*timelineClasses && i < len(t.counts.Shown); i++ {
		shown += uint64(t.counts.Shown[i])
		if class := i % timelineClasses; class >= 4 {
			failed += uint64(t.counts.Shown[i])
		}
	}
	text += ": " + formatPlural(shown, "flow")
	if failed > 0 {
		text += ", " + formatCount(failed) + " failed"
	}
	return text
}

// ticks returns a few round times.
func (s *Screen) ticks(from, length int64) (list []Tick) {
	const most = 8
	step := tickStep(length / most)
	zone := int64(s.zone(from)) * 1e9
	for at := (from+zone)/step*step + step - zone; at < from+length; at += step {
		place := float64(at-from) / float64(length)
		if place > 0.02 && place < 0.96 {
			list = append(list, Tick{place, tickText(at, s.zone(at), step)})
		}
	}
	return list
}

// tickStep returns the next round time that is not below least, in nanoseconds.
func tickStep(least int64) int64 {
	for unit := int64(1e6); unit < 1e10; unit *= 10 {
		for _, n := range [...]int64{1, 2, 5} {
			if n*unit >= least && n*unit <= 5e9 {
				return n * unit
			}
		}
	}
	for _, seconds := range [...]int64{10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600} {
		if seconds*1e9 >= least {
			return seconds * 1e9
		}
	}
	const day = 24 * 3600 * 1e9
	return int64(math.Ceil(float64(least)/day)) * day
}

// tickText writes a time as exactly as steps need.
func tickText(ns int64, offset int, step int64) string {
	const second, day = 1e9, 24 * 3600 * 1e9
	switch clock := formatClock(ns, offset); {
	case step >= day:
		return formatDate(ns, offset)
	case step >= 60*second:
		return clock[:len("15:04")]
	case step >= second:
		return clock[:len("15:04:05")]
	default:
		return clock
	}
}

// waterfall returns where a flow is on the strip, to a ten thousandth of it.
func (s *Screen) waterfall(r *viewerpb.Row) Span {
	from, length := s.timeline.span()
	if r.Start == 0 || s.timeline.counts == nil {
		return Span{}
	}
	at := func(ns int64) float64 { return clamp(math.Round(1e4*float64(ns-from)/float64(length))/1e4, 0, 1) }
	begin, end := at(r.Start), at(r.Start+max(r.Duration, 0))
	return Span{begin, end - begin}
}
