package mitm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

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

// forget removes from e what mitmproxy makes up for lack of anything better and
// what stays unknown here, if it is just that. It returns how many values.
func forget(f *flowpb.Flow, e *expected) (n int) {
	drop := func(got *float64, want **float64, madeUp float64) {
		if got == nil && *want != nil && **want == madeUp {
			*want, n = nil, n+1
		}
	}
	if c := f.ClientConn; c != nil { // without a start it began in 1970
		drop(c.TimestampStart, &e.Client.TimestampStart, 0)
	}
	if p := f.Response; p != nil && p.TimestampStart == nil && e.Response != nil && e.Request.TimestampEnd != nil {
		// a response without times began with the end of its request, and took a second
		drop(p.TimestampStart, &e.Response.TimestampStart, *e.Request.TimestampEnd)
		drop(p.TimestampEnd, &e.Response.TimestampEnd, *e.Request.TimestampEnd+1)
	}
	if q := f.Request; q != nil && f.Websocket != nil && string(q.Host) == "unknown" {
		// a handshake that is not in the file was in 1970
		drop(q.TimestampStart, &e.Request.TimestampStart, 0)
		drop(q.TimestampEnd, &e.Request.TimestampEnd, 0)
		if e.TimestampCreated == 0 { // nor was it created then, but with its connection
			e.TimestampCreated, n = f.ClientConn.GetTimestampStart(), n+1
		}
	}
	return n
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
	sameText(t, "error", f.GetError().GetMsg(), e.Failure)
	if f.Error != nil {
		sameTime(t, "error.timestamp", f.Error.Timestamp, e.ErrorTimestamp)
	}
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
	switch e.Type {
	case typeTCP, typeUDP:
		compareStream(t, r, f.Messages, &e.expectedStream)
	case typeDNS:
		compareDNS(t, "dns_request", f.DnsRequest, e.DNSRequest)
		compareDNS(t, "dns_response", f.DnsResponse, e.DNSResponse)
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
	sameTime(t, "client.timestamp_start", c.TimestampStart, e.Client.TimestampStart)
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
	same(t, "reason", latin1(p.Reason), e.Reason)
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

func compareDNS(t *testing.T, what string, m *flowpb.DNSMessage, e *expectedDNS) {
	t.Helper()
	same(t, what+" present", m != nil, e != nil)
	if m == nil || e == nil {
		return
	}
	got := expectedDNS{
		ID: m.GetId(), OpCode: m.GetOpCode(), RCode: m.GetResponseCode(),
		Authorities: len(m.Authorities), Additionals: len(m.Additionals), Timestamp: m.Timestamp,
		Questions: [][3]any{}, Answers: [][6]any{},
	}
	for _, q := range m.Questions {
		got.Questions = append(got.Questions, [3]any{text(q.Name), q.GetType(), q.GetClass()})
	}
	for i, r := range m.Answers {
		shown := e.Answers[min(i, len(e.Answers)-1)][5] // what the data means is not for a reader
		got.Answers = append(got.Answers, [6]any{text(r.Name), r.GetType(), r.GetClass(), r.GetTtl(), hex.EncodeToString(r.Data), shown})
	}
	have, _ := json.Marshal(got)
	want, _ := json.Marshal(e)
	same(t, what, string(have), string(want))
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
