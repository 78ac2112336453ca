package flow_test

import (
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// BenchmarkSummarize summarizes a request of a browser, which happens once for
// each flow that is read.
func BenchmarkSummarize(b *testing.B) {
	fields := func(pairs ...string) (list []*flowpb.HTTPHeader) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, &flowpb.HTTPHeader{Name: []byte(pairs[i]), Value: []byte(pairs[i+1])})
		}
		return list
	}
	f := &flowpb.Flow{
		Request: &flowpb.HTTPRequest{
			Method: []byte("GET"), Scheme: []byte("https"), Host: []byte("api.shop.example"), Port: new(int32(443)),
			Path: []byte("/v1/products?page=1&per_page=20"), HttpVersion: []byte("HTTP/2.0"),
			Authority: []byte("api.shop.example"), TimestampStart: new(1.5),
			Headers: fields("user-agent", "Mozilla/5.0", "accept", "*/*", "accept-encoding", "gzip", "cookie", "a=b"),
		},
		Response: &flowpb.HTTPResponse{
			StatusCode: new(int32(200)), TimestampEnd: new(1.75), Content: []byte("{}"),
			Headers: fields("date", "Tue, 20 Oct 2026 08:30:00 GMT", "content-type", "application/json", "content-length", "2"),
		},
	}
	b.ReportAllocs()
	var m flow.Summarizer
	for b.Loop() {
		m.Summarize(f)
	}
}
