package mitm

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// expected is a flow of a golden file.
type expected struct {
	End              bool `json:"_end"`
	Flows            int
	Error            any
	ID               string
	Type             string
	Marked           string
	Comment          string
	IsReplay         *string `json:"is_replay"`
	Intercepted      bool
	TimestampCreated float64 `json:"timestamp_created"`
	ErrorTimestamp   *float64
	Metadata         map[string]string
	Client           expectedConn
	Server           expectedConn
	Request          *expectedMessage
	Response         *expectedMessage
	Websocket        *expectedStream
	TCP              *expectedStream
	UDP              *expectedStream
	DNS              *struct{ Request, Response json.RawMessage }
}

type expectedConn struct {
	Address, Peername, Sockname []any
	TLS                         bool
	TLSVersion                  *string `json:"tls_version"`
	SNI, ALPN, Cipher           *string
	TimestampStart              *float64 `json:"timestamp_start"`
	TimestampTCPSetup           *float64 `json:"timestamp_tcp_setup"`
	TimestampTLSSetup           *float64 `json:"timestamp_tls_setup"`
	TimestampEnd                *float64 `json:"timestamp_end"`
	Certs                       int
}

type expectedMessage struct {
	Method, Scheme, Authority, Host, Path string
	Port                                  int32
	PrettyURL                             string `json:"pretty_url"`
	HTTPVersion                           string `json:"http_version"`
	Status                                int32
	Reason                                string
	Headers                               [][2]string
	Trailers                              [][2]string
	TimestampStart                        *float64 `json:"timestamp_start"`
	TimestampEnd                          *float64 `json:"timestamp_end"`
	RawLen                                *int64   `json:"raw_len"`
	RawSHA256                             *string  `json:"raw_sha256"`
}

type expectedStream struct {
	Messages, Text int
	FromClient     int `json:"from_client"`
	Bytes          int64
	SHA256         string
	ClosedByClient *bool    `json:"closed_by_client"`
	CloseCode      *int64   `json:"close_code"`
	CloseReason    *string  `json:"close_reason"`
	TimestampEnd   *float64 `json:"timestamp_end"`
}

// golden returns what mitmproxy loads from a file.
func golden(t testing.TB, name string) []expected {
	t.Helper()
	var all []expected
	lines := bufio.NewScanner(bytes.NewReader(corpusFile(t, "golden/flows/"+name+".jsonl")))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var e expected
		if err := json.Unmarshal(surrogates(lines.Bytes()), &e); err != nil {
			t.Fatal(err)
		}
		if e.End {
			if e.Flows != len(all) {
				t.Fatalf("%s: %d flows, its end says %d", name, len(all), e.Flows)
			}
			return all
		}
		all = append(all, e)
	}
	t.Fatalf("%s has no end: %v", name, lines.Err())
	return nil
}

// surrogates turns \udcXX, which stands for the byte XX, into the code point
// U+10FFXX, which JSON can say; text undoes it.
func surrogates(line []byte) []byte {
	parts := bytes.Split(line, []byte(`\udc`))
	for i := 1; i < len(parts); i++ {
		xx, err := hex.DecodeString(string(parts[i][:2]))
		if err != nil {
			panic(err)
		}
		parts[i] = append([]byte(string(rune(0x10ff00+int(xx[0])))), parts[i][2:]...)
	}
	return bytes.Join(parts, nil)
}

// text writes bytes as the golden files do.
func text(b []byte) string {
	var out strings.Builder
	for len(b) > 0 {
		valid := strings.ToValidUTF8(string(b), "\x00")
		n := strings.IndexByte(valid, 0)
		if n < 0 {
			out.Write(b)
			break
		}
		if b[n] == 0 {
			out.Write(b[:n+1])
		} else {
			out.Write(b[:n])
			out.WriteRune(rune(0x10ff00 + int(b[n])))
		}
		b = b[n+1:]
	}
	return out.String()
}

// content returns the bytes of a body.
func content(t testing.TB, r session.Reader, inline []byte, ref *flowpb.Body) []byte {
	t.Helper()
	if ref == nil {
		return inline
	}
	if inline != nil {
		t.Fatal("a body is inline and a reference")
	}
	src, err := r.Body(ref)
	if err != nil {
		t.Fatal(err)
	}
	b, err := blob.ReadAll(src)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// same fails unless got is want, for values and pointers to them.
func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func sameTime(t testing.TB, what string, got, want *float64) {
	t.Helper()
	if (got == nil) != (want == nil) || got != nil && *got != *want {
		t.Errorf("%s: %v, want %v", what, show(got), show(want))
	}
}

func show(f *float64) any {
	if f == nil {
		return "absent"
	}
	return *f
}

func sameText(t testing.TB, what string, got []byte, want *string) {
	t.Helper()
	if (got == nil) != (want == nil) || want != nil && text(got) != *want {
		t.Errorf("%s: %q, want %v", what, got, want)
	}
}

// deref returns the text at s, and none where the golden file has none or an
// empty one: it does not tell them apart.
func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func compare(t *testing.T, r session.Reader, f *flowpb.Flow, e expected) {
	t.Helper()
	same(t, "id", string(f.Id), e.ID)
	same(t, "type", typeOf(f), e.Type)
	same(t, "marker", string(f.Marker), e.Marked)
	same(t, "marked", f.GetMarked(), e.Marked != "")
	same(t, "comment", string(f.Comment), e.Comment)
	sameText(t, "is_replay", f.IsReplay, e.IsReplay)
	same(t, "intercepted", f.GetIntercepted(), e.Intercepted)
	same(t, "timestamp_created", f.GetTimestampCreated(), e.TimestampCreated)
	for key := range e.Metadata {
		if key != "duplicated" && lookup(f.Metadata, key) == nil {
			t.Errorf("metadata has no %s", key)
		}
	}
	compareConns(t, f, e)
	if e.Request != nil {
		compareRequest(t, r, f, e.Request)
	}
	same(t, "has response", f.Response != nil, e.Response != nil)
	if e.Response != nil && f.Response != nil {
		compareResponse(t, r, f.Response, e.Response)
	}
	same(t, "is websocket", f.Websocket != nil, e.Websocket != nil)
	if e.Websocket != nil && f.Websocket != nil {
		compareWebSocket(t, r, f.Websocket, e.Websocket)
	}
	for _, s := range []*expectedStream{e.TCP, e.UDP} {
		if s != nil {
			compareStream(t, r, f.Messages, s)
		}
	}
}

func typeOf(f *flowpb.Flow) string {
	return [...]string{typeHTTP, typeTCP, typeUDP, typeDNS}[f.GetKind()]
}

func address(a *flowpb.Address) string {
	if a == nil {
		return "null"
	}
	b, _ := json.Marshal([]any{text(a.Host), a.GetPort()}) // golden files leave out the rest
	return string(b)
}

func sameAddress(t testing.TB, what string, got *flowpb.Address, want []any) {
	t.Helper()
	b, _ := json.Marshal(want)
	same(t, what, address(got), string(b))
}

func compareConns(t *testing.T, f *flowpb.Flow, e expected) {
	t.Helper()
	c, s := f.ClientConn, f.ServerConn
	sameAddress(t, "client.peername", c.Address, e.Client.Peername)
	sameAddress(t, "client.sockname", c.Sockname, e.Client.Sockname)
	same(t, "client.tls", c.TimestampTlsSetup != nil, e.Client.TLS)
	sameText(t, "client.tls_version", c.TlsVersion, e.Client.TLSVersion)
	sameText(t, "client.sni", c.Sni, e.Client.SNI)
	same(t, "client.alpn", string(c.AlpnProtoNegotiated), deref(e.Client.ALPN))
	sameText(t, "client.cipher", c.CipherName, e.Client.Cipher)
	if c.TimestampStart != nil || *e.Client.TimestampStart != 0 { // unknown is not 1970
		sameTime(t, "client.timestamp_start", c.TimestampStart, e.Client.TimestampStart)
	}
	sameTime(t, "client.timestamp_end", c.TimestampEnd, e.Client.TimestampEnd)
	sameAddress(t, "server.address", s.Address, e.Server.Address)
	sameAddress(t, "server.peername", s.IpAddress, e.Server.Peername)
	same(t, "server.tls", s.TimestampTlsSetup != nil, e.Server.TLS)
	sameText(t, "server.tls_version", s.TlsVersion, e.Server.TLSVersion)
	sameText(t, "server.sni", s.Sni, e.Server.SNI)
	same(t, "server.alpn", string(s.AlpnProtoNegotiated), deref(e.Server.ALPN))
	sameTime(t, "server.timestamp_start", s.TimestampStart, e.Server.TimestampStart)
	sameTime(t, "server.timestamp_tcp_setup", s.TimestampTcpSetup, e.Server.TimestampTCPSetup)
	sameTime(t, "server.timestamp_tls_setup", s.TimestampTlsSetup, e.Server.TimestampTLSSetup)
	sameTime(t, "server.timestamp_end", s.TimestampEnd, e.Server.TimestampEnd)
	same(t, "server.certs", len(s.Common.CertificateList), e.Server.Certs)
}

func compareRequest(t *testing.T, r session.Reader, f *flowpb.Flow, e *expectedMessage) {
	t.Helper()
	q := f.Request
	same(t, "method", strings.ToUpper(text(q.Method)), e.Method)
	same(t, "scheme", text(q.Scheme), e.Scheme)
	same(t, "authority", text(q.Authority), e.Authority)
	same(t, "host", text(q.Host), e.Host)
	same(t, "port", q.GetPort(), e.Port)
	same(t, "path", text(q.Path), e.Path)
	same(t, "http_version", text(q.HttpVersion), e.HTTPVersion)
	url, _ := flow.PrettyURL(f)
	same(t, "pretty_url", text([]byte(url)), e.PrettyURL)
	sameFields(t, "request.headers", q.Headers, e.Headers)
	sameTrailers(t, "request.trailers", q.Trailers, e.Trailers)
	sameTime(t, "request.timestamp_start", q.TimestampStart, e.TimestampStart)
	sameTime(t, "request.timestamp_end", q.TimestampEnd, e.TimestampEnd)
	sameBody(t, "request", content(t, r, q.Content, q.Body), e)
}

func compareResponse(t *testing.T, r session.Reader, p *flowpb.HTTPResponse, e *expectedMessage) {
	t.Helper()
	same(t, "status", p.GetStatusCode(), e.Status)
	same(t, "response.http_version", text(p.HttpVersion), e.HTTPVersion)
	sameFields(t, "response.headers", p.Headers, e.Headers)
	sameTrailers(t, "response.trailers", p.Trailers, e.Trailers)
	sameTime(t, "response.timestamp_start", p.TimestampStart, e.TimestampStart)
	sameTime(t, "response.timestamp_end", p.TimestampEnd, e.TimestampEnd)
	sameBody(t, "response", content(t, r, p.Content, p.Body), e)
}

func sameFields(t testing.TB, what string, got []*flowpb.HTTPHeader, want [][2]string) {
	t.Helper()
	var have [][2]string
	for _, h := range got {
		have = append(have, [2]string{text(h.Name), text(h.Value)})
	}
	if !slices.Equal(have, want) {
		t.Errorf("%s: %q, want %q", what, have, want)
	}
}

func sameTrailers(t testing.TB, what string, got *flowpb.Headers, want [][2]string) {
	t.Helper()
	same(t, what+" present", got != nil, want != nil)
	sameFields(t, what, got.GetFields(), want)
}

func sameBody(t testing.TB, what string, got []byte, e *expectedMessage) {
	t.Helper()
	if (got == nil) != (e.RawLen == nil) {
		t.Errorf("%s: body present: %v", what, got != nil)
		return
	}
	if got != nil {
		same(t, what+" length", int64(len(got)), *e.RawLen)
		same(t, what+" sha256", sum(got), *e.RawSHA256)
	}
}

func compareStream(t *testing.T, r session.Reader, messages []*flowpb.Message, e *expectedStream) {
	t.Helper()
	same(t, "messages", len(messages), e.Messages)
	var all []byte
	var fromClient int
	for _, m := range messages {
		all = append(all, content(t, r, m.Content, m.Body)...)
		if m.GetFromClient() {
			fromClient++
		}
	}
	same(t, "from client", fromClient, e.FromClient)
	same(t, "bytes", int64(len(all)), e.Bytes)
	same(t, "sha256", sum(all), e.SHA256)
}

func compareWebSocket(t *testing.T, r session.Reader, w *flowpb.WebSocket, e *expectedStream) {
	t.Helper()
	var messages []*flowpb.Message
	texts := 0
	for _, m := range w.Messages {
		messages = append(messages, &flowpb.Message{FromClient: m.FromClient, Content: m.Content, Body: m.Body})
		if m.GetType() == 1 {
			texts++
		}
		same(t, "knows whether injected", m.Injected != nil, true)
	}
	compareStream(t, r, messages, e)
	same(t, "text messages", texts, e.Text)
	same(t, "closed_by_client known", w.ClosedByClient != nil, e.ClosedByClient != nil)
	if e.ClosedByClient != nil {
		same(t, "closed_by_client", w.GetClosedByClient(), *e.ClosedByClient)
	}
	if e.CloseCode != nil {
		same(t, "close_code", w.GetCloseCode(), *e.CloseCode)
	}
	sameText(t, "close_reason", w.CloseReason, e.CloseReason)
	sameTime(t, "websocket.timestamp_end", w.TimestampEnd, e.TimestampEnd)
}

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
