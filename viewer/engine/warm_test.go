package engine

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
)

// TestWarmReading reads what warms the engine: were it not read to its last
// flow, less would be warmed than is meant, and nobody would see.
func TestWarmReading(t *testing.T) {
	if !New(Config{Helps: true}).warmReading(t.Context()) {
		t.Error("the specimens are not read")
	}
}

// TestWarm warms an engine whose person takes their time, one whose person has opened
// a file before, and one whose person looks around: filters soon, and SQLite once
// nothing was asked for a while, before a file alone.
func TestWarm(t *testing.T) {
	sample, err := os.ReadFile(filepath.Join("..", "..", "static", "samples", "shop.mitm"))
	if err != nil {
		t.Fatal(err)
	}
	type state struct{ filters, store bool }
	const soon, late = warmAfter * 3 / 2, warmStoreAfter + warmAfter*3/2
	open := func(ctx context.Context, e *Engine) error {
		return e.Open(ctx, []*viewerpb.Source{{Name: "shop"}}, func(*viewerpb.Progress) {})
	}
	ask := func(ctx context.Context, e *Engine) error {
		_, err := e.Rows(ctx, 0, 1)
		return err
	}
	for name, test := range map[string]struct {
		does func(context.Context, *Engine) error
		at   time.Duration
		want map[time.Duration]state
	}{
		"left alone": {want: map[time.Duration]state{warmAfter / 2: {}, soon: {true, false}, late: {true, true}}},
		"a file at once": {open, 0, map[time.Duration]state{
			warmAfter / 2: {}, soon: {true, false}, late: {true, false}, 2 * late: {true, false},
		}},
		"a file later":     {open, warmStoreAfter / 2, map[time.Duration]state{soon: {true, false}, 2 * late: {true, false}}},
		"asked in between": {ask, warmStoreAfter / 2, map[time.Duration]state{late: {true, false}, late + warmStoreAfter/2: {true, true}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := New(Config{
					Helps:  true, // it is warmed here
					Source: func(context.Context, *viewerpb.Source) (blob.Source, error) { return blob.Bytes(sample), nil },
				})
				defer e.Close(t.Context())
				var store atomic.Bool
				empty := e.open
				go func() { store.Store(e.warmForFile(empty)) }()
				if test.does != nil {
					time.AfterFunc(test.at, func() {
						if err := test.does(t.Context(), e); err != nil {
							t.Error(err)
						}
					})
				}
				began := time.Now()
				for _, after := range slices.Sorted(maps.Keys(test.want)) {
					time.Sleep(after - time.Since(began))
					synctest.Wait()
					e.warmed.mu.Lock()
					is := state{e.warmed.done, store.Load()}
					e.warmed.mu.Unlock()
					if want := test.want[after]; is != want {
						t.Errorf("after %v: %v, want %v", after, is, want)
					}
				}
			})
		})
	}
}
