package engine

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
	"flowpane/viewer/store"
	"flowpane/viewer/view"
)

// specimens is how many flows warm reads, and filters: enough for a browser to take
// what does so for worth compiling well.
const specimens = 3000

// specimenFilters are what people type first, and match few specimens and many.
var specimenFilters = [...]string{"~u page=7", "items/2", "~m GET & ~c 200", "~d example", "~t html | ~c 404"}

// A browser compiles code at its first use in haste, and what is used much again,
// well: for the first half second of a file the engine would be half as fast, and the
// first filter take twice as long. So a capture of the engine's own making is read,
// and filtered, while a person is choosing a file. For one who is quicker, filters are
// warmed when their file is read: reading then is warm.
//
// SQLite takes a browser twice as long as all of that. A dump does not need it, and its
// first rows came twice as late meanwhile, so it has to wait for who takes their time.
// Where sessions are kept it does not: one may be opened next, and shows its first rows
// in half the time.

// warmForFile warms what reads a file, and then the rest, unless there is a file before.
// It reports whether all is warm.
func (e *Engine) warmForFile(empty *open) bool {
	ctx := empty.ctx
	return e.warmSoon(ctx) && e.warmReading(ctx) && e.warmed.run(ctx, e) && e.config.quiet.lasts(ctx, e.storeAfter()) == nil && warmStore()
}

// storeAfter returns after how much quiet SQLite is warmed.
func (e *Engine) storeAfter() time.Duration {
	if e.config.Shelf != nil {
		if kept, err := e.config.Shelf.List(); err == nil && len(kept) > 0 {
			return pauseAfterCalls
		}
	}
	return warmStoreAfter
}

// warmForFilter warms what is used once a file is read, unless that was done.
func (e *Engine) warmForFilter(o *open) {
	if e.warmSoon(o.ctx) {
		e.warmed.run(o.ctx, e)
	}
}

// warmSoon returns when nobody needs the processors. It reports whether ctx let it.
func (e *Engine) warmSoon(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(warmAfter):
		return e.config.quiet.wait(ctx) == nil
	}
}

// warmth says whether filters are warm. The zero value is ready.
type warmth struct {
	mu   sync.Mutex
	done bool
}

// run warms them, unless that was done, and reports whether they are warm.
func (w *warmth) run(ctx context.Context, e *Engine) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = w.done || e.warmFilters(ctx)
	return w.done
}

// warmStore makes a store that nobody sees, and reports whether it could.
func warmStore() bool {
	s, err := store.OpenMemory()
	if err == nil {
		s.Close()
	}
	return err == nil
}

// warmReading opens what nobody sees, and reports whether it was read.
func (e *Engine) warmReading(ctx context.Context) bool {
	var dump bytes.Buffer
	if err := formats.Writers()[0].Write(ctx, &dump, specimen{}); err != nil { // what people have most
		return false
	}
	o := newOpen(&e.config, 0)
	defer o.close()
	src := blob.Bytes(dump.Bytes())
	f, err := session.Detect(src, e.formats)
	if err != nil {
		return false
	}
	r, err := f.Open(ctx, src)
	if err != nil {
		return false
	}
	o.files = []*file{{size: src.Size(), format: f, reader: r}}
	return o.readAll(ctx, nil, func(*viewerpb.Progress) {}) == nil && o.view.Len() == specimens
}

// warmFilters types filters for a view that nobody sees. It reports whether ctx let it.
func (e *Engine) warmFilters(ctx context.Context) bool {
	o := newOpen(&e.config, 0)
	defer o.close()
	pause := e.pause(ctx)
	var s flow.Summarizer
	for i := range specimens {
		f := specimenFlow(i)
		summary := s.Summarize(f)
		o.view.Append(string(f.Id), &summary)
		if pause() != nil {
			return false
		}
	}
	o.view.Complete()
	for i := range 10 * len(specimenFilters) {
		if e.config.quiet.wait(ctx) != nil {
			return false
		}
		o.typeOnce(ctx, specimenFilters[i%len(specimenFilters)], pause)
	}
	return ctx.Err() == nil
}

// typeOnce answers what a page asks when a filter is typed: what it matches, and the
// first rows of that, what it means, what may follow, and when it was.
func (o *open) typeOnce(ctx context.Context, expr string, pause func() error) {
	f, err := filter.Parse(expr)
	if err != nil {
		return
	}
	watch, done := context.WithCancel(ctx)
	defer done()
	o.view.Watch(watch, view.Spec{Filter: f}, func(v *viewerpb.View) {
		if !v.Busy {
			done()
		}
	})
	o.rows(0, 50)
	f.Describe()
	o.complete(expr, len(expr))
	o.view.Timeline(0, 0, 240, pause)
}

// A specimen is a made up capture. It implements session.Flows.
type specimen struct{}

func (specimen) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		for i := range specimens {
			if ctx.Err() != nil || !yield(specimenFlow(i), ctx.Err()) {
				return
			}
		}
	}
}

func (specimen) Body(*flowpb.Body) (blob.Source, error) { return blob.Bytes(nil), nil }
func (specimen) About(uint32) *flowpb.About             { return nil }

var _ session.Flows = specimen{}

// specimenFlow returns flow i: each has its own id, path and times, and shares
// its connection with a few.
func specimenFlow(i int) *flowpb.Flow {
	at := 1.7e9 + float64(i)/10
	id := func(of int) []byte { return fmt.Appendf(nil, "00000000-0000-4000-8000-%012x", of) }
	fields := func(pairs ...string) []*flowpb.HTTPHeader {
		var list []*flowpb.HTTPHeader
		for ; len(pairs) > 0; pairs = pairs[2:] {
			list = append(list, &flowpb.HTTPHeader{Name: []byte(pairs[0]), Value: []byte(pairs[1])})
		}
		return list
	}
	text := func(s string) []byte { return []byte(s) }
	address := func(host string, port int32) *flowpb.Address {
		return &flowpb.Address{Host: text(host), Port: &port}
	}
	tls := &flowpb.Connection{Tls: new(true), CertificateList: [][]byte{bytes.Repeat([]byte("A"), 1500)}}
	return &flowpb.Flow{
		Id: id(i), TimestampCreated: &at,
		Request: &flowpb.HTTPRequest{
			Method: text("GET"), Scheme: text("https"), Host: text("example.com"), Port: new(int32(443)),
			Path: fmt.Appendf(nil, "/items/%d?page=%d", i, i%9), HttpVersion: text("HTTP/2.0"), Content: []byte{},
			TimestampStart: &at, TimestampEnd: new(at + .1),
			Headers: fields("user-agent", "Mozilla/5.0", "accept", "*/*", "accept-encoding", "gzip, br", "cookie", "a=1; b=2"),
		},
		Response: &flowpb.HTTPResponse{
			StatusCode: new(int32(200)), Reason: text("OK"), HttpVersion: text("HTTP/2.0"), Content: bytes.Repeat([]byte("x"), i%900),
			TimestampStart: new(at + .2), TimestampEnd: new(at + .3),
			Headers: fields("date", "Mon, 23 Nov 2026 10:00:00 GMT", "content-type", "text/html; charset=utf-8", "content-length", "740", "server", "x"),
		},
		ClientConn: &flowpb.ClientConnection{Id: id(i / 5), Common: tls, Address: address("127.0.0.1", 50000), TimestampStart: &at},
		ServerConn: &flowpb.ServerConnection{Id: id(i/5 + 1e6), Common: tls, Address: address("example.com", 443), TimestampStart: &at},
	}
}
