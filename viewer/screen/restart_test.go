package screen_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/screen"
)

// die ends the engine, and reports whether another is started.
func (u *user) die() bool {
	u.effects = nil
	u.send(screen.Disconnected{Err: api.ErrClosed})
	return slices.Contains(u.effects, "Restart{}")
}

// revive connects another engine, which reads all.
func (u *user) revive() {
	u.engine = newEngine(u.engine.total)
	u.connect()
	if u.screen.State().Phase == screen.Reading {
		u.read(0)
	}
}

// told returns what the problems say.
func (u *user) told() string {
	var texts []string
	for _, i := range u.screen.State().Issues.List {
		texts = append(texts, i.Text)
	}
	return strings.Join(texts, "\n")
}

// TestRestart shows the same view by another engine, to which it tells all that
// only the last one knew.
func TestRestart(t *testing.T) {
	use(t, 100, func(u *user) {
		u.engine.followable = true
		u.connect()
		u.send(screen.Picked{Files: []screen.File{{Token: "3", Name: "api.pb"}, {Token: "t", Name: "some.mitm"}}})
		u.read(0)
		u.send(screen.FilterTyped{Text: "5"}, screen.HeaderClicked{Column: "size"}, screen.RowClicked{Index: 4}, screen.TabChosen{Tab: "response"})
		u.send(screen.Marked{Key: "f45", Marker: ":x:"}, screen.Commented{Key: "f5", Text: "here"})
		u.act(screen.FollowSession)
		before := u.screen.State()
		if !u.die() {
			t.Fatal("no other engine is started")
		}
		if s := u.screen.State(); s.Phase != screen.Loading || s.Start.Heading != "The engine stopped" || s.Name != "some.mitm" {
			t.Errorf("meanwhile: %s, %+v, %q", s.Phase, s.Start, s.Name)
		}
		u.engine = newEngine(100)
		u.engine.followable = true
		u.connect()
		u.read(0)
		after := u.screen.State()
		if after.Status != before.Status || after.Filter.Text != "5" || after.Detail.Title != before.Detail.Title || !slices.Equal(after.Detail.Tabs, before.Detail.Tabs) {
			t.Errorf("status %q, filter %q, detail %q %v,\nbefore %q, %q, %q %v", after.Status, after.Filter.Text, after.Detail.Title, after.Detail.Tabs,
				before.Status, before.Filter.Text, before.Detail.Title, before.Detail.Tabs)
		}
		calls := u.engine.taken()
		for _, want := range []string{"add schema api.pb", "open some.mitmt", "watch filter=5 order=size"} {
			if !slices.Contains(calls, want) {
				t.Errorf("the engine was not asked for %q but for %q", want, calls)
			}
		}
		if n := u.engine.notes; len(n) != 2 || n[0].Key != "f45" || n[1].GetComment() != "here" {
			t.Errorf("the engine was told %v", n)
		}
		if !strings.HasPrefix(u.told(), "The engine stopped, perhaps for want of memory.") {
			t.Errorf("the page says %q", u.told())
		}
	})
}

// TestRestartTellsAll: what a person says while the engine is told what was said
// before takes nothing of that back, and stands at the end. So it does when the
// session ends with an error.
func TestRestartTellsAll(t *testing.T) {
	for _, fail := range []error{nil, errors.New("cut off")} {
		use(t, 10, func(u *user) {
			u.open("url=shop.mitm")
			for _, key := range []string{"f1", "f2", "f3"} {
				u.send(screen.Marked{Key: key, Marker: ":x:"})
			}
			u.die()
			u.engine = newEngine(10)
			u.engine.fail, u.engine.gate = fail, make(chan struct{})
			u.connect()
			u.read(5)
			u.read(0)
			u.send(screen.Marked{Key: "f3", Marker: ":bug:"}, screen.Commented{Key: "f4", Text: "here"})
			close(u.engine.gate)
			synctest.Wait()
			marks := map[string]string{}
			for _, n := range u.engine.notes {
				marks[n.Key] = n.GetMarker() + n.GetComment()
			}
			if want := map[string]string{"f1": ":x:", "f2": ":x:", "f3": ":bug:", "f4": "here"}; !maps.Equal(marks, want) {
				t.Errorf("%v: the engine knows %v, not %v", fail, marks, want)
			}
		})
	}
}

// TestRestartLess shows less each time that nobody had a hand in it.
func TestRestartLess(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm&filter=5&flow=f15")
		for _, want := range []struct {
			phase  screen.Phase
			filter string
			says   string
		}{
			{screen.Opened, "5", "where you were."},
			{screen.Opened, "", "without its filter and without a flow"},
			{screen.Failed, "", "it is not opened once more"},
		} {
			if !u.die() {
				t.Fatal("no other engine is started")
			}
			u.revive()
			s := u.screen.State()
			if s.Phase != want.phase || s.Filter.Text != want.filter || !strings.Contains(u.told(), want.says) || s.Detail.Open != (want.filter != "") {
				t.Errorf("%s, filter %q, detail %v, %q; want %+v", s.Phase, s.Filter.Text, s.Detail.Open, u.told(), want)
			}
		}
		if u.die() {
			t.Error("an engine that ends with nothing open is started again")
		}
		if s := u.screen.State(); s.Phase != screen.Failed || s.Start.Heading != "The engine stopped" || !strings.Contains(u.told(), "is not started any more") {
			t.Errorf("%s, %+v, %q", s.Phase, s.Start, u.told())
		}
	})
}

// TestRestartForgives begins at the top again once a person went on.
func TestRestartForgives(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm&filter=5")
		for range 6 {
			if !u.die() {
				t.Fatal("no other engine is started")
			}
			u.send(screen.FilterTyped{Text: "55"}) // while nothing runs
			u.revive()
			u.send(screen.FilterTyped{Text: "5"})
			if s := u.screen.State(); s.Phase != screen.Opened || !strings.Contains(u.told(), "where you were.") {
				t.Errorf("%s, %q", s.Phase, u.told())
			}
		}
	})
}

// TestRestartTells says what the engine took with it.
func TestRestartTells(t *testing.T) {
	use(t, 100, func(u *user) {
		u.connect()
		if !u.die() {
			t.Fatal("no other engine is started")
		}
		u.revive()
		if s := u.screen.State(); s.Phase != screen.Ready || u.told() != "The engine stopped, and was started again." {
			t.Errorf("%s, %q", s.Phase, u.told())
		}
		u.send(screen.Navigated{Fragment: "url=shop.mitm"})
		u.read(0)
		u.act(screen.PickAll, screen.ToggleMark)
		if scope := u.engine.annotated().Scope; scope != viewerpb.Scope_VIEW {
			t.Fatalf("scope %v", scope)
		}
		u.engine.gate = make(chan struct{})
		u.send(screen.FilterTyped{Text: "5"})
		u.act(screen.KeepSession, screen.SaveAs)
		u.send(screen.SaveTargetChosen{Name: "har"}, screen.SaveStarted{})
		u.die()
		u.revive()
		for _, want := range []string{"Keeping it was broken off", "What was being saved was not saved.", "Marks that were set on all shown flows at once are gone."} {
			if !strings.Contains(u.told(), want) {
				t.Errorf("the page does not say %q but %q", want, u.told())
			}
		}
		if len(u.engine.notes) != 0 {
			t.Errorf("the engine was told %v", u.engine.notes)
		}
	})
}

// TestRestartElsewhere: who goes elsewhere meanwhile does not come back.
func TestRestartElsewhere(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm&filter=5")
		u.die()
		u.send(screen.Navigated{Fragment: "url=other.mitm"})
		u.revive()
		if s := u.screen.State(); s.Name != "other.mitm" || s.Phase != screen.Opened || u.told() != "" {
			t.Errorf("%q, %s, %q", s.Name, s.Phase, u.told())
		}
		u.die()
		u.send(screen.Navigated{})
		u.revive()
		if s := u.screen.State(); s.Name != "" || s.Phase != screen.Ready {
			t.Errorf("%q, %s", s.Name, s.Phase)
		}
	})
}

// TestRestartBefore: a file that ends each engine, or that the next one refuses,
// gives way to the session that was open before, and to what was said of that.
func TestRestartBefore(t *testing.T) {
	for _, test := range []struct {
		filter string
		refuse error
		deaths int
		late   bool // it ends an engine when some of it is known
		says   string
	}{
		{"", nil, 2, false, "The session that was open before was opened again."},
		{"", nil, 2, true, "The session that was open before was opened again."},
		{"5", nil, 3, false, "The session that was open before was opened again."},
		{"5", errors.New("no capture"), 1, false, "no capture"},
	} {
		use(t, 100, func(u *user) {
			u.connect()
			u.send(screen.Picked{Files: []screen.File{{Token: "a", Name: "a.mitm"}}})
			u.read(0)
			u.send(screen.FilterTyped{Text: test.filter}, screen.Marked{Key: "f5", Marker: ":x:"}, screen.RowClicked{Index: 0})
			title := u.screen.State().Detail.Title
			u.engine.mute = !test.late
			u.send(screen.Picked{Files: []screen.File{{Token: "b", Name: "b.mitm"}}}, screen.Answered{Yes: true})
			var gone []string
			for i := range test.deaths {
				if s := u.screen.State(); s.Name != "b.mitm" || !u.die() {
					t.Fatalf("%d: no other engine is started for %s", i, s.Name)
				}
				u.engine = newEngine(100)
				u.engine.refuse, u.engine.spares = test.refuse, "a"
				u.engine.mute = !test.late && i < test.deaths-1
				u.connect()
				gone = append(gone, u.letGo()...)
			}
			u.read(0)
			s := u.screen.State()
			if s.Phase != screen.Opened || s.Name != "a.mitm" || s.Filter.Text != test.filter || s.Detail.Title != title || title == "" {
				t.Errorf("%+v: %s, %q, filter %q, detail %q", test, s.Phase, s.Name, s.Filter.Text, s.Detail.Title)
			}
			if i := s.Issues.List; len(i) != 1 || i[0].Place != "b.mitm" || !strings.HasSuffix(i[0].Text, test.says) {
				t.Errorf("%+v: the page says %+v", test, i)
			}
			if n := u.engine.notes; len(n) != 1 || n[0].Key != "f5" {
				t.Errorf("%+v: the engine was told %v", test, n)
			}
			if slices.Contains(gone, "[a]") {
				t.Errorf("%+v: %v were let go", test, gone)
			}
			if !u.die() || u.screen.State().Name != "a.mitm" {
				t.Errorf("%+v: it is not opened again", test)
			}
		})
	}
}

// TestRestartByHand: where no engine is started any more, one is for a person who
// opens something.
func TestRestartByHand(t *testing.T) {
	for name, open := range map[string]screen.Msg{
		"other.mitm": screen.Picked{Files: []screen.File{{Token: "t", Name: "other.mitm"}}},
		"b.pb":       screen.Picked{Files: []screen.File{{Token: "t", Name: "b.pb"}}},
		"link.mitm":  screen.Navigated{Fragment: "url=link.mitm"},
		"shop.mitm":  screen.Navigated{Fragment: "url=shop.mitm"}, // the same again
		"typed.mitm": screen.AddressGiven{Text: "typed.mitm"},
	} {
		use(t, 10, func(u *user) {
			u.open("url=shop.mitm")
			for u.die() {
				if name == "shop.mitm" {
					u.die() // nor does this one start
					break
				}
				u.revive()
			}
			if s := u.screen.State(); s.Start.Heading != "The engine stopped" || s.Phase != screen.Failed {
				t.Fatalf("%s, %+v", s.Phase, s.Start)
			}
			u.effects = nil
			u.send(open)
			if s := u.screen.State(); !slices.Contains(u.effects, "Restart{}") || s.Phase != screen.Loading {
				t.Fatalf("%s: %s, %v", name, s.Phase, u.effects)
			}
			u.revive()
			if s := u.screen.State(); s.Phase != screen.Opened || s.Name != name || u.told() != "" {
				t.Errorf("%s: %s, %q, %q", name, s.Phase, s.Name, u.told())
			}
			if !u.die() {
				t.Errorf("%s: the engine is not started again", name)
			}
		})
	}
}

// TestWarning tells of a flow what is wrong with it beside all other problems.
func TestWarning(t *testing.T) {
	use(t, 10, func(u *user) {
		u.engine.warning = "the list said something else"
		u.open("url=shop.mitm&flow=f3")
		if i := u.screen.State().Issues.List; len(i) != 1 || i[0] != (screen.Issue{Place: "flow f3", Text: "the list said something else"}) {
			t.Errorf("%+v", i)
		}
	})
}
