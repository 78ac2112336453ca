package screen_test

import (
	"slices"
	"testing"

	"flowpane/viewer/screen"
)

func TestTheme(t *testing.T) {
	use(t, 10, func(u *user) {
		u.send(screen.SettingRecalled{Name: "theme", Value: "purple"})
		if got := u.screen.State().Theme; got != screen.SystemTheme {
			t.Errorf("a theme that there is not: %q", got)
		}
		u.send(screen.SettingRecalled{Name: "theme", Value: "dark"})
		u.effects = nil
		u.act(screen.UseLightTheme)
		if got := u.screen.State().Theme; got != screen.LightTheme || !slices.Equal(u.effects, []string{"RememberSetting{Name:theme Value:light}"}) {
			t.Errorf("%q, %q", got, u.effects)
		}
	})
}

// TestCompactRows shows more rows, from the same one on.
func TestCompactRows(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm")
		u.send(screen.Scrolled{Top: 100 * screen.RowHeight})
		u.effects = nil
		u.act(screen.ToggleCompact)
		if want := []string{"ScrollTo{Top:2400}", "RememberSetting{Name:rows Value:compact}"}; !slices.Equal(u.effects, want) {
			t.Errorf("%q, want %q", u.effects, want)
		}
		table := u.screen.State().Table
		if table.Spacer != 1000*screen.CompactHeight || table.RowHeight != screen.CompactHeight {
			t.Errorf("%v high, rows of %v", table.Spacer, table.RowHeight)
		}
		rows := table.Rows
		if a, b := rows[1], rows[2]; b.Y-a.Y != screen.CompactHeight {
			t.Errorf("rows at %v and %v", a.Y, b.Y)
		}
		u.send(screen.SettingRecalled{Name: "rows"})
		if got := u.screen.State().Table.RowHeight; got != screen.RowHeight {
			t.Errorf("as at first: %v", got)
		}
	})
}
