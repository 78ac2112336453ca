package engine

import (
	"context"
	"os"
	"path/filepath"
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

// TestWarm warms an engine whose person takes their time, and one whose person has
// opened a file before.
func TestWarm(t *testing.T) {
	sample, err := os.ReadFile(filepath.Join("..", "..", "static", "samples", "shop.mitm"))
	if err != nil {
		t.Fatal(err)
	}
	for name, quick := range map[string]bool{"before a file": false, "after a file": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := New(Config{Source: func(context.Context, *viewerpb.Source) (blob.Source, error) { return blob.Bytes(sample), nil }})
				if quick {
					if err := e.Open(t.Context(), []*viewerpb.Source{{Name: "shop"}}, func(*viewerpb.Progress) {}); err != nil {
						t.Fatal(err)
					}
				}
				warmed := func() bool {
					e.warmed.mu.Lock()
					defer e.warmed.mu.Unlock()
					return e.warmed.done
				}
				time.Sleep(warmAfter / 2)
				if warmed() {
					t.Error("warmed while the page needs the processors")
				}
				time.Sleep(warmAfter)
				synctest.Wait()
				if !warmed() {
					t.Error("not warmed")
				}
				e.Close(t.Context())
			})
		})
	}
}
