package engine

import (
	"testing"
)

// TestWarmReading reads what warms the engine: it must be right to the last
// flow, or less is warmed than is meant.
func TestWarmReading(t *testing.T) {
	e := New(Config{Helps: true})
	if err := e.warmReading(t.Context()); err != nil {
		t.Fatal(err)
	}
}
