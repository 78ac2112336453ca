package engine_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/session/corpus"
)

// secrets returns what is found in all flows, and whether it was told on the way.
func secrets(t testing.TB, e api.API, r *viewerpb.Redaction) *viewerpb.Secrets {
	t.Helper()
	var last *viewerpb.Secrets
	err := e.FindSecrets(t.Context(), &viewerpb.FindSecrets{Redaction: r}, func(s *viewerpb.Secrets) { last = s })
	if err != nil {
		t.Fatal(err)
	}
	if last == nil || !last.Complete || last.Flows != last.FlowsTotal || last.Flows == 0 {
		t.Fatalf("the last answer is %+v", last)
	}
	return last
}

func class(t testing.TB, s *viewerpb.Secrets, name string) *viewerpb.SecretClass {
	t.Helper()
	for _, c := range s.Classes {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no class %s", name)
	return nil
}

func TestFindSecrets(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	all := secrets(t, e, nil)
	if c := class(t, all, "cookies"); c.Count == 0 || c.Label == "" || c.About == "" || len(c.Places) == 0 {
		t.Errorf("cookies are %+v", c)
	}
	if all.Changed == 0 || len(all.By) == 0 || len(all.By) > int(all.Changed) {
		t.Errorf("%d flows hold something, and %d are named", all.Changed, len(all.By))
	}
	for _, f := range all.By {
		if l, err := e.Locate(t.Context(), f.Key); err != nil || !l.Exists || len(f.Places) == 0 {
			t.Errorf("%+v: %v, %v", f, l, err)
		}
	}
	some := secrets(t, e, &viewerpb.Redaction{Keep: []string{"cookies"}, Names: []string{"User-Agent"}})
	if c, taken := class(t, some, "cookies"), class(t, all, "cookies"); c.Count != taken.Count {
		t.Errorf("of %d cookies that stay %d are told of", taken.Count, c.Count)
	}
	if c := class(t, some, "chosen"); c.Count == 0 || c.Places[0].Name == "" {
		t.Errorf("what was chosen is %+v", c)
	}
}

// What is saved without its secrets holds none of them, and all the rest.
func TestSaveRedacted(t *testing.T) {
	captured := files{"captured": corpus.File(t, "captured/captured-8.1.1.mitm")}
	for name, f := range map[string]files{"shop": sample(t), "captured": captured} {
		e, _ := opened(t, f, name)
		show(t, e, &viewerpb.Watch{})
		before := rows(t, e)
		targets, err := e.Targets(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range targets.Targets {
			losses, err := e.Losses(t.Context(), &viewerpb.CountLosses{Target: target.Name})
			if err != nil {
				t.Fatal(err)
			}
			file := saveRedacted(t, e, target.Name, &viewerpb.Redaction{})
			if !target.Session {
				if lines := bytes.Count(file, []byte("\n")); lines != len(before)+1 {
					t.Errorf("%s as a table: %d lines of %d flows", name, lines, len(before))
				}
				continue
			}
			again, _ := opened(t, files{"saved": file}, "saved")
			show(t, again, &viewerpb.Watch{})
			after, want := rows(t, again), withoutLost(before, losses)
			if len(after) != len(want) {
				t.Errorf("%s as %s: %d flows, want %d", name, target.Name, len(after), len(want))
			}
			for i, r := range after {
				if r.Key != want[i].Key || r.Status != want[i].Status || r.Method != want[i].Method || r.Kind != want[i].Kind {
					t.Errorf("%s as %s: flow %d is %v, was %v", name, target.Name, i, r, want[i])
				}
			}
			found := secrets(t, again, &viewerpb.Redaction{})
			for _, c := range found.Classes {
				if c.Count > 0 && c.Name == "authorization" {
					t.Errorf("%s as %s: %d of %s are left: %v", name, target.Name, c.Count, c.Name, c.Places)
				}
			}
		}
	}
}

func saveRedacted(t testing.TB, e api.API, target string, r *viewerpb.Redaction) []byte {
	t.Helper()
	var file bytes.Buffer
	var last *viewerpb.Saved
	err := e.Save(t.Context(), &viewerpb.Save{Target: target, Redaction: r}, func(p *viewerpb.Saved) {
		file.Write(p.Data)
		last = p
	})
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	if last == nil || last.Flows != last.FlowsTotal {
		t.Errorf("%s: the last piece is of %d flows of %d", target, last.GetFlows(), last.GetFlowsTotal())
	}
	return file.Bytes()
}

// What cannot be taken out is not given out: here it is a word of the format.
func TestLeakIsRefused(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	r := &viewerpb.Redaction{Values: []string{"timestamp_created"}}
	err := e.Save(t.Context(), &viewerpb.Save{Target: "mitm", Redaction: r}, func(p *viewerpb.Saved) {
		if len(p.Data) > 0 {
			t.Errorf("%d bytes are given out", len(p.Data))
		}
	})
	if err == nil || !strings.Contains(err.Error(), "nothing was saved") || strings.Contains(err.Error(), "timestamp_created") {
		t.Errorf("Save = %v", err)
	}
	// In a table it may be what quotes a cell that hides it.
	f := files{"quoted": bytes.ReplaceAll(sample(t)["shop"], []byte("/v1/basket"), []byte(`/v1/ba"ket`))}
	quoted, _ := opened(t, f, "quoted")
	r = &viewerpb.Redaction{Values: []string{`shop.example/v1/ba"ket`}}
	err = quoted.Save(t.Context(), &viewerpb.Save{Target: "csv", Redaction: r}, func(p *viewerpb.Saved) {
		if len(p.Data) > 0 {
			t.Errorf("%d bytes of a table are given out", len(p.Data))
		}
	})
	if err == nil || !strings.Contains(err.Error(), "the table") {
		t.Errorf("Save of a table = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.FindSecrets(ctx, &viewerpb.FindSecrets{}, func(*viewerpb.Secrets) {}); err == nil {
		t.Error("a cancelled search has no error")
	}
}

// A link is made of few flows, without their secrets unless these are to stay.
func TestMakeLink(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{Filter: "~m POST & ~u basket"})
	few := rows(t, e)
	if len(few) == 0 || len(few) > 10 {
		t.Fatalf("%d flows", len(few))
	}
	plain, err := e.MakeLink(t.Context(), &viewerpb.MakeLink{Scope: viewerpb.Scope_VIEW})
	if err != nil || plain.Flows != uint64(len(few)) {
		t.Fatalf("MakeLink = %v, %v", plain, err)
	}
	redacted, err := e.MakeLink(t.Context(), &viewerpb.MakeLink{Scope: viewerpb.Scope_VIEW, Redaction: &viewerpb.Redaction{}})
	if err != nil || redacted.Session == plain.Session {
		t.Fatalf("MakeLink = %v, %v", redacted, err)
	}
	if _, err := e.MakeLink(t.Context(), &viewerpb.MakeLink{Scope: viewerpb.Scope_KEYS}); err == nil {
		t.Error("a link is made of no flows")
	}
}

// What goes around a session, its name and what is shown at first, holds no
// secret either, and the report names flows without theirs.
func TestNothingAroundIsSecret(t *testing.T) {
	const token, start = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "filter=~u%20token%3Dhunterhuntress&highlight=ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
	name := "of " + token + ".mitm"
	e := withAssets(t, assets)
	sample := sample(t)["shop"]
	e2, _ := opened(t, files{name: bytes.ReplaceAll(sample, []byte("/v1/basket"), []byte("/?pwd=abc1"))}, name)
	for _, f := range secrets(t, e2, nil).By {
		if strings.Contains(f.Title, "abc1") {
			t.Errorf("the report names %q", f.Title)
		}
	}
	show(t, e2, &viewerpb.Watch{Filter: "~m DELETE"})
	link, err := e2.MakeLink(t.Context(), &viewerpb.MakeLink{Scope: viewerpb.Scope_VIEW, Redaction: &viewerpb.Redaction{}, Start: start})
	if err != nil || strings.Contains(link.Start, "hunter") || strings.Contains(link.Start, token) || !strings.Contains(link.Start, "filter=~u%20token") {
		t.Errorf("the link shows %q, %v", link.GetStart(), err)
	}
	for _, target := range []string{"html", "zip"} {
		b, err := savedAs(t, e, &viewerpb.Save{Target: target, Redaction: &viewerpb.Redaction{}, Start: start})
		if err != nil || bytes.Contains(b, []byte("hunter")) || bytes.Contains(b, []byte(token)) {
			t.Errorf("%s has what its start says: %v", target, err)
		}
	}
}
