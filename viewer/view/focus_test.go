package view_test

import (
	"fmt"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/view"
)

func (s *shelf) focus() string {
	key, index, ok := s.Focus()
	if !ok {
		return "none"
	}
	return fmt.Sprint(key, " at ", index)
}

func TestMovement(t *testing.T) {
	s := newShelf()
	s.Go(0)
	s.Next()
	expect(t, "empty", s.focus(), "none")
	for i := range 5 {
		s.add(get(float64(i)))
	}
	expect(t, "the first that came", s.focus(), "0 at 0")
	for _, step := range []struct {
		index int
		want  string
	}{{-1, "4 at 4"}, {0, "0 at 0"}, {999, "4 at 4"}, {-999, "0 at 0"}, {3, "3 at 3"}, {-2, "3 at 3"}} {
		s.Go(step.index)
		expect(t, fmt.Sprint("go ", step.index), s.focus(), step.want)
	}
	s.Go(0)
	s.Prev()
	expect(t, "no wrap at the top", s.focus(), "0 at 0")
	s.Next()
	expect(t, "next", s.focus(), "1 at 1")
	s.Go(-1)
	s.Next()
	expect(t, "no wrap at the end", s.focus(), "4 at 4")
	s.Prev()
	expect(t, "previous", s.focus(), "3 at 3")
	s.SetDescending(true)
	expect(t, "backwards", s.focus(), "3 at 1")
	s.Next()
	expect(t, "next, backwards", s.focus(), "2 at 2")
}

func TestFocusIsOnWhatIsShown(t *testing.T) {
	s := newShelf(get(1), put(2))
	s.filter(t, "~m get")
	for _, key := range []string{"2", "nobody"} {
		if err := s.SetFocus(key); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("focus on %s: %v", key, err)
		}
	}
	expect(t, "focus", s.focus(), "1 at 0")
}

func TestFocusFollowsItsFlow(t *testing.T) {
	s := newShelf(get(3), get(2), get(1))
	if err := s.SetFocus("2"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetOrder(view.ByTime); err != nil {
		t.Fatal(err)
	}
	s.add(get(0))
	expect(t, "one before it", s.focus(), "2 at 2")
	s.update("2", func(f *flowpb.Flow) { f.TimestampCreated = new(9.0) })
	expect(t, "moved", s.focus(), "2 at 3")
}

func TestFocusOfARemovedFlow(t *testing.T) {
	for _, descending := range []bool{false, true} {
		s := newShelf(get(1), get(2), get(3))
		s.SetDescending(descending)
		s.Go(1)
		s.Remove(s.Key(1))
		expect(t, "same index", s.focus(), s.Key(1)+" at 1")
		s.Remove(s.Key(1))
		expect(t, "the last", s.focus(), s.Key(0)+" at 0")
		s.Remove(s.Key(0))
		expect(t, "nothing left", s.focus(), "none")
		s.add(get(4))
		expect(t, "one again", s.focus(), "4 at 0")
	}
}

func TestFocusSurvivesRefilter(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{"~m get", "3 at 1"}, // it is shown still
		{"~m put", "4 at 1"}, // the nearest after it
		{"/[12]$", "2 at 1"}, // the last
		{"~m oink", "none"},  // no more
		{"/1$ | /4$", "4 at 1"},
	} {
		s := newShelf(get(1), put(2), get(3), put(4))
		if err := s.SetFocus("3"); err != nil {
			t.Fatal(err)
		}
		s.filter(t, test.expr)
		expect(t, test.expr, s.focus(), test.want)
		s.SetFilter(nil)
		if want := strings.Fields(test.want)[0]; want != "none" && !strings.HasPrefix(s.focus(), want+" ") {
			t.Errorf("without %s the focus is at %s", test.expr, s.focus())
		}
	}
}

func TestFirstRowGetsALostFocus(t *testing.T) {
	s := newShelf(get(1), get(2))
	s.filter(t, "~m put")
	expect(t, "nothing shown", s.focus(), "none")
	s.SetFilter(nil)
	expect(t, "shown again", s.focus(), "1 at 0")
}
