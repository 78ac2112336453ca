package engine_test

import (
	"bytes"
	"context"
	"sync/atomic"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
)

// counted is a blob.Source that counts what is read of it.
type counted struct {
	blob.Source
	bytes atomic.Int64
}

func (c *counted) ReadAt(p []byte, offset int64) (int, error) {
	n, err := c.Source.ReadAt(p, offset)
	c.bytes.Add(int64(n))
	return n, err
}

// A packed session lists its flows without reading them.
func TestPackedSessionsAreListed(t *testing.T) {
	f := sample(t)
	f["many"] = bytes.Repeat(f["shop"], 100)
	e, _ := opened(t, f, "many")
	show(t, e, &viewerpb.Watch{})
	packed := save(t, e, "sessiondb", viewerpb.Scope_ALL)

	source := &counted{Source: blob.Bytes(packed)}
	var again api.API = engine.New(engine.Config{Source: func(context.Context, *viewerpb.Source) (blob.Source, error) { return source, nil }})
	err := again.Open(t.Context(), []*viewerpb.Source{{Name: "packed"}}, func(p *viewerpb.Progress) {
		if len(p.Issues) > 0 {
			t.Errorf("issue %v", p.Issues[0])
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if read := source.bytes.Load(); read > source.Size()/4 {
		t.Errorf("%d of %d bytes are read to list the flows", read, source.Size())
	}
	show(t, again, &viewerpb.Watch{})
	before, after := rows(t, e), rows(t, again)
	if len(before) != 4200 || len(after) != len(before) {
		t.Fatalf("%d flows, before %d", len(after), len(before))
	}
	for i := range after {
		if !bytes.Equal(after[i].Append(nil), before[i].Append(nil)) {
			t.Fatalf("row %d is %v, was %v", i, after[i], before[i])
		}
	}
	key := after[4199].Key
	if got, want := body(t, again, key, viewerpb.Part_RESPONSE, "auto").Text, body(t, e, key, viewerpb.Part_RESPONSE, "auto").Text; got != want {
		t.Errorf("the last body is %q, was %q", got, want)
	}
	if v := show(t, again, &viewerpb.Watch{Filter: "~hq firefox & ~b deadlock"}); v.Shown != 100 || v.Failed != 0 {
		t.Errorf("a filter of headers and bodies shows %d flows, failed for %d: %s", v.Shown, v.Failed, v.Failure)
	}
}

// Where the list is damaged the flows themselves are read.
func TestDamagedListsAreNoLoss(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	packed := save(t, e, "sessiondb", viewerpb.Scope_ALL)
	const columns = 3 * 4096 // the page behind those of the schema and of the nodes
	damaged := 0
	for offset := columns + 211; offset < columns+4096; offset += 211 {
		b := bytes.Clone(packed)
		b[offset] ^= 0x55
		_, p := opened(t, files{"damaged": b}, "damaged")
		if p.Flows != 42 {
			t.Fatalf("byte %d: %d flows, issues %v", offset, p.Flows, p.Issues)
		}
		if p.IssuesTotal > 0 {
			damaged++
		}
	}
	if damaged == 0 {
		t.Error("no damage met the list")
	}
}
