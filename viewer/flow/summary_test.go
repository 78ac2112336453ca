package flow_test

import (
	"reflect"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

func TestSummarize(t *testing.T) {
	f := &flowpb.Flow{
		Request: &flowpb.HTTPRequest{
			Method: []byte("post"), Scheme: []byte("https"), Host: []byte("10.0.0.1"), Port: new(int32(443)),
			Path: []byte("/a?b"), HttpVersion: []byte("HTTP/1.1"), Content: []byte("abc"),
			Headers:        []*flowpb.HTTPHeader{{Name: []byte("Host"), Value: []byte("shop.example")}},
			TimestampStart: new(100.5),
		},
		Response: &flowpb.HTTPResponse{
			StatusCode: new(int32(201)), TimestampEnd: new(100.75), Body: &flowpb.Body{Length: new(uint64(40))},
			Headers: []*flowpb.HTTPHeader{{Name: []byte("content-type"), Value: []byte("Text/HTML; charset=x")}, {Name: []byte("Content-Type"), Value: []byte("b")}},
		},
		Websocket: &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Content: []byte("12345")}}},
		Marker:    []byte("X"), IsReplay: []byte("request"), Backup: &flowpb.Flow{}, TimestampCreated: new(99.0),
		ClientConn: &flowpb.ClientConnection{TlsEstablished: new(true), Address: &flowpb.Address{Host: []byte("::1"), Port: new(int32(5))}},
		ServerConn: &flowpb.ServerConnection{IpAddress: &flowpb.Address{Host: []byte("10.0.0.1"), Port: new(int32(443))}, Address: &flowpb.Address{Host: []byte("x")}},
	}
	want := flow.Summary{
		Kind: flowpb.Kind_HTTP, Method: "POST", RawMethod: "post", Scheme: "https", Host: "10.0.0.1", PrettyHost: "shop.example",
		Flags: flow.FlagWebSocket | flow.FlagResponse | flow.FlagMarked | flow.FlagTLS | flow.FlagEdited,
		Path:  "/a?b", URL: "https://10.0.0.1/a?b", PrettyURL: "https://shop.example/a?b", SearchableURL: true,
		Version: "HTTP/1.1", Status: 201, StatusText: "", ContentType: "text/html",
		ContentTypes: [][]byte{[]byte("Text/HTML; charset=x"), []byte("b")},
		RequestSize:  3, ResponseSize: 45, OrderSize: 43, Created: 99,
		Start: 100_500_000_000, Duration: 250_000_000, Marker: "X", Replay: "request",
		Client: "::1:5", Server: "10.0.0.1:443",
	}
	if got := flow.Summarize(f); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	f.Websocket, f.Response.Body = nil, nil
	got := flow.Summarize(f)
	if got.ResponseSize != 0 || !got.Flags.Has(flow.FlagResponseAbsent) || got.Flags.Has(flow.FlagWebSocket) {
		t.Errorf("without WebSocket and body: %+v", got)
	}
}

func TestSummarizeNothing(t *testing.T) {
	for _, f := range []*flowpb.Flow{nil, {}, {Kind: new(flowpb.Kind_DNS)}, {Kind: new(flowpb.Kind_TCP)}} {
		if s := flow.Summarize(f); s.Status != 0 || s.Start != 0 || s.Duration != -1 || s.Flags&^flow.FlagResponseAbsent != 0 {
			t.Errorf("%v: %+v", f, s)
		}
	}
}

// TestSummarizeMany: one Summarizer says of many flows what the functions say
// of each, whatever it remembers.
func TestSummarizeMany(t *testing.T) {
	var m flow.Summarizer
	n := 0
	for _, method := range []string{"GET", "get", "Connect", "PÜT\xff", ""} {
		for _, scheme := range []string{"http", "https", "ftp", ""} {
			for _, host := range []string{"shop.example", "10.0.0.1", "::1", ""} {
				for _, header := range []string{"", "shop.example", "shop.example:443", "shop.example:81", "[::1]:80", "a b", ":80", "*"} {
					for _, path := range []string{"/a?b", "*", "", "http://x/"} {
						for _, version := range []string{"HTTP/1.1", "HTTP/2.0"} {
							for _, port := range []int32{0, 80, 443, 8080} {
								r := &flowpb.HTTPRequest{
									Method: []byte(method), Scheme: []byte(scheme), Host: []byte(host), Port: &port,
									Path: []byte(path), HttpVersion: []byte(version), Authority: []byte(host),
								}
								if header != "" {
									r.Headers = []*flowpb.HTTPHeader{{Name: []byte("hOst"), Value: []byte(header)}}
								}
								if port == 80 {
									r.Headers = append(r.Headers, r.Headers...)
								}
								sameSummary(t, &m, &flowpb.Flow{Request: r})
								n++
							}
						}
					}
				}
			}
		}
	}
	if n != 20480 {
		t.Error(n)
	}
}

func sameSummary(t *testing.T, m *flow.Summarizer, f *flowpb.Flow) {
	t.Helper()
	s := m.Summarize(f)
	pretty, searchable := flow.PrettyURL(f)
	got := []string{s.Method, s.Host, s.PrettyHost, s.Path, s.URL, s.PrettyURL}
	want := []string{flow.Method(f), flow.Host(f), flow.PrettyHost(f), flow.Path(f), flow.URL(f), pretty}
	if !reflect.DeepEqual(got, want) || s.SearchableURL != searchable {
		t.Fatalf("%+v: %q, want %q", f.Request, got, want)
	}
}
