package screen_test

import (
	"slices"
	"testing"

	"flowpane/viewer/screen"
)

func TestHeaders(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm&flow=f3")
		names := func() (list []string) {
			table := u.screen.State().Detail.Panel.Tables[0]
			for i, f := range table.Fields {
				list = append(list, f.Name+string(rune('0'+table.Places[i])))
			}
			return list
		}
		if got := names(); !slices.Equal(got, []string{"b0", "a1", "B2"}) {
			t.Errorf("as sent: %v", got)
		}
		u.send(screen.HeadersSorted{})
		if got := names(); !slices.Equal(got, []string{"a1", "b0", "B2"}) {
			t.Errorf("sorted: %v", got)
		}
		u.send(screen.TableCopied{Index: 0}, screen.TableCopied{Index: 7})
		if last := u.effects[len(u.effects)-1]; last != "Copy{Text:a: 2\nb: 1\nB: 3\n}" {
			t.Errorf("copied: %s", last)
		}
		u.send(screen.HeadersSorted{})
		if got := names(); !slices.Equal(got, []string{"b0", "a1", "B2"}) {
			t.Errorf("as sent again: %v", got)
		}
	})
}
