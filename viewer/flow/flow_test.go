package flow

import (
	"math"
	"testing"

	"flowpane/proto/flowpb"
)

func header(pairs ...string) []*flowpb.HTTPHeader {
	var h []*flowpb.HTTPHeader
	for i := 0; i < len(pairs); i += 2 {
		h = append(h, &flowpb.HTTPHeader{Name: []byte(pairs[i]), Value: []byte(pairs[i+1])})
	}
	return h
}

// request returns GET scheme://host:port/path.
func request(scheme, host string, port int32, headers ...string) *flowpb.HTTPRequest {
	return &flowpb.HTTPRequest{
		Method: []byte("GET"), Scheme: []byte(scheme), Host: []byte(host), Port: new(port),
		Path: []byte("/path"), HttpVersion: []byte("HTTP/1.1"), Headers: header(headers...),
	}
}

func httpFlow(r *flowpb.HTTPRequest) *flowpb.Flow { return &flowpb.Flow{Request: r} }

func kind(k flowpb.Kind) *flowpb.Flow { return &flowpb.Flow{Kind: new(k)} }

func TestEmptyFlow(t *testing.T) {
	flows := []*flowpb.Flow{
		nil, {}, kind(flowpb.Kind_TCP), kind(flowpb.Kind_UDP), kind(flowpb.Kind_DNS), kind(99),
		{Messages: []*flowpb.Message{nil}, Kind: new(flowpb.Kind_UDP)},
		{Websocket: &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{nil}}},
		{Request: &flowpb.HTTPRequest{Headers: []*flowpb.HTTPHeader{nil}}, Response: &flowpb.HTTPResponse{}},
		{Kind: new(flowpb.Kind_DNS), DnsRequest: &flowpb.DNSMessage{Questions: []*flowpb.DNSQuestion{nil}},
			DnsResponse: &flowpb.DNSMessage{Answers: []*flowpb.DNSRecord{nil}}},
	}
	for i, f := range flows {
		Method(f)
		StatusText(f)
		Path(f)
		PrettyURL(f)
		PrettyHost(f)
		DNSText(f.GetDnsResponse())
		Replay(f)
		Content(f, Response, nil)
		HeaderBlock(f.GetRequest().GetHeaders())
		for name, known := range map[string]bool{
			"status":   second(Status(f)),
			"start":    second(Start(f)),
			"end":      second(End(f)),
			"error":    second(ErrorText(f)),
			"asset":    Asset(f),
			"marked":   IsMarked(f),
			"created":  Created(f) != 0,
			"size":     TotalSize(f) != 0,
			"request":  present(RequestBody(f)),
			"response": present(ResponseBody(f)),
		} {
			if known {
				t.Errorf("flow %d: %s is known", i, name)
			}
		}
	}
}

func second[T any](_ T, ok bool) bool { return ok }

func present(_ []byte, _ *flowpb.Body, ok bool) bool { return ok }

func TestMethod(t *testing.T) {
	for _, test := range []struct {
		flow *flowpb.Flow
		want string
	}{
		{httpFlow(&flowpb.HTTPRequest{Method: []byte("get")}), "GET"},
		{httpFlow(&flowpb.HTTPRequest{Method: []byte("café")}), "CAFÉ"},
		{httpFlow(&flowpb.HTTPRequest{Method: []byte("p\xffut")}), "P\xffUT"},
		{kind(flowpb.Kind_TCP), "TCP"},
		{kind(flowpb.Kind_UDP), "UDP"},
		{&flowpb.Flow{Kind: new(flowpb.Kind_DNS), DnsRequest: &flowpb.DNSMessage{}}, "QUERY"},
		{&flowpb.Flow{Kind: new(flowpb.Kind_DNS), DnsRequest: &flowpb.DNSMessage{OpCode: new(int32(3))}}, "OPCODE(3)"},
	} {
		if got := Method(test.flow); got != test.want {
			t.Errorf("Method: %q, want %q", got, test.want)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, test := range []struct {
		flow *flowpb.Flow
		want string
	}{
		{&flowpb.Flow{Marker: []byte("X"), Marked: new(true)}, "X"},
		{&flowpb.Flow{Marked: new(true)}, ":default:"},
		{&flowpb.Flow{Marked: new(false)}, ""},
	} {
		if got := Marker(test.flow); got != test.want || IsMarked(test.flow) != (test.want != "") {
			t.Errorf("Marker: %q, %v; want %q", got, IsMarked(test.flow), test.want)
		}
	}
}

func TestStatus(t *testing.T) {
	response := &flowpb.Flow{Response: &flowpb.HTTPResponse{StatusCode: new(int32(404))}}
	if code, ok := Status(response); code != 404 || !ok || StatusText(response) != "404" || !HasResponse(response) {
		t.Errorf("Status: %d, %v, %q", code, ok, StatusText(response))
	}
	dns := &flowpb.Flow{Kind: new(flowpb.Kind_DNS), DnsResponse: &flowpb.DNSMessage{ResponseCode: new(int32(3))}}
	if _, ok := Status(dns); ok || StatusText(dns) != "NXDOMAIN" || !HasResponse(dns) {
		t.Errorf("DNS status: %v, %q", ok, StatusText(dns))
	}
}

func TestTimes(t *testing.T) {
	ws := &flowpb.Flow{
		Request:   &flowpb.HTTPRequest{TimestampStart: new(1.5)},
		Response:  &flowpb.HTTPResponse{TimestampEnd: new(2.5)},
		Websocket: &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Timestamp: new(3.5)}}},
	}
	if start, _ := Start(ws); start != 1.5 || Created(ws) != 1.5 {
		t.Errorf("start %v, created %v", start, Created(ws))
	}
	if end, _ := End(ws); end != 3.5 {
		t.Errorf("end of an open conversation: %v", end)
	}
	ws.Websocket.TimestampEnd = new(4.5)
	if end, _ := End(ws); end != 4.5 {
		t.Errorf("end of a closed conversation: %v", end)
	}
	ws.Websocket = nil
	ws.TimestampCreated = new(0.0)
	if end, _ := End(ws); end != 2.5 || Created(ws) != 0 {
		t.Errorf("end of a response: %v, created %v", end, Created(ws))
	}
	tcp := kind(flowpb.Kind_TCP)
	tcp.ClientConn = &flowpb.ClientConnection{TimestampStart: new(1.0)}
	tcp.ServerConn = &flowpb.ServerConnection{TimestampEnd: new(9.0)}
	start, _ := Start(tcp)
	if end, ok := End(tcp); start != 1 || end != 9 || !ok {
		t.Errorf("tcp from %v to %v", start, end)
	}
}

func TestNanos(t *testing.T) {
	for _, test := range []struct {
		seconds float64
		want    int64
	}{
		{0, 0},
		{1.5, 1_500_000_000},
		{-0.25, -250_000_000},
		{1795391351.7917295, 1_795_391_351_791_729_450}, // the double nearest to it
		{1700000000.25, 1_700_000_000_250_000_000},
		{0.1, 100_000_000},
		{math.NaN(), 0},
		{math.Inf(1), math.MaxInt64},
		{-1e300, math.MinInt64},
	} {
		if got := Nanos(test.seconds); got != test.want {
			t.Errorf("Nanos(%v) = %d, want %d", test.seconds, got, test.want)
		}
	}
}

func TestSizes(t *testing.T) {
	f := &flowpb.Flow{
		Request: &flowpb.HTTPRequest{Content: []byte("12345")},
		Response: &flowpb.HTTPResponse{Body: &flowpb.Body{
			Length: new(uint64(14)), Encoding: new(flowpb.Body_JSON_BASE64)}},
		Websocket: &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Content: []byte("abc")},
			{Body: &flowpb.Body{Length: new(uint64(4))}}}},
	}
	if RequestSize(f) != 5 || ResponseSize(f) != 9 || OrderSize(f) != 14 || TotalSize(f) != 21 {
		t.Errorf("sizes %d + %d, %d, %d", RequestSize(f), ResponseSize(f), OrderSize(f), TotalSize(f))
	}
	f.Response.Body = &flowpb.Body{Length: new(uint64(1)), Encoding: new(flowpb.Body_JSON)}
	if ResponseSize(f) != 0 || !present(ResponseBody(f)) {
		t.Errorf("a broken reference has %d bytes", ResponseSize(f))
	}
	f = kind(flowpb.Kind_TCP)
	f.Messages = []*flowpb.Message{{Content: []byte("hello")}, {Content: []byte("it's me")}}
	if OrderSize(f) != 12 || TotalSize(f) != 12 {
		t.Errorf("tcp: %d, %d", OrderSize(f), TotalSize(f))
	}
}
