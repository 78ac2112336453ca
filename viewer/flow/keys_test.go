package flow_test

import (
	"slices"
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
