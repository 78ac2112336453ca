package engine_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
	"flowpane/viewer/flow"
)

// A slow source is read in small blocks, of which so many come at once and the
// others when it is let go.
type slow struct {
	blob.Source
	goes chan struct{} // closed when all come

	mu    sync.Mutex
	reads int
	most  int           // that come at once
	waits chan struct{} // gets one when a read waits; nil is of no interest
}

func (s *slow) Blocks() (size, run int) { return 4096, 1 }

func (s *slow) ReadAt(p []byte, offset int64) (int, error) {
	s.mu.Lock()
	s.reads++
	waits, goes := s.reads > s.most, s.goes
	if waits && s.waits != nil {
		select {
		case s.waits <- struct{}{}:
		default:
		}
	}
	s.mu.Unlock()
	if waits {
		<-goes
	}
	return s.Source.ReadAt(p, offset)
}

func (s *slow) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

// allow lets so many more come at once.
func (s *slow) allow(more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.most = s.reads + more
}

// silence lets nothing come until what it returns is called.
func (s *slow) silence() (answer func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.most, s.waits, s.goes = s.reads, make(chan struct{}, 1), make(chan struct{})
	return func() { close(s.goes) }
}

// waited returns when a read waits.
func (s *slow) waited(t *testing.T) {
	t.Helper()
	select {
	case <-s.waits:
	case <-time.After(time.Minute):
		t.Fatal("nothing was read")
	}
}

// openSlowly opens a file and calls first when the first of its flows are listed.
// It returns what waits until all are.
func openSlowly(t *testing.T, s *slow, from *viewerpb.Source, first func()) (e *engine.Engine, wait func()) {
	t.Helper()
	e = engine.New(engine.Config{Source: func(context.Context, *viewerpb.Source) (blob.Source, error) { return s, nil }})
	begun, done := make(chan struct{}), make(chan error, 1)
	once := sync.OnceFunc(func() { first(); close(begun) })
	go func() {
		done <- e.Open(context.Background(), []*viewerpb.Source{from}, func(p *viewerpb.Progress) {
			if p.Flows > 0 {
				once()
			}
		})
	}()
	select {
	case <-begun:
	case err := <-done:
		t.Fatal(err)
	}
	return e, func() {
		t.Helper()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}

// unlike is the sample, so many times over, with ids that all differ.
func unlike(t *testing.T, times int) (dump []byte) {
	t.Helper()
	f := sample(t)
	e, _ := opened(t, f, "shop")
	show(t, e, &viewerpb.Watch{})
	random := rand.New(rand.NewPCG(5, 6))
	for range times {
		shop := f["shop"]
		for _, row := range rows(t, e) {
			var id [16]byte
			binary.BigEndian.PutUint64(id[:], random.Uint64())
			binary.BigEndian.PutUint64(id[8:], random.Uint64())
			shop = bytes.ReplaceAll(shop, []byte(row.Key), flow.AppendUUID(nil, id))
		}
		dump = append(dump, shop...)
	}
	return dump
}

// The flow that a link names is there with its body before the flows in front of
// it are listed, and afterwards is the one of the list.
func TestTheFirstFlowComesBeforeTheList(t *testing.T) {
	const ofSearch = 12 // blocks, of which the list has more
	whole, _ := opened(t, files{"many": unlike(t, 100)}, "many")
	show(t, whole, &viewerpb.Watch{})
	packed := save(t, whole, "sessiondb", viewerpb.Scope_ALL)
	all := rows(t, whole)
	at := 0
	for i, row := range all {
		if row.ResponseSize >= all[at].ResponseSize {
			at = i
		}
	}
	key := all[at].Key

	s := &slow{Source: blob.Bytes(packed), goes: make(chan struct{}), most: 1 << 30}
	from := &viewerpb.Source{Name: "far", FlowKey: key, FlowPart: viewerpb.Part_RESPONSE}
	e, wait := openSlowly(t, s, from, func() { s.allow(ofSearch) })
	got, err := e.Flow(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	text := body(t, e, key, viewerpb.Part_RESPONSE, "auto").Text
	if l, err := e.Locate(t.Context(), key); err != nil || l.Exists {
		t.Errorf("it is listed already: %v, %v", l, err)
	}
	if _, err := e.Flow(t.Context(), all[at-1].Key); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("another flow: %v", err)
	}
	close(s.goes)
	wait()
	want, err := whole.Flow(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if want := body(t, whole, key, viewerpb.Part_RESPONSE, "auto").Text; want == "" || text != want {
		t.Errorf("its body is %q, want %q", text, want)
	}
	answer := s.silence()
	asked := make(chan struct{})
	go func() { // which nobody answers, and keeps the file to itself
		defer close(asked)
		e.Flow(t.Context(), all[at/2].Key)
	}()
	s.waited(t)
	listed, err := e.Flow(t.Context(), key)
	if again := body(t, e, key, viewerpb.Part_RESPONSE, "auto").Text; again != text {
		t.Errorf("its body is %q afterwards, want %q", again, text)
	}
	answer()
	<-asked
	for when, f := range map[string]*viewerpb.Flow{"before": got, "after": listed} {
		if err != nil || !bytes.Equal(f.Append(nil), want.Append(nil)) {
			t.Errorf("%s it is listed: %v, %v, want %v", when, f, err, want)
		}
	}
	if s.count() < ofSearch+10 {
		t.Errorf("the list took few reads: %d in all", s.count())
	}
	neverMind(t, packed, from)
}

// neverMind cancels a call for a flow that is being looked for.
func neverMind(t *testing.T, packed []byte, from *viewerpb.Source) {
	t.Helper()
	s := &slow{Source: blob.Bytes(packed), goes: make(chan struct{}), most: 1 << 30}
	e, wait := openSlowly(t, s, from, func() { s.allow(0) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Flow(ctx, from.FlowKey); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("cancelled: %v", err)
	}
	close(s.goes)
	wait()
}

// A flow that is nowhere, or in a file that does not find flows, is waited for no
// longer than that is known.
func TestFirstFlowsThatAreNotFound(t *testing.T) {
	f := sample(t)
	whole, _ := opened(t, f, "shop")
	show(t, whole, &viewerpb.Watch{})
	for name, file := range map[string][]byte{"packed": save(t, whole, "sessiondb", viewerpb.Scope_ALL), "dump": f["shop"]} {
		s := &slow{Source: blob.Bytes(file), most: 1 << 30}
		e, wait := openSlowly(t, s, &viewerpb.Source{Name: name, FlowKey: "nowhere"}, func() {})
		if _, err := e.Flow(t.Context(), "nowhere"); code(err) != viewerpb.Code_NOT_FOUND {
			t.Errorf("%s: %v", name, err)
		}
		wait()
		if v := show(t, e, &viewerpb.Watch{}); v.Total != 42 {
			t.Errorf("%s: %d flows", name, v.Total)
		}
	}
}
