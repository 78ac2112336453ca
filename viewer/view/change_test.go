package view_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
	"flowpane/viewer/view"
)

// follow runs a Watch over four flows in the background while change acts, and
// expects paths in the end.
func follow(t *testing.T, spec view.Spec, change func(s *session), paths string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := four()
		s.Complete()
		var last *viewerpb.View
		ctx, cancel := context.WithCancel(context.Background())
		go s.Watch(ctx, spec, func(v *viewerpb.View) { last = v })
		synctest.Wait()
		change(s)
		synctest.Wait()
		cancel()
		synctest.Wait()
		if got := s.paths(); got != paths || last.Shown != uint64(len(strings.Fields(paths))) || last.Total != uint64(s.Len()) {
			t.Errorf("shown %q, want %q; state %v", got, paths, last)
		}
	})
}

func TestWatchFollowsChanges(t *testing.T) {
	puts, err := filter.Parse("~m put")
	if err != nil {
		t.Fatal(err)
	}
	bySize := view.Spec{Filter: puts, Order: view.BySize}
	follow(t, bySize, func(*session) {}, "/0 /1")
	follow(t, bySize, func(s *session) {
		row, _ := s.Summary("GET/2")
		row.RawMethod, row.OrderSize = "PUT", 35
		s.Update("GET/2", &row)
	}, "/0 /2 /1")
	follow(t, bySize, func(s *session) {
		row, _ := s.Summary("PUT/0")
		row.RawMethod = "GET"
		s.Update("PUT/0", &row)
		if s.Update("nobody", &row) {
			t.Error("an unknown flow was updated")
		}
	}, "/1")
	follow(t, bySize, func(s *session) {
		row, _ := s.Summary("PUT/0")
		row.OrderSize = 99
		s.Update("PUT/0", &row)
		s.add(exchange("PUT", "/5", 5, 50))
		s.Publish()
	}, "/1 /5 /0")
	follow(t, view.Spec{}, func(s *session) {
		if n := s.Remove("PUT/1", "PUT/1", "nobody"); n != 1 || s.Len() != 3 {
			t.Errorf("%d were removed, %d are left", n, s.Len())
		}
	}, "/3 /2 /0")
	follow(t, view.Spec{MarkedOnly: true}, func(s *session) {
		s.mark("PUT/1")
		s.mark("GET/2")
	}, "/1 /2")
	follow(t, view.Spec{}, func(s *session) {
		s.mark("GET/2")
		s.Clear(true)
	}, "/2")
	follow(t, view.Spec{}, func(s *session) { s.Clear(false) }, "")
}

func (s *session) mark(key string) {
	f := s.flows[key]
	f.Marker = []byte(":default:")
	row := flow.Summarize(f)
	s.Update(key, &row)
}

func TestRemovedFlowsKeepTheirPlaces(t *testing.T) {
	s := four()
	s.Remove("PUT/1")
	s.watch(t, "", view.ByFile, false)
	if got := fmt.Sprint(s.Keys(false), s.Keys(true)); got != "[get/3 GET/2 PUT/0] [get/3 GET/2 PUT/0]" {
		t.Errorf("keys are %s", got)
	}
	if n, ok := s.Number("PUT/1"); n != 1 || !ok {
		t.Errorf("a removed flow is at %d, %v", n, ok)
	}
	if l := s.Locate("PUT/1"); l.Exists || l.Index != -1 {
		t.Errorf("a removed flow is at %v", l)
	}
	if row, ok := s.Row("PUT/1"); ok {
		t.Errorf("a removed flow has the row %v", row)
	}
	if _, ok := s.Summary("PUT/1"); ok {
		t.Error("a removed flow has a summary")
	}
	if n, ok := s.Number("GET/2"); n != 2 || !ok || s.Rows(1, 1).Rows[0].Number != 3 {
		t.Errorf("the flow behind it is at %d", n)
	}
}

func TestNextWatchAsksNothingAgain(t *testing.T) {
	s := four()
	s.watch(t, "~hq qvalue", view.ByFile, false)
	s.loads = 0
	state := s.watch(t, "~hq qvalue", view.ByURL, true)
	if got := s.paths(); got != "/3 /2 /1 /0" || s.loads != 0 || state.Examined != 4 {
		t.Errorf("shown %s after %d loads, state %v", got, s.loads, state)
	}
	s.watch(t, "~hq qvalue ~hq header", view.ByURL, true)
	if s.loads == 0 {
		t.Error("another filter asked nothing")
	}
}

func TestViewKeepsTheFocus(t *testing.T) {
	s := four()
	if key, at := s.Focus(); key != "" || at.Index != -1 {
		t.Errorf("focus on %q at %v", key, at)
	}
	s.watch(t, "", view.ByFile, false)
	if s.SetFocus("nobody") || !s.SetFocus("GET/2") {
		t.Error("the focus is not where it was set")
	}
	s.watch(t, "", view.ByTime, false)
	if key, at := s.Focus(); key != "GET/2" || at.Index != 1 {
		t.Errorf("focus on %q at %v", key, at)
	}
	s.watch(t, "~m put", view.ByTime, true)
	if key, at := s.Focus(); key != "PUT/1" || at.Index != 1 {
		t.Errorf("focus on %q at %v", key, at)
	}
}
