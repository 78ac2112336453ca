package screen_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/screen"
)

// TestOverviewOrder: groups are asked for in the order of a heading, and those of the
// tree that are open with them; the order is said once they are in it, and stays.
func TestOverviewOrder(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		u.act(screen.OpenOverview)
		u.send(screen.GroupToggled{ID: "a.example "})
		check := func(headings, third, more string) {
			t.Helper()
			o := u.screen.State().Overview
			var got []string
			for _, h := range o.Headings {
				if h.Sorted {
					h.Label += "*"
				}
				got = append(got, h.Label)
			}
			last := o.Tree.Rows[len(o.Tree.Rows)-1]
			if s := strings.Join(got, " "); s != headings || last.Name != third || o.Tree.More != more || o.Tree.Rows[3].Name != more[:4]+"7"+more[5:] {
				t.Errorf("%s: %s, %s, %+v", s, last.Name, o.Tree.More, o.Tree.Rows)
			}
		}
		check("Name Flows* Failed Bytes p50 p95 p99", "dns", "and 3 more after those with the most flows")
		u.send(screen.GroupsOrdered{By: "Failed"})
		check("Name Flows Failed* Bytes p50 p95 p99", "fails.example", "and 3 more after those with the most failures")
		if by := viewerpb.GroupOrder(u.engine.branchesBy.Load()); by != viewerpb.GroupOrder_BY_FAILED {
			t.Errorf("a branch by %v", by)
		}
		for _, none := range []string{"Name", "p50", "Failed", ""} {
			u.send(screen.GroupsOrdered{By: none})
		}
		if n := u.engine.branches.Load(); n != 2 {
			t.Errorf("asked for %d branches", n)
		}
		u.send(screen.OverviewClosed{})
		u.act(screen.OpenOverview)
		u.send(screen.GroupToggled{ID: "a.example "})
		check("Name Flows Failed* Bytes p50 p95 p99", "fails.example", "and 3 more after those with the most failures")
		u.send(screen.GroupsOrdered{By: "p95"})
		check("Name Flows Failed Bytes p50 p95* p99", "dns", "and 3 more after those with the highest p95")
	})
}

// TestOverview opens groups of the tree, and filters by one.
func TestOverview(t *testing.T) {
	use(t, 10, func(u *user) {
		u.act(screen.OpenOverview)
		if o := u.screen.State().Overview; o.Offered || o.Open {
			t.Errorf("of nothing: %+v", o)
		}
		u.open("url=shop.mitm")
		u.act(screen.OpenOverview)
		o := u.screen.State().Overview
		if !o.Offered || !o.Open || o.Summary != "Of all 8 flows" || len(o.Tables) != 5 || len(o.Lists) != 2 || o.Tree.More != "and 3 more after those with the most flows" {
			t.Fatalf("%+v", o)
		}
		if got, want := fmt.Sprint(o.Figures), "[{Flows 8 } {Failed 2 (~e | ~c >=400)} {Sent 0 B } {Received 7.8 KB ~size >0} {Half took up to 2.3 ms ~dur >=2.345ms} "+
			"{95 % took up to 3 ms ~dur >=3ms} {99 % took up to 351 ms ~dur >=350ms} {Longest 5 s ~dur >=5000ms}]"; got != want {
			t.Errorf("figures\n%s, want\n%s", got, want)
		}
		if r := o.Tables[0].Rows[1]; r.Name != "no response" || r.Share != 0.25 || r.Failed != "" {
			t.Errorf("without status: %+v", r)
		}
		if got, want := fmt.Sprint(o.Tables[0].Rows[0].Percentiles), "[{Half took up to 2.3 ms ~c 200 ~dur >=2.345ms} {95 % took up to 3 ms ~c 200 ~dur >=3ms} {99 % took up to 351 ms ~c 200 ~dur >=350ms}]"; got != want {
			t.Errorf("percentiles\n%s, want\n%s", got, want)
		}
		tree := func(want string) {
			t.Helper()
			var names []string
			for _, r := range u.screen.State().Overview.Tree.Rows {
				names = append(names, strings.Repeat(">", r.Depth)+r.Name)
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("the tree is %s, want %s", got, want)
			}
		}
		tree("a.example b.example dns")
		u.send(screen.GroupToggled{ID: "b.example "})
		tree("a.example b.example >/v1/ >/ >and 7 more after those with the most flows dns")
		u.send(screen.GroupToggled{ID: "b.example /v1/"})
		u.send(screen.GroupToggled{ID: "a.example "})
		u.send(screen.GroupToggled{ID: "dns "})
		u.send(screen.GroupToggled{ID: "nobody"})
		u.send(screen.GroupToggled{ID: "b.example /v1/"})
		tree("a.example >/v1/ >/ >and 7 more after those with the most flows b.example >/v1/ >/ >and 7 more after those with the most flows dns")
		if n := u.engine.branches.Load(); n != 3 {
			t.Errorf("asked for %d branches", n)
		}
		u.send(screen.GroupChosen{Term: "~c 200 (~e | ~c >=400)"})
		if st := u.screen.State(); st.Overview.Open || st.Filter.Text != "~c 200 (~e | ~c >=400)" || !slices.Contains(u.effects, fmt.Sprintf("Focus%+v", screen.Focus{On: screen.FocusRow})) {
			t.Errorf("chosen: %q, effects %q", st.Filter.Text, u.effects)
		}
		u.act(screen.OpenOverview)
		u.send(screen.OutlierChosen{Key: flowKey(3)})
		if st := u.screen.State(); st.Overview.Open || !st.Detail.Open || st.Detail.Key != flowKey(3) {
			t.Errorf("a flow: %+v", st.Detail.Key)
		}
	})
}
