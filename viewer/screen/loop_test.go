package screen_test

import (
	"reflect"
	"slices"
	"testing"
	"testing/synctest"

	"flowpane/viewer/screen"
)

// An effect may fire an event at once: it waits its turn.
func TestLoopTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var loop *screen.Loop
		var order []string
		s := screen.New(nil, nil)
		loop = screen.NewLoop(s, func(c screen.Command) {
			if f, ok := c.(screen.SetFragment); ok {
				order = append(order, "begin "+f.Fragment)
				if f.Fragment == "filter=a" {
					loop.Send(screen.FilterTyped{Text: "b"})
				}
				order = append(order, "end "+f.Fragment)
			}
		}, func() { order = append(order, "changed") })
		loop.Send(screen.FilterTyped{Text: "a"})
		want := []string{"begin filter=a", "end filter=a", "changed", "begin filter=b", "end filter=b", "changed"}
		if !slices.Equal(order, want) {
			t.Errorf("%q, want %q", order, want)
		}
	})
}

// Rows that are no longer wanted do not come, and the table is busy until
// those in sight are here.
func TestScrollingCancels(t *testing.T) {
	use(t, 10_000, func(u *user) {
		u.engine.gate, u.engine.bare = make(chan struct{}, 1), true
		u.open("url=shop.mitm")
		if table := u.screen.State().Table; !table.Busy || table.Rows[0].Row != nil {
			t.Errorf("before its rows: busy %v, first row %v", table.Busy, table.Rows[0].Row)
		}
		u.send(screen.Scrolled{Top: 100_000})
		u.send(screen.Scrolled{Top: 200_000})
		u.engine.gate <- struct{}{} // for whoever still waits
		synctest.Wait()
		table := u.screen.State().Table
		if table.Busy {
			t.Error("still busy")
		}
		if i := slices.IndexFunc(table.Rows, func(r screen.TableRow) bool { return r.Index == 6250 }); i < 0 || table.Rows[i].Row == nil || table.Rows[i].Row.Key != "f6250" {
			t.Errorf("row 6250 is not among %d rows", len(table.Rows))
		}
		u.send(screen.Scrolled{Top: 100_000})
		if !u.screen.State().Table.Busy {
			t.Error("rows of a cancelled call are here")
		}
		u.send(screen.Scrolled{Top: 200_000})
		if u.screen.State().Table.Busy {
			t.Error("rows seen before are forgotten")
		}
	})
}

// While rows of another revision are on their way, those before stay.
func TestRowsDoNotFlash(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm")
		u.engine.gate, u.engine.bare = make(chan struct{}, 10), true
		u.send(screen.FilterTyped{Text: "5"})
		table := u.screen.State().Table
		if !table.Busy || table.Count != 271 || table.Rows[0].Row == nil || table.Rows[0].Row.Key != "f0" {
			t.Errorf("busy %v, count %d, first row %+v", table.Busy, table.Count, table.Rows[0].Row)
		}
		u.act(screen.NextRow) // what is not here yet is not selected
		if s := u.screen.State(); s.Detail.Open {
			t.Errorf("a row of the view before is selected: %s", s.Detail.Key)
		}
		u.engine.gate <- struct{}{}
		synctest.Wait()
		s := u.screen.State()
		if s.Table.Busy || s.Table.Rows[0].Row.Key != "f5" || s.Detail.Key != "f5" {
			t.Errorf("busy %v, first row %+v, detail %q", s.Table.Busy, s.Table.Rows[0].Row, s.Detail.Key)
		}
	})
}

// The first rows come with the view: none is asked for.
func TestRowsComeWithView(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.engine.gate = make(chan struct{}) // which lets no Rows pass
		u.open("url=shop.mitm")
		for _, c := range []struct{ filter, first string }{{"", "f0"}, {"5", "f5"}, {"50", "f50"}, {"", "f0"}} {
			u.send(screen.FilterTyped{Text: c.filter})
			if table := u.screen.State().Table; table.Busy || table.Rows[0].Row == nil || table.Rows[0].Row.Key != c.first {
				t.Errorf("filter %q: busy %v, first row %+v", c.filter, table.Busy, table.Rows[0].Row)
			}
		}
	})
}

// A key that is pressed before another view is there is for that one.
func TestKeyBeforeView(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm")
		u.engine.hold = make(chan struct{})
		for _, c := range []struct {
			msg  screen.Msg
			want string
		}{
			{screen.FilterTyped{Text: "5"}, "f15"},
			{screen.HeaderClicked{Column: "number"}, "f985"},
			{screen.FilterTyped{}, "f998"},
		} {
			u.send(screen.RowClicked{Index: 0}, c.msg, screen.Acted{Action: screen.FirstRow}, screen.Acted{Action: screen.NextRow})
			if s := u.screen.State(); !s.Table.Busy || s.Detail.Key == c.want {
				t.Errorf("%+v: busy %v, shown is %s before its view", c.msg, s.Table.Busy, s.Detail.Key)
			}
			u.engine.hold <- struct{}{}
			synctest.Wait()
			if s := u.screen.State(); s.Table.Busy || s.Detail.Key != c.want {
				t.Errorf("%+v: busy %v, shown is %s; want %s", c.msg, s.Table.Busy, s.Detail.Key, c.want)
			}
		}
	})
}

// A right text whose view a wrong one prevents is the filter all the same.
func TestRightThenWrong(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm")
		u.engine.hold = make(chan struct{})
		u.send(screen.FilterTyped{Text: "5"}, screen.FilterLeft{}, screen.FilterTyped{Text: "5 ~"})
		if !slices.ContainsFunc(u.effects, func(e string) bool { return e == "Remember{Filters:[5]}" }) {
			t.Errorf("it is not remembered: %q", u.effects)
		}
		u.engine.hold <- struct{}{}
		synctest.Wait()
		if s := u.screen.State(); s.Table.Busy || s.Table.Count != 271 || s.Filter.Error == "" {
			t.Errorf("busy %v, %d rows, error %q", s.Table.Busy, s.Table.Count, s.Filter.Error)
		}
		close(u.engine.hold)
		u.send(screen.FilterTyped{Text: "5"}, screen.FilterTyped{Text: "50"}, screen.HeaderClicked{Column: "size"}, screen.FilterTyped{Text: "50 ~"}, screen.HeaderClicked{Column: "size"})
		if s := u.screen.State(); s.Table.Busy || s.Table.Count != 20 || s.Table.Rows[0].Row.Key != "f950" {
			t.Errorf("busy %v, %d rows, first %+v", s.Table.Busy, s.Table.Count, s.Table.Rows[0].Row)
		}
	})
}

// What is shown follows the session, whatever is typed that is wrong: also where what
// was typed before had the engine leave what is shown.
func TestWrongFilterFollows(t *testing.T) {
	for _, c := range []struct {
		texts []string
		held  bool
		shown int
	}{{[]string{"5", "5 ~"}, false, 271}, {[]string{"5", "50", "~"}, false, 20}, {[]string{"5", "5 ~"}, true, 1000}, {[]string{"crash", ""}, false, 1000}} {
		use(t, 1000, func(u *user) {
			u.send(screen.Navigated{Fragment: "url=shop.mitm"})
			u.connect()
			u.read(100)
			if c.held {
				u.engine.hold, u.engine.slow = make(chan struct{}), true
			}
			for _, text := range c.texts {
				u.send(screen.FilterTyped{Text: text})
			}
			if c.held {
				close(u.engine.hold)
			}
			u.read(0)
			if s := u.screen.State(); s.Table.Busy || s.Table.Count != c.shown {
				t.Errorf("%q: busy %v, %d rows; want %d", c.texts, s.Table.Busy, s.Table.Count, c.shown)
			}
		})
	}
}

// A filter that is wrong takes nothing from the table: not where a person is in it,
// nor what they have picked.
func TestWrongFilterLeavesTable(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm")
		u.send(screen.FilterTyped{Text: "5"}, screen.Scrolled{Top: 3200}, screen.RowClicked{Index: 103, Add: true})
		before := u.screen.State().Table
		for _, text := range []string{"5 ~", "5 ~x", "~"} {
			u.send(screen.FilterTyped{Text: text})
			if table := u.screen.State().Table; table.Busy || table.Count != before.Count || !reflect.DeepEqual(table.Rows, before.Rows) {
				t.Errorf("%q: busy %v, %d rows from %d on, were %d from %d on", text, table.Busy, table.Count, table.Rows[0].Index, before.Count, before.Rows[0].Index)
			}
		}
		if i := slices.IndexFunc(before.Rows, func(r screen.TableRow) bool { return r.Picked }); i < 0 || before.Rows[i].Index != 103 {
			t.Errorf("row 103 was not picked: %+v", before.Rows)
		}
	})
}

// A link leads from one session to another with a filter: it is that one's. Of a wrong
// filter the one before stays.
func TestLinkedFilterOfAnotherSession(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm")
		for _, c := range []struct {
			fragment string
			count    int
		}{{"url=other.mitm&filter=5", 271}, {"url=shop.mitm&filter=%7E", 271}, {"", 0}, {"url=shop.mitm&filter=50", 20}} {
			u.send(screen.Navigated{Fragment: c.fragment})
			if c.fragment != "" {
				u.read(0)
			}
			if s := u.screen.State(); s.Table.Busy || s.Table.Count != c.count {
				t.Errorf("%q: busy %v, %d rows; want %d", c.fragment, s.Table.Busy, s.Table.Count, c.count)
			}
		}
	})
}

// On a narrow page the detail takes the place of the table, so keys that walk
// do not open it.
func TestNarrow(t *testing.T) {
	use(t, 100, func(u *user) {
		u.send(screen.Resized{Width: 400, Table: 400, Height: 320})
		u.open("url=shop.mitm")
		u.act(screen.NextRow, screen.NextRow)
		s := u.screen.State()
		if s.Detail.Open || !s.Table.Rows[1].Selected {
			t.Errorf("detail open %v, second row selected %v", s.Detail.Open, s.Table.Rows[1].Selected)
		}
		u.send(screen.RowClicked{Index: 3})
		if s := u.screen.State(); !s.Detail.Open || s.Detail.Key != "f3" {
			t.Errorf("detail open %v of %q", s.Detail.Open, s.Detail.Key)
		}
		u.act(screen.CloseDetail)
		if s := u.screen.State(); s.Detail.Open || !s.Table.Rows[3].Selected {
			t.Errorf("after closing: open %v, selected %v", s.Detail.Open, s.Table.Rows[3].Selected)
		}
		u.act(screen.OpenDetail)
		if !u.screen.State().Detail.Open {
			t.Error("Enter does not open the detail")
		}
	})
}
