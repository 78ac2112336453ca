package view_test

import (
	"strings"
	"testing"

	"flowpane/viewer/view"
)

func TestResolve(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	s.mark("1", "2")
	s.filter(t, "~m get")
	if err := s.SetOrder(view.ByTime); err != nil {
		t.Fatal(err)
	}
	s.SetDescending(true)
	for spec, want := range map[string]string{
		"@all": "1 2 3 4", "@shown": "3 1", "@hidden": "2 4", "@focus": "1",
		"@marked": "1 2", "@unmarked": "3 4", "@4,nobody,1": "4 1", "@nobody": "",
		"~m put": "2 4", "~marked ~m get": "1",
	} {
		keys, err := s.Resolve(spec)
		if got := strings.Join(keys, " "); got != want || err != nil {
			t.Errorf("%s means %q, %v, want %q", spec, got, err, want)
		}
	}
	for _, spec := range []string{"", "@", "~oink", "~m"} {
		if keys, err := s.Resolve(spec); err == nil || len(keys) != 0 {
			t.Errorf("%q means %q", spec, keys)
		}
	}
	s.Remove("1")
	if keys, err := s.Resolve("@marked"); err != nil || strings.Join(keys, " ") != "2" {
		t.Errorf("%q, %v: a removed flow has no mark", keys, err)
	}
}

func TestSettings(t *testing.T) {
	s := newShelf(get(1), put(2))
	s.SetSetting("body", "hex", "1", "nobody")
	for _, test := range []struct{ key, name, want string }{
		{"1", "body", "hex"}, {"2", "body", "auto"}, {"1", "tab", "auto"}, {"nobody", "body", "auto"},
	} {
		expect(t, test.key+" "+test.name, s.Setting(test.key, test.name, "auto"), test.want)
	}
	s.ToggleSetting("full", "1", "2")
	s.ToggleSetting("full", "2")
	expect(t, "toggled", s.Setting("1", "full", ""), "true")
	expect(t, "toggled twice", s.Setting("2", "full", ""), "false")
	s.filter(t, "~m put")
	expect(t, "of a hidden flow", s.Setting("1", "body", ""), "hex")
	s.Remove("1")
	expect(t, "of a removed flow", s.Setting("1", "body", "auto"), "auto")
}
