package view_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
	"flowpane/viewer/view"
)

// shelf is a List over flows in memory, and what it signalled.
type shelf struct {
	*view.List
	memory
	keys    flow.Keys
	signals []string
}

func newShelf(flows ...*flowpb.Flow) *shelf {
	s := &shelf{memory: memory{flows: map[string]*flowpb.Flow{}}}
	s.List = view.NewList(&s.memory)
	for _, f := range flows {
		s.add(f)
	}
	s.Signal = func(e view.Signal) {
		name := [...]string{"added", "updated", "removed", "refreshed", "store removed", "store refreshed"}[e.Kind]
		s.signals = append(s.signals, strings.TrimSpace(fmt.Sprint(name, " ", e.Key, " ", e.Index)))
	}
	return s
}

func (s *shelf) add(f *flowpb.Flow) string {
	key, summary := s.keys.Next(string(f.Id)), flow.Summarize(f)
	s.flows[key] = f
	if !s.Add(key, &summary) {
		panic(key + " is not new")
	}
	return key
}

func (s *shelf) update(key string, change func(*flowpb.Flow)) bool {
	f := s.flows[key]
	change(f)
	summary := flow.Summarize(f)
	return s.Update(key, &summary)
}

func (s *shelf) mark(keys ...string) {
	for _, key := range keys {
		s.update(key, func(f *flowpb.Flow) { f.Marker = []byte(":default:") })
	}
}

func (s *shelf) filter(t *testing.T, expr string) {
	t.Helper()
	f, err := filter.Parse(expr)
	if err != nil {
		t.Fatal(err)
	}
	s.SetFilter(f)
}

// shown returns the keys on screen.
func (s *shelf) shown() string {
	var keys []string
	for i := range s.Len() {
		keys = append(keys, s.Key(i))
	}
	return strings.Join(keys, " ")
}

// told returns what was signalled since the last call.
func (s *shelf) told() string {
	told := strings.Join(s.signals, ", ")
	s.signals = nil
	return told
}

// get and put are flows named by when they were created.
func get(created float64) *flowpb.Flow { return method("GET", created) }
func put(created float64) *flowpb.Flow { return method("PUT", created) }

func method(name string, created float64) *flowpb.Flow {
	f := exchange(name, fmt.Sprintf("/%v", created), created, int(created))
	f.Id = fmt.Append(nil, created)
	return f
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestFilterHidesAndForgetsNothing(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	s.filter(t, "~m get")
	expect(t, "GETs", s.shown(), "1 3")
	if s.Len() != 2 || s.Total() != 4 {
		t.Errorf("%d of %d are shown", s.Len(), s.Total())
	}
	expect(t, "signals", s.told(), "refreshed  0")
	s.filter(t, "~m oink")
	expect(t, "nothing", s.shown(), "")
	s.SetFilter(nil)
	expect(t, "without filter", s.shown(), "1 2 3 4")
}

func TestMarkedOnly(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	if !s.ToggleMarkedOnly() || s.Len() != 0 {
		t.Errorf("%d are shown before one is marked", s.Len())
	}
	s.told()
	s.mark("2")
	expect(t, "marked", s.shown(), "2")
	expect(t, "signals", s.told(), "added 2 0")
	s.add(get(5))
	expect(t, "after an unmarked one came", s.shown(), "2")
	s.filter(t, "~m get")
	expect(t, "of GETs", s.shown(), "")
	if s.ToggleMarkedOnly() {
		t.Error("it was not turned off")
	}
	expect(t, "all GETs", s.shown(), "1 3 5")
}

func TestOrderIsByTimeOfCreation(t *testing.T) {
	s := newShelf(get(1), get(3), get(2))
	expect(t, "as they came", s.shown(), "1 3 2")
	if err := s.SetOrder(view.ByTime); err != nil {
		t.Fatal(err)
	}
	expect(t, "by time", s.shown(), "1 2 3")
	s.add(get(2.5))
	expect(t, "with one more", s.shown(), "1 2 2.5 3")
}

func TestOrderSurvivesReversal(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	order := func(o view.Order) {
		t.Helper()
		if err := s.SetOrder(o); err != nil {
			t.Fatal(err)
		}
	}
	order(view.ByMethod)
	expect(t, "by method", s.shown(), "1 3 2 4")
	s.SetDescending(true)
	expect(t, "reversed", s.shown(), "4 2 3 1")
	order(view.ByTime)
	expect(t, "by time", s.shown(), "4 3 2 1")
	s.add(get(2.5))
	expect(t, "with one more", s.shown(), "4 3 2.5 2 1")
	s.SetDescending(false)
	expect(t, "forwards", s.shown(), "1 2 2.5 3 4")
	if err := s.SetOrder("colour"); err == nil || s.Spec().Order != view.ByTime {
		t.Errorf("error %v, order %q", err, s.Spec().Order)
	}
}

func TestOrderAsksNothingAgain(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	s.filter(t, "~hq qvalue")
	s.loads = 0
	if err := s.SetOrder(view.BySize); err != nil {
		t.Fatal(err)
	}
	s.SetDescending(true)
	expect(t, "by size", s.shown(), "4 3 2 1")
	s.filter(t, "~hq qvalue")
	if s.loads != 0 {
		t.Errorf("%d flows were loaded for another order", s.loads)
	}
	s.filter(t, "~hq nothing")
	if s.Len() != 0 || s.loads != 4 {
		t.Errorf("another filter loads %d flows and shows %d", s.loads, s.Len())
	}
}

// TestConditionsAskNothingAgain: what was found out by loading flows is known
// to every other filter, until a flow changes.
func TestConditionsAskNothingAgain(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	s.filter(t, "~hq qvalue")
	s.filter(t, "~hq nothing")
	s.loads = 0
	for _, test := range []struct{ expr, shown string }{
		{"~hq qvalue & ~m put", "2 4"}, {"~m get & !~hq qvalue", ""}, {"~hq nothing | ~m get", "1 3"}, {"~hq qvalue", "1 2 3 4"},
	} {
		s.filter(t, test.expr)
		expect(t, test.expr, s.shown(), test.shown)
	}
	if s.loads != 0 {
		t.Errorf("%d flows were loaded again", s.loads)
	}
	summary := flow.Summarize(put(2))
	s.Update(s.Key(1), &summary)
	if s.loads != 1 {
		t.Errorf("%d flows were loaded for the one that changed", s.loads)
	}
	for i := range 20 { // more than are remembered
		s.filter(t, fmt.Sprint("~hq other", i))
	}
	s.loads = 0
	s.filter(t, "~hq qvalue")
	if expect(t, "asked again", s.shown(), "1 2 3 4"); s.loads != 4 {
		t.Errorf("%d flows were loaded of which nothing is remembered", s.loads)
	}
}

func TestUpdate(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	s.filter(t, "~m get")
	if err := s.SetOrder(view.BySize); err != nil {
		t.Fatal(err)
	}
	s.told()
	for _, step := range []struct {
		key           string
		change        func(*flowpb.Flow)
		shown, signal string
	}{
		{"1", func(f *flowpb.Flow) { f.Comment = []byte("x") }, "1 3", "updated 1 0"},
		{"1", func(f *flowpb.Flow) { f.Request.Content = make([]byte, 9) }, "3 1", "refreshed  0, updated 1 1"},
		{"4", func(f *flowpb.Flow) { f.Comment = []byte("x") }, "3 1", ""},
		{"4", func(f *flowpb.Flow) { f.Request.Method = []byte("GET") }, "3 4 1", "added 4 1"},
		{"3", func(f *flowpb.Flow) { f.Request.Method = []byte("PUT") }, "4 1", "removed 3 0"},
	} {
		if !s.update(step.key, step.change) {
			t.Errorf("%s is unknown", step.key)
		}
		expect(t, "shown", s.shown(), step.shown)
		expect(t, "signals", s.told(), step.signal)
	}
	if s.Get("1").Comment != "x" || s.Get("1").Number != 1 || s.Total() != 4 {
		t.Errorf("the row is %v of %d", s.Get("1"), s.Total())
	}
	if s.Update("nobody", &flow.Summary{}) {
		t.Error("an unknown flow was updated")
	}
}

func TestAddSignalsWhatIsShown(t *testing.T) {
	s := newShelf(get(1), get(3))
	s.filter(t, "~m get")
	if err := s.SetOrder(view.ByTime); err != nil {
		t.Fatal(err)
	}
	s.told()
	s.add(put(5))
	expect(t, "a hidden one", s.told(), "")
	s.add(get(2))
	expect(t, "a shown one", s.told(), "added 2 1")
	if s.Add("2", &flow.Summary{}) || s.told() != "" || s.Total() != 4 {
		t.Error("a flow was added twice")
	}
}

func TestRemove(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	s.filter(t, "~m get")
	s.told()
	if n := s.Remove("2", "1", "1", "nobody"); n != 2 {
		t.Errorf("%d were removed", n)
	}
	expect(t, "signals", s.told(), "store removed 2 0, removed 1 0, store removed 1 0")
	expect(t, "shown", s.shown(), "3")
	if s.Total() != 2 || s.Get("1") != nil || s.Get("3").Number != 3 {
		t.Errorf("%d are left; the third is %v", s.Total(), s.Get("3"))
	}
	if _, ok := s.Index("1"); ok || s.Update("1", &flow.Summary{}) {
		t.Error("a removed flow is there")
	}
	s.SetFilter(nil)
	expect(t, "without filter", s.shown(), "3 4")
}

func TestClear(t *testing.T) {
	s := newShelf(get(1), put(2), get(3), put(4))
	s.mark("2", "3")
	s.filter(t, "~m get")
	s.told()
	s.ClearUnmarked()
	expect(t, "signals", s.told(), "refreshed  0, store refreshed  0")
	expect(t, "marked GETs", s.shown(), "3")
	if s.Total() != 2 {
		t.Errorf("%d are left", s.Total())
	}
	s.Clear()
	if s.Total() != 0 || s.Len() != 0 {
		t.Errorf("%d are left", s.Total())
	}
	s.add(get(7))
	expect(t, "afterwards", s.shown(), "7")
	if s.Get("7").Number != 5 {
		t.Errorf("the fifth flow has number %d", s.Get("7").Number)
	}
}

func TestInBounds(t *testing.T) {
	s := newShelf(get(1), get(2))
	for index, want := range map[int]bool{-1: false, 0: true, 1: true, 2: false} {
		if got := s.InBounds(index); got != want || (s.Row(index) != nil) != want || (s.Key(index) != "") != want {
			t.Errorf("%d is in bounds: %v", index, got)
		}
	}
	s.SetDescending(true)
	for i := range 2 {
		if got, ok := s.Index(s.Row(i).Key); !ok || got != i {
			t.Errorf("row %d is at %d", i, got)
		}
	}
}

func TestDuplicate(t *testing.T) {
	s := newShelf(get(1), get(2))
	s.flows["3"], s.flows["4"] = s.flows["1"], s.flows["2"]
	if err := s.Duplicate([]string{"1", "2"}, []string{"3", "4"}); err != nil {
		t.Fatal(err)
	}
	key, index, ok := s.Focus()
	if s.Len() != 4 || key != "3" || index != 2 || !ok {
		t.Errorf("%d flows, %s at %d has the focus", s.Len(), key, index)
	}
	if a, b := s.Get("1"), s.Get("3"); a.Path != b.Path || b.Number != 3 {
		t.Errorf("the copy of %v is %v", a, b)
	}
	for _, bad := range [][2][]string{{{"1"}, nil}, {{"nobody"}, {"5"}}, {{"1"}, {"2"}}, {{"1", "2"}, {"5", "5"}}} {
		if err := s.Duplicate(bad[0], bad[1]); err == nil || s.Total() != 4 {
			t.Errorf("Duplicate(%q): %v", bad, err)
		}
	}
}

func TestTheSameFileTwice(t *testing.T) {
	s := newShelf(get(1), get(2))
	s.add(get(1))
	s.add(get(2))
	expect(t, "loaded twice", s.shown(), "1 2 1~2 2~2")
}

func TestFailedFiltersAreCounted(t *testing.T) {
	s := newShelf(get(1), put(2))
	s.fail = errors.New("file is gone")
	s.filter(t, "~b x | ~m put")
	n, reason := s.Failed()
	expect(t, "shown", s.shown(), "2")
	expect(t, "reason", fmt.Sprint(n, reason), "1file is gone")
	keys, err := s.Resolve("~b x | ~m put")
	if err == nil || !strings.Contains(err.Error(), "file is gone") || !slices.Equal(keys, []string{"2"}) {
		t.Errorf("%q, %v", keys, err)
	}
	s.fail = nil
	s.filter(t, "~b x | ~m put")
	if n, _ := s.Failed(); n != 0 {
		t.Errorf("%d failed when the file was there again", n)
	}
}
