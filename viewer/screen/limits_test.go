package screen_test

import (
	"testing"

	"flowpane/viewer/screen"
)

// TestManyIssues lists so many problems, and counts the rest.
func TestManyIssues(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		u.engine.mu.Lock()
		u.engine.broken = true
		u.engine.mu.Unlock()
		for range 205 {
			u.send(screen.Marked{Key: "f1", Marker: ":x:"})
		}
		if i := u.screen.State().Issues; len(i.List) != 200 || i.More != "and 5 more" || i.Summary != "205 problems" {
			t.Errorf("%d problems are listed, %q, %q", len(i.List), i.More, i.Summary)
		}
	})
}

// TestLongCopy says how to have a text that is too long to be copied.
func TestLongCopy(t *testing.T) {
	use(t, 10, func(u *user) {
		u.engine.long = true
		u.open("url=shop.mitm&flow=f1&tab=response")
		u.send(screen.BodyCopyAsked{})
		if got := u.screen.State().Detail.Exported; got != "Body: it is too long to be copied: save it as a file." {
			t.Errorf("%q", got)
		}
	})
}
