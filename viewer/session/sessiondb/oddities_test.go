package sessiondb

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"testing"

	"flowpane/proto/flowpb"
)

var (
	big  = bytes.Repeat([]byte("big "), 5000)
	none = []byte{}
)

// oddities has each oddity of the writer of 2018 once, and what it could not
// have written.
func oddities(t testing.TB) []byte {
	const fixture = "testdata/oddities.sqlite"
	if *update {
		if err := os.WriteFile(fixture, makeOddities(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var update = flag.Bool("update", false, "make the fixtures anew")

func makeOddities(t testing.TB) []byte {
	return build(t,
		do("PRAGMA page_size = 1024"),
		do(tables),
		flowRow("late", stored("late", 900, []byte("q"), []byte("p"))),
		flowRow("early", stored("early", 100, none, []byte("short"))),
		flowRow("stale", stored("stale", 200, []byte("new"), none)),
		bodyOf("stale", 1, []byte("old")), // overrides what was stored later
		flowRow("twice", stored("twice", 300, none, none)),
		bodyOf("twice", 2, []byte("first")),
		bodyOf("twice", 2, []byte("second")),
		bodyOf("twice", 2, nil), // says nothing
		bodyOf("twice", 3, []byte("of no known type")),
		flowRow("inline", stored("inline", 400, none, big)), // a big request keeps the response here
		bodyOf("inline", 1, big),
		flowRow("absent", stored("absent", 500, nil, nil)),
		flowRow("tie", stored("tie", 500, none, none)),
		do("INSERT INTO flow VALUES ('null', NULL)"),
		flowRow("damaged", []byte("\x0a\xff\xff\xff\x7fno flow")),
		flowRow("unnamed", (&flowpb.Flow{Request: &flowpb.HTTPRequest{}}).Append(nil)),
		bodyOf("unnamed", 2, []byte("without a response")),
		bodyOf("nobody", 1, []byte("orphan")),
		note("late", "note", "remember"),
		note("late", "note", "again"),
		note("late", "colour", "red"),
	)
}

func TestOddities(t *testing.T) {
	l := list2018(t, oddities(t))
	var order []string
	for _, f := range l.flows {
		order = append(order, string(f.Id))
	}
	want := []string{"unnamed", "early", "stale", "twice", "inline", "absent", "tie", "late"}
	if !slices.Equal(order, want) {
		t.Errorf("flows %q, want %q", order, want)
	}
	wantIssues := []string{
		"table body: 1 rows belong to no flow",
		"row 8: it has no content",
		"row 9: flow.Flow: field 1: unexpected EOF",
		"body 7: its flow has no response",
	}
	if !slices.Equal(l.issues, wantIssues) {
		t.Errorf("issues\n%q, want\n%q", l.issues, wantIssues)
	}
	for _, test := range []struct {
		id                string
		request, response []byte
	}{
		{"late", []byte("q"), []byte("p")},
		{"early", none, []byte("short")},
		{"stale", []byte("old"), none},
		{"twice", none, []byte("second")},
		{"inline", big, big},
		{"absent", nil, nil},
		{"unnamed", nil, nil},
	} {
		request, response := l.request(t, test.id), l.response(t, test.id)
		if !same(request, test.request) || !same(response, test.response) {
			t.Errorf("%s: bodies %.20q and %.20q, want %.20q and %.20q", test.id, request, response, test.request, test.response)
		}
	}
	if r := l.byID["inline"].Response; r.Content != nil || r.Body.GetEncoding() != flowpb.Body_INLINE {
		t.Error("long inline content was not left in the file")
	}
	if got := l.byID["late"]; string(got.Comment) != "remember" {
		t.Errorf("comment %q", got.Comment)
	}
	if got, want := annotations(l.byID["late"])[1:], [][2]string{{"note", sum([]byte("again"))}, {"colour", sum([]byte("red"))}}; !slices.Equal(got, want) {
		t.Errorf("annotations %q, want %q", got, want)
	}
}

// same tells absent from empty.
func same(a, b []byte) bool { return bytes.Equal(a, b) && (a == nil) == (b == nil) }
