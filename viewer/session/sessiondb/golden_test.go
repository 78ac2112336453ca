package sessiondb

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session/corpus"
)

// TestGolden compares every field that the golden files list.
func TestGolden(t *testing.T) {
	for _, test := range []struct {
		name              string
		flows, bodies     int
		annotations, rows int
	}{
		{name: "session", flows: 491, bodies: 203},
		{name: "session-annotated", flows: 60, bodies: 30, annotations: 20},
		{name: "session-empty"},
		{name: "variant-ps512", flows: 60, bodies: 60},
		{name: "variant-utf16", flows: 60, bodies: 60},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := list2018(t, corpus.File(t, "hybrid/"+test.name+".sqlite"))
			if len(l.issues) > 0 {
				t.Errorf("issues: %q", l.issues)
			}
			var bodies, annotations int
			lines := bufio.NewScanner(strings.NewReader(string(corpus.File(t, "golden/hybrid/"+test.name+".jsonl"))))
			lines.Buffer(nil, 1<<24)
			seen := 0
			for lines.Scan() {
				var want goldenFlow
				if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
					t.Fatal(err)
				}
				if want.End {
					continue
				}
				seen++
				f := l.byID[want.RowID]
				if f == nil {
					t.Errorf("row %d: no flow %s", want.Row, want.RowID)
					continue
				}
				if got := golden(t, l, f); !reflect.DeepEqual(got, want.comparable()) {
					t.Errorf("row %d:\n got %+v\nwant %+v", want.Row, got, want.comparable())
				}
				bodies += want.Request.Rows + want.Response.Rows
				annotations += len(want.Annotations)
			}
			if seen != test.flows || len(l.flows) != test.flows || len(l.byID) != test.flows {
				t.Errorf("%d flows of %d ids, %d lines, want %d", len(l.flows), len(l.byID), seen, test.flows)
			}
			if bodies != test.bodies || annotations != test.annotations {
				t.Errorf("%d body rows, %d annotations", bodies, annotations)
			}
			checkOrder(t, l)
		})
	}
}

func checkOrder(t *testing.T, l *listing) {
	t.Helper()
	for i := range l.flows[min(1, len(l.flows)):] {
		if a, b := l.flows[i].GetRequest().GetTimestampStart(), l.flows[i+1].GetRequest().GetTimestampStart(); a > b {
			t.Errorf("flow %d began at %v, the next at %v", i, a, b)
		}
	}
}

// goldenFlow is a line of a golden file.
type goldenFlow struct {
	End         bool `json:"_end"`
	Row         int  `json:"rowid"`
	RowID       string
	ID          string
	Marked      bool
	Intercepted bool
	Mode        string
	Has         []string
	Request     goldenMessage
	Response    goldenMessage
	Error       *goldenError
	Client      goldenConn
	Server      goldenConn
	Annotations [][2]string
}

type goldenMessage struct {
	FirstLine string `json:"first_line_format"`
	Method    string
	Scheme    string
	Host      string
	Port      int32
	Path      string
	Status    int32
	Reason    string
	Headers   [][2]string
	Rows      int `json:"body_rows"`
	Len       int
	Sum       string  `json:"sha256"`
	Start     float64 `json:"timestamp_start"`
	End       float64 `json:"timestamp_end"`
	Version   string  `json:"http_version"`
	Replay    bool    `json:"is_replay"`
}

type goldenError struct {
	Msg       string
	Timestamp float64
}

type goldenConn struct {
	Address [2]any
	IP      [2]any
	TLS     bool
	SNI     string
	Version string `json:"tls_version"`
	CertLen int    `json:"cert_len"`
}

// UnmarshalJSON reads row_id, which the Go name RowID does not match.
func (g *goldenFlow) UnmarshalJSON(b []byte) error {
	type plain goldenFlow
	aside := struct {
		*plain
		RowID string `json:"row_id"`
	}{plain: (*plain)(g)}
	err := json.Unmarshal(b, &aside)
	g.RowID = aside.RowID
	return err
}

// comparable leaves out what a Reader does not say: which rows were read.
func (g goldenFlow) comparable() goldenFlow {
	g.Row, g.RowID = 0, ""
	g.Request.Rows, g.Response.Rows = 0, 0
	return g
}

// golden describes f as a line of a golden file would.
func golden(t *testing.T, l *listing, f *flowpb.Flow) goldenFlow {
	g := goldenFlow{
		ID: string(f.Id), Marked: f.GetMarked(), Intercepted: f.GetIntercepted(), Mode: string(f.Mode), Has: has(f),
		Annotations: annotations(f),
	}
	if f.GetKind() != flowpb.Kind_HTTP || f.Kind == nil {
		t.Errorf("flow %s is of kind %v", f.Id, f.Kind)
	}
	if r := f.Request; r != nil {
		b := l.bytesOf(t, r.Content, r.Body)
		g.Request = goldenMessage{
			FirstLine: string(r.FirstLineFormat), Method: string(r.Method), Scheme: string(r.Scheme), Host: string(r.Host),
			Port: r.GetPort(), Path: string(r.Path), Headers: headers(r.Headers), Len: len(b), Sum: sum(b),
			Start: r.GetTimestampStart(), End: r.GetTimestampEnd(), Version: string(r.HttpVersion), Replay: r.GetIsReplay(),
		}
	}
	if r := f.Response; r != nil {
		b := l.bytesOf(t, r.Content, r.Body)
		g.Response = goldenMessage{
			Status: r.GetStatusCode(), Reason: string(r.Reason), Headers: headers(r.Headers), Len: len(b), Sum: sum(b),
			Start: r.GetTimestampStart(), End: r.GetTimestampEnd(), Version: string(r.HttpVersion), Replay: r.GetIsReplay(),
		}
	}
	if e := f.Error; e != nil {
		g.Error = &goldenError{string(e.Msg), e.GetTimestamp()}
	}
	client, server := f.GetClientConn(), f.GetServerConn()
	g.Client = goldenConn{
		Address: address(client.GetAddress()), TLS: client.GetTlsEstablished(),
		SNI: string(client.GetSni()), Version: string(client.GetTlsVersion()),
	}
	g.Server = goldenConn{
		Address: address(server.GetAddress()), IP: address(server.GetIpAddress()),
		TLS: server.GetTlsEstablished(), CertLen: len(server.GetCert()),
	}
	return g
}

func has(f *flowpb.Flow) (fields []string) {
	for _, field := range []struct {
		name    string
		present bool
	}{
		{"request", f.Request != nil}, {"response", f.Response != nil}, {"error", f.Error != nil},
		{"client_conn", f.ClientConn != nil}, {"server_conn", f.ServerConn != nil},
		{"intercepted", f.Intercepted != nil}, {"marked", f.Marked != nil}, {"mode", f.Mode != nil}, {"id", f.Id != nil},
	} {
		if field.present {
			fields = append(fields, field.name)
		}
	}
	return fields
}

// annotations finds those that became the comment, which the corpus has as
// notes only, and those in metadata.
func annotations(f *flowpb.Flow) (found [][2]string) {
	if f.Comment != nil {
		found = append(found, [2]string{"note", sum(f.Comment)})
	}
	for _, pair := range f.GetMetadata().GetDict().GetPairs() {
		if string(pair.GetKey().GetText()) != "annotations" {
			continue
		}
		for _, v := range pair.GetValue().GetList().GetItems() {
			items := v.GetList().GetItems()
			found = append(found, [2]string{string(items[0].GetText()), sum(items[1].GetBytes())})
		}
	}
	return found
}

func headers(fields []*flowpb.HTTPHeader) [][2]string {
	h := [][2]string{}
	for _, f := range fields {
		h = append(h, [2]string{string(f.Name), string(f.Value)})
	}
	return h
}

func address(a *flowpb.Address) [2]any { return [2]any{string(a.GetHost()), float64(a.GetPort())} }

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// TestOriginal reads a database that the code of 2018 wrote, with its
// oddities: the blobs are those that were made, and bodies come from where
// they belong.
func TestOriginal(t *testing.T) {
	l := list2018(t, corpus.File(t, "golden/vectors/session2018.sqlite"))
	var blobs map[string]string
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/session2018.flow-protobuf-b64.json"), &blobs); err != nil {
		t.Fatal(err)
	}
	if len(l.flows) != 11 || len(l.byID) != 11 || len(blobs) != 11 || len(l.issues) > 0 {
		t.Fatalf("%d flows, %d blobs, issues %q", len(l.flows), len(blobs), l.issues)
	}
	sizes := map[string][2]int{ // of request and response; -1 is absent
		"get_no_response": {7, -1}, "simple": {7, 7}, "both_1000_inline": {1000, 1000}, "both_2000": {2000, 2000},
		"gzip_small": {7, 60}, "gzip_big": {7, 6000}, "error": {7, -1}, "via": {7, 7}, "nones": {0, 0},
		"req_1001": {1001, 7}, "resp_1001": {7, 1001},
	}
	for name, b64 := range blobs {
		b, err := base64.StdEncoding.DecodeString(b64)
		if err != nil {
			t.Fatal(err)
		}
		var want flowpb.Flow
		if err := want.Unmarshal(b); err != nil {
			t.Fatal(err)
		}
		id := string(want.Id)
		size := [2]int{length(l.request(t, id)), length(l.response(t, id))}
		if size != sizes[name] {
			t.Errorf("%s: bodies of %d bytes, want %d", name, size, sizes[name])
		}
		if got := asWritten(l.byID[id], &want); string(got.Append(nil)) != string(want.Append(nil)) {
			t.Errorf("%s: the flow is not what was written", name)
		}
	}
	if got := string(l.response(t, "00000007-0000-4000-8000-000000000000")); !strings.HasPrefix(got, "hello") {
		t.Errorf("the gzip body reads %.20q: it is stored decoded", got)
	}
}

func length(b []byte) int {
	if b == nil {
		return -1
	}
	return len(b)
}

// asWritten undoes what the Reader adds to a flow.
func asWritten(got, written *flowpb.Flow) *flowpb.Flow {
	f := *got
	f.Kind = nil
	if f.Request != nil {
		r := *f.Request
		r.Body, r.Content = nil, written.Request.Content
		f.Request = &r
	}
	if f.Response != nil {
		r := *f.Response
		r.Body, r.Content = nil, written.Response.Content
		f.Response = &r
	}
	return &f
}

// TestBodyWindows reads windows of a body row, as large bodies are read.
func TestBodyWindows(t *testing.T) {
	l := list2018(t, corpus.File(t, "hybrid/session.sqlite"))
	checked := 0
	for _, f := range l.flows {
		ref := f.GetResponse().GetBody()
		if ref.GetEncoding() != flowpb.Body_ROW || ref.GetLength() < 100_000 {
			continue
		}
		checked++
		whole := l.response(t, string(f.Id))
		src, err := l.r.Body(ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int64{99_000, 0, 50_000, 99_500} {
			p := make([]byte, 500)
			if n, err := src.ReadAt(p, at); n != len(p) || err != nil {
				t.Fatalf("%d bytes at %d: %v", n, at, err)
			}
			if string(p) != string(whole[at:at+500]) {
				t.Errorf("body of %s differs at %s", f.Id, strconv.FormatInt(at, 10))
			}
		}
	}
	if checked == 0 {
		t.Fatal("the corpus has no large body")
	}
}
