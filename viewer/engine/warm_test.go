package engine

import (
	"context"
	"io"
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
	"flowpane/viewer/store"
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
		kept Shelf
	}{
		"with a kept session": {want: map[time.Duration]state{warmAfter / 2: {}, soon: {true, true}}, kept: fixedShelf{{Name: "a"}}},
		"with an empty shelf": {want: map[time.Duration]state{soon: {true, false}, late: {true, true}}, kept: fixedShelf{}},
		"left alone":          {want: map[time.Duration]state{warmAfter / 2: {}, soon: {true, false}, late: {true, true}}},
		"a file at once": {does: open, want: map[time.Duration]state{
			warmAfter / 2: {}, soon: {true, false}, late: {true, false}, 2 * late: {true, false},
		}},
		"a file later":     {does: open, at: warmStoreAfter / 2, want: map[time.Duration]state{soon: {true, false}, 2 * late: {true, false}}},
		"asked in between": {does: ask, at: warmStoreAfter / 2, want: map[time.Duration]state{late: {true, false}, late + warmStoreAfter/2: {true, true}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := New(Config{
					Helps:  true, // it is warmed here
					Shelf:  test.kept,
					Source: func(context.Context, *viewerpb.Source) (blob.Source, error) { return blob.Bytes(sample), nil },
				})
				defer e.Close(t.Context())
				var stored atomic.Bool
				empty := e.open
				go func() { stored.Store(e.warmForFile(empty)) }()
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
					is := state{e.warmed.done, stored.Load()}
					e.warmed.mu.Unlock()
					if want := test.want[after]; is != want {
						t.Errorf("after %v: %v, want %v", after, is, want)
					}
				}
			})
		})
	}
}

// A fixedShelf can be looked at: all but List panics.
type fixedShelf []Shelved

func (s fixedShelf) List() ([]Shelved, error) { return s, nil }

func (fixedShelf) Open(context.Context, string, bool) (store.Options, io.Closer, error) {
	panic("opened")
}
func (fixedShelf) Remove(string) error                { panic("removed from") }
func (fixedShelf) Source(string) (blob.Source, error) { panic("read from") }
func (fixedShelf) Usage() (used, quota int64, persisted bool, err error) {
	panic("measured")
}
