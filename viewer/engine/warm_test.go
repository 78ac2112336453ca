package engine

import "testing"

// TestWarmReading reads what warms the engine: were it not read to its last
// flow, less would be warmed than is meant, and nobody would see.
func TestWarmReading(t *testing.T) {
	if !New(Config{Helps: true}).warmReading(t.Context()) {
		t.Error("the specimens are not read")
	}
}
