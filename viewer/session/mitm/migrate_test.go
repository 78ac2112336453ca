package mitm

import (
	"strings"
	"testing"

	"flowpane/viewer/blob"
)

// oldDict is an HTTP flow of format 10, in the order of old files.
func oldDict(id string, meta dict) dict {
	conn := func(more ...any) dict {
		return append(dict{
			"id", "conn", "address", []any{[]byte("127.0.0.1"), 5000}, "timestamp_start", nil, "timestamp_end", 9,
			"timestamp_tls_setup", 3.5, "tls_established", true, "tls", true, "tls_version", "QUIC", "sni", []byte("old.test"),
			"alpn_proto_negotiated", []byte("h2"), "alpn_offers", nil, "cipher_name", "C", "cipher_list", nil,
			"certificate_list", []any{}, "state", 3, "error", nil,
		}, more...)
	}
	return dict{
		"version", 10, "type", "http", "id", id, "error", nil,
		"client_conn", conn("sockname", []any{"", 0}, "tls_extensions", []any{[]any{16, []byte("h2")}}, "mitmcert", nil),
		"server_conn", conn("ip_address", []any{[]byte("10.0.0.1"), 443}, "source_address", []any{"10.0.0.2", 6000},
			"via", dict{"id", "upstream"}, "via2", []any{"https", []any{"proxy.test", 8080}}),
		"request", dict{
			"http_version", []byte("HTTP/1.1"), "headers", []any{}, "content", []byte{}, "trailers", nil, "timestamp_start", 5, "timestamp_end", 6.5,
			"host", "old.test", "port", 443, "method", []byte("GET"), "scheme", []byte("https"), "authority", []byte{}, "path", []byte("/"),
		},
		"response", dict{
			"http_version", []byte("HTTP/1.1"), "headers", []any{}, "content", []byte{}, "trailers", nil, "timestamp_start", nil, "timestamp_end", nil,
			"status_code", 101, "reason", []byte("Switching"),
		},
		"intercepted", false, "is_replay", nil, "marked", true, "metadata", meta, "mode", "regular",
	}
}

// socketDict is the conversation of a handshake, in format 10.
func socketDict(id, of string) dict {
	return oldDict(id, dict{"websocket_handshake", of}).with("type", "websocket").with("close_sender", "client").
		with("close_code", 1000).with("close_reason", "bye").with("error", dict{"msg", "reset", "timestamp", 8}).
		with("messages", []any{[]any{1, true, "hello", 7.5, false}, []any{2, false, []byte(strings.Repeat("x", 100)), 8, true}})
}

// TestSteps looks at what each migration step changes.
func TestSteps(t *testing.T) {
	flows, issues := collect(t, open(blob.Bytes([]byte(tnet(oldDict("a", dict{}))+
		tnet(oldDict("b", dict{}).with("marked", false).with("version", 12))+
		tnet(oldDict("c", dict{}).with("marked", "").with("version", 20))))))
	if len(flows) != 3 || len(issues) != 0 {
		t.Fatal(len(flows), issues)
	}
	f := flows[0]
	same(t, "format", f.GetFormatVersion(), 10)
	same(t, "12 to 13", string(f.Marker)+" "+string(flows[1].Marker), ":default: ")
	same(t, "marked", f.GetMarked() && !flows[1].GetMarked() && !flows[2].GetMarked(), true)
	same(t, "13 to 14", f.Comment != nil, true)
	same(t, "unknown times stay unknown", f.Response.TimestampStart == nil && f.ClientConn.TimestampStart == nil, true)
	same(t, "15 to 16", f.GetTimestampCreated(), 5)
	same(t, "15 to 16, as an integer", f.GetIntegral(), 1)
	same(t, "no creation in format 20", flows[2].TimestampCreated == nil, true)
	same(t, "mode is kept", string(f.Mode), "regular")
	c, s := f.ClientConn, f.ServerConn
	same(t, "17 to 18", string(c.ProxyMode), "regular")
	same(t, "17 to 18 only", flows[2].ClientConn.ProxyMode == nil, true)
	same(t, "18 to 19, peers", address(c.Address)+address(s.Address)+address(s.IpAddress)+address(s.SourceAddress),
		`["127.0.0.1",5000]["127.0.0.1",5000]["10.0.0.1",443]["10.0.0.2",6000]`)
	same(t, "18 to 19, transport", string(c.Common.TransportProtocol)+string(s.Common.TransportProtocol), "tcptcp")
	same(t, "18 to 19, cipher", string(c.CipherName), "C")
	same(t, "20 to 21", string(c.TlsVersion)+string(s.TlsVersion), "QUICv1QUICv1")
	same(t, "alpn", string(c.AlpnProtoNegotiated)+string(s.AlpnProtoNegotiated), "h2h2")
	same(t, "sni", string(c.Sni)+string(s.Sni), "old.testold.test")
	same(t, "via", string(s.Via.Id)+string(s.ViaSpec.Address.Host), "upstreamproxy.test")
	same(t, "what only old formats have", c.Common.GetState()*100+c.TlsExtensions[0].GetInt(), 316)
}

func TestTrueForSNI(t *testing.T) {
	old := oldDict("a", dict{})
	for i := range old {
		if conn, ok := old[i].(dict); ok && old[i-1] == "server_conn" {
			old[i] = conn.with("sni", true)
		}
	}
	flows, issues := collect(t, open(blob.Bytes([]byte(tnet(old)))))
	if len(flows) != 1 || len(issues) != 0 {
		t.Fatal(len(flows), issues)
	}
	same(t, "sni", string(flows[0].ServerConn.Sni), "127.0.0.1")
}

func TestJoined(t *testing.T) {
	handshake := func(id string) string { return tnet(oldDict(id, dict{"websocket", true})) }
	plain := func(id string) string { return tnet(oldDict(id, dict{})) }
	socket := func(of string) string { return tnet(socketDict("ws-"+of, of)) }
	for _, test := range []struct {
		name, dump, want string
		issues           int
	}{
		{"a pair", handshake("a") + socket("a"), "a:2", 0},
		{"named by the handshake alone", tnet(oldDict("a", dict{"websocket_flow", "ws-a"})) + socket("a"), "a:2", 0},
		{"with a flow between", handshake("a") + plain("b") + socket("a"), "b a:2", 0},
		{"crossed", handshake("a") + handshake("b") + socket("a") + socket("b"), "a:2 b:2", 0},
		{"without conversation", handshake("a") + plain("b"), "b a", 0},
		{"without handshake", plain("b") + socket("a") + plain("c"), "b ws-a:2 c", 1},
		{"handshake behind", socket("a") + handshake("a"), "ws-a:2 a", 1},
		{"repeated", handshake("a") + handshake("a") + socket("a") + socket("a"), "a:2 a:2", 0},
		{"cut off", handshake("a") + socket("a")[:100], "a", 1},
		{"many", handshake("a") + strings.Repeat(handshake("b"), maxWaiting), "a" + strings.Repeat(" b", maxWaiting), 0},
	} {
		flows, issues := collect(t, open(blob.Bytes([]byte(test.dump))))
		var got []string
		for _, f := range flows {
			id := string(f.Id)
			if f.Websocket != nil {
				id += ":" + string(rune('0'+len(f.Websocket.Messages)))
			}
			got = append(got, id)
		}
		same(t, test.name, strings.Join(got, " "), test.want)
		same(t, test.name+", issues", len(issues), test.issues)
	}
}

func TestJoinedFlow(t *testing.T) {
	for _, dump := range []string{tnet(oldDict("a", dict{"websocket", true})) + tnet(socketDict("s", "a")), tnet(socketDict("s", "a"))} {
		flows, _ := collect(t, open(blob.Bytes([]byte(dump))))
		if len(flows) != 1 {
			t.Fatal(len(flows))
		}
		f := flows[0]
		w := f.Websocket
		same(t, "type", typeOf(f), typeHTTP)
		same(t, "request", string(f.Request.Method), "GET")
		same(t, "closed", w.GetClosedByClient() && w.GetCloseCode() == 1000 && string(w.CloseReason) == "bye", true)
		same(t, "end", w.GetTimestampEnd()*10+float64(w.GetIntegral()), 91)
		same(t, "error", string(f.Error.Msg), "reset")
		same(t, "error time", f.GetIntegral()&2, 2)
		same(t, "text", string(w.Messages[0].Content), "hello")
		same(t, "opcode", w.Messages[1].GetType(), 2)
		same(t, "length", w.Messages[1].Body.GetLength(), 100)
		same(t, "dropped", w.Messages[1].GetDropped() && !w.Messages[0].GetDropped(), true)
		same(t, "14 to 15", w.Messages[0].Injected != nil, true)
	}
}
