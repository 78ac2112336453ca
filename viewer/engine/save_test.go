package engine_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// save returns the file that the flows of scope are saved as.
func save(t testing.TB, e api.API, target string, scope viewerpb.Scope) []byte {
	t.Helper()
	var file bytes.Buffer
	var last *viewerpb.Saved
	err := e.Save(t.Context(), &viewerpb.Save{Target: target, Scope: scope}, func(p *viewerpb.Saved) {
		file.Write(p.Data)
		last = p
	})
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	if last == nil || last.Flows != last.FlowsTotal {
		t.Errorf("%s: the last piece is of %v", target, last)
	}
	return file.Bytes()
}

// What is saved opens again: the same rows, and the same bodies.
func TestSavedSessionsOpenAgain(t *testing.T) {
	e, whole := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	before := rows(t, e)
	targets, err := e.Targets(t.Context())
	if err != nil || len(targets.Targets) < 3 {
		t.Fatalf("targets are %v, %v", targets, err)
	}
	for _, target := range targets.Targets {
		if !target.Session {
			continue
		}
		losses, err := e.Losses(t.Context(), &viewerpb.CountLosses{Target: target.Name})
		if err != nil || losses.Flows != whole.Flows {
			t.Fatalf("%s: losses %v, %v", target.Name, losses, err)
		}
		again, p := opened(t, files{"saved": save(t, e, target.Name, viewerpb.Scope_ALL)}, "saved")
		show(t, again, &viewerpb.Watch{})
		after := rows(t, again)
		for _, i := range p.Issues {
			t.Errorf("%s: %s: %s", target.Name, i.Place, i.Text)
		}
		want := withoutLost(before, losses)
		if len(after) != len(want) {
			t.Fatalf("%s: %d flows, want %d", target.Name, len(after), len(want))
		}
		for i, r := range after {
			if r.Host != want[i].Host || r.Path != want[i].Path || r.Status != want[i].Status || r.Kind != want[i].Kind {
				t.Errorf("%s: flow %d is %v, was %v", target.Name, i, r, want[i])
			}
			got, was := body(t, again, r.Key, viewerpb.Part_RESPONSE, "hex"), body(t, e, want[i].Key, viewerpb.Part_RESPONSE, "hex")
			if got.Text != was.Text {
				t.Errorf("%s: the body of flow %d, %s, differs", target.Name, i, r.Path)
			}
		}
	}
}

// withoutLost leaves out the flows that losses say are left out.
func withoutLost(all []*viewerpb.Row, losses *viewerpb.Losses) []*viewerpb.Row {
	lost := map[string]string{"TCP flows": "tcp", "UDP flows": "udp", "DNS flows": "dns"}
	gone := map[string]bool{}
	for _, l := range losses.Losses {
		gone[lost[l.Text]] = true
	}
	var left []*viewerpb.Row
	for _, r := range all {
		if !gone[r.Kind] {
			left = append(left, r)
		}
	}
	return left
}

// What is shown can be saved alone, in the order of the file.
func TestSaveWhatIsShown(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	v := show(t, e, &viewerpb.Watch{Filter: "~m POST", Order: "size", Descending: true})
	if v.Shown == 0 || v.Shown == v.Total {
		t.Fatalf("%d of %d flows are shown", v.Shown, v.Total)
	}
	losses, err := e.Losses(t.Context(), &viewerpb.CountLosses{Target: "har", Scope: viewerpb.Scope_VIEW})
	if err != nil || losses.Flows != v.Shown || len(losses.Losses) == 0 {
		t.Errorf("losses %v, %v", losses, err)
	}
	for i := 1; i < len(losses.Losses); i++ {
		if losses.Losses[i].Flows > losses.Losses[i-1].Flows {
			t.Errorf("the losses are not ordered: %v", losses.Losses)
		}
	}
	again, p := opened(t, files{"saved": save(t, e, "sessiondb", viewerpb.Scope_VIEW)}, "saved")
	if p.Flows != v.Shown {
		t.Fatalf("%d flows were saved, want %d", p.Flows, v.Shown)
	}
	show(t, again, &viewerpb.Watch{})
	var last int64
	for _, r := range rows(t, again) {
		if r.Method != "POST" || r.Start < last {
			t.Errorf("%v is saved, or is out of order", r)
		}
		last = r.Start
	}
}

func TestSaveEndsWhenCancelled(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Save(ctx, &viewerpb.Save{Target: "har"}, func(*viewerpb.Saved) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("Save = %v", err)
	}
	if err := e.Save(t.Context(), &viewerpb.Save{Target: "tape"}, func(*viewerpb.Saved) {}); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("Save of an unknown kind = %v", err)
	}
}
