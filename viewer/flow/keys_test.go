package flow_test

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"testing"

	"flowpane/viewer/flow"
)

func TestKeys(t *testing.T) {
	var k flow.Keys
	var got []string
	for _, id := range []string{"a", "b", "a", "a", "a~2", "", "", "a~3", "a~2"} {
		got = append(got, k.Next(id))
	}
	want := []string{"a", "b", "a~2", "a~3", "a~2~2", "~1", "~2", "a~3~2", "a~2~3"}
	if !slices.Equal(got, want) {
		t.Errorf("keys = %q, want %q", got, want)
	}
}

// TestKeysAreUnique gives every sequence of a few ids that look like keys of
// each other: no key comes twice, and each is the first that is free.
func TestKeysAreUnique(t *testing.T) {
	ids := []string{"", "a", "~1", "~2", "a~1", "a~2", "a~02", "a~2~2"}
	const length = 5
	for n := range int(math.Pow(float64(len(ids)), length)) {
		var k flow.Keys
		used, last := map[string]bool{}, map[string]int{}
		asks := flow.Keys{Given: func(key string) bool { return used[key] }}
		for range length {
			id := ids[n%len(ids)]
			n /= len(ids)
			want := ""
			for want == "" || used[want] {
				last[id]++
				if want = id; last[id] > 1 || id == "" {
					want += "~" + strconv.Itoa(last[id])
				}
			}
			if got := asks.Next(id); got != want {
				t.Fatalf("asking, after %q the key of %q is %q, want %q", slices.Collect(maps.Keys(used)), id, got, want)
			}
			used[want] = true
			if got := k.Next(id); got != want {
				t.Fatalf("after %q the key of %q is %q, want %q", slices.Collect(maps.Keys(used)), id, got, want)
			}
		}
	}
}
