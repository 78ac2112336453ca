package screen_test

import (
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

func TestExport(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm&flow=f3")
		if x := u.screen.State().Detail.Exports; len(x) != 3 || x[0] != (screen.Choice{Name: "curl", Label: "cURL"}) {
			t.Fatalf("exports %+v", x)
		}
		// did returns what was done, in order, without what is in it.
		did := func() (names []string) {
			for _, e := range u.effects {
				name, _, _ := strings.Cut(e, "{")
				names = append(names, name)
			}
			u.effects = nil
			return names
		}
		status := func() string { return u.screen.State().Detail.Exported }
		did()
		u.send(screen.ExportChosen{Format: "curl"})
		if got := did(); !slices.Equal(got, []string{"DropPieces", "AppendPiece", "Download", "Copy"}) || status() != "" {
			t.Errorf("copying does %q, and says %q", got, status())
		}
		u.send(screen.Copied{})
		if got := status(); got != "Copied: cURL; save it as body.bin." {
			t.Error(got)
		}
		u.send(screen.ExportChosen{Format: "raw"})
		if got := did(); !slices.Equal(got, []string{"DropPieces", "AppendPiece", "Download"}) || status() != "Saved: x.http." {
			t.Errorf("what is no text does %q, and says %q", got, status())
		}
		u.send(screen.ExportChosen{Format: "curl", AsFile: true})
		if got := did(); len(got) != 6 || status() != "Saved: x.sh; save it as body.bin." {
			t.Errorf("saving does %q, and says %q", got, status())
		}
		u.send(screen.ExportChosen{Format: "broken"}, screen.ExportChosen{Format: "none"})
		if got := status(); got != "Broken: there is no URL." {
			t.Error(got)
		}
		u.send(screen.ExportChosen{Format: "curl"}, screen.Copied{Refused: true})
		if got := status(); !strings.Contains(got, "did not let") {
			t.Error(got)
		}
		u.act(screen.NextRow)
		if got := status(); got != "" {
			t.Errorf("of another flow it says %q", got)
		}
	})
}
