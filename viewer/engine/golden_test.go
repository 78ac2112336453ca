package engine_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/session/corpus"
)

// TestFilters holds the filter, on columns and on loaded flows, against what
// mitmproxy answers, on every file of the golden answers. The counts are strict:
// an expression that drops out of the test is a failure.
func TestFilters(t *testing.T) {
	var golden struct {
		Files   map[string]uint64
		Results []struct {
			Expr    string
			Error   string                      `json:"error_head"`
			Matches map[string]map[string][]int `json:"matches"`
		}
	}
	if err := json.Unmarshal(corpus.File(t, "golden/filters.json"), &golden); err != nil {
		t.Fatal(err)
	}
	var asked, compared, deviating, refused int
	for name, flows := range golden.Files {
		path, upstream := strings.CutPrefix(name, "repo/data/")
		if upstream {
			path = "mitmproxy/" + path
		} else {
			path = "captured/" + path
		}
		e, p := opened(t, files{name: corpus.File(t, path)}, name)
		if name == "repo/data/dumpfile-7-websocket.mitm" {
			// Mitmproxy shows the two records of each WebSocket of this format
			// as a flow each; here they are one.
			if p.Flows != 4 {
				t.Errorf("%s has %d flows", name, p.Flows)
			}
			continue
		}
		if p.Flows != flows {
			t.Errorf("%s has %d flows, want %d", name, p.Flows, flows)
			continue
		}
		for _, g := range golden.Results {
			asked++
			if g.Error != "" {
				if _, err := e.CheckFilter(t.Context(), g.Expr); err != nil || strings.TrimSpace(g.Expr) == "" {
					refused++ // nothing shows all flows
				} else if g.Expr != "((~s))" {
					t.Errorf("%q is not refused", g.Expr)
				}
				continue
			}
			compared++
			show(t, e, &viewerpb.Watch{Filter: g.Expr})
			var got []int
			for _, r := range rows(t, e) {
				got = append(got, int(r.Number)-1)
			}
			want := g.Matches[name]["head"]
			if slices.Contains(kept[strings.TrimPrefix(name, "repo/data/har_files/")], strings.TrimSpace(g.Expr)) {
				if deviating++; slices.Equal(got, want) {
					t.Errorf("%s: %s is as mitmproxy has it", name, g.Expr)
				}
			} else if !slices.Equal(got, want) {
				t.Errorf("%s: %s: %d flows, want %d\n got %v\nwant %v", name, g.Expr, len(got), len(want), got, want)
			}
		}
	}
	if len(golden.Files) != 19 || compared != 18*128 || deviating != 15 || refused != 18*35 || asked != 18*164 {
		t.Errorf("%d files, %d answers, %d compared, of which %d deviate, %d refused", len(golden.Files), asked, compared, deviating, refused)
	}
}

// kept are the expressions that see what mitmproxy drops or makes up when it
// reads a HAR: it removes content-encoding headers, makes an answer of a request
// that failed, and an empty body of one that was not captured.
var kept = map[string][]string{
	"chrome.har":  {"~q", "~s", "~b ^$", `~b ""`, "!~s", "~http & !~s & ~e", "!~a & ~s", "~s |"},
	"firefox.har": {"~h content-encoding", "~b ^$", `~b ""`},
	"safari.har":  {"~h content-encoding", "~h gzip", "~b ^$"},
}

// TestFilterVectors does the same with a file made of one flow of each kind,
// and edge cases of each.
func TestFilterVectors(t *testing.T) {
	const dump = "flows_v21.mitm"
	var named []struct{ Name string }
	var vectors []struct {
		Expr  string
		Match []string
	}
	for name, into := range map[string]any{"flows_v21.expected.json": &named, "filter_match.json": &vectors} {
		if err := json.Unmarshal(corpus.File(t, "golden/vectors/"+name), into); err != nil {
			t.Fatal(err)
		}
	}
	e, _ := opened(t, files{dump: corpus.File(t, "golden/vectors/"+dump)}, dump)
	for _, v := range vectors {
		show(t, e, &viewerpb.Watch{Filter: v.Expr})
		var got []string
		for _, r := range rows(t, e) {
			got = append(got, named[r.Number-1].Name)
		}
		if !slices.Equal(got, v.Match) {
			t.Errorf("%s:\n got %v\nwant %v", v.Expr, got, v.Match)
		}
	}
	if len(vectors) != 96 || len(named) != 29 {
		t.Errorf("%d expressions, %d flows", len(vectors), len(named))
	}
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
	want := g.Messages
	if g.Websocket != nil {
		want = g.Websocket.Messages
	}
	if int(f.MessageCount) != want {
		t.Errorf("%s: %d messages, want %d", key, f.MessageCount, want)
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
