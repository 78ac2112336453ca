package mitm_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"iter"
	"math"
	"os"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/mitm"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A capture is flows with bodies by their offset.
type capture struct {
	flows  []*flowpb.Flow
	bodies map[uint64]blob.Source
	err    error // instead of the flows
}

var _ session.Flows = capture{}

func (c capture) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		if err := errors.Join(c.err, ctx.Err()); err != nil {
			yield(nil, err)
			return
		}
		for _, f := range c.flows {
			if !yield(f, nil) {
				return
			}
		}
	}
}

func (c capture) Body(b *flowpb.Body) (blob.Source, error) {
	if src := c.bodies[b.GetOffset()]; src != nil {
		return src, nil
	}
	return nil, errors.New("it is gone")
}

func (c capture) About(uint32) *flowpb.About { return nil }

func fields(pairs ...string) (all []*flowpb.HTTPHeader) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, &flowpb.HTTPHeader{Name: []byte(pairs[i]), Value: []byte(pairs[i+1])})
	}
	return all
}

func addr(host string, port int32) *flowpb.Address {
	return &flowpb.Address{Host: []byte(host), Port: &port}
}

const pem = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"

// exchange is an HTTP flow with all that it can have.
func exchange(id string) *flowpb.Flow {
	return &flowpb.Flow{
		Id: []byte(id), TimestampCreated: new(946681200.0), Integral: new(uint32(1)), Comment: []byte("ä note"), Marker: []byte(":red_circle:"),
		Metadata: &flowpb.Value{Dict: &flowpb.Value_Dict{Pairs: []*flowpb.Value_Pair{
			{Key: textValue("huge"), Value: &flowpb.Value{Integer: []byte("-" + strings.Repeat("9", 40))}},
			{Key: &flowpb.Value{Bytes: []byte("k\xff")}, Value: &flowpb.Value{List: &flowpb.Value_List{Items: []*flowpb.Value{
				{Number: new(math.NaN())}, {Number: new(math.Inf(-1))}, {Number: new(1e22)}, {Number: new(1e-5)}, {Boolean: new(true)}, {},
			}}}},
			{Key: textValue("again"), Value: textValue("")}, {Key: textValue("again"), Value: &flowpb.Value{Bytes: []byte{}}},
		}}},
		ClientConn: &flowpb.ClientConnection{
			Id: []byte("c-1"), Address: addr("::1", 5000), Sockname: addr("::1", 8080), TimestampStart: new(1.5), TimestampTlsSetup: new(2.0),
			Mitmcert: []byte(pem), Sni: []byte("shop.test"), CipherName: []byte("TLS_AES_128_GCM_SHA256"),
			AlpnProtoNegotiated: []byte("h2"), TlsVersion: []byte("TLSv1.3"), ProxyMode: []byte("reverse:https://shop.test@443"),
			Common: &flowpb.Connection{TransportProtocol: []byte("tcp"), Tls: new(true), AlpnOffers: [][]byte{[]byte("h2"), {}}, CipherList: [][]byte{[]byte("A")}, Integral: new(uint32(4))},
		},
		ServerConn: &flowpb.ServerConnection{
			Id: []byte("s-1"), Address: addr("shop.test", 443),
			IpAddress:  &flowpb.Address{Host: []byte("fe80::1"), Port: new(int32(443)), Flowinfo: new(uint32(7)), ScopeId: new(uint32(9))},
			CipherName: []byte("CIPHER"), ViaSpec: &flowpb.Via{Scheme: []byte("https"), Address: addr("proxy.test", 3128)},
			Common: &flowpb.Connection{TransportProtocol: []byte("tcp"), Tls: new(true), Error: []byte("untrusted"), CertificateList: [][]byte{[]byte(pem), []byte(pem)}},
		},
		Request: &flowpb.HTTPRequest{
			Method: []byte("POST"), Scheme: []byte("https"), Authority: []byte("shop.test"), Host: []byte("bücher.test"), Port: new(int32(443)), Path: []byte("/\xff?a=b"),
			HttpVersion: []byte("HTTP/2.0"), Headers: fields("x-a", "1", "X-A", "\xff"), Content: []byte("a=\x00"), Trailers: &flowpb.Headers{Fields: fields("t", "u")},
			TimestampStart: new(946681200.25), TimestampEnd: new(math.NaN()),
		},
		Response: &flowpb.HTTPResponse{
			HttpVersion: []byte("HTTP/2.0"), StatusCode: new(int32(200)), Reason: []byte{}, Headers: fields("content-encoding", "gzip"),
			Body: &flowpb.Body{Offset: new(uint64(1))}, Trailers: &flowpb.Headers{}, TimestampStart: new(946681202.0), TimestampEnd: new(math.Inf(1)), Integral: new(uint32(1)),
		},
	}
}

func textValue(s string) *flowpb.Value { return &flowpb.Value{Text: []byte(s)} }

// everyKind returns flows of each kind, whole ones and bare ones.
func everyKind() []*flowpb.Flow {
	edited := exchange("f-2")
	edited.Backup = exchange("f-2")
	edited.Backup.Response = nil
	edited.Response.Body = nil
	socket := exchange("f-3")
	socket.Response.Body = nil
	socket.Websocket = &flowpb.WebSocket{
		Messages: []*flowpb.WebSocketMessage{
			{Type: new(int32(1)), FromClient: new(true), Content: []byte("hello"), Timestamp: new(3.0), Dropped: new(true), Injected: new(false), Integral: new(uint32(1))},
			{Type: new(int32(2)), FromClient: new(false), Content: bytes.Repeat([]byte("long "), 1000), Timestamp: new(4.5), Injected: new(true)},
		},
		ClosedByClient: new(false), CloseCode: new(int64(1000)), CloseReason: []byte("bye"), TimestampEnd: new(5.0),
	}
	stream := func(kind flowpb.Kind, content string) *flowpb.Flow {
		return &flowpb.Flow{
			Kind: &kind, Id: []byte(content), Error: &flowpb.Error{Msg: []byte("reset"), Timestamp: new(7.0)}, IsReplay: []byte("request"), Intercepted: new(true),
			Messages: []*flowpb.Message{
				{FromClient: new(true), Content: []byte(content), Timestamp: new(6.5)},
				{FromClient: new(false), Content: []byte{}, Timestamp: new(7.0), Integral: new(uint32(1))},
			},
		}
	}
	question := &flowpb.DNSQuestion{Name: []byte("dns.google"), Type: new(int32(1)), Class: new(int32(1))}
	record := &flowpb.DNSRecord{Name: []byte("dns.google"), Type: new(int32(1)), Class: new(int32(1)), Ttl: new(uint32(4294967295)), Data: []byte{8, 8, 8, 8}}
	dns := &flowpb.Flow{
		Kind: new(flowpb.Kind_DNS), Id: []byte("dns"),
		DnsRequest: &flowpb.DNSMessage{Id: new(int32(42)), Query: new(true), RecursionDesired: new(true), Questions: []*flowpb.DNSQuestion{question}, Timestamp: new(8.0)},
		DnsResponse: &flowpb.DNSMessage{
			Id: new(int32(42)), OpCode: new(int32(2)), AuthoritativeAnswer: new(true), Truncation: new(true), RecursionAvailable: new(true), Reserved: new(int32(1)), ResponseCode: new(int32(3)),
			Answers: []*flowpb.DNSRecord{record, record}, Authorities: []*flowpb.DNSRecord{record}, Additionals: []*flowpb.DNSRecord{record},
		},
	}
	flows := []*flowpb.Flow{exchange("f-1"), edited, socket, stream(flowpb.Kind_TCP, "tcp"), stream(flowpb.Kind_UDP, "udp"), dns}
	for kind := range flowpb.Kind(4) {
		flows = append(flows, &flowpb.Flow{Kind: new(kind)})
	}
	return append(flows, fromElsewhere()...)
}

// fromElsewhere returns flows that have what mitmproxy does not take.
func fromElsewhere() []*flowpb.Flow {
	decoded := exchange("f-4")
	decoded.Har = &flowpb.HAR{Pageref: []byte("page"), Time: new(5.0), Extra: []byte("{}")}
	decoded.Response.Headers = fields("Content-Encoding", "br", "a", "b", "content-length", "2", "content-encoding", "gzip")
	decoded.Response.Content, decoded.Response.Body = []byte("twelve bytes"), &flowpb.Body{Decoded: new(true)}
	decoded.Request.FirstLineFormat = []byte("relative")
	odd := exchange("f-\xff")
	odd.Response, odd.Mode = nil, []byte("socks5")
	odd.Error = &flowpb.Error{Msg: []byte("é\xe9\ufffd")}
	odd.ClientConn.ProxyMode, odd.ClientConn.TlsVersion, odd.ClientConn.Clientcert = []byte("upstream:"), []byte("TLS 1.2"), []byte("PEM")
	odd.ServerConn.TlsVersion, odd.ServerConn.ViaSpec.Scheme = []byte("TLS 9"), []byte("socks5")
	odd.ServerConn.Common = &flowpb.Connection{TransportProtocol: []byte("sctp"), State: new(int64(3))}
	odd.ServerConn.Via, odd.ClientConn.TlsExtensions = new(flowpb.ServerConnection), []*flowpb.TLSExtension{{Int: new(int64(1))}}
	odd.Websocket = &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Type: new(int32(7))}, {}}}
	begun := &flowpb.Flow{
		Mode: []byte("old"), Marked: new(true), ClientConn: &flowpb.ClientConnection{TimestampStart: new(11.5), TlsEstablished: new(true), TlsVersion: []byte{}},
		ServerConn: &flowpb.ServerConnection{TimestampStart: new(12.5), Cert: []byte(pem), Address: &flowpb.Address{Host: []byte("a")}},
		Request:    &flowpb.HTTPRequest{Scheme: []byte("https"), IsReplay: new(true), Headers: []*flowpb.HTTPHeader{{}}},
		Response:   &flowpb.HTTPResponse{Headers: fields("Content-Length", "9", "Content-Encoding", "gzip"), Content: []byte{}, Body: &flowpb.Body{Decoded: new(true)}},
	}
	return []*flowpb.Flow{decoded, odd, begun, begun}
}

// whole is everyKind with its bodies.
func whole() capture {
	return capture{flows: everyKind(), bodies: map[uint64]blob.Source{1: blob.Bytes(bytes.Repeat([]byte("body "), 20))}}
}

// TestWriteGolden holds what is written against a file that was looked at.
func TestWriteGolden(t *testing.T) {
	const name = "testdata/written.mitm"
	got := mitm.WrittenDump(t, whole())
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	mitm.SameBytes(t, got, want)
	mitm.SameBytes(t, mitm.Rewritten(t, want), want)
}

// TestWriteKinds: the law holds for flows of every kind, and each loss is told.
func TestWriteKinds(t *testing.T) {
	count := tally{}
	law(t, whole(), count)
	count.same(t, 1, len(everyKind()), 1, 14, tally{
		"timings of the archive": 1, "pages and initiators": 1, "other members of the archive": 1, "content encodings of decoded bodies": 1,
		"forms of request lines": 1, "states of connections": 1, "TLS extensions": 1, "connections of upstream proxies": 1,
		"proxy modes of old formats": 2, "values that mitmproxy refuses": 1, "bytes that are not UTF-8": 1, "the absence of requests": 2,
	})
}

// TestWriteUnknownKind: a flow of a kind that is not known is left out.
func TestWriteUnknownKind(t *testing.T) {
	c := capture{flows: []*flowpb.Flow{{Kind: new(flowpb.Kind(9))}}}
	if got := mitm.WrittenDump(t, c); len(got) > 0 {
		t.Errorf("%q", got)
	}
	if lost := mitm.Writer.Losses(c.flows[0]); len(lost) != 1 || lost[0] != "flows of an unknown kind" {
		t.Errorf("%q", lost)
	}
}

// TestWriteIDs: ids that are made up are the same each time, those of flows
// differ, and those of connections are the same where the connection is.
func TestWriteIDs(t *testing.T) {
	same := func() *flowpb.Flow {
		return &flowpb.Flow{
			ClientConn: &flowpb.ClientConnection{TimestampStart: new(1.0), Address: addr("a", 1)},
			ServerConn: &flowpb.ServerConnection{TimestampStart: new(1.0), SourceAddress: addr("a", 1)},
		}
	}
	later := same()
	later.ClientConn.TimestampStart, later.ServerConn.SourceAddress = new(2.0), addr("a", 2)
	file := mitm.WrittenDump(t, capture{flows: []*flowpb.Flow{same(), same(), later, {}, {}}})
	flows, clients, servers := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, f := range list(t, mitm.Format, file).Flows {
		flows[string(f.Id)], clients[string(f.ClientConn.Id)], servers[string(f.ServerConn.Id)] = true, true, true
	}
	if len(flows) != 5 || len(clients) != 4 || len(servers) != 4 {
		t.Errorf("%d flows, %d clients, %d servers, want 5, 4 and 4", len(flows), len(clients), len(servers))
	}
}
