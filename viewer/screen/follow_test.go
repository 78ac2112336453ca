package screen_test

import (
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

// A file that can be followed is, until it is no longer wanted; the filter and
// what is shown stay.
func TestFollow(t *testing.T) {
	use(t, 4, func(u *user) {
		u.engine.followable = true
		u.open("url=a.mitm")
		if f := u.screen.State().Follow; !f.Offered || f.On {
			t.Fatalf("offered: %+v", f)
		}
		u.send(screen.FollowAsked{})
		u.read(1)
		st := u.screen.State()
		if !st.Follow.On || !strings.HasPrefix(st.Status, "Following a.mitm") || st.Phase != screen.Opened {
			t.Errorf("following: %+v, %q", st.Follow, st.Status)
		}
		u.send(screen.FollowAsked{})
		if st := u.screen.State(); st.Follow.On || strings.HasPrefix(st.Status, "Following") || !st.Follow.Offered {
			t.Errorf("no longer: %+v, %q", st.Follow, st.Status)
		}
	})
}
