package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
)

// far is a file of which each read takes a while.
type far struct{ blob.Source }

func (f far) ReadAt(p []byte, offset int64) (int, error) {
	time.Sleep(time.Second)
	return f.Source.ReadAt(p, offset)
}

// A helper is another engine, behind a pipe, to which files are lent by number.
type helper struct {
	api.API
	lent     *[]blob.Source
	page     *api.MemoryPipe
	examined atomic.Int64 // flows
	closed   atomic.Bool
}

func newHelper(t *testing.T) *helper {
	h := &helper{lent: new([]blob.Source)}
	e := engine.New(engine.Config{Helps: true, Source: func(_ context.Context, s *viewerpb.Source) (blob.Source, error) {
		var n int
		_, err := fmt.Sscan(s.Token, &n)
		return (*h.lent)[n], err
	}})
	page, worker := api.NewPipe()
	h.page = page
	go api.Serve(context.Background(), worker, e)
	var err error
	if h.API, err = api.Dial(page); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *helper) Lend(src blob.Source) (*viewerpb.Source, bool) {
	if src == nil {
		return nil, false
	}
	*h.lent = append(*h.lent, src.(far).Source)
	return &viewerpb.Source{Token: fmt.Sprint(len(*h.lent) - 1)}, true
}

func (h *helper) Examine(ctx context.Context, x *viewerpb.Examine) (*viewerpb.Examined, error) {
	h.examined.Add(int64(len(x.Offsets)))
	return h.API.Examine(ctx, x)
}

func (h *helper) Close() {
	h.page.Close()
	h.closed.Store(true)
}

// TestHelpers searches bodies with the help of another engine, of flows that a
// person said something of as well.
func TestHelpers(t *testing.T) {
	dump := bytes.Repeat(sample(t)["shop"], 300)
	for _, test := range []struct {
		expr  string
		helps bool
	}{
		{`~b "sku" | ~any "look here"`, true},
		{`~bs stars & ~m POST`, true},
		{`~h cookie & ~c 200`, true},
		{`~c 200`, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			counts := map[bool]uint64{}
			for _, helped := range []bool{false, true} {
				h := newHelper(t)
				config := engine.Config{Source: func(context.Context, *viewerpb.Source) (blob.Source, error) {
					return far{blob.Bytes(dump)}, nil
				}}
				if helped {
					config.Helpers = func() []engine.Helper { return []engine.Helper{h} }
				}
				e := engine.New(config)
				if err := e.Open(t.Context(), []*viewerpb.Source{{Name: "x"}}, func(*viewerpb.Progress) {}); err != nil {
					t.Fatal(err)
				}
				show(t, e, &viewerpb.Watch{})
				last := rows(t, e)[len(rows(t, e))-1]
				if _, err := e.Annotate(t.Context(), &viewerpb.Annotate{Key: last.Key, Comment: new("look here")}); err != nil {
					t.Fatal(err)
				}
				counts[helped] = show(t, e, &viewerpb.Watch{Filter: test.expr}).Shown
				if n := h.examined.Load(); (n > 0) != (helped && test.helps) {
					t.Errorf("%s: the helper examined %d flows", test.expr, n)
				}
				if e.Close(t.Context()); h.closed.Load() != (helped && test.helps) {
					t.Errorf("%s: the helper is closed: %v", test.expr, h.closed.Load())
				}
				h.Close()
			}
			time.Sleep(time.Minute) // reads ahead end, of which nobody waits for
			if counts[true] != counts[false] || counts[true] == 0 {
				t.Errorf("%s: %d flows with help, %d alone", test.expr, counts[true], counts[false])
			}
		})
	}
}
