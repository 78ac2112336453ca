package screen_test

import (
	"slices"
	"testing"

	"flowpane/viewer/screen"
)

func TestSchemas(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm&flow=f3&tab=response")
		u.engine.taken()
		for _, test := range []struct {
			files  []screen.File
			calls  []string
			status string
		}{
			{[]screen.File{{Token: "41", Name: "api.binpb"}}, []string{"add schema api.binpb", "body f3 part=1 index=0 view=auto", "survey body f3"}, "10 flows · 41 message types of api.binpb are known now"},
			{[]screen.File{{Token: "1", Name: "x.DESC"}}, []string{"add schema x.DESC", "body f3 part=1 index=0 view=auto", "survey body f3"}, "10 flows · 1 message type of x.DESC is known now"},
			{[]screen.File{{Token: "1", Name: "x.fds"}, {Token: "2", Name: "y.protoset"}, {Token: "3", Name: "z.pb"}}, []string{"add schema x.fds", "add schema y.protoset", "add schema z.pb", "body f3 part=1 index=0 view=auto", "survey body f3"}, "10 flows · 6 message types of x.fds and 2 more are known now"},
			{nil, nil, "10 flows · 6 message types of x.fds and 2 more are known now"},
		} {
			u.send(screen.Picked{Files: test.files})
			if got := u.engine.taken(); !slices.Equal(got, test.calls) {
				t.Errorf("%v: calls %q, want %q", test.files, got, test.calls)
			}
			if got := u.screen.State().Status; got != test.status {
				t.Errorf("%v: %q, want %q", test.files, got, test.status)
			}
		}
	})
}

// TestSchemasAndCaptures: what is no schema is opened, whatever it is called.
func TestSchemasAndCaptures(t *testing.T) {
	use(t, 10, func(u *user) {
		u.send(screen.Picked{Files: []screen.File{{Token: "2", Name: "a.pb"}, {Token: "t", Name: "b.pb"}, {Token: "u", Name: "c.har"}}})
		if got := u.screen.State().Status; got != "Starting…" {
			t.Error(got)
		}
		u.connect()
		want := []string{"add schema a.pb", "add schema b.pb", "open b.pbt c.haru"}
		if got := u.engine.taken(); !slices.Equal(got[:3], want) {
			t.Errorf("calls %q, want %q", got, want)
		}
		u.read(0)
		if got := u.screen.State(); got.Name != "b.pb and 1 more" || got.Status != "10 flows · 2 message types of a.pb are known now" {
			t.Errorf("%q: %q", got.Name, got.Status)
		}
		u.send(screen.Picked{Files: []screen.File{{Token: "t", Name: "pb"}}})
		u.read(0)
		if got := u.screen.State(); got.Name != "pb" || got.Status != "10 flows" {
			t.Errorf("%q: %q", got.Name, got.Status)
		}
	})
}

// TestSchemasOfLostEngine: files that an engine took with it before it said what
// they are go to the next.
func TestSchemasOfLostEngine(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		u.engine.gate = make(chan struct{})
		u.send(screen.Picked{Files: []screen.File{{Token: "4", Name: "a.pb"}, {Token: "t", Name: "b.pb"}}})
		u.die()
		u.engine = newEngine(10)
		u.connect()
		u.read(0)
		if s := u.screen.State(); s.Name != "b.pb" || s.Status != "10 flows · 4 message types of a.pb are known now" {
			t.Errorf("%q: %q", s.Name, s.Status)
		}
	})
}
