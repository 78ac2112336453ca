package screen_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

func (u *user) columns() string {
	var names []string
	for _, c := range u.screen.State().Table.Columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}

// TestColumnsThatFit shows fewer columns in less room, until somebody chooses.
func TestColumnsThatFit(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		for _, test := range []struct {
			width float64
			want  string
		}{
			{1200, "number time method status host path type size duration"},
			{700, "number method status host path type size"},
			{500, "method status host path size"},
			{390, "method status host path"},
		} {
			u.send(screen.Resized{Width: 1200, Table: test.width, Height: 320})
			if got := u.columns(); got != test.want {
				t.Errorf("%v pixels: %s, want %s", test.width, got, test.want)
			}
			table := u.screen.State().Table
			if float64(table.Least) > test.width {
				t.Errorf("%v pixels: a row needs %d", test.width, table.Least)
			}
			if host := map[bool]string{true: "minmax(0,1.0fr)", false: "minmax(0,1.6fr)"}[test.width >= 1200]; !strings.Contains(table.Template, host+" minmax(0,2.4fr)") {
				t.Errorf("%v pixels: %s, want %s for the host", test.width, table.Template, host)
			}
			if row := table.Rows[0].Row; len(row.Cells) != len(table.Columns) {
				t.Errorf("%v pixels: cells %q", test.width, row.Cells)
			}
		}
		u.send(screen.ColumnToggled{Name: "version"})
		if got, want := u.columns(), "method status host path version"; got != want {
			t.Errorf("chosen: %s, want %s", got, want)
		}
	})
}

// TestChooseColumns chooses, moves and resizes columns, which is remembered.
func TestChooseColumns(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		for _, test := range []struct {
			msg  screen.Msg
			want string
		}{
			{screen.ColumnToggled{Name: "time"}, "number method status host path type size duration"},
			{screen.ColumnToggled{Name: "comment"}, "number method status host path type size duration comment"},
			{screen.ColumnMoved{Name: "comment"}, "comment number method status host path type size duration"},
			{screen.ColumnMoved{Name: "path", To: 99}, "comment number method status host type size duration path"},
			{screen.ColumnMoved{Name: "nothing"}, "comment number method status host type size duration path"},
			{screen.ColumnResized{Name: "host", Width: 200, Done: true}, "comment number method status host:200 type size duration path"},
			{screen.ColumnResized{Name: "host", Width: 5, Done: true}, "comment number method status host:40 type size duration path"},
			{screen.ColumnToggled{Name: "host"}, "host:40:hidden comment number method status type size duration path"},
			{screen.ColumnResized{Name: "host", Done: true}, "comment number method status type size duration path"},
			{screen.ColumnsReset{}, ""},
		} {
			u.effects = nil
			u.send(test.msg)
			if want := []string{"RememberSetting{Name:columns Value:" + test.want + "}"}; !slices.Equal(u.effects, want) {
				t.Errorf("%+v: %q, want %q", test.msg, u.effects, want)
			}
		}
		u.effects = nil
		u.send(screen.ColumnResized{Name: "path", Width: 300})
		if table := u.screen.State().Table; len(u.effects) > 0 || !strings.Contains(table.Template, "300px") {
			t.Errorf("while it is dragged: %s, %q", table.Template, u.effects)
		}
	})
}

// TestColumnSteps makes columns wider and narrower, which is remembered. One that
// grows begins with what it has of the room.
func TestColumnSteps(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		for _, test := range []struct {
			msg  screen.ColumnStepped
			want string
		}{
			{screen.ColumnStepped{Name: "host", By: 1, Seen: 203}, "host:219:hidden"},
			{screen.ColumnStepped{Name: "host", By: 1, Seen: 219}, "host:235:hidden"},
			{screen.ColumnStepped{Name: "host", By: -1, Seen: 700}, "host:219:hidden"},
			{screen.ColumnStepped{Name: "host", By: -99}, "host:40:hidden"},
			{screen.ColumnStepped{Name: "host", By: -1}, "host:40:hidden"},
			{screen.ColumnStepped{Name: "host", By: 200}, "host:1600:hidden"},
			{screen.ColumnStepped{Name: "path", By: -1, Seen: 16}, "host:1600:hidden path:40:hidden"},
			{screen.ColumnStepped{Name: "size", By: 1}, "host:1600:hidden path:40:hidden size:96:hidden"},
			{screen.ColumnStepped{Name: "nothing", By: 1}, "host:1600:hidden path:40:hidden size:96:hidden"},
		} {
			u.effects = nil
			u.send(test.msg)
			if want := []string{"RememberSetting{Name:columns Value:" + test.want + "}"}; !slices.Equal(u.effects, want) {
				t.Errorf("%+v: %q, want %q", test.msg, u.effects, want)
			}
		}
		if table := u.screen.State().Table; !strings.Contains(table.Template, " 1600px 40px ") {
			t.Errorf("as wide as that: %s", table.Template)
		}
	})
}

// TestRecallColumns reads what was remembered, by another version perhaps.
func TestRecallColumns(t *testing.T) {
	use(t, 10, func(u *user) {
		u.send(screen.SettingRecalled{Name: "columns", Value: "path:99999 host:-3 nothing:7 path size:x method: time:130:hidden"})
		u.open("url=shop.mitm")
		table := u.screen.State().Table
		if got, want := u.columns()+", "+table.Template+", "+fmt.Sprint(table.Least), "path host size method, 1600px minmax(120px,1.0fr) 80px 80px, 1920"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		u.send(screen.SettingRecalled{Name: "columns"})
		if got := u.columns(); !strings.HasPrefix(got, "number time") {
			t.Errorf("of nothing: %s", got)
		}
	})
}

// TestColumnDialog lists columns: those that are shown, in order, then others.
func TestColumnDialog(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		for _, name := range []string{"number", "time", "method", "status", "host", "type", "size", "path"} {
			u.send(screen.ColumnToggled{Name: name})
		}
		u.act(screen.OpenColumns)
		list := u.screen.State().Columns.Choices
		if c := list[0]; c.Name != "duration" || !c.Shown || !c.First || !c.Last || c.About == "" {
			t.Errorf("first is %+v", c)
		}
		if c := list[1]; c.Name != "number" || c.Shown || c.First || c.Last {
			t.Errorf("then comes %+v", c)
		}
		u.send(screen.ColumnToggled{Name: "duration"})
		if got := u.columns(); got != "duration" {
			t.Errorf("without any: %q", got)
		}
		u.effects = nil
		u.send(screen.ColumnsClosed{})
		if u.screen.State().Columns.Open || len(u.effects) > 0 {
			t.Errorf("closed: %q", u.effects)
		}
	})
}
