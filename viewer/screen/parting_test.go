package screen_test

import (
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

// A session that is closed leaves the page as it was before it, and its address in
// the history.
func TestClose(t *testing.T) {
	use(t, 30, func(u *user) {
		u.connect()
		if u.screen.State().Closable {
			t.Error("nothing can be closed")
		}
		u.send(screen.Picked{Files: []screen.File{{Token: "a", Name: "a.mitm"}}})
		u.read(0)
		u.send(screen.FilterTyped{Text: "2"}, screen.RowClicked{Index: 1})
		if st := u.screen.State(); !st.Closable || st.Unsaved {
			t.Errorf("closable %v, unsaved %v", st.Closable, st.Unsaved)
		}
		u.effects = nil
		u.send(screen.CloseAsked{})
		st := u.screen.State()
		if st.Phase != screen.Ready || st.Closable || st.Name != "" || st.Filter.Text != "" || st.Detail.Open || st.Table.Count != 0 || st.Start.Heading == "" {
			t.Errorf("%s: %+v", st.Phase, st)
		}
		if !slices.Contains(u.effects, "SetFragment{Fragment: Push:true}") || !slices.Contains(u.effects, "LetGo{Tokens:[a]}") {
			t.Errorf("it does %q", u.effects)
		}
		if calls := u.engine.taken(); !slices.Contains(calls, "close") {
			t.Errorf("it calls %q", calls)
		}
		u.effects = nil
		u.act(screen.CloseSession)
		if len(u.effects) > 0 {
			t.Errorf("once more, it does %q", u.effects)
		}
		u.send(screen.Picked{Files: []screen.File{{Token: "a2", Name: "a.mitm"}}})
		u.read(0)
		if st := u.screen.State(); st.Phase != screen.Opened || st.Table.Count != 30 || st.Filter.Text != "" {
			t.Errorf("opened again: %s, %d flows, filter %q", st.Phase, st.Table.Count, st.Filter.Text)
		}
	})
}

// What a person said of flows is not lost before they agree to that.
func TestPartingWithNotes(t *testing.T) {
	use(t, 30, func(u *user) {
		asked := func() bool {
			defer func() { u.effects = nil }()
			return slices.ContainsFunc(u.effects, func(e string) bool {
				return strings.HasPrefix(e, "Confirm{Text:What you marked and said of flows of a.mitm is lost")
			})
		}
		u.connect()
		u.send(screen.Picked{Files: []screen.File{{Token: "a", Name: "a.mitm"}}})
		u.read(0)
		u.send(screen.Commented{Key: "f1", Text: "lo"}, screen.Commented{Key: "f1", Text: "look"})
		if !u.screen.State().Unsaved {
			t.Error("nothing would be lost")
		}
		u.effects = nil
		u.send(screen.CloseAsked{})
		if !asked() || u.screen.State().Phase != screen.Opened {
			t.Fatalf("closed unasked: %s", u.screen.State().Phase)
		}
		u.send(screen.Answered{})
		u.send(screen.Picked{Files: []screen.File{{Token: "b", Name: "b.mitm"}}})
		if !asked() || u.screen.State().Name != "a.mitm" {
			t.Fatalf("%q was opened unasked", u.screen.State().Name)
		}
		u.send(screen.Answered{})
		if gone := u.letGo(); !slices.Equal(gone, []string{"[b]"}) {
			t.Errorf("what is not opened lets %q go", gone)
		}
		u.send(screen.Picked{Files: []screen.File{{Token: "c", Name: "c.mitm"}}}, screen.Answered{Yes: true})
		u.read(0)
		if st := u.screen.State(); st.Name != "c.mitm" || st.Unsaved || st.Phase != screen.Opened {
			t.Errorf("%q, %s, unsaved %v", st.Name, st.Phase, st.Unsaved)
		}
		u.send(screen.Answered{Yes: true}) // to nothing
		if st := u.screen.State(); st.Name != "c.mitm" {
			t.Errorf("%q", st.Name)
		}
	})
}
