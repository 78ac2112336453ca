package screen_test

import (
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/screen"
)

// TestPicks picks flows one by one, by ranges and all, and drops them.
func TestPicks(t *testing.T) {
	use(t, 50, func(u *user) {
		u.open("url=shop.mitm")
		picked := func(want string) {
			t.Helper()
			var got []string
			for _, r := range u.screen.State().Table.Rows {
				if r.Picked {
					got = append(got, r.Row.Key)
				}
			}
			if got := strings.Join(got, " "); got != want {
				t.Errorf("picked %s, want %s", got, want)
			}
		}
		u.send(screen.RowClicked{Index: 1})
		picked("")
		u.send(screen.RowClicked{Index: 3, Add: true})
		picked("f1 f3")
		if st := u.screen.State(); !strings.HasSuffix(st.Status, " · 2 picked") || st.Detail.Key != "f1" {
			t.Errorf("status %q, detail %s", st.Status, st.Detail.Key)
		}
		u.send(screen.RowClicked{Index: 1, Add: true})
		picked("f3")
		u.send(screen.RowClicked{Index: 6, Range: true})
		picked("f1 f2 f3 f4 f5 f6")
		u.act(screen.PickPrevious)
		picked("f1 f2 f3 f4 f5")
		u.act(screen.PickNext)
		u.act(screen.PickNext)
		picked("f1 f2 f3 f4 f5 f6 f7")
		u.act(screen.PickRow)
		picked("f1 f2 f3 f4 f5 f6")
		u.act(screen.SaveAs)
		if v := u.screen.State().Save; v.Picked != "The 6 flows picked" || v.Scope != screen.SavePicked {
			t.Errorf("to save: %+v", v)
		}
		u.send(screen.SaveClosed{})
		u.act(screen.ToggleMark)
		if a := u.engine.annotated(); a.Scope != viewerpb.Scope_KEYS || strings.Join(a.Keys, " ") != "f1 f2 f3 f4 f5 f6" || a.Key != "f1" {
			t.Errorf("marked %+v", a)
		}
		u.send(screen.Marked{Key: "f1", Marker: ":red_circle:"})
		if a := u.engine.annotated(); a.Scope != viewerpb.Scope_KEYS || len(a.Keys) != 6 || a.Key != "f1" || a.GetMarker() != ":red_circle:" {
			t.Errorf("marked by colour %+v", a)
		}
		u.send(screen.Commented{Key: "f1", Text: "look"})
		if a := u.engine.annotated(); a.Scope != viewerpb.Scope_ALL || a.Key != "f1" || a.Marker != nil {
			t.Errorf("commented %+v", a)
		}
		u.act(screen.CloseDetail)
		picked("")
		u.send(screen.Marked{Key: "f1"})
		if a := u.engine.annotated(); a.Scope != viewerpb.Scope_ALL || len(a.Keys) != 0 || a.Key != "f1" {
			t.Errorf("marked alone %+v", a)
		}
		if !u.screen.State().Detail.Open {
			t.Error("the flow was closed with them")
		}
		u.act(screen.PickAll)
		if st := u.screen.State(); !strings.HasSuffix(st.Status, " · 50 picked") {
			t.Errorf("all: %q", st.Status)
		}
		u.act(screen.ToggleMark)
		if a := u.engine.annotated(); a.Scope != viewerpb.Scope_VIEW || len(a.Keys) != 0 {
			t.Errorf("marked all: %+v", a)
		}
		u.send(screen.HeaderClicked{Column: "path"})
		picked("")
	})
}
