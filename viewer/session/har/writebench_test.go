package har

import (
	"context"
	"io"
	"strconv"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
)

// BenchmarkWrite writes exchanges of mitmproxy with 12 headers and bodies of a
// few KB, of which every fifth is binary.
func BenchmarkWrite(b *testing.B) {
	const entries = 2000
	var c capture
	for i := range entries {
		f := exchange()
		for n := range 10 {
			f.Response.Headers = append(f.Response.Headers, fields("x-header-"+strconv.Itoa(n), strings.Repeat("v", 5*n))...)
		}
		f.Response.Headers = append(f.Response.Headers, fields("Content-Type", "application/json", "Set-Cookie", "a=b; Path=/")...)
		f.Response.Content = []byte(strings.Repeat(`{"key": "välue", "n": 12345},`+"\n", i%200))
		if i%5 == 0 {
			f.Response.Content = append(f.Response.Content, 0)
		}
		c.flows = append(c.flows, f)
	}
	benchWrite(b, c)
}

// BenchmarkWriteRead writes what was read of a HAR.
func BenchmarkWriteRead(b *testing.B) {
	var c capture
	for i := range 2000 {
		f := exchange()
		f.Har = &flowpb.HAR{
			Url: []byte("https://example.org/a?b=" + strconv.Itoa(i)), Started: []byte("2026-01-02T03:04:05.678Z"), Time: new(12.5),
			Timings:  &flowpb.HAR_Timings{Send: new(1.0), Wait: new(10.0), Receive: new(1.5)},
			Extra:    []byte(`{"_connectionId":"5","timings":{"_queued":1.5}}`),
			Request:  []byte(`{"cookies":[{"name":"a","value":"b"}],"queryString":[{"name":"b","value":"1"}],"headersSize":-1,"bodySize":0}`),
			Response: []byte(`{"cookies":[],"content":{"size":20,"mimeType":"text/html"},"redirectURL":"","headersSize":-1,"bodySize":20,"_transferSize":300}`),
		}
		f.Response.Content = []byte(strings.Repeat("text ", i%100))
		c.flows = append(c.flows, f)
	}
	benchWrite(b, c)
}

func benchWrite(b *testing.B, c capture) {
	var size counter
	if err := Writer.Write(context.Background(), &size, c); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(size.n))
	b.ReportAllocs()
	for b.Loop() {
		if err := Writer.Write(context.Background(), io.Discard, c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(c.flows))/b.Elapsed().Seconds(), "entries/s")
}
