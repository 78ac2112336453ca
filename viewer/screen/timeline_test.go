package screen_test

import (
	"strings"
	"testing"

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
