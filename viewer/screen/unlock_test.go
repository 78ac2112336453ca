package screen_test

import (
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

// unlocks sends a key, and reads what it opens.
func (u *user) unlocks(text string) {
	u.Helper()
	u.send(screen.KeyGiven{Text: text})
	if s := u.screen.State(); s.Unlock.Open || s.Phase != screen.Reading {
		u.Fatalf("by %q: it is %s, and the question is %+v", text, s.Phase, s.Unlock)
	}
	u.read(0)
	if s := u.screen.State(); s.Phase != screen.Opened || len(s.Issues.List) > 0 {
		u.Errorf("by %q: it is %s, with %v", text, s.Phase, s.Issues.List)
	}
}

// TestChosenSessionsAskForTheirKey: of an encrypted file that is chosen the key is
// asked for, until it is the right one, and is not put into the address.
func TestChosenSessionsAskForTheirKey(t *testing.T) {
	for _, given := range []string{"right", " right\n", "https://here/#url=a.sealed&key=right&filter=x", "#key=right", "key=right"} {
		use(t, 20, func(u *user) {
			u.engine.key = "right"
			u.connect()
			u.send(screen.Picked{Files: []screen.File{{Token: "1", Name: "a.sealed"}}})
			s := u.screen.State()
			if v := s.Unlock; !v.Open || !strings.HasPrefix(v.Text, "a.sealed is encrypted.") || v.Error != "" || s.Phase != screen.Failed {
				t.Fatalf("it is %s, and the question is %+v", s.Phase, v)
			}
			u.send(screen.KeyGiven{Text: "wrong"})
			if v := u.screen.State().Unlock; !v.Open || v.Error != "It did not open: the key is another." {
				t.Errorf("after a wrong key the question is %+v", v)
			}
			u.send(screen.KeyGiven{Text: "https://here/#url=a.sealed"})
			if v := u.screen.State().Unlock; !v.Open || !strings.HasPrefix(v.Error, "There is no key in this") {
				t.Errorf("after a link without a key the question is %+v", v)
			}
			u.unlocks(given)
			if addresses := strings.Join(u.addresses(), " "); strings.Contains(addresses, "right") {
				t.Errorf("the key is in the address: %s", addresses)
			}
		})
	}
}

// TestLinksAskForTheirKey: a link without its key, or with a wrong one, is
// completed, and leads to what it named.
func TestLinksAskForTheirKey(t *testing.T) {
	for _, fragment := range []string{"url=a.sealed&filter=1&flow=f11", "url=a.sealed&key=old&filter=1&flow=f11"} {
		use(t, 20, func(u *user) {
			u.engine.key = "right"
			u.send(screen.Navigated{Fragment: fragment})
			u.connect()
			if v := u.screen.State().Unlock; !v.Open || (v.Error != "") != strings.Contains(fragment, "old") {
				t.Errorf("%s: the question is %+v", fragment, v)
			}
			u.unlocks("right")
			expect(t, "the address", u.addresses(), "url=a.sealed&key=right&filter=1&flow=f11 Push:false")
			selected(u, "f11", 2)
		})
	}
}

// TestKeysAreNotInsistedOn: who has no key stays with what was open, and is not
// asked again.
func TestKeysAreNotInsistedOn(t *testing.T) {
	use(t, 20, func(u *user) {
		u.open("url=shop.mitm&flow=f3")
		u.engine.key = "right"
		u.send(screen.Picked{Files: []screen.File{{Token: "1", Name: "a.sealed"}}})
		if s := u.screen.State(); !s.Unlock.Open || s.Name != "shop.mitm" || s.Phase != screen.Opened {
			t.Errorf("%s is %s, and the question is %+v", s.Name, s.Phase, s.Unlock)
		}
		u.send(screen.KeyRefused{})
		s := u.screen.State()
		if s.Unlock.Open || s.Detail.Key != "f3" || len(s.Issues.List) != 1 {
			t.Errorf("then the question is %+v, over flow %s, with %v", s.Unlock, s.Detail.Key, s.Issues.List)
		}
		u.send(screen.KeyGiven{Text: "right"}) // which nobody asked for
		if calls := u.engine.taken(); slices.ContainsFunc(calls, func(c string) bool { return strings.Contains(c, "by right") }) {
			t.Errorf("calls are %q", calls)
		}
		u.send(screen.Picked{Files: []screen.File{{Token: "1", Name: "a.sealed"}}})
		u.send(screen.Navigated{Fragment: ""})
		if s := u.screen.State(); s.Unlock.Open {
			t.Errorf("on the start page the question is %+v", s.Unlock)
		}
		u.engine.key = ""
	})
	use(t, 20, func(u *user) { // of several files the engine opens the others
		u.engine.key = "right"
		u.connect()
		u.send(screen.Picked{Files: []screen.File{{Token: "1", Name: "a.sealed"}, {Token: "2", Name: "b.sealed"}}})
		if s := u.screen.State(); s.Unlock.Open || s.Phase != screen.Failed {
			t.Errorf("of two files: it is %s, and the question is %+v", s.Phase, s.Unlock)
		}
	})
}
