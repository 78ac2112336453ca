package mitm

import (
	"encoding/json"
	"slices"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// state is a flow as the vectors write what mitmproxy has in memory.
type state = map[string]any

// stateOf returns the state of f. It leaves out what a flow of its type has
// not.
func stateOf(t testing.TB, r session.Reader, f *flowpb.Flow) state {
	t.Helper()
	s := state{
		"version": newest, "type": typeOf(f), "id": string(f.Id), "error": nil, "intercepted": f.GetIntercepted(),
		"is_replay": textOrNil(f.IsReplay), "marked": string(f.Marker), "metadata": metadataOf(f.Metadata), "comment": textOrNil(f.Comment),
		"timestamp_created": orNil(f.TimestampCreated), "backup": nil,
		"client_conn": clientOf(f.ClientConn), "server_conn": serverOf(f.ServerConn),
	}
	if f.Error != nil {
		s["error"] = state{"msg": string(f.Error.Msg), "timestamp": f.Error.GetTimestamp()}
	}
	if f.GetKind() == flowpb.Kind_TCP {
		messages := []any{}
		for _, m := range f.Messages {
			messages = append(messages, []any{m.GetFromClient(), b64(content(t, r, m.Content, m.Body)), m.GetTimestamp()})
		}
		s["messages"] = messages
		return s
	}
	s["request"], s["response"], s["websocket"] = requestOf(t, r, f.Request), nil, nil
	if f.Response != nil {
		s["response"] = responseOf(t, r, f.Response)
	}
	if f.Websocket != nil {
		s["websocket"] = socketOf(t, r, f.Websocket)
	}
	return s
}

// orNil returns what p points to, or null.
func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// textOrNil returns bytes as text, or null.
func textOrNil(b []byte) any {
	if b == nil {
		return nil
	}
	return string(b)
}

func b64(b []byte) any {
	if b == nil {
		return nil
	}
	return map[string][]byte{"b64": b}
}

func addressOf(a *flowpb.Address) any {
	if a == nil {
		return nil
	}
	return []any{string(a.Host), a.GetPort()}
}

func linesOf(lines []*flowpb.HTTPHeader) any {
	out := []any{}
	for _, l := range lines {
		out = append(out, []any{b64(l.Name), b64(l.Value)})
	}
	return out
}

func metadataOf(v *flowpb.Value) any {
	out := state{}
	for _, p := range v.Dict.Pairs {
		out[string(p.Key.Text)+string(p.Key.Bytes)] = p.Value.GetBoolean()
		if p.Value.Text != nil {
			out[string(p.Key.Text)] = string(p.Value.Text)
		}
	}
	return out
}

func commonOf(c *flowpb.Connection, id, alpn, tlsVersion, sni []byte, start, end, tls *float64) state {
	certs, offers, ciphers := []any{}, []any{}, []string{}
	for _, b := range c.CertificateList {
		certs = append(certs, b64(b))
	}
	for _, b := range c.AlpnOffers {
		offers = append(offers, b64(b))
	}
	for _, b := range c.CipherList {
		ciphers = append(ciphers, string(b))
	}
	return state{
		"id": textOrNil(id), "transport_protocol": textOrNil(c.TransportProtocol), "error": textOrNil(c.Error), "tls": orNil(c.Tls),
		"certificate_list": certs, "alpn": b64(alpn), "alpn_offers": offers, "cipher": nil, "cipher_list": ciphers,
		"tls_version": textOrNil(tlsVersion), "sni": textOrNil(sni),
		"timestamp_start": orNil(start), "timestamp_end": orNil(end), "timestamp_tls_setup": orNil(tls),
	}
}

func clientOf(c *flowpb.ClientConnection) state {
	s := commonOf(c.Common, c.Id, c.AlpnProtoNegotiated, c.TlsVersion, c.Sni, c.TimestampStart, c.TimestampEnd, c.TimestampTlsSetup)
	s["peername"], s["sockname"], s["cipher"] = addressOf(c.Address), addressOf(c.Sockname), textOrNil(c.CipherName)
	s["mitmcert"], s["proxy_mode"] = b64(c.Mitmcert), textOrNil(c.ProxyMode)
	return s
}

func serverOf(c *flowpb.ServerConnection) state {
	s := commonOf(c.Common, c.Id, c.AlpnProtoNegotiated, c.TlsVersion, c.Sni, c.TimestampStart, c.TimestampEnd, c.TimestampTlsSetup)
	s["peername"], s["sockname"], s["address"] = addressOf(c.IpAddress), addressOf(c.SourceAddress), addressOf(c.Address)
	s["timestamp_tcp_setup"], s["via"] = orNil(c.TimestampTcpSetup), nil
	if c.ViaSpec != nil {
		s["via"] = []any{string(c.ViaSpec.Scheme), addressOf(c.ViaSpec.Address)}
	}
	return s
}

func requestOf(t testing.TB, r session.Reader, q *flowpb.HTTPRequest) state {
	s := state{
		"http_version": b64(q.HttpVersion), "headers": linesOf(q.Headers), "content": b64(content(t, r, q.Content, q.Body)), "trailers": nil,
		"timestamp_start": orNil(q.TimestampStart), "timestamp_end": orNil(q.TimestampEnd),
		"host": string(q.Host), "port": q.GetPort(), "method": b64(q.Method), "scheme": b64(q.Scheme), "authority": b64(q.Authority), "path": b64(q.Path),
	}
	if q.Trailers != nil {
		s["trailers"] = linesOf(q.Trailers.Fields)
	}
	return s
}

func responseOf(t testing.TB, r session.Reader, p *flowpb.HTTPResponse) state {
	s := state{
		"http_version": b64(p.HttpVersion), "headers": linesOf(p.Headers), "content": b64(content(t, r, p.Content, p.Body)), "trailers": nil,
		"timestamp_start": orNil(p.TimestampStart), "timestamp_end": orNil(p.TimestampEnd),
		"status_code": p.GetStatusCode(), "reason": b64(p.Reason),
	}
	if p.Trailers != nil {
		s["trailers"] = linesOf(p.Trailers.Fields)
	}
	return s
}

func socketOf(t testing.TB, r session.Reader, w *flowpb.WebSocket) state {
	messages := []any{}
	for _, m := range w.Messages {
		body := b64(content(t, r, m.Content, m.Body))
		messages = append(messages, []any{m.GetType(), m.GetFromClient(), body, m.GetTimestamp(), m.GetDropped(), orNil(m.Injected)})
	}
	return state{
		"messages": messages, "closed_by_client": orNil(w.ClosedByClient), "close_code": orNil(w.CloseCode),
		"close_reason": textOrNil(w.CloseReason), "timestamp_end": orNil(w.TimestampEnd),
	}
}

// text of a state, for comparison.
func written(t testing.TB, s any) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var plain any // in which 1 is 1.0
	if err := json.Unmarshal(b, &plain); err != nil {
		t.Fatal(err)
	}
	b, err = json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestVectors: the flow that all 30 formats wrote reads as mitmproxy reads it.
func TestVectors(t *testing.T) {
	var vectors struct {
		Inputs []struct {
			Version json.RawMessage
			B64     []byte
		}
		Expected state `json:"expected_state_normalised"`
	}
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/compat_http.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	same(t, "formats", len(vectors.Inputs), newest-oldest+1)
	for i, input := range vectors.Inputs {
		r := open(blob.Bytes(input.B64))
		flows, issues := collect(t, r)
		if len(flows) != 1 || len(issues) != 0 {
			t.Fatalf("format %s: %d flows, %v", input.Version, len(flows), issues)
		}
		f := flows[0]
		same(t, "format "+string(input.Version), int(f.GetFormatVersion()), oldest+i)
		got := stateOf(t, r, f)
		if f.GetFormatVersion() < 5 { // where mitmproxy makes ids up, which differ each time
			same(t, "ids that are made up", f.ClientConn.Id == nil && f.ServerConn.Id == nil, true)
			for _, conn := range []string{"client_conn", "server_conn"} {
				got[conn].(state)["id"] = vectors.Expected[conn].(map[string]any)["id"]
			}
		}
		same(t, "format "+string(input.Version), written(t, got), written(t, vectors.Expected))
		form := "relative"
		if f.GetFormatVersion() >= 9 {
			form = ""
		}
		same(t, "form of the request line", string(f.Request.FirstLineFormat), form)
	}
}

// TestVectorsOfFormat7: a TCP flow, a WebSocket as two records and one without
// its handshake read as mitmproxy would read them, but for the handshake that
// it lists twice and what it makes up.
func TestVectorsOfFormat7(t *testing.T) {
	var want []state
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/compat_v7_tcp_websocket.expected.json"), &want); err != nil {
		t.Fatal(err)
	}
	same(t, "handshake alone", want[1]["websocket"], nil)
	want = slices.Delete(want, 1, 2)
	for _, e := range want[1:] {
		delete(e["metadata"].(state), "duplicated") // nothing is
	}
	orphan := want[2]
	orphan["metadata"].(state)["websocket_handshake"] = "gone" // which is kept
	request := orphan["request"].(state)
	request["timestamp_start"], request["timestamp_end"] = nil, nil // not 1970
	orphan["timestamp_created"] = 10                                // with its connection

	r := open(blob.Bytes(corpus.File(t, "golden/vectors/compat_v7_tcp_websocket.mitm")))
	flows, issues := collect(t, r)
	if len(flows) != 3 || len(want) != 3 || len(issues) != 1 {
		t.Fatal(len(flows), len(want), issues)
	}
	for i, f := range flows {
		same(t, string(f.Id), written(t, stateOf(t, r, f)), written(t, want[i]))
	}
}
