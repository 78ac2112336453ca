package engine_test

import (
	"testing"

	"flowpane/proto/viewerpb"
)

// TestPickedFlows marks some flows at once, and those that are shown, and counts
// what is saved of them.
func TestPickedFlows(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	all := rows(t, e)
	keys := []string{all[7].Key, all[2].Key, "nobody", all[2].Key}
	losses, err := e.Losses(t.Context(), &viewerpb.CountLosses{Target: "mitm", Scope: viewerpb.Scope_KEYS, Keys: keys})
	if err != nil || losses.Flows != 2 {
		t.Errorf("%+v, %v", losses, err)
	}
	marked := func(want uint64) {
		t.Helper()
		if v := show(t, e, &viewerpb.Watch{Filter: "~marker ^picked$"}); uint64(v.Shown) != want {
			t.Errorf("%d flows are marked, want %d", v.Shown, want)
		}
	}
	mark := "picked"
	row, err := e.Annotate(t.Context(), &viewerpb.Annotate{Key: all[7].Key, Marker: &mark, Scope: viewerpb.Scope_KEYS, Keys: keys})
	if err != nil || row.Key != all[7].Key || row.Marker != mark {
		t.Errorf("%+v, %v", row, err)
	}
	marked(2)
	show(t, e, &viewerpb.Watch{Filter: "~m POST"})
	if _, err := e.Annotate(t.Context(), &viewerpb.Annotate{Key: all[7].Key, Marker: &mark, Scope: viewerpb.Scope_VIEW}); err != nil {
		t.Error(err)
	}
	posts := show(t, e, &viewerpb.Watch{Filter: "~m POST | ~marker ^picked$"}).Shown
	marked(uint64(posts))
	if _, err := e.Annotate(t.Context(), &viewerpb.Annotate{Key: "nobody", Marker: &mark}); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("nobody was marked: %v", err)
	}
}
