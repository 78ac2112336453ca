package filter_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"flowpane/viewer/filter"
)

// faceted is a fake with a number; it counts the questions about what numbers
// are for.
type faceted struct {
	fake
	number uint32
	asked  *int
	noted  map[string]bool
}

func (f faceted) Facet(filter.Facet) uint32 { return f.number }

func (f faceted) Known(condition string) (holds, known bool) {
	holds, known = f.noted[condition]
	return holds, known
}

func (f faceted) Note(condition string, holds bool) {
	if f.noted != nil {
		f.noted[condition] = holds
	}
}

// InURL knows of every other number.
func (f faceted) InURL(n *filter.Needle) (found, known bool) {
	if f.url == "" || f.number%2 == 1 || strings.ContainsFunc(f.url, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return false, false
	}
	return n.Index(f.url, 0) >= 0, true
}

func (f faceted) Kind() filter.Kind                   { *f.asked++; return f.fake.Kind() }
func (f faceted) Method() []byte                      { *f.asked++; return f.fake.Method() }
func (f faceted) Hosts() (string, string)             { *f.asked++; return f.fake.Hosts() }
func (f faceted) HasError() bool                      { *f.asked++; return f.fake.HasError() }
func (f faceted) Status() (int, bool)                 { *f.asked++; return f.fake.Status() }
func (f faceted) HasResponse() bool                   { *f.asked++; return f.fake.HasResponse() }
func (f faceted) TLS() bool                           { *f.asked++; return f.fake.TLS() }
func (f faceted) Version() string                     { *f.asked++; return f.fake.Version() }
func (f faceted) Replay() string                      { *f.asked++; return f.fake.Replay() }
func (f faceted) Marked() bool                        { *f.asked++; return f.fake.Marked() }
func (f faceted) WebSocket() bool                     { *f.asked++; return f.fake.WebSocket() }
func (f faceted) ContentTypes(s filter.Side) [][]byte { *f.asked++; return f.fake.ContentTypes(s) }

// TestScanAnswersAsMatch asks every expression of every flow, from the last
// number to the first and again.
func TestScanAnswersAsMatch(t *testing.T) {
	var exprs []string
	for _, c := range matchCases {
		exprs = append(append(exprs, c.yes...), c.no...)
	}
	asked := 0
	for _, expr := range exprs {
		f := parse(t, expr)
		scan := f.Scan()
		noted := make([]map[string]bool, len(matchCases))
		for i := range noted {
			noted[i] = map[string]bool{}
		}
		for i := range 2 * len(matchCases) {
			n := len(matchCases) - 1 - i%len(matchCases)
			for _, number := range []int{2 * n, 2*n + 1} {
				flow := faceted{matchCases[n].flow, uint32(number), &asked, noted[n]}
				want, _ := f.Match(flow.fake)
				if got, err := scan.Match(flow); got != want || err != nil {
					t.Errorf("%s of %s: %v, %v, want %v", expr, matchCases[n].name, got, err, want)
				}
			}
		}
	}
}

func TestScanRemembersByFacet(t *testing.T) {
	for _, expr := range []string{"~m get", "~d address", "~t json", "~c 200", "~q", "~a", "~e", "~marked", "~websocket", "~replay", "~tls", "~version 2", "~c >=400", "~tq json", "~m get & !~d x | ~s"} {
		asked := 0
		scan := parse(t, expr).Scan()
		if _, err := scan.Match(faceted{response(), 7, &asked, nil}); err != nil || asked == 0 {
			t.Fatalf("%s: asked %d, %v", expr, asked, err)
		}
		first := asked
		if _, err := scan.Match(faceted{response(), 7, &asked, nil}); err != nil || asked != first {
			t.Errorf("%s asked %d times again of a flow like one before", expr, asked-first)
		}
		if _, err := scan.Match(faceted{response(), 3, &asked, nil}); err != nil || asked == first {
			t.Errorf("%s asked nothing of a flow unlike those before", expr)
		}
	}
}

// TestScanNotes: what was loaded once is not loaded for another filter.
func TestScanNotes(t *testing.T) {
	loads, asked := 0, 0
	flow := response()
	flow.loads = &loads
	noted := map[string]bool{}
	for _, expr := range []string{"~b message", "!~b message", "~b message & ~m get", "~b message | ~hq a"} {
		f := parse(t, expr)
		want, _ := f.Match(flow)
		loads = 0
		if ok, err := f.Scan().Match(faceted{flow, 1, &asked, noted}); ok != want || err != nil {
			t.Errorf("%s: %v, %v, want %v", expr, ok, err, want)
		}
		if (loads > 0) != (expr == "~b message" || expr == "~b message | ~hq a") {
			t.Errorf("%s loads %d times", expr, loads)
		}
	}
}

func TestScanForgetsWhatIsLoaded(t *testing.T) {
	loads, asked := 0, 0
	scan := parse(t, "~b message").Scan()
	flow := response()
	flow.loads = &loads
	for range 3 {
		if ok, err := scan.Match(faceted{flow, 1, &asked, nil}); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	flow.loadErr = errLoad
	noted := map[string]bool{}
	if ok, err := scan.Match(faceted{flow, 1, &asked, noted}); ok || err != errLoad || loads != 4 || len(noted) > 0 {
		t.Errorf("%v, %v after %d loads, noted %v", ok, err, loads, noted)
	}
}

func TestFacetOfAFilter(t *testing.T) {
	for expr, want := range map[string]filter.Facet{
		"~m get": filter.Exchange, "~m get & !~c 200 | (~t json ~a)": filter.Exchange, "~d shop": filter.Site, "!~d a | ~d b": filter.Site,
		"~u shop": filter.Whole, "~b x": filter.Whole, "~hq x": filter.Whole, "~m get ~d shop": filter.Whole, "~u x ~m get ~u x": filter.Whole,
		"~m get ~u shop": filter.Whole, "~d a ~u a ~d a": filter.Whole,
	} {
		if got := parse(t, expr).Facet(); got != want {
			t.Errorf("%s looks at %d, want %d", expr, got, want)
		}
	}
}
