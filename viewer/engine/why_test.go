package engine_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"flowpane/proto/viewerpb"
)

func TestExplain(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{Filter: "~bs stars & ~m POST"})
	key := rows(t, e)[0].Key
	got, err := e.Explain(t.Context(), key, "~bs stars & ~m POST")
	if err != nil || len(got.Reasons) != 2 {
		t.Fatalf("%d reasons, %v", len(got.Reasons), err)
	}
	if r := got.Reasons[0]; r.Condition != "~bs stars" || r.Hit != "stars" || r.Tab != "response" || r.Place != "response body" {
		t.Errorf("reason %+v", r)
	}
	if got, err = e.Explain(t.Context(), key, "~c 599"); err != nil || len(got.Reasons) != 0 {
		t.Errorf("of a filter that does not hold: %v, %v", got, err)
	}
	if _, err = e.Explain(t.Context(), key, "~c"); code(err) != viewerpb.Code_BAD_FILTER {
		t.Errorf("of no filter: %v", err)
	}
}

// TestTerms checks the law of terms: the flow that they are of matches each.
func TestTerms(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	all := rows(t, e)
	kinds := map[string]bool{}
	for _, row := range all {
		terms, err := e.Terms(t.Context(), row.Key)
		if err != nil || len(terms.Terms) < 3 {
			t.Fatalf("%s: %v, %v", row.Key, terms, err)
		}
		for _, term := range terms.Terms {
			of, _, _ := strings.Cut(term.Of, " ")
			kinds[of] = true
			matching, err := e.Highlight(t.Context(), term.Text, []string{row.Key})
			if err != nil || len(matching.Keys) != 1 || term.Label == "" {
				t.Errorf("flow %d does not match its %s: %s %s; %v", row.Number, term.Of, term.Text, term.Label, err)
			}
		}
	}
	for _, of := range []string{"time", "method", "status", "host", "path", "type", "size", "duration", "marker", "server", "client", "request-header", "response-header"} {
		if !kinds[of] {
			t.Errorf("no flow has a term of %s", of)
		}
	}
	if _, err := e.Terms(t.Context(), "nobody"); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("of nobody: %v", err)
	}
}

func TestHighlight(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	var keys, want []string
	for _, row := range rows(t, e) {
		keys = append(keys, row.Key)
		if row.Status == 404 {
			want = append(want, row.Key)
		}
	}
	got, err := e.Highlight(t.Context(), "~c 404", append(keys, "nobody"))
	if err != nil || !slices.Equal(got.Keys, want) || len(want) == 0 {
		t.Errorf("%q, want %q; %v", got.Keys, want, err)
	}
	if got, err = e.Highlight(t.Context(), "~b stars", keys); err != nil || len(got.Keys) == 0 {
		t.Errorf("by bodies: %v, %v", got, err)
	}
	if _, err = e.Highlight(t.Context(), "~zzz", keys); code(err) != viewerpb.Code_BAD_FILTER {
		t.Errorf("of no filter: %v", err)
	}
}

func TestFind(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{Filter: "~bs stars & ~m POST"})
	get := &viewerpb.GetBody{Key: rows(t, e)[0].Key, Part: viewerpb.Part_RESPONSE, Filter: "~bs stars & ~m POST"}
	for _, test := range []struct {
		find    string
		isRegex bool
		hit     string
	}{{"", false, "stars"}, {"REVIEWS", false, "reviews"}, {`"\w+":`, true, `"data":`}} {
		get.Find, get.FindRegex, get.From = test.find, test.isRegex, 0
		w, err := e.Body(t.Context(), get)
		if err != nil || len(w.Hits) == 0 || len(w.Hits) != 2*int(w.HitsTotal) || w.FindError != "" {
			t.Fatalf("%q: %d hits of %d, %q, %v", test.find, len(w.Hits)/2, w.HitsTotal, w.FindError, err)
		}
		units := utf16.Encode([]rune(w.Text))
		if got := string(utf16.Decode(units[w.Hits[0]:w.Hits[1]])); got != test.hit {
			t.Errorf("%q finds %q", test.find, got)
		}
		get.From = uint64(strings.Index(w.Text, test.hit) + len(test.hit))
		rest, err := e.Body(t.Context(), get)
		if err != nil || rest.HitsBefore != 1 || len(rest.Hits) != len(w.Hits)-2 {
			t.Errorf("%q: %d hits before the rest, and %d in it; %v", test.find, rest.HitsBefore, len(rest.Hits)/2, err)
		}
	}
	get.Find, get.FindRegex = "a(", true
	if w, err := e.Body(t.Context(), get); err != nil || w.FindError == "" || len(w.Hits) != 0 {
		t.Errorf("a broken regex: %v", err)
	}
}

func TestCompleteHeaders(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	c, err := e.Complete(t.Context(), "~hs serv", 8)
	if err != nil || len(c.List) == 0 || c.List[0].Text != "^server:" {
		t.Errorf("%+v, %v", c, err)
	}
}
