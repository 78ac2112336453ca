package screen_test

import (
	"strings"
	"testing"
	"testing/synctest"

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

// While a host does not answer of whose file nothing is known, the status says so.
func TestSilentHost(t *testing.T) {
	use(t, 4, func(u *user) {
		u.engine.silent = make(chan struct{})
		u.send(screen.Navigated{Fragment: "url=a.mitm"})
		u.connect()
		if st := u.screen.State(); st.Phase != screen.Reading || st.Status != "no answer yet · Reading a.mitm" {
			t.Errorf("%s: %q", st.Phase, st.Status)
		}
		u.engine.silent <- struct{}{}
		synctest.Wait()
		if st := u.screen.State(); st.Status != "Reading a.mitm" {
			t.Errorf("%q, when it has answered", st.Status)
		}
		close(u.engine.silent)
		synctest.Wait()
		u.read(0)
		if st := u.screen.State(); st.Phase != screen.Opened || st.Status != "4 flows" {
			t.Errorf("%s: %q", st.Phase, st.Status)
		}
	})
}
