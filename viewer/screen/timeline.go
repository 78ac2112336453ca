package screen

import (
	"context"
	"strings"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

const (
	// timelineBuckets is how many bars the timeline has, timelineClasses how many
	// parts a bar has: see [viewerpb.Timeline].
	timelineBuckets = 240
	timelineClasses = 7
	// timelineEvery is how often bars are asked for while flows come.
	timelineEvery = 400 * time.Millisecond
	// timelineAfter is how long the rows of another view have the processors for
	// themselves.
	timelineAfter = 60 * time.Millisecond
	// minBrush is the least part of the timeline that is taken for a choice, and
	// not for a press.
	minBrush = 0.004
)

// What a person does with the timeline.
type (
	// TimelineBrushed: the part between two places, from 0 to 1, is being chosen.
	// Done: it is chosen; if it is nothing, so is all.
	TimelineBrushed struct {
		From, To float64
		Done     bool
	}
	// TimelineZoomed: around a place, from 0 to 1, or around what keys have reached
	// where it is below 0, so many times as long a time is to be shown.
	TimelineZoomed struct{ At, Factor float64 }
	// TimelineWheeled: the wheel was turned over a place, from 0 to 1, of a strip of
	// some width in pixels. By how much is as the event says it: X and Y are in
	// pixels, in lines where Unit is 1, and in pages where it is 2.
	TimelineWheeled struct {
		At, Width, X, Y float64
		Unit            int
		Shift           bool
	}
	// TimelineStepped: the bar so many places further is wanted; Extend: and those
	// up to there. As many as there are bars lead to the end of them.
	TimelineStepped struct {
		By     int
		Extend bool
	}
	// TimelineTaken: what is reached is to be filtered by.
	TimelineTaken struct{}
	// TimelineReset: all of the session is wanted again.
	TimelineReset struct{}
	// TimelinePointed: the bar at a place, from 0 to 1, is looked at; TimelineLeft:
	// none is any more.
	TimelinePointed struct{ At float64 }
	TimelineLeft    struct{}
)

type timelineCame struct {
	counts *viewerpb.Timeline
	err    error
}

type timeline struct {
	off    bool // a person does not want it
	counts *viewerpb.Timeline
	asking bool
	stale  bool // what is being asked for is out of date
	waits  bool // and is asked for after a while
	// What to show, in Unix nanoseconds; all, where to is not behind from. The
	// counts of it may be on their way.
	from, to int64
	// What is being chosen, from 0 to 1.
	choosing bool
	brush    [2]float64
	// The bars that keys have reached; cursor is -1 while there is none, and anchor
	// may be out of sight.
	cursor, anchor int
	pointed        int // the bar that is pointed at, or -1
}

func (s *Screen) updateTimeline(do *commands, msg Msg) {
	t := &s.timeline
	switch m := msg.(type) {
	case timelineCame:
		t.asking = false
		if m.err == nil {
			t.counts = m.counts
		}
		if t.stale {
			s.askTimeline(do)
		}
	case TimelineBrushed:
		t.choosing, t.cursor, t.pointed = !m.Done, -1, -1
		t.brush = [2]float64{clamp(min(m.From, m.To), 0, 1), clamp(max(m.From, m.To), 0, 1)}
		if m.Done {
			s.filterByTime(do, t.brush)
		}
	case TimelineZoomed:
		s.zoomTimeline(do, m.At, m.Factor)
	case TimelineWheeled:
		s.wheelTimeline(do, m)
	case TimelineStepped:
		s.stepTimeline(do, m.By, m.Extend)
	case TimelineTaken:
		if t.cursor >= 0 {
			s.filterByTime(do, t.reached())
		}
	case TimelinePointed:
		t.pointed = t.bar(m.At)
	case TimelineLeft:
		t.choosing, t.pointed, t.cursor = false, -1, -1
	case TimelineReset:
		t.from, t.to, t.cursor = 0, 0, -1
		s.filterByTime(do, [2]float64{})
		s.askTimeline(do)
	}
}

// toggleTimeline shows the strip, or does not.
func (s *Screen) toggleTimeline(do *commands) {
	s.timeline.off = !s.timeline.off
	value := ""
	if s.timeline.off {
		value = timelineOff
	}
	do.add(RememberSetting{settingTimeline, value})
	s.askTimeline(do)
}

// drawsTimeline reports whether there is something to be seen of the counts.
func (s *Screen) drawsTimeline() bool {
	open := s.phase == Reading || s.phase == Opened
	return open && (!s.timeline.off && !s.narrow() || s.layout.shows(waterfallColumn))
}

// askTimeline asks for the counts, one time after the other.
func (s *Screen) askTimeline(do *commands) { s.askTimelineAfter(do, 0) }

// askTimelineAfter is askTimeline for who can wait.
func (s *Screen) askTimelineAfter(do *commands, wait time.Duration) {
	t := &s.timeline
	if !s.drawsTimeline() || !s.connected {
		return
	}
	switch {
	case t.counts == nil || t.counts.First == 0: // nothing is seen yet
		wait = 0
	case s.phase == Reading:
		wait = timelineEvery
	}
	if t.asking && !(t.waits && wait == 0) {
		t.stale = true
		return
	}
	t.asking, t.stale, t.waits = true, false, wait > 0
	get := &viewerpb.GetTimeline{From: t.from, To: t.to, Buckets: timelineBuckets}
	do.add(Call{slotTimeline, func(ctx context.Context, engine api.API, post func(Msg)) {
		if wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return
			}
		}
		counts, err := engine.Timeline(ctx, get)
		post(timelineCame{counts, err})
	}})
}

// span returns what time the strip shows, in Unix nanoseconds.
func (t *timeline) span() (from, length int64) {
	if t.counts == nil {
		return 0, 1
	}
	return t.counts.From, max(1, t.counts.Width*int64(len(t.counts.All)))
}

// bar returns which bar is at a place from 0 to 1, or -1.
func (t *timeline) bar(at float64) int {
	if t.counts == nil || at < 0 || at >= 1 {
		return -1
	}
	return int(at * float64(len(t.counts.All)))
}

// reached returns the part that keys have reached: what is in sight of it is from
// 0 to 1.
func (t *timeline) reached() [2]float64 {
	n := float64(len(t.counts.All))
	return [2]float64{float64(min(t.cursor, t.anchor)) / n, float64(max(t.cursor, t.anchor)+1) / n}
}

const timeTerm = "~time ="

// filterByTime makes the filter ask for a part of what the strip shows, in place
// of what it asked for of that kind.
func (s *Screen) filterByTime(do *commands, part [2]float64) {
	text := strings.TrimSpace(s.filter.text)
	if begin, end, _, _, ok := findTime(text); ok {
		text = strings.TrimSpace(strings.TrimSpace(text[:begin]) + " " + strings.TrimSpace(text[end:]))
	}
	if part[1]-part[0] >= minBrush && s.timeline.counts != nil {
		from, length := s.timeline.span()
		at := func(part float64) string {
			return time.Unix(0, from+int64(part*float64(length))).UTC().Format(timeLayout)
		}
		text = strings.TrimSpace(text + " " + timeTerm + at(part[0]) + ".." + at(part[1]))
	}
	if text != s.filter.text {
		s.setFilter(do, text)
		s.record(do, true)
	}
}

const timeLayout = "2006-01-02T15:04:05.000Z"

// findTime returns where a filter asks for a time as filterByTime writes it, and
// from when to when.
func findTime(text string) (begin, end int, from, to int64, ok bool) {
	begin = strings.Index(text, timeTerm)
	if begin < 0 || begin > 0 && text[begin-1] != ' ' {
		return 0, 0, 0, 0, false
	}
	end = begin + len(timeTerm)
	span, _, _ := strings.Cut(text[end:], " ")
	end += len(span)
	first, last, _ := strings.Cut(span, "..")
	a, err := time.Parse(timeLayout, first)
	b, err2 := time.Parse(timeLayout, last)
	return begin, end, a.UnixNano(), b.UnixNano() + 999_999, err == nil && err2 == nil
}
