package engine_test

import (
	"bytes"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// TestListLies shows of a flow what it says itself, and says that the list of its
// file said something else.
func TestListLies(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	packed := save(t, e, "sessiondb", viewerpb.Scope_ALL)
	row := rows(t, e)[4]
	lying := bytes.ReplaceAll(packed, []byte(row.Path), bytes.Repeat([]byte("x"), len(row.Path)))
	if len(row.Path) < 5 || bytes.Equal(lying, packed) {
		t.Fatalf("the path %q is not in the file", row.Path)
	}
	for name, file := range map[string][]byte{"true": packed, "lying": lying} {
		again, _ := opened(t, files{"a.sqlite": file}, "a.sqlite")
		show(t, again, &viewerpb.Watch{})
		if got := rows(t, again)[4]; got.Path != row.Path {
			t.Fatalf("%s: it is not the list that is shown: %v", name, got)
		}
		for i := range 2 {
			f, err := again.Flow(t.Context(), row.Key)
			if err != nil {
				t.Fatal(err)
			}
			if lies := name == "lying" && i == 0; (f.Warning != "") != lies {
				t.Errorf("%s, %d: the warning is %q", name, i, f.Warning)
			}
			if now := rows(t, again)[4]; (now.Path == row.Path) == (name == "lying") {
				t.Errorf("%s: the row is %v", name, now)
			}
		}
	}
}

// TestListHolds warns of no flow of a file that we wrote.
func TestListHolds(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	packed, _ := opened(t, files{"a.sqlite": save(t, e, "sessiondb", viewerpb.Scope_ALL)}, "a.sqlite")
	shelf := newFolder(t)
	keeper := withShelf(t, sample(t), shelf)
	openOne(t, keeper, &viewerpb.Source{Name: "shop"})
	keep(t, keeper)
	if err := keeper.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	openOne(t, keeper, &viewerpb.Source{Kept: "shop"})
	for name, again := range map[string]api.API{"packed": packed, "kept": keeper} {
		show(t, again, &viewerpb.Watch{})
		for _, row := range rows(t, again) {
			if f, err := again.Flow(t.Context(), row.Key); err != nil || f.Warning != "" {
				t.Errorf("%s: %s: %v, %q", name, row.Key, err, f.GetWarning())
			}
		}
	}
}
