package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
)

// repeats is a HAR of n entries that differ in their bodies alone, which are
// too long to be in the flows.
func repeats(first, n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"log":{"entries":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"startedDateTime":"2026-10-20T08:30:00Z","request":{"method":"GET","url":"http://a/","headers":[]},`+
			`"response":{"status":200,"headers":[],"content":{"text":"%06d%s"}}}`, first+i, strings.Repeat("x", 2000))
	}
	b.WriteString(`]}}`)
	return b.Bytes()
}

// tallied is a Source that counts how often it is read.
type tallied struct {
	blob.Source
	reads *atomic.Int64
}

func (c tallied) ReadAt(p []byte, offset int64) (int, error) {
	c.reads.Add(1)
	return c.Source.ReadAt(p, offset)
}

// readsOf opens two files, and returns how many reads that takes and how many
// flows are listed.
func readsOf(t *testing.T, one, two []byte) (reads int64, flows uint64) {
	t.Helper()
	var count atomic.Int64
	f := files{"one": one, "two": two}
	e := engine.New(engine.Config{Source: func(ctx context.Context, s *viewerpb.Source) (blob.Source, error) {
		src, err := f.open(ctx, s)
		return tallied{src, &count}, err
	}})
	page, worker := api.NewPipe()
	defer page.Close()
	go api.Serve(context.Background(), worker, e)
	client, err := api.Dial(page)
	if err == nil {
		err = client.Open(t.Context(), []*viewerpb.Source{{Name: "one"}, {Name: "two"}}, func(p *viewerpb.Progress) { flows = p.Flows })
	}
	if err != nil {
		t.Fatal(err)
	}
	return count.Load(), flows
}

// TestManyOfOneHead: bodies are read so many times, not so many times squared.
func TestManyOfOneHead(t *testing.T) {
	const n = 300
	for name, test := range map[string]struct {
		one, two []byte
		flows    uint64
	}{
		"the same":    {repeats(0, n), repeats(0, n), n},
		"others":      {repeats(0, n), repeats(n, n), 2 * n},
		"half":        {repeats(0, n), repeats(n/2, n), n + n/2},
		"one by many": {repeats(0, 1), repeats(0, n), n},
	} {
		reads, flows := readsOf(t, test.one, test.two)
		if flows != test.flows {
			t.Errorf("%s: %d flows, want %d", name, flows, test.flows)
		}
		if reads > 10*n {
			t.Errorf("%s: %d reads for %d flows", name, reads, 2*n)
		}
	}
}

// TestManyOfOneID: of flows that repeat within a file, each answers to one of
// the other file, and those that are left contest the id.
func TestManyOfOneID(t *testing.T) {
	f := sample(t)
	changed := bytes.Replace(f["shop"], []byte(`"trace": "a1b2c3d4"`), []byte(`"trace": "00000000"`), 1)
	f["many"] = bytes.Repeat(f["shop"], 150)
	f["fewer"] = bytes.Repeat(f["shop"], 120)
	f["other"] = bytes.Repeat(changed, 130)
	if _, p := opened(t, f, "many", "fewer"); p.Flows != 42*150 || len(p.Issues) != 1 || p.Issues[0].Text != "5040 flows are in a file before, identically, and listed once" {
		t.Errorf("%d flows, %v", p.Flows, p.Issues)
	}
	if _, p := opened(t, f, "fewer", "many"); p.Flows != 42*150 || len(p.Issues) != 1 || p.Issues[0].Text != "5040 flows are in a file before, identically, and listed once" {
		t.Errorf("%d flows, %v", p.Flows, p.Issues)
	}
	e, p := opened(t, f, "many", "other")
	if p.Flows != 42*150+130 || len(p.Issues) != 2 || p.Issues[1].Text != "130 flows have the id of a flow in a file before, and other content: both are listed" {
		t.Fatalf("%d flows, %v", p.Flows, p.Issues)
	}
	show(t, e, &viewerpb.Watch{})
	// The sample has two flows of that id; of 300, 130 are in the other file.
	key := rows(t, e)[42*150].Key
	got := strings.Split(strings.TrimSpace(section(t, e, key, "File")), "\n")
	if len(got) != 102 || got[101] != "Same id, but different: and 70 more" {
		t.Errorf("the changed flow says %d things of its files, the last is %s", len(got), got[len(got)-1])
	}
}
