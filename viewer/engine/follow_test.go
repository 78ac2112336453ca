package engine_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
)

// growing is a file of which a part was written.
type growing struct {
	mu            sync.Mutex
	all           []byte
	written, size int
	fixed         bool
	read          func() // is called for each ReadAt, if it is there
}

func (g *growing) Grows() bool { return !g.fixed }

func (g *growing) Size() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return int64(g.size)
}

func (g *growing) ReadAt(p []byte, offset int64) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.read != nil {
		g.read()
	}
	if offset >= int64(g.size) {
		return 0, io.EOF
	}
	n := copy(p, g.all[offset:g.size])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (g *growing) Grow(context.Context) (int64, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.written < g.size {
		return 0, blob.ErrGone
	}
	g.size = g.written
	return int64(g.size), nil
}

func (g *growing) write(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.written = n
}

func followed(t *testing.T, g *growing) (api.API, *viewerpb.Progress) {
	t.Helper()
	e := engine.New(engine.Config{Source: func(context.Context, *viewerpb.Source) (blob.Source, error) { return g, nil }})
	t.Cleanup(func() { e.Close(context.Background()) })
	return e, openOne(t, e, &viewerpb.Source{Name: "growing.mitm"})
}

// A dump that is written to shows the flows that are whole, and then the
// others, in the order and under the filter of the view.
func TestFollow(t *testing.T) {
	dump, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	g := &growing{all: dump, written: len(dump) / 2, size: len(dump) / 2}
	e, p := followed(t, g)
	if !p.Followable || len(p.Issues) > 0 || p.Flows == 0 || p.Flows >= 42 {
		t.Fatalf("half of it: %v", p)
	}
	before := p.Flows
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	g.write(len(dump)*3/4 + 1)
	more := make(chan *viewerpb.Progress, 10)
	ended := make(chan error, 1)
	go func() { ended <- e.Follow(ctx, func(p *viewerpb.Progress) { more <- p }) }()
	if p := <-more; p.Flows <= before || p.Flows >= 42 || len(p.Issues) > 0 {
		t.Errorf("three quarters: %v", p)
	}
	g.write(len(dump))
	if p := <-more; p.Flows != 42 || len(p.Issues) > 0 || p.BytesTotal != uint64(len(dump)) {
		t.Errorf("all: %v", p)
	}
	whole, _ := opened(t, files{"shop": dump}, "shop")
	sameSession(t, e, whole)
	g.write(10)
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "changed or went away") {
		t.Errorf("a file that shrank: %v", err)
	}
}

// Who stops following in the middle of what is new finds it when he goes on.
func TestFollowAgain(t *testing.T) {
	dump, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	const times = 100
	g := &growing{all: bytes.Repeat(dump, times), written: len(dump), size: len(dump)}
	e, _ := followed(t, g)
	ctx, cancel := context.WithCancel(t.Context())
	g.mu.Lock()
	g.written, g.read = len(g.all), cancel
	g.mu.Unlock()
	var flows uint64
	each := func(p *viewerpb.Progress) { flows = p.Flows }
	if err := e.Follow(ctx, each); !errors.Is(err, context.Canceled) || flows == 42*times {
		t.Fatalf("%d flows, %v", flows, err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err = e.Follow(ctx, func(p *viewerpb.Progress) {
		if each(p); flows == 42*times {
			cancel()
		}
	})
	if flows != 42*times || !errors.Is(err, context.Canceled) {
		t.Errorf("%d flows, %v", flows, err)
	}
}

// What does not grow, though it might have, is cut off as ever.
func TestFollowWhatDoesNotGrow(t *testing.T) {
	dump, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	cut := dump[:len(dump)/2]
	e, p := followed(t, &growing{all: cut, written: len(cut), size: len(cut), fixed: true})
	_, want := opened(t, files{"cut": bytes.Clone(cut)}, "cut")
	if p.Followable || p.Flows != want.Flows || len(p.Issues) != 1 || p.Issues[0].Text != want.Issues[0].Text {
		t.Errorf("%v, want %v", p, want)
	}
	if err := e.Follow(t.Context(), func(*viewerpb.Progress) {}); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("followed: %v", err)
	}
}
