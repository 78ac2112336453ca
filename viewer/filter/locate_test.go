package filter

import (
	"strings"
	"testing"
)

// TestMarksAreGivenUp looks for what takes too long in one line, and then no
// more.
func TestMarksAreGivenUp(t *testing.T) {
	marks, err := MarksOf(`(a+)+$(?!x)`, true)
	if err != nil {
		t.Fatal(err)
	}
	for range marks.In(strings.Repeat("a", 60) + "b\n") {
		t.Error("found what is not there")
	}
	if marks.matchers[0] != nil {
		t.Error("it will be looked for again")
	}
}
