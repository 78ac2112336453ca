package view

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// many returns a view of flows with what differs in them at random.
func many(n int) (*View, []flow.Summary) {
	random := rand.New(rand.NewPCG(1, 2))
	v := New(nil, 0, func() {})
	list := make([]flow.Summary, n)
	for i := range list {
		s := flow.Summary{
			Kind: flowpb.Kind_HTTP, PrettyHost: fmt.Sprintf("host%d.example", random.IntN(60)*random.IntN(2)), Method: "GET",
			Path: fmt.Sprintf("/a%d/b/c%d?q=/%d", random.IntN(3), random.IntN(4), i), Status: int32(200 + 101*random.IntN(4)),
			ContentType: "text/html; charset=utf-8", Duration: random.Int64N(1e9) - 1e8, RequestSize: random.Int64N(100) - 10, ResponseSize: random.Int64N(1e6),
		}
		s.Host, s.RawMethod = s.PrettyHost, s.Method
		s.Duration = max(s.Duration, -1)
		if random.IntN(9) == 0 {
			s.Status, s.Flags = 0, flow.FlagError
		}
		list[i] = s
		v.Append(fmt.Sprint("key", i), &s)
	}
	v.Complete()
	v.list.SetFilter(nil)
	return v, list
}

// naive counts as the definition says.
func naive(list []flow.Summary) *viewerpb.Group {
	g := &viewerpb.Group{}
	var durations []int64
	for _, s := range list {
		g.Flows++
		if s.Status >= 400 || s.Flags.Has(flow.FlagError) {
			g.Failed++
		}
		g.Sent += uint64(max(s.RequestSize, 0))
		g.Received += uint64(max(s.ResponseSize, 0))
		if s.Duration >= 0 {
			durations = append(durations, s.Duration)
		}
	}
	slices.Sort(durations)
	if n := len(durations); n > 0 {
		at := func(percent int) int64 { return durations[(n*percent+99)/100-1] }
		g.P50, g.P95, g.P99, g.Longest = at(50), at(95), at(99), durations[n-1]
	}
	return g
}

func same(t *testing.T, what string, got *viewerpb.Group, list []flow.Summary) {
	t.Helper()
	want := naive(list)
	want.Name, want.Inner, want.Example = got.Name, got.Inner, got.Example
	if *got != *want {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

func TestOverview(t *testing.T) {
	v, list := many(3000)
	o, err := v.Overview(viewerpb.GroupOrder_BY_FLOWS, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	pick := func(keep func(*flow.Summary) bool) (some []flow.Summary) {
		for i := range list {
			if keep(&list[i]) {
				some = append(some, list[i])
			}
		}
		return some
	}
	same(t, "all", o.All, list)
	if len(o.Hosts.Groups) != maxGroups || o.Hosts.Others != 10 || !o.Hosts.Groups[0].Inner || o.Hosts.Groups[0].Name != "host0.example" {
		t.Errorf("%d hosts and %d others, first %+v", len(o.Hosts.Groups), o.Hosts.Others, o.Hosts.Groups[0])
	}
	for _, g := range o.Hosts.Groups {
		same(t, g.Name, g, pick(func(s *flow.Summary) bool { return s.PrettyHost == g.Name }))
	}
	var statuses []string
	for _, g := range o.Statuses.Groups {
		statuses = append(statuses, g.Name)
		same(t, g.Name, g, pick(func(s *flow.Summary) bool {
			return g.Name == "error" && s.Flags.Has(flow.FlagError) || g.Name == fmt.Sprint(s.Status)
		}))
	}
	slices.Sort(statuses)
	if got := strings.Join(statuses, " "); got != "200 301 402 503 error" {
		t.Errorf("statuses %s", got)
	}
	if g := o.Types.Groups; len(g) != 1 || g[0].Name != "text/html" || len(o.Methods.Groups) != 1 || o.Methods.Groups[0].Name != "GET" {
		t.Errorf("types %+v, methods %+v", o.Types, o.Methods)
	}
	slices.SortFunc(list, func(a, b flow.Summary) int { return cmp.Compare(b.Duration, a.Duration) })
	for i, r := range o.Slowest {
		if r.Duration != list[i].Duration {
			t.Errorf("slowest %d: %d, want %d", i, r.Duration, list[i].Duration)
		}
	}
	size := func(s flow.Summary) int64 { return max(s.RequestSize, 0) + max(s.ResponseSize, 0) }
	slices.SortFunc(list, func(a, b flow.Summary) int { return cmp.Compare(size(b), size(a)) })
	for i, r := range o.Largest {
		if got := max(r.RequestSize, 0) + max(r.ResponseSize, 0); got != size(list[i]) {
			t.Errorf("largest %d: %d, want %d", i, got, size(list[i]))
		}
	}
	if len(o.Slowest) != maxOutliers || len(o.Largest) != maxOutliers {
		t.Errorf("%d slowest, %d largest", len(o.Slowest), len(o.Largest))
	}
}

// TestOverviewOrders: what is cut off is last by what was asked for, and of those that
// have as much of it, what has fewer flows.
func TestOverviewOrders(t *testing.T) {
	v, list := many(3000)
	hosts := map[string][]flow.Summary{}
	for _, s := range list {
		hosts[s.PrettyHost] = append(hosts[s.PrettyHost], s)
	}
	for by, of := range map[viewerpb.GroupOrder]func(*viewerpb.Group) int64{
		viewerpb.GroupOrder_BY_FLOWS:  func(g *viewerpb.Group) int64 { return int64(g.Flows) },
		viewerpb.GroupOrder_BY_FAILED: func(g *viewerpb.Group) int64 { return int64(g.Failed) },
		viewerpb.GroupOrder_BY_BYTES:  func(g *viewerpb.Group) int64 { return int64(g.Sent + g.Received) },
		viewerpb.GroupOrder_BY_P95:    func(g *viewerpb.Group) int64 { return g.P95 },
	} {
		var want [][2]int64
		for _, flows := range hosts {
			g := naive(flows)
			want = append(want, [2]int64{of(g), int64(g.Flows)})
		}
		slices.SortFunc(want, func(a, b [2]int64) int { return slices.Compare(b[:], a[:]) })
		o, err := v.Overview(by, func() error { return nil })
		if err != nil || len(o.Hosts.Groups) != maxGroups {
			t.Fatal(o, err)
		}
		for i, g := range o.Hosts.Groups {
			same(t, g.Name, g, hosts[g.Name])
			if got := [2]int64{of(g), int64(g.Flows)}; got != want[i] {
				t.Errorf("%v: %d is %v, want %v", by, i, got, want[i])
			}
		}
		if b, err := v.Branch("host0.example", "", by, func() error { return nil }); err != nil || !slices.IsSortedFunc(b.Groups, func(a, b *viewerpb.Group) int { return cmp.Compare(of(b), of(a)) }) {
			t.Errorf("%v: a branch %v, %v", by, b, err)
		}
	}
}

// TestBranch goes down the tree to what has nothing below it.
func TestBranch(t *testing.T) {
	v, list := many(3000)
	never := func() error { return nil }
	var walk func(path string, depth int)
	walk = func(path string, depth int) {
		b, err := v.Branch("host0.example", path, viewerpb.GroupOrder_BY_FLOWS, never)
		if err != nil || b.Others != 0 {
			t.Fatal(b, err)
		}
		if want := [...]int{3, 1, 4}[depth]; len(b.Groups) != want {
			t.Errorf("%s has %d groups, want %d", path, len(b.Groups), want)
		}
		for _, g := range b.Groups {
			var below []flow.Summary
			for _, s := range list {
				if s.PrettyHost == "host0.example" && strings.HasPrefix(s.Path, path+g.Name) {
					below = append(below, s)
				}
			}
			same(t, path+g.Name, g, below)
			if g.Inner != (depth < 2) {
				t.Errorf("%s%s: inner %v", path, g.Name, g.Inner)
			}
			if g.Inner {
				walk(path+g.Name, depth+1)
			}
		}
	}
	walk("", 0)
	for _, c := range []struct{ host, path string }{{"nobody", ""}, {"host0.example", "/a0/b/c0?"}, {"host0.example", "x"}} {
		if b, err := v.Branch(c.host, c.path, viewerpb.GroupOrder_BY_FLOWS, never); err != nil || len(b.Groups) > 1 || len(b.Groups) == 1 && b.Groups[0].Name != "" {
			t.Errorf("%v: %+v, %v", c, b, err)
		}
	}
}

// TestOverviewOfNothing: no flow, and a stop.
func TestOverviewOfNothing(t *testing.T) {
	v := New(nil, 0, func() {})
	o, err := v.Overview(viewerpb.GroupOrder_BY_FLOWS, func() error { return nil })
	if err != nil || *o.All != (viewerpb.Group{}) || len(o.Hosts.Groups) != 0 || len(o.Slowest) != 0 {
		t.Errorf("%+v, %v", o, err)
	}
	stop := errors.New("stop")
	if _, err := v.Overview(viewerpb.GroupOrder_BY_FLOWS, func() error { return stop }); err != stop {
		t.Error(err)
	}
}

// BenchmarkOverviewOfAddresses has a group of each flow, more than are shown by far.
func BenchmarkOverviewOfAddresses(b *testing.B) {
	v := New(nil, 0, func() {})
	for i := range 100_000 {
		v.Append(fmt.Sprint("key", i), &flow.Summary{Client: fmt.Sprint("10.0.0.1:", i), Duration: int64(i)})
	}
	v.Complete()
	v.list.SetFilter(nil)
	for b.Loop() {
		if _, err := v.Overview(viewerpb.GroupOrder_BY_P95, func() error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOverview(b *testing.B) {
	v, _ := many(100_000)
	for b.Loop() {
		if _, err := v.Overview(viewerpb.GroupOrder_BY_FLOWS, func() error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
