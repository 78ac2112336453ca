package screen_test

import (
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

// What is kept is listed while nothing is open, opened by its link, shared
// and deleted, but not by one press.
func TestShelf(t *testing.T) {
	use(t, 4, func(u *user) {
		u.engine.shelf = []string{"old", "new"}
		u.connect()
		k := u.screen.State().Kept
		if len(k.Sessions) != 2 || k.Sessions[0].Name != "new" || k.Sessions[0].Link != "#local=new" || !strings.HasPrefix(k.Sessions[0].About, "3 flows · 2") || k.RemoveAll != "Delete all" {
			t.Fatalf("%+v", k)
		}
		u.send(screen.KeptShared{Name: "new"})
		u.read(0)
		if st := u.screen.State(); st.Name != "new" || !st.Save.Open {
			t.Errorf("to be shared: %q %+v", st.Name, st.Save)
		}
		u.send(screen.Navigated{})
		u.send(screen.KeptRemoved{Name: "new"})
		if k := u.screen.State().Kept; len(k.Sessions) != 2 || k.Sessions[0].Remove != "Delete for good?" {
			t.Errorf("asked: %+v", k)
		}
		u.send(screen.KeptRemoved{Name: "old"}, screen.KeptRemoved{Name: "old"})
		if k := u.screen.State().Kept; len(k.Sessions) != 1 || k.Sessions[0].Name != "new" || k.RemoveAll != "" {
			t.Errorf("deleted: %+v", k)
		}
		u.send(screen.Navigated{Fragment: "local=new"})
		u.read(0)
		st := u.screen.State()
		if st.Phase != screen.Opened || st.Name != "new" || !st.Kept.Done || st.Kept.Shown {
			t.Errorf("opened: %s %q %+v", st.Phase, st.Name, st.Kept)
		}
		u.send(screen.Navigated{})
		if k := u.screen.State().Kept; !k.Shown || len(k.Sessions) != 1 {
			t.Errorf("left: %+v", k)
		}
	})
}

// Keeping says how far it is, can be ended, and gives the session an address.
func TestKeep(t *testing.T) {
	use(t, 4, func(u *user) {
		u.open("url=a.mitm")
		u.engine.gate = make(chan struct{})
		label := func() string { return u.screen.State().Kept.Offered }
		if label() != "Keep" {
			t.Fatalf("offered %q", label())
		}
		u.send(screen.KeepAsked{})
		if label() != "Keeping… 25 %" || !slices.Contains(u.effects, "Persist{}") {
			t.Errorf("while it is kept: %q, %q", label(), u.effects)
		}
		u.send(screen.KeepAsked{})
		if label() != "Keep" {
			t.Errorf("ended: %q", label())
		}
		close(u.engine.gate)
		u.engine.gate = nil
		u.effects = nil
		u.send(screen.KeepAsked{})
		if k := u.screen.State().Kept; k.Offered != "Kept" || !k.Done {
			t.Errorf("kept: %+v", k)
		}
		if !slices.Contains(u.effects, "SetFragment{Fragment:local=kept Push:false}") {
			t.Errorf("its address: %q", u.effects)
		}
	})
}

// A key marks the flow with the focus, and takes the mark away; the comment tab
// changes both.
func TestNotes(t *testing.T) {
	use(t, 4, func(u *user) {
		u.open("url=a.mitm")
		u.send(screen.RowClicked{Index: 1}, screen.TabChosen{Tab: "comment"})
		key := u.screen.State().Detail.Key
		n := u.screen.State().Detail.Panel.Note
		if !n.Shown || n.Marker != "" || len(n.Markers) < 10 {
			t.Errorf("note %+v", n)
		}
		u.act(screen.ToggleMark)
		if n := u.screen.State().Detail.Panel.Note; n.Marker != ":default:" {
			t.Errorf("marked: %+v", n)
		}
		u.send(screen.Marked{Key: key, Marker: ":odd:"}, screen.Commented{Key: key, Text: "why?"})
		n = u.screen.State().Detail.Panel.Note
		if n.Comment != "why?" || len(u.engine.notes) != 3 || u.engine.notes[1].GetMarker() != ":odd:" || u.engine.notes[2].Marker != nil || u.engine.notes[0].Key != key {
			t.Errorf("%+v, %v", n, u.engine.notes)
		}
	})
}
