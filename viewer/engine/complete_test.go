package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
)

// TestComplete completes operators, and values that the sample has.
func TestComplete(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	for _, test := range []struct{ expr, replaced, list string }{
		{"~c^", "~c", "~c ,~comment ,~cookie "},
		{"~m P^", "P", "PATCH,POST,PUT,OPTIONS"},
		{"~m O^", "O", "OPTIONS,POST"},
		{"~m POST^", "POST", ""},
		{"~d ^", "", "*"},
		{"~b te^", "te", ""},
		{"~s & -status-code:404^", "-status-code:404", "!~c 404"},
		{"~b status-code:404^", "status-code:404", ""},
		{"~s & ~dn^", "~dn", "~dns"},
		{"~s & ~dns^", "~dns", ""},
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
	if c, _ := e.Complete(t.Context(), "", 0); len(c.List) != 12 || c.List[0].Text != "~c " || c.List[0].Help == "" {
		t.Errorf("nothing is completed by %v", c.List)
	}
	if c, _ := e.Complete(t.Context(), "~", 1); len(c.List) != len(filter.Operators()) {
		t.Errorf("%d operators are offered, of %d", len(c.List), len(filter.Operators()))
	}
}

// TestComparisons holds filters that compare against what the rows show.
func TestComparisons(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	all := rows(t, e)
	middle := all[len(all)/2].Start
	at := time.Unix(0, middle).Format("2006-01-02T15:04:05.000Z07:00")
	for expr, want := range map[string]func(*viewerpb.Row) bool{
		"~c =4xx":          func(r *viewerpb.Row) bool { return r.Status/100 == 4 },
		"~size >300":       func(r *viewerpb.Row) bool { return r.ResponseSize > 300 && !r.ResponseAbsent },
		"~size =0":         func(r *viewerpb.Row) bool { return r.ResponseSize == 0 && !r.ResponseAbsent },
		"~reqsize =1..100": func(r *viewerpb.Row) bool { return r.RequestSize > 0 && r.RequestSize <= 100 },
		"~dur <=43ms":      func(r *viewerpb.Row) bool { return r.Duration >= 0 && r.Duration <= 43e6 },
		"~time <" + at:     func(r *viewerpb.Row) bool { return r.Start != 0 && r.Start/1e6 < middle/1e6 },
		"~tls":             func(r *viewerpb.Row) bool { return r.Tls },
		"~version /2":      func(r *viewerpb.Row) bool { return strings.Contains(r.Version, "/2") },
	} {
		show(t, e, &viewerpb.Watch{Filter: expr})
		var got, expected []uint64
		for _, r := range rows(t, e) {
			got = append(got, r.Number)
		}
		for _, r := range all {
			if want(r) {
				expected = append(expected, r.Number)
			}
		}
		if !slices.Equal(got, expected) || len(got) == 0 || len(got) == len(all) {
			t.Errorf("%s: %v, want %v", expr, got, expected)
		}
	}
	for expr, min := range map[string]uint64{"~port =443": 10, "~ip .": 10, "~sni shop": 10, "~cookie sid | ~cookie session": 1, "~qs page": 2, "~any cup": 3, "~json items": 1} {
		if v := show(t, e, &viewerpb.Watch{Filter: expr}); v.Shown < min || v.Failed > 0 {
			t.Errorf("%s: %d flows", expr, v.Shown)
		}
	}
}
