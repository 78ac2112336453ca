package engine_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/session/corpus"
)

// TestFilters holds the filter, on columns and on loaded flows, against what
// mitmproxy answers. The counts are strict: an expression that drops out of
// the test is a failure.
func TestFilters(t *testing.T) {
	const dump = "captured-8.1.1.mitm"
	var golden struct {
		Results []struct {
			Expr     string
			Describe string                      `json:"describe_head"`
			Error    string                      `json:"error_head"`
			Matches  map[string]map[string][]int `json:"matches"`
		}
	}
	if err := json.Unmarshal(corpus.File(t, "golden/filters.json"), &golden); err != nil {
		t.Fatal(err)
	}
	e, p := opened(t, files{dump: corpus.File(t, "captured/"+dump)}, dump)
	if p.Flows != 578 || p.IssuesTotal != 0 {
		t.Fatalf("opened with %d flows and %d issues", p.Flows, p.IssuesTotal)
	}
	compared := 0
	for _, g := range golden.Results {
		if g.Error != "" || !supported(g.Expr) {
			continue
		}
		show(t, e, &viewerpb.Watch{Filter: g.Expr})
		var got []int
		for _, r := range rows(t, e) {
			got = append(got, int(r.Number)-1)
		}
		if want := g.Matches[dump]["head"]; !slices.Equal(got, want) {
			t.Errorf("%s: %d flows, want %d\n got %v\nwant %v", g.Expr, len(got), len(want), got, want)
		}
		compared++
	}
	if compared != 113 {
		t.Errorf("%d expressions were compared, want 113", compared)
	}
}

// supported reports whether an expression uses no operator that we lack.
func supported(expr string) bool {
	for _, m := range regexp.MustCompile(`~([a-z]+)`).FindAllStringSubmatch(expr, -1) {
		if !slices.ContainsFunc(filter.Operators(), func(o filter.Operator) bool { return o.Code == m[1] }) {
			return false
		}
	}
	return true
}

// golden is a line of golden/flows: a flow as mitmproxy loads it.
type golden struct {
	ID      string
	Type    string
	Marked  string
	Comment string
	Request *struct {
		Method    string
		PrettyURL string      `json:"pretty_url"`
		Headers   [][2]string `json:"headers"`
		RawLen    *uint64     `json:"raw_len"`
	}
	Response *struct {
		Status  int32
		Headers [][2]string
		RawLen  *uint64 `json:"raw_len"`
	}
	Websocket *struct{ Messages int }
	Messages  int
	End       bool `json:"_end"`
	Flows     int
}

// TestCapturedFlows compares what the page gets of each flow of a real capture
// with what mitmproxy loads. Bodies are compared byte by byte where they are
// read, in package mitm.
func TestCapturedFlows(t *testing.T) {
	const dump = "captured-8.1.1.mitm"
	e, _ := opened(t, files{dump: corpus.File(t, "captured/"+dump)}, dump)
	show(t, e, &viewerpb.Watch{})
	all := rows(t, e)
	lines := bufio.NewScanner(bytes.NewReader(corpus.File(t, "golden/flows/"+dump+".jsonl")))
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		var want golden
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		if want.End {
			break
		}
		if n >= len(all) {
			t.Fatalf("only %d flows", len(all))
		}
		row := all[n]
		n++
		if id, _, _ := strings.Cut(row.Key, "~"); id != want.ID {
			t.Fatalf("flow %d has id %s, want %s", n, id, want.ID)
		}
		f, err := e.Flow(t.Context(), row.Key)
		if err != nil {
			t.Fatal(err)
		}
		want.compare(t, f)
	}
	if n != 578 || len(all) != 578 {
		t.Errorf("compared %d of %d flows, want 578", n, len(all))
	}
}

func (g *golden) compare(t *testing.T, f *viewerpb.Flow) {
	t.Helper()
	key := f.Row.Key
	if f.Comment != g.Comment || f.Row.Marker != g.Marked {
		t.Errorf("%s: comment %q, marker %q, want %q, %q", key, f.Comment, f.Row.Marker, g.Comment, g.Marked)
	}
	if g.Request != nil {
		if f.Url != g.Request.PrettyURL {
			t.Errorf("%s: url %s, want %s", key, f.Url, g.Request.PrettyURL)
		}
		compareHead(t, key+" request", f.Request, g.Request.Headers, g.Request.RawLen)
	}
	if (g.Response != nil) != (f.Response != nil) {
		t.Errorf("%s: response %v, want %v", key, f.Response != nil, g.Response != nil)
	}
	if g.Response != nil && f.Response != nil {
		if f.Row.Status != g.Response.Status {
			t.Errorf("%s: status %d, want %d", key, f.Row.Status, g.Response.Status)
		}
		compareHead(t, key+" response", f.Response, g.Response.Headers, g.Response.RawLen)
	}
	if g.Websocket != nil && len(f.Websocket.GetMessages()) != g.Websocket.Messages {
		t.Errorf("%s: %d websocket messages, want %d", key, len(f.Websocket.GetMessages()), g.Websocket.Messages)
	}
	if len(f.Messages) != g.Messages {
		t.Errorf("%s: %d messages, want %d", key, len(f.Messages), g.Messages)
	}
}

func compareHead(t *testing.T, what string, h *viewerpb.Head, headers [][2]string, size *uint64) {
	t.Helper()
	got := make([][2]string, len(h.Headers))
	for i, f := range h.Headers {
		got[i] = [2]string{f.Name, f.Value}
	}
	if !slices.Equal(got, headers) {
		t.Errorf("%s: headers %q, want %q", what, got, headers)
	}
	if h.Body.Present != (size != nil) || size != nil && h.Body.Size != *size {
		t.Errorf("%s: body %+v, want %v bytes", what, h.Body, size)
	}
}

func TestSessionDatabases(t *testing.T) {
	for name, want := range map[string]uint64{
		"hybrid/session.sqlite":             491,
		"hybrid/session-empty.sqlite":       0,
		"golden/vectors/session2018.sqlite": 11,
		"hybrid/variant-ps512.sqlite":       60,
		"hybrid/variant-utf16.sqlite":       60,
		"hybrid/session-annotated.sqlite":   60,
	} {
		t.Run(name, func(t *testing.T) {
			_, p := opened(t, files{name: corpus.File(t, name)}, name)
			if p.Flows != want || p.IssuesTotal != 0 {
				t.Errorf("%d flows and %d issues (%v), want %d flows", p.Flows, p.IssuesTotal, p.Issues, want)
			}
		})
	}
}
