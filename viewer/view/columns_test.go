package view

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

func TestTexts(t *testing.T) {
	var kept texts
	var want []string
	var refs []textRef
	add := func(s string) {
		want = append(want, s)
		refs = append(refs, kept.add(s[:len(s)/3], s[len(s)/3:]))
	}
	for _, size := range []int{0, 1, 127, 128, 129, 16383, 16384, chunkSize - 1, chunkSize, 3 * chunkSize, 1, 0} {
		add(strings.Repeat("é", (size+1)/2)[:size])
	}
	for i := range 20_000 {
		add(fmt.Sprint("text ", i))
	}
	snapshot := kept
	add("later")
	for i, ref := range refs[:len(refs)-1] {
		if kept.text(ref) != want[i] || snapshot.text(ref) != want[i] {
			t.Fatalf("text %d of %d bytes is another", i, len(want[i]))
		}
		if !kept.is(ref, want[i]) || kept.is(ref, want[i]+"x") {
			t.Fatalf("text %d is not itself", i)
		}
	}
	if len(kept.full) < 5 {
		t.Errorf("%d full chunks: nothing was split", len(kept.full))
	}
}

// TestSummariesComeBack: columns lose nothing of a summary.
func TestSummariesComeBack(t *testing.T) {
	full := flow.Summary{
		Kind: flowpb.Kind_HTTP, Flags: flow.FlagMarked | flow.FlagContested, Method: "GET", RawMethod: "get", Scheme: "https",
		Host: "10.0.0.1", PrettyHost: "shop.test", Path: "/a?b", URL: "https://10.0.0.1/a?b", PrettyURL: "https://shop.test/a?b",
		SearchableURL: true, Version: "HTTP/1.1", Status: 201, StatusText: "Created", ContentType: "text/html",
		RequestContentTypes: [][]byte{{}}, ContentTypes: [][]byte{[]byte("a"), []byte("b")},
		RequestSize: 1, ResponseSize: 1 << 40, OrderSize: 3, Created: 1.5, Start: -4, Duration: -1,
		Marker: ":x:", Comment: "comment", Error: "error", Replay: "request",
	}
	with := func(change func(s *flow.Summary)) flow.Summary {
		s := full
		change(&s)
		return s
	}
	all := []flow.Summary{
		{}, full, full, {Duration: -1},
		with(func(s *flow.Summary) { s.PrettyURL = s.URL }),
		with(func(s *flow.Summary) { s.URL, s.PrettyURL, s.Path = "host:443", "shop.test:443", "" }),
		with(func(s *flow.Summary) { s.Path = "other" }),
		with(func(s *flow.Summary) { s.Path = "/" }),
		with(func(s *flow.Summary) { s.PrettyURL, s.SearchableURL = "", false }),
		with(func(s *flow.Summary) {
			s.Kind, s.URL, s.PrettyURL, s.Path = flowpb.Kind_DNS, "dns.test", "dns.test", "A = 1"
		}),
		full,
	}
	var c columns
	for i := range all {
		c.append(fmt.Sprint(i), &all[i])
	}
	for i := range all {
		if got := c.summary(i); !reflect.DeepEqual(got, all[i]) {
			t.Errorf("row %d\ngot  %+v\nwant %+v", i, got, all[i])
		}
	}
	for i := range all {
		c.set(i, &all[len(all)-1-i])
	}
	for i := range all {
		if got := c.summary(i); !reflect.DeepEqual(got, all[len(all)-1-i]) {
			t.Errorf("row %d, changed\ngot  %+v\nwant %+v", i, got, all[len(all)-1-i])
		}
	}
	if len(c.exchanges.values) != 3 || len(c.sites.values) != 7 {
		t.Errorf("%d exchanges and %d sites: what is equal is kept once", len(c.exchanges.values), len(c.sites.values))
	}
}

// TestSnapshotsStay reads snapshots while rows are added, changed and removed:
// with the race detector, it shows that nobody has to wait.
func TestSnapshotsStay(t *testing.T) {
	var c columns
	summary := func(i, change int) *flow.Summary {
		path := fmt.Sprintf("/%d/%d", i, change)
		return &flow.Summary{
			Method: fmt.Sprint("M", i%7, change), Path: path, URL: "u" + path, PrettyURL: "p" + path,
			Comment: fmt.Sprint(i%5, change), OrderSize: int64(i), ContentTypes: [][]byte{fmt.Append(nil, i%3, change)},
		}
	}
	key := func(i int) string { return fmt.Sprint("key ", i) }
	var wait sync.WaitGroup
	const rounds, step = 20, 300
	for round := range rounds {
		for i := c.n; i < (round+1)*step; i++ {
			c.append(key(i), summary(i, 0))
		}
		snapshot := c.snapshot()
		wait.Go(func() {
			if snapshot.n != (round+1)*step || snapshot.removed.count() != round || len(snapshot.changed) != round {
				t.Errorf("round %d: %d rows, %d removed, %d changed", round, snapshot.n, snapshot.removed.count(), len(snapshot.changed))
			}
			for i := range snapshot.n {
				change := 0
				if i < round { // one was changed after each round
					change = 1
				}
				if got := snapshot.summary(i); !reflect.DeepEqual(got, *summary(i, change)) || snapshot.keyText(i) != key(i) {
					t.Errorf("round %d, row %d: %s %+v", round, i, snapshot.keyText(i), got)
					return
				}
			}
		})
		c.set(round, summary(round, 1))
		c.remove([]uint32{uint32(round)})
	}
	wait.Wait()
}
