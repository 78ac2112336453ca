package mitm

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

// corpusPath returns the path of a file of the corpus, and skips the test
// where there is no corpus.
func corpusPath(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("FLOWPANE_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus: set FLOWPANE_CORPUS")
	}
	return filepath.Join(root, filepath.FromSlash(name))
}

func corpusFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(corpusPath(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

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

// TestCaptured holds every flow that was captured against what mitmproxy
// loads, whole and by skeletons.
func TestCaptured(t *testing.T) {
	for _, test := range []struct {
		file, golden string
		flows        int
	}{
		{"captured/captured-8.1.1.mitm", "captured-8.1.1.mitm", 578},
		{"captured/captured-8.1.1-upstream.mitm", "captured-8.1.1-upstream.mitm", 4},
		{"captured/versions/captured-v12.mitm", "versions__captured-v12.mitm", 567},
		{"captured/versions/captured-v16.mitm", "versions__captured-v16.mitm", 567},
		{"captured/versions/captured-v19.mitm", "versions__captured-v19.mitm", 578},
		{"captured/versions/captured-v21.mitm", "versions__captured-v21.mitm", 578},
		{"mitmproxy/dumpfile-10.mitm", "repo__data__dumpfile-10.mitm", 1},
		{"mitmproxy/dumpfile-19.mitm", "repo__data__dumpfile-19.mitm", 1},
		{"mitmproxy/dumpfile-7.mitm", "repo__data__dumpfile-7.mitm", 2},
		{"mitmproxy/flows/corrupted_gzip_body.mitm", "repo__data__flows__corrupted_gzip_body.mitm", 1},
		{"mitmproxy/flows/diff_data.mitm", "repo__data__flows__diff_data.mitm", 7},
		{"mitmproxy/flows/error_log.mitm", "repo__data__flows__error_log.mitm", 2},
		{"mitmproxy/flows/event_stream.mitm", "repo__data__flows__event_stream.mitm", 2},
		{"mitmproxy/flows/incomplete_log.mitm", "repo__data__flows__incomplete_log.mitm", 4},
		{"mitmproxy/flows/successful_log.mitm", "repo__data__flows__successful_log.mitm", 2},
		{"mitmproxy/flows/websocket.mitm", "repo__data__flows__websocket.mitm", 3},
	} {
		t.Run(test.golden, func(t *testing.T) {
			src := blob.Bytes(corpusFile(t, test.file))
			want := golden(t, test.golden)
			for _, whole := range []int64{maxWhole, 0} {
				r := newReader(context.Background(), src, whole)
				flows, issues := collect(t, r)
				for _, issue := range issues {
					t.Error(issue)
				}
				if len(flows) != test.flows || len(want) != test.flows {
					t.Fatalf("%d flows, mitmproxy has %d, want %d", len(flows), len(want), test.flows)
				}
				for i, f := range flows {
					compare(t, r, f, want[i])
					if t.Failed() {
						t.Fatalf("flow %d, %s", i, f.Id)
					}
				}
			}
		})
	}
}

// TestWebSocketsOfTheirOwn: in format 10 each conversation is a record of its
// own, and mitmproxy gives up at the first TCP flow, the 564th it lists.
func TestWebSocketsOfTheirOwn(t *testing.T) {
	src := blob.Bytes(corpusFile(t, "captured/versions/captured-v10.mitm"))
	var want []expected
	all := golden(t, "versions__captured-v10.mitm")
	for i, e := range all {
		if i+1 < len(all) && all[i+1].ID == e.ID && all[i+1].Websocket != nil {
			continue // the handshake alone
		}
		want = append(want, e)
	}
	for _, whole := range []int64{maxWhole, 0} {
		r := newReader(context.Background(), src, whole)
		flows, issues := collect(t, r)
		if len(flows) != 567 || len(want) != 555 || len(issues) != 0 {
			t.Fatalf("%d flows and %d issues, mitmproxy has %d", len(flows), len(issues), len(want))
		}
		sockets := 0
		for i, e := range want {
			compare(t, r, flows[i], e)
			if t.Failed() {
				t.Fatalf("flow %d, %s", i, e.ID)
			}
			if e.Websocket != nil {
				sockets++
			}
		}
		same(t, "conversations", sockets, 8)
		for _, f := range flows[555:] {
			same(t, "type", typeOf(f), typeTCP)
		}
	}
}

// TestRefused: what is too old is refused record by record, by its name.
func TestRefused(t *testing.T) {
	for _, test := range []struct {
		file   string
		issues int
		want   string
	}{
		{"captured/versions/captured-v05.mitm", 574, "byte 0: flow format 5 (a development version of mitmproxy): not supported yet"},
		{"captured/versions/captured-v07.mitm", 574, "byte 0: flow format 7 (mitmproxy 3 to 5.1): not supported yet"},
		{"mitmproxy/dumpfile-010.mitm", 1, "byte 0: flow format 0.10 (mitmproxy 0.10): not supported yet"},
		{"mitmproxy/dumpfile-011.mitm", 1, "byte 0: flow format 0.11 (mitmproxy 0.11): not supported yet"},
		{"mitmproxy/dumpfile-018.mitm", 1, "byte 0: flow format 0.18 (mitmproxy 0.18): not supported yet"},
		{"mitmproxy/dumpfile-019.mitm", 1, "byte 0: flow format 7 (mitmproxy 3 to 5.1): not supported yet"},
		{"mitmproxy/dumpfile-7-websocket.mitm", 6, "byte 0: flow format 7 (mitmproxy 3 to 5.1): not supported yet"},
	} {
		b := corpusFile(t, test.file)
		if err := sniff(b[:min(len(b), session.SniffLen)]); err != nil {
			t.Errorf("%s: %v", test.file, err)
		}
		flows, issues := collect(t, open(blob.Bytes(b)))
		if len(flows) != 0 || len(issues) != test.issues || issues[0].Error() != test.want {
			t.Errorf("%s: %d flows, %d issues, %v", test.file, len(flows), len(issues), issues[0])
		}
	}
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
	}
	if err := json.Unmarshal(corpusFile(t, "golden/vectors/flows_v21.expected.json"), &want); err != nil {
		t.Fatal(err)
	}
	r := open(blob.Bytes(corpusFile(t, "golden/vectors/flows_v21.mitm")))
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
		if p := e.JSON.Response; p != nil && f.Response != nil {
			body := content(t, r, f.Response.Content, f.Response.Body)
			same(t, e.Name+" has a body", body != nil, p.ContentHash != nil)
			if p.ContentHash != nil {
				same(t, e.Name, sum(body), *p.ContentHash)
			}
		}
	}
}

// TestFormatsAgree: the same flow, as every format writes it, reads the same.
func TestFormatsAgree(t *testing.T) {
	var vectors struct {
		Inputs []struct {
			Version json.RawMessage
			B64     []byte
		}
	}
	if err := json.Unmarshal(corpusFile(t, "golden/vectors/compat_http.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	var want string
	read := 0
	for _, input := range slices.Backward(vectors.Inputs) {
		flows, issues := collect(t, open(blob.Bytes(input.B64)))
		if version, err := strconv.Atoi(string(input.Version)); err != nil || version < oldest {
			same(t, string(input.Version)+": refused", len(issues) == 1 && len(flows) == 0, true)
			continue
		}
		if len(flows) != 1 || len(issues) != 0 {
			t.Fatalf("format %s: %d flows, %v", input.Version, len(flows), issues)
		}
		got := today(flows[0])
		if want == "" {
			want = got
		}
		same(t, "format "+string(input.Version), got, want)
		read++
	}
	same(t, "formats read", read, 12)
}

// today returns f as the wire has it, without what only old formats say.
func today(f *flowpb.Flow) string {
	f.FormatVersion, f.Mode = nil, nil
	f.ClientConn.TlsExtensions, f.ClientConn.Common.State, f.ServerConn.Common.State = nil, nil, nil
	return string(f.Append(nil))
}
