package screen_test

import (
	"slices"
	"testing"

	"flowpane/viewer/screen"
)

// TestTheFlowOfALinkComesFirst: it is shown before it is known where it stands in
// the table, if the engine finds it, and is asked for once.
func TestTheFlowOfALinkComesFirst(t *testing.T) {
	use(t, 500, func(u *user) {
		u.engine.finds = true
		u.send(screen.Navigated{Fragment: "url=shop.mitm&flow=f400&tab=response&order=-size"})
		u.connect()
		d := u.screen.State().Detail
		if d.Key != "f400" || d.Busy || !d.Body.Shown {
			t.Errorf("before a flow is listed there is %q, busy %v, body %v", d.Key, d.Busy, d.Body.Shown)
		}
		if calls := u.engine.taken(); !slices.Contains(calls, "open shop.mitmshop.mitm for f400 and its response") || !slices.Contains(calls, "flow f400") {
			t.Errorf("calls are %q", calls)
		}
		u.read(300)
		if d := u.screen.State().Detail; d.Key != "f400" || d.Error != "" {
			t.Errorf("while others are listed there is %q, %q", d.Key, d.Error)
		}
		u.read(0)
		if calls := u.engine.taken(); slices.Contains(calls, "flow f400") {
			t.Errorf("it is asked for again: %q", calls)
		}
		selected(u, "f400", 99)
	})
}

// TestTheFlowOfALinkComesWithTheList, if the engine does not find it before.
func TestTheFlowOfALinkComesWithTheList(t *testing.T) {
	use(t, 500, func(u *user) {
		u.send(screen.Navigated{Fragment: "url=shop.mitm&flow=f400"})
		u.connect()
		u.read(300)
		if d := u.screen.State().Detail; len(d.Tabs) > 0 || d.Error != "" {
			t.Errorf("before it is listed there is %v, %q", d.Tabs, d.Error)
		}
		u.read(0)
		if d := u.screen.State().Detail; d.Key != "f400" || len(d.Tabs) == 0 {
			t.Errorf("the detail is %q with the tabs %v, %q", d.Key, d.Tabs, d.Error)
		}
		selected(u, "f400", 400)
	})
	use(t, 500, func(u *user) { // which may have been read before the answer that it is not found
		u.send(screen.Navigated{Fragment: "url=shop.mitm&flow=f900"})
		u.connect()
		u.read(0)
		if d := u.screen.State().Detail; d.Error != "This flow is not in the session." {
			t.Errorf("the detail says %q of a flow that is nowhere", d.Error)
		}
	})
}

// selected checks that the row of a flow is selected and in sight.
func selected(u *user, key string, index int) {
	u.Helper()
	rows := u.screen.State().Table.Rows
	i := slices.IndexFunc(rows, func(r screen.TableRow) bool { return r.Selected })
	if i < 0 || rows[i].Row.Key != key || rows[i].Index != index || rows[i].Beyond {
		u.Errorf("row %d of %d is selected, want %s in row %d", i, len(rows), key, index)
	}
}
