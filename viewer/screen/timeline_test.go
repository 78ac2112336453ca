package screen_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"flowpane/viewer/screen"
)

// TestTimeline chooses a part of the strip, which becomes a filter.
func TestTimeline(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm&filter=~m%20POST")
		strip := func() *screen.Timeline { return &u.screen.State().Timeline }
		st := strip()
		if !st.Shown || st.Max != 3 || len(st.All) != 240 || st.Brush != [2]float64{} || st.Cursor != -1 {
			t.Errorf("at first %+v", st)
		}
		if want := "Flows over time: 720 flows in 1 min 0 s, most of them at 01:46:40.000"; st.Label != want {
			t.Errorf("%q, want %q", st.Label, want)
		}
		var ticks []string
		for _, tick := range st.Ticks {
			ticks = append(ticks, tick.Text)
		}
		if got, want := strings.Join(ticks, " "), "01:46:50 01:47:00 01:47:10 01:47:20 01:47:30"; got != want {
			t.Errorf("ticks %s, want %s", got, want)
		}
		filter := func(msg screen.Msg, want string) {
			t.Helper()
			u.send(msg)
			if got := u.screen.State().Filter.Text; got != want {
				t.Errorf("%+v: filter %q, want %q", msg, got, want)
			}
		}
		filter(screen.TimelineBrushed{From: 0.5, To: 0.25}, "~m POST")
		if got := strip().Brush; got != [2]float64{0.25, 0.5} {
			t.Errorf("while it is chosen: %v", got)
		}
		const quarter = "~m POST ~time =2001-09-09T01:46:55.000Z..2001-09-09T01:47:10.000Z"
		filter(screen.TimelineBrushed{From: 0.5, To: 0.25, Done: true}, quarter)
		if got := strip().Brush; got[0] != 0.25 || got[1] < 0.5 || got[1] > 0.501 {
			t.Errorf("chosen: %v", got)
		}
		u.send(screen.FilterTyped{Text: quarter + " ~s"})
		filter(screen.TimelineBrushed{From: 0, To: 2, Done: true}, "~m POST ~s ~time =2001-09-09T01:46:40.000Z..2001-09-09T01:47:40.000Z")
		filter(screen.TimelineBrushed{From: 0.3, To: 0.301, Done: true}, "~m POST ~s")
		filter(screen.TimelineReset{}, "~m POST ~s")
	})
}

// TestTimelineByKeys goes from bar to bar, chooses some, and zooms.
func TestTimelineByKeys(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		u.send(screen.TimelineStepped{By: -1})
		if st := u.screen.State().Timeline; st.Cursor != 239 || st.Value != "01:47:39.750, 250 ms: 2 flows, 1 failed" {
			t.Errorf("at the end: %d, %q", st.Cursor, st.Value)
		}
		u.send(screen.TimelineStepped{By: -3, Extend: true})
		if st := u.screen.State().Timeline; st.Cursor != 236 || st.Value != "01:47:39.000, 1 s: 8 flows, 4 failed" || st.Brush != [2]float64{236. / 240, 1} {
			t.Errorf("four: %d, %q, %v", st.Cursor, st.Value, st.Brush)
		}
		u.send(screen.TimelineTaken{})
		if got, want := u.screen.State().Filter.Text, "~time =2001-09-09T01:47:39.000Z..2001-09-09T01:47:40.000Z"; got != want {
			t.Errorf("filter %q, want %q", got, want)
		}
		if st := u.screen.State().Timeline; !st.Used || st.Zoomed {
			t.Errorf("chosen: %+v", st)
		}
		u.send(screen.TimelineZoomed{At: 0.5, Factor: 0.5})
		if st := u.screen.State().Timeline; !strings.HasSuffix(st.Label, "in 30 s, most of them at 01:46:55.000") {
			t.Errorf("zoomed: %s", st.Label)
		}
		u.send(screen.TimelineZoomed{At: 0.5, Factor: 4})
		if st := u.screen.State().Timeline; !strings.Contains(st.Label, "in 1 min 0 s") {
			t.Errorf("and back: %s", st.Label)
		}
		u.send(screen.TimelinePointed{At: 0.9999})
		if st := u.screen.State().Timeline; st.Note != "01:47:39.750, 250 ms: 2 flows, 1 failed" || st.NoteAt < 0.99 {
			t.Errorf("pointed at: %q at %v", st.Note, st.NoteAt)
		}
		u.send(screen.TimelineLeft{})
		if st := u.screen.State().Timeline; st.Note != "" || st.Value != "01:47:39.000 to 01:47:40.000" {
			t.Errorf("left: note %q, value %q", st.Note, st.Value)
		}
	})
}

// shownTime is what the strip shows: from when on, after the session began, and
// how long.
func (u *user) shownTime() string {
	get := u.engine.timeline.Load()
	if get.To <= get.From {
		return "all"
	}
	return fmt.Sprintf("%v+%v", time.Duration(get.From-1e18).Round(time.Millisecond), time.Duration(get.To-get.From).Round(time.Millisecond))
}

// TestTimelineWheel zooms as far as the wheel goes, and pans within the session.
func TestTimelineWheel(t *testing.T) {
	use(t, 10, func(u *user) {
		u.send(screen.TimelineWheeled{Y: 100}, screen.TimelineWheeled{X: 100})
		u.open("url=shop.mitm")
		for _, test := range []struct {
			about string
			times int
			turn  screen.TimelineWheeled
			want  string
		}{
			{"all of it to the side", 1, screen.TimelineWheeled{X: 100}, "all"},
			{"all of it to the side, not quite straight", 1, screen.TimelineWheeled{X: -100, Y: -3}, "all"},
			{"all of it with Shift", 1, screen.TimelineWheeled{Y: -100, Shift: true}, "all"},
			{"nothing", 1, screen.TimelineWheeled{At: 0.5}, "all"},
			{"a step out", 1, screen.TimelineWheeled{At: 0.5, Y: 100}, "all"},
			{"a step in", 1, screen.TimelineWheeled{At: 0.5, Y: -100}, "6s+48s"},
			{"and out", 1, screen.TimelineWheeled{At: 0.5, Y: 100}, "all"},
			{"a large step is one", 1, screen.TimelineWheeled{At: 0.5, Y: -5000}, "6s+48s"},
			{"and so is a page", 1, screen.TimelineWheeled{At: 0.5, Y: 1, Unit: 2}, "all"},
			{"three lines are one", 1, screen.TimelineWheeled{At: 0.5, Y: -3, Unit: 1}, "6s+48s"},
			{"back", 1, screen.TimelineWheeled{At: 0.5, Y: 120}, "all"},
			{"a swipe of small events", 40, screen.TimelineWheeled{Y: -5}, "0s+36.505s"},
			{"and back", 40, screen.TimelineWheeled{Y: 5.001}, "all"},
			{"half of it", 1, screen.TimelineWheeled{At: 0.25, Y: -100}, "3s+48s"},
			{"later", 1, screen.TimelineWheeled{X: 100}, "7.8s+48s"},
			{"earlier, with Shift", 1, screen.TimelineWheeled{Y: -50, Shift: true}, "5.4s+48s"},
			{"with Shift, as some browsers tell it", 1, screen.TimelineWheeled{X: 50, Shift: true}, "7.8s+48s"},
			{"by lines", 1, screen.TimelineWheeled{X: -1, Unit: 1}, "6.168s+48s"},
			{"to the end", 1, screen.TimelineWheeled{X: 1, Unit: 2}, "12s+48s"},
			{"beyond it", 1, screen.TimelineWheeled{X: 10}, "12s+48s"},
			{"out at the end", 1, screen.TimelineWheeled{At: 0, Y: 50}, "6s+54s"},
			{"to the beginning", 1, screen.TimelineWheeled{X: -5000}, "0s+54s"},
		} {
			test.turn.Width = 1000
			for range test.times {
				u.send(test.turn)
			}
			if got := u.shownTime(); got != test.want {
				t.Errorf("%s: %s, want %s", test.about, got, test.want)
			}
		}
	})
}

// TestTimelineAtOnce zooms and pans from what was asked for, not from what has
// come of it.
func TestTimelineAtOnce(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		in, later := screen.TimelineWheeled{At: 0.5, Width: 1000, Y: -100}, screen.TimelineWheeled{Width: 1000, X: 100}
		for _, turn := range []screen.Msg{in, in, later, later} {
			u.loop.Send(turn)
		}
		synctest.Wait()
		if got, want := u.shownTime(), "18.48s+38.4s"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// TestTimelineEdges goes beyond the bars by keys, and gets everywhere.
func TestTimelineEdges(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		u.send(screen.TimelineStepped{By: 240}, screen.TimelineStepped{By: 1})
		if got := u.shownTime(); got != "all" {
			t.Errorf("beyond all of it: %s", got)
		}
		u.send(screen.TimelineZoomed{At: 0.5, Factor: 0.8}) // bars of 200 ms
		for _, test := range []struct {
			about  string
			by     int
			extend bool
			shown  string
			value  string
		}{
			{"End", 240, false, "6s+48s", "01:47:33.800, 200 ms: 2 flows, 1 failed"},
			{"End again", 240, false, "6s+48s", "01:47:33.800, 200 ms: 2 flows, 1 failed"},
			{"one further", 1, false, "6.2s+48s", "01:47:34.000, 200 ms: 2 flows, 1 failed"},
			{"and those up to there", 1, true, "6.4s+48s", "01:47:34.000, 400 ms: 4 flows, 2 failed"},
			{"a page", 24, false, "11.2s+48s", "01:47:39.000, 200 ms: 2 flows, 1 failed"},
			{"no more than there is", 24, false, "12s+48s", "01:47:39.800, 200 ms: 2 flows, 1 failed"},
			{"the end", 1, false, "12s+48s", "01:47:39.800, 200 ms: 2 flows, 1 failed"},
			{"the first that is shown", -240, true, "12s+48s", "01:46:52.000, 48 s: 480 flows, 240 failed"},
			{"those before it", -2, true, "11.6s+48s", "01:46:51.600, 48.4 s"},
			{"the first alone", -240, false, "11.6s+48s", "01:46:51.600, 200 ms: 2 flows, 1 failed"},
			{"within", 5, false, "11.6s+48s", "01:46:52.600, 200 ms: 2 flows, 1 failed"},
			{"partly beyond", -24, false, "7.8s+48s", "01:46:47.800, 200 ms: 2 flows, 1 failed"},
		} {
			u.send(screen.TimelineStepped{By: test.by, Extend: test.extend})
			st := u.screen.State().Timeline
			if got := u.shownTime(); got != test.shown || st.Value != test.value || st.Brush[0] < 0 || st.Brush[1] > 1 {
				t.Errorf("%s: %s, %q, brush %v, want %s, %q", test.about, got, st.Value, st.Brush, test.shown, test.value)
			}
		}
		u.send(screen.TimelineWheeled{Width: 1000, X: -160}, screen.TimelineStepped{By: 240}, // 120 ms from the beginning
			screen.TimelineStepped{By: -239, Extend: true}, screen.TimelineStepped{By: -1, Extend: true}, screen.TimelineTaken{})
		if got, want := u.shownTime()+" "+u.screen.State().Filter.Text, "0s+48s ~time =2001-09-09T01:46:40.000Z..2001-09-09T01:47:28.200Z"; got != want {
			t.Errorf("the beginning: %s, want %s", got, want)
		}
	})
}

// TestNoTimeline: it can be put away, and has no room in a narrow page, but a
// waterfall needs it.
func TestNoTimeline(t *testing.T) {
	use(t, 10, func(u *user) {
		u.send(screen.SettingRecalled{Name: "timeline", Value: "off"})
		u.open("url=shop.mitm")
		if u.screen.State().Timeline.Shown || u.engine.timelines.Load() > 0 {
			t.Error("it is asked for though nobody wants it")
		}
		u.act(screen.ToggleTimeline)
		if !u.screen.State().Timeline.Shown || u.engine.timelines.Load() != 1 {
			t.Error("wanted, it is not there")
		}
		u.send(screen.Resized{Width: 390, Table: 390, Height: 320})
		if u.screen.State().Timeline.Shown {
			t.Error("it takes the room of rows")
		}
		u.send(screen.ColumnToggled{Name: "waterfall"})
		if r := u.screen.State().Table.Rows[3]; r.Bar.Left <= 0 || r.Bar.Width <= 0 {
			t.Errorf("no waterfall: %+v", r.Bar)
		}
	})
}
