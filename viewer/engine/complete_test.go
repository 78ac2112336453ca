package engine_test

import (
	"strings"
	"testing"
)

// TestComplete completes operators, and values that the sample has.
func TestComplete(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	for _, test := range []struct{ expr, replaced, list string }{
		{"~c^", "~c", "~c ,~comment "},
		{"~m P^", "P", "PATCH,POST,PUT,OPTIONS"},
		{"~m O^", "O", "OPTIONS,POST"},
		{"~m POST^", "POST", ""},
		{"~d ^", "", "*"},
		{"~b te^", "te", ""},
		{"~s & ~q^", "~q", ""},
		{"no such host^", "host", ""},
	} {
		cursor := strings.IndexByte(test.expr, '^')
		expr := strings.Replace(test.expr, "^", "", 1)
		c, err := e.Complete(t.Context(), expr, cursor)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, x := range c.List {
			list = append(list, x.Text)
		}
		got := strings.Join(list, ",")
		if replaced := expr[c.From:c.To]; replaced != test.replaced || got != test.list && (test.list != "*" || got == "") {
			t.Errorf("%s: %q by %s, want %q by %s", test.expr, replaced, got, test.replaced, test.list)
		}
	}
	if c, _ := e.Complete(t.Context(), "", 0); len(c.List) != 12 || c.List[0].Help == "" {
		t.Errorf("nothing is completed by %v", c.List)
	}
}
