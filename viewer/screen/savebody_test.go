package screen_test

import (
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

func TestSaveBody(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm&flow=f3&tab=response")
		if got := u.screen.State().Detail.Body.Saves; !slices.Equal(got, []string{"Save"}) {
			t.Errorf("saves %q", got)
		}
		u.engine.taken()
		u.effects = nil
		u.send(screen.BodySaveAsked{Decoded: true})
		var did []string
		for _, e := range u.effects {
			name, _, _ := strings.Cut(e, "{")
			did = append(did, name)
		}
		if !slices.Equal(did, []string{"DropPieces", "AppendPiece", "AppendPiece", "Download"}) || !slices.Equal(u.engine.taken(), []string{"save body f3 decoded=true"}) {
			t.Errorf("it does %q", did)
		}
		if got := u.screen.State().Detail.Exported; got != "Saved: x.bin." {
			t.Error(got)
		}
		u.send(screen.StepTaken{Name: "data"}, screen.BodySaveAsked{Decoded: true})
		if got := u.engine.taken(); !slices.Contains(got, "save body f3 decoded=true inside=data") {
			t.Errorf("inside it asks %q", got)
		}
		u.send(screen.RowClicked{Index: 6}, screen.BodySaveAsked{})
		if got := u.screen.State().Detail.Exported; got != "The body was not saved: it is gone." {
			t.Error(got)
		}
		u.send(screen.TabChosen{Tab: "timing"})
		if got := u.screen.State().Detail.Body.Saves; got != nil {
			t.Errorf("without a body: %q", got)
		}
	})
}
