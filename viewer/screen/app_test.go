package screen_test

import (
	"testing"

	"flowpane/viewer/screen"
)

// TestApp says that the page is kept only once all of it is, and offers a newer
// version for good.
func TestApp(t *testing.T) {
	use(t, 10, func(u *user) {
		app := func(want screen.App) {
			t.Helper()
			if got := u.screen.State().App; got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		app(screen.App{})
		u.send(screen.AppKept{Current: true})
		app(screen.App{})
		u.send(screen.AppKept{Whole: true, Current: true})
		app(screen.App{Offline: "It works offline."})
		u.send(screen.AppKept{Whole: true})
		newer := screen.App{Offline: "It works offline.", Update: "New version", UpdateHint: "Reload the page for the new version"}
		app(newer)
		u.open("url=shop.mitm")
		app(newer)
		u.send(screen.Picked{Files: []screen.File{{Token: "1", Name: "a.mitm"}}})
		newer.UpdateHint += "; the files have to be opened again"
		app(newer)
		u.effects = nil
		u.act(screen.TakeUpdate)
		if len(u.effects) != 1 || u.effects[0] != "Reload{}" {
			t.Errorf("effects %v", u.effects)
		}
	})
}
