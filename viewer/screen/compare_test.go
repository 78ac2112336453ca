package screen_test

import (
	"slices"
	"testing"

	"flowpane/viewer/screen"
)

func TestCompare(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		u.act(screen.FirstRow, screen.SetBase, screen.NextRow, screen.NextRow)
		s := u.screen.State()
		last := s.Detail.Tabs[len(s.Detail.Tabs)-1]
		if last.Name != "compare" || last.Label != "Compare" || !s.Table.Rows[0].Base || s.Table.Rows[2].Base {
			t.Fatalf("tabs %+v, first row is the base: %v", s.Detail.Tabs, s.Table.Rows[0].Base)
		}
		u.send(screen.TabChosen{Tab: "compare"})
		p := u.screen.State().Detail.Panel
		if len(p.Compared) != 2 || p.Compared[0].Rows[0].Left != "f0" || p.Compared[0].Rows[0].Right != "f2" {
			t.Errorf("%+v", p.Compared)
		}
		if want := "Left: the flow that was chosen with b. Right: this one. The same: response."; p.Text != want {
			t.Errorf("%q, want %q", p.Text, want)
		}
		u.act(screen.FirstRow)
		if s := u.screen.State(); slices.ContainsFunc(s.Detail.Tabs, func(t screen.Tab) bool { return t.Name == "compare" }) {
			t.Error("the base is compared with itself")
		}
		u.act(screen.SetBase)
		if s := u.screen.State(); s.Table.Rows[0].Base {
			t.Error("a second press keeps the base")
		}
		u.act(screen.LastRow, screen.SetBase, screen.FirstRow)
		if p := u.screen.State().Detail.Panel; len(p.Compared) != 1 || p.Compared[0].Note != "f9 is gone" {
			t.Errorf("with one that is gone: %+v", p.Compared)
		}
	})
}
