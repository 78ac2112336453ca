package engine_test

import (
	"slices"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/session/corpus"
)

// TestOverviewTerms checks the law of groups: their terms show the flows that
// were counted, of the session and of each branch of the tree.
func TestOverviewTerms(t *testing.T) {
	t.Run("sample", func(t *testing.T) { checkGroups(t, sample(t), "shop", 42, nil) })
	t.Run("captured", func(t *testing.T) {
		// ~d finds the address too, where the Host header names another, and no
		// filter tells upper case from lower. "bogus" is no type, but something.
		checkGroups(t, files{"captured": corpus.File(t, "captured/captured-8.1.1.mitm")}, "captured", 578, map[string]uint64{
			"host www.shop.test": 177, "type ": 120, "www.shop.test /anything/": 7, "www.shop.test/ct/ TEXT%2FHTML": 2, "www.shop.test/ct/ text%2Fhtml": 2,
		})
	})
}

func checkGroups(t *testing.T, f files, name string, flows uint64, more map[string]uint64) {
	e, _ := opened(t, f, name)
	show(t, e, &viewerpb.Watch{})
	o, err := e.Overview(t.Context(), &viewerpb.GetOverview{})
	if err != nil || o.All.Flows != flows || o.All.Failed == 0 || len(o.Slowest) == 0 || len(o.Largest) == 0 {
		t.Fatalf("%+v, %v", o, err)
	}
	deviations := 0
	check := func(of string, groups []*viewerpb.Group) {
		t.Helper()
		for _, g := range groups {
			v := show(t, e, &viewerpb.Watch{Filter: g.Term})
			if shown, known := more[of+" "+g.Name]; known && uint64(v.Shown) == shown {
				deviations++
			} else if uint64(v.Shown) != g.Flows {
				t.Errorf("%s %q: %s shows %d flows, want %d", of, g.Name, g.Term, v.Shown, g.Flows)
			}
		}
	}
	check("host", o.Hosts.Groups)
	check("status", o.Statuses.Groups)
	check("type", o.Types.Groups)
	check("method", o.Methods.Groups)
	check("connection", o.Connections.Groups)
	check("server", o.Servers.Groups)
	inner := 0
	var walk func(host, path string)
	walk = func(host, path string) {
		show(t, e, &viewerpb.Watch{})
		b, err := e.Branch(t.Context(), &viewerpb.GetBranch{Host: host, Path: path})
		if err != nil {
			t.Fatal(err)
		}
		check(host+path, b.Groups)
		for _, g := range b.Groups {
			if g.Inner {
				inner++
				walk(host, path+g.Name)
			}
		}
	}
	for _, g := range o.Hosts.Groups {
		walk(g.Name, "")
	}
	if deviations != len(more) {
		t.Errorf("%d groups are known to be shown with others, want %d", deviations, len(more))
	}
	if inner < 5 {
		t.Errorf("the tree has %d branches", inner)
	}
}

// TestConnections: a connection of the client says what one of its flows knows of
// it, one to a server only what all of them do.
func TestConnections(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	o, err := e.Overview(t.Context(), &viewerpb.GetOverview{})
	if err != nil {
		t.Fatal(err)
	}
	notes := map[string]string{}
	for _, g := range slices.Concat(o.Connections.Groups, o.Servers.Groups) {
		notes[g.Name] = g.Note
	}
	for name, want := range map[string]string{
		"127.0.0.1:52004": "TLSv1.3, http/1.1, pay.example", "127.0.0.1:52003": "QUICv1, h3, cdn.shop.example", "127.0.0.1:52010": "",
		"203.0.113.5:443": "TLSv1.3", "9.9.9.9:53": "",
	} {
		if got, ok := notes[name]; got != want || !ok {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestOverviewOfView: it is of what the view shows.
func TestOverviewOfView(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{Filter: "~m POST"})
	if o, err := e.Overview(t.Context(), &viewerpb.GetOverview{}); err != nil || o.All.Flows != 10 || len(o.Methods.Groups) != 1 {
		t.Errorf("filtered: %+v, %v", o, err)
	}
}
