package view

import (
	"fmt"
	"testing"

	"flowpane/viewer/flow"
)

// TestKeysAreFound keeps keys of all kinds, and finds each.
func TestKeysAreFound(t *testing.T) {
	var l List
	key := func(i int) string {
		switch i % 4 {
		case 0:
			return fmt.Sprintf("%08x-0000-4000-8000-000000000000", i)
		case 1:
			return fmt.Sprintf("%08x-0000-4000-8000-000000000000~2", i)
		case 2:
			return fmt.Sprintf("%08X-0000-4000-8000-00000000000A", i)
		}
		return fmt.Sprint(i)
	}
	const n = 5000
	if _, ok := l.keys.find(&l.columns, key(0)); ok {
		t.Error("found in an empty list")
	}
	for i := range n {
		l.append(key(i), &flow.Summary{})
	}
	var rows []uint32
	for i := range n {
		rows = append(rows, uint32(i))
		if row, ok := l.keys.find(&l.columns, key(i)); !ok || row != i {
			t.Fatalf("%s is found at %d, %v, want %d", key(i), row, ok, i)
		}
		if row, ok := l.keys.find(&l.columns, key(n+i)); ok {
			t.Fatalf("%s is found at %d", key(n+i), row)
		}
	}
	for i, got := range l.columns.keyTexts(rows) {
		if got != key(i) || l.columns.keyText(i) != key(i) {
			t.Fatalf("key %d is %s, want %s", i, got, key(i))
		}
	}
}
