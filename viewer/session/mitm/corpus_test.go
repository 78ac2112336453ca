package mitm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// collect reads everything of a reader.
func collect(t testing.TB, r session.Reader) ([]*flowpb.Flow, []*session.Issue) {
	t.Helper()
	var flows []*flowpb.Flow
	var issues []*session.Issue
	for {
		f, err := r.Next()
		var issue *session.Issue
		switch {
		case err == io.EOF:
			return flows, issues
		case errors.As(err, &issue):
			issues = append(issues, issue)
		case err != nil:
			t.Fatal(err)
		default:
			flows = append(flows, f)
		}
	}
}

func open(src blob.Source) *reader { return newReader(context.Background(), src, maxWhole) }

// TestCorpus opens every dump of the corpus, whole and by skeletons, and holds
// every field against what mitmproxy loads.
func TestCorpus(t *testing.T) {
	for _, test := range dumps {
		t.Run(test.file, func(t *testing.T) {
			src := blob.Bytes(corpus.File(t, test.file))
			if err := sniff(corpus.File(t, test.file)[:min(src.Size(), session.SniffLen)]); err != nil {
				t.Fatal(err)
			}
			loaded, want := golden(t, goldenName(test.file))
			same(t, "mitmproxy's flows", len(want), test.theirs)
			same(t, "mitmproxy gives up", loaded != "", test.refused != "" || test.beyond > 0)
			want = joinedSockets(want)
			if test.beyond > 0 {
				want = append(want, beyond(t, test.beyond, want)...)
			}
			for _, whole := range []int64{maxWhole, 0} {
				r := newReader(context.Background(), src, whole)
				flows, issues := collect(t, r)
				if len(flows) != test.flows || len(want) != test.flows || len(issues) != test.issues {
					t.Fatalf("%d flows, of mitmproxy %d, want %d; %d issues, want %d", len(flows), len(want), test.flows, len(issues), test.issues)
				}
				if test.issues > 0 {
					same(t, "issue", issues[0].Error(), test.refused+test.issue)
				}
				unknown := 0
				for i, f := range flows {
					unknown += forget(f, &want[i])
					compare(t, r, f, want[i])
					if t.Failed() {
						t.Fatalf("flow %d, %s", i, f.Id)
					}
				}
				if whole > 0 { // the second time nothing is left to forget
					same(t, "values that mitmproxy makes up", unknown, test.madeUp)
				}
			}
		})
	}
}

// joinedSockets makes one flow of a handshake and its messages, of which
// mitmproxy makes two: the handshake alone, then with the messages; or, where
// only the metadata of the handshake names the conversation, without it.
func joinedSockets(all []expected) []expected {
	handshakes := map[string]expected{} // by the id of the flow that has the messages
	for _, e := range all {
		if _, twice := e.Metadata["duplicated"]; twice {
			continue
		}
		if of, ok := e.Metadata["websocket_flow"]; ok {
			handshakes[strings.Trim(of, "'")] = e
		}
		handshakes[e.ID] = e
	}
	joined := map[string]bool{}
	var out []expected
	for _, e := range all {
		if _, twice := e.Metadata["duplicated"]; twice {
			if h, ok := handshakes[e.ID]; ok {
				h.Websocket = e.Websocket
				e, joined[h.ID] = h, true
			}
		}
		out = append(out, e)
	}
	return slices.DeleteFunc(out, func(e expected) bool { return e.Websocket == nil && joined[e.ID] })
}

// beyond returns the flows of the newest dump that are not among want, as a
// dump of an old format has them: mitmproxy gives up at its first TCP flow, and
// these are the TCP flows, in their order.
func beyond(t *testing.T, format int, want []expected) []expected {
	t.Helper()
	_, all := golden(t, goldenName(newestDump))
	var out []expected
	for _, e := range all {
		if e.Type != typeTCP || slices.ContainsFunc(want, func(have expected) bool { return have.ID == e.ID }) {
			continue
		}
		e.TimestampCreated = *e.Client.TimestampStart // all that formats before 16 know
		if format < 10 {
			e.Client.Sockname = []any{"", 0}
		}
		if format == 10 && e.Client.SNI != nil { // mitmproxy 6 wrote bytes as Python shows them
			*e.Client.SNI = "b'" + *e.Client.SNI + "'"
		}
		out = append(out, e)
	}
	return out
}

// TestEveryKind reads flows of every kind that mitmproxy wrote for us.
func TestEveryKind(t *testing.T) {
	var want []struct {
		Name string
		JSON struct {
			ID, Type, Marked, Comment string
			Modified                  bool
			TimestampCreated          float64 `json:"timestamp_created"`
			Response                  *struct{ ContentHash *string }
		}
		Order struct {
			Method, URL string
			Size        int64
		}
		Derived struct {
			Query, Cookies [][2]string
			SetCookies     [][3]any `json:"response_cookies"`
		}
	}
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/flows_v21.expected.json"), &want); err != nil {
		t.Fatal(err)
	}
	r := open(blob.Bytes(corpus.File(t, "golden/vectors/flows_v21.mitm")))
	flows, issues := collect(t, r)
	if len(flows) != 29 || len(want) != 29 || len(issues) != 0 {
		t.Fatalf("%d flows, want %d; issues %v", len(flows), len(want), issues)
	}
	for i, f := range flows {
		e := want[i]
		same(t, e.Name, string(lookup(f.Metadata, "name").GetText()), e.Name)
		same(t, e.Name, string(f.Id), e.JSON.ID)
		same(t, e.Name, typeOf(f), e.JSON.Type)
		same(t, e.Name, len(f.Marker) > 0, e.JSON.Marked != "") // shown as an emoji there
		same(t, e.Name, string(f.Comment), e.JSON.Comment)
		same(t, e.Name, f.Backup != nil, e.JSON.Modified)
		same(t, e.Name, f.GetTimestampCreated(), e.JSON.TimestampCreated)
		same(t, e.Name, flow.Method(f), e.Order.Method)
		same(t, e.Name, flow.URL(f), e.Order.URL)
		same(t, e.Name, flow.OrderSize(f), e.Order.Size)
		same(t, e.Name+" query", texts(flow.Query(f.GetRequest().GetPath())), fmt.Sprint(e.Derived.Query))
		same(t, e.Name+" cookies", texts(flow.Cookies(f.GetRequest().GetHeaders())), fmt.Sprint(e.Derived.Cookies))
		same(t, e.Name+" cookies set", len(flow.SetCookies(f.GetResponse().GetHeaders())), len(e.Derived.SetCookies))
		for i, c := range flow.SetCookies(f.GetResponse().GetHeaders()) {
			same(t, e.Name+" cookie set", string(c.Name), e.Derived.SetCookies[i][0].(string))
			same(t, e.Name+" cookie set", string(c.Value), e.Derived.SetCookies[i][1].(string))
			same(t, e.Name+" attributes", len(c.Attributes), len(e.Derived.SetCookies[i][2].([]any)))
		}
		if p := e.JSON.Response; p != nil && f.Response != nil {
			body := content(t, r, f.Response.Content, f.Response.Body)
			same(t, e.Name+" has a body", body != nil, p.ContentHash != nil)
			if p.ContentHash != nil {
				same(t, e.Name, sum(body), *p.ContentHash)
			}
		}
	}
}

// texts writes pairs as fmt does the golden ones.
func texts(pairs []flow.Pair) string {
	list := make([][2]string, len(pairs))
	for i, p := range pairs {
		list[i] = [2]string{string(p.Name), string(p.Value)}
	}
	return fmt.Sprint(list)
}
