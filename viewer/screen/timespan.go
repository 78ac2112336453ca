package screen

import "math"

const (
	// TimelineZoom is how many times as long a time a key, or a step of the wheel,
	// shows.
	TimelineZoom = 1.25
	// wheelStep is how many pixels a step of the wheel is, and wheelLine how many a
	// line is, of which a step has three.
	wheelStep, wheelLine = 100, 34
	// minSpan is the shortest time that is shown, in nanoseconds.
	minSpan = 1e6
)

// wanted returns what time the strip is to show, which may be on its way: when it
// begins after the session does, and how long it is, in nanoseconds.
func (t *timeline) wanted() (begin, length float64) {
	if t.to > t.from {
		return float64(t.from - t.counts.First), float64(t.to - t.from)
	}
	return 0, t.session()
}

// session returns how long the session is, in nanoseconds.
func (t *timeline) session() float64 { return float64(t.counts.Last-t.counts.First) + 1 }

// showTime makes a time what the strip shows, as far as the session goes.
func (s *Screen) showTime(do *commands, begin, length float64) {
	t := &s.timeline
	var from, to int64
	if room := t.session() - length; room > 0 {
		from = t.counts.First + int64(clamp(begin, 0, room))
		to = from + int64(length)
	}
	if from != t.from || to != t.to {
		t.from, t.to, t.cursor, t.pointed = from, to, -1, -1
		s.askTimeline(do)
	}
}

// zoomTimeline shows a longer time or a shorter one. What is at a place stays
// there.
func (s *Screen) zoomTimeline(do *commands, at, factor float64) {
	t := &s.timeline
	if t.counts == nil || t.counts.First == 0 || factor <= 0 {
		return
	}
	switch {
	case at >= 0:
	case t.cursor >= 0:
		at = (float64(t.cursor) + 0.5) / float64(len(t.counts.All))
	default:
		at = 0.5
	}
	begin, length := t.wanted()
	longer := max(length*factor, minSpan)
	s.showTime(do, begin+at*(length-longer), longer)
}

// panTimeline shows another time that is as long, so many nanoseconds later. All of
// the session has no other.
func (s *Screen) panTimeline(do *commands, by float64) {
	t := &s.timeline
	if begin, length := t.wanted(); length < t.session() {
		s.showTime(do, begin+by, length)
	}
}

// wheelTimeline zooms by what goes up and down, the more the further, and pans by
// what goes to the side. A swipe is seldom straight, so the lesser part of it is
// not meant.
func (s *Screen) wheelTimeline(do *commands, m TimelineWheeled) {
	if s.timeline.counts == nil {
		return
	}
	unit := 1.0
	switch m.Unit {
	case 1:
		unit = wheelLine
	case 2:
		unit = m.Width
	}
	x, y := m.X*unit, m.Y*unit
	if m.Shift { // which some browsers turn to the side themselves
		x, y = x+y, 0
	}
	if math.Abs(x) > math.Abs(y) {
		_, length := s.timeline.wanted()
		s.panTimeline(do, x/max(m.Width, 1)*length)
	} else if y != 0 {
		s.zoomTimeline(do, max(m.At, 0), wheelFactor(y))
	}
}

// wheelFactor returns how many times as long a time is to be shown when the wheel
// has gone so many pixels; one way, then the other, is none.
func wheelFactor(y float64) float64 {
	factor := 1 + (TimelineZoom-1)*min(math.Abs(y)/wheelStep, 1)
	if y < 0 {
		return 1 / factor
	}
	return factor
}

// stepTimeline goes so many bars further. Past the last bar lie others while not
// all of the session is shown, and the strip goes along; Home and End, which go as
// far as there are bars, stay where it is.
func (s *Screen) stepTimeline(do *commands, by int, extend bool) {
	t := &s.timeline
	if t.counts == nil {
		return
	}
	bars := len(t.counts.All)
	if t.cursor < 0 && by < 0 { // from behind the end
		t.cursor = bars
	}
	to := t.cursor + by
	reached := max(0, min(to, bars-1))
	if past := to - reached; past != 0 && max(by, -by) < bars {
		t.anchor -= s.panBars(do, past)
	}
	t.cursor = reached
	if !extend {
		t.anchor = t.cursor
	}
}

// panBars pans by so many bars, and returns how many they were before the session
// ended; a part of one counts, so that what was chosen stays so.
func (s *Screen) panBars(do *commands, by int) int {
	t := &s.timeline
	was, width := t.from, t.counts.Width
	s.panTimeline(do, float64(by)*float64(width))
	if by < 0 {
		return int((t.from - was - width + 1) / width)
	}
	return int((t.from - was + width - 1) / width)
}
