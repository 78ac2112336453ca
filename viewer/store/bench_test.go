package store

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// shop returns a flow of ordinary size: 1 KB of headers, and connections with
// certificates that thirty flows share.
func shop(i int) *flowpb.Flow {
	f := &flowpb.Flow{
		Id:         fmt.Appendf(nil, "%08x-e7a3-4718-9ee8-e516f1e354bf", uint32(i)*2654435761),
		ClientConn: &flowpb.ClientConnection{Id: fmt.Append(nil, "client", i/30), Mitmcert: bytes.Repeat([]byte("c"), 1500)},
		ServerConn: &flowpb.ServerConnection{Id: fmt.Append(nil, "server", i/30), Cert: bytes.Repeat([]byte("s"), 1500)},
		Request:    &flowpb.HTTPRequest{Method: []byte("GET"), Path: fmt.Append(nil, "/item/", i)},
		Response:   &flowpb.HTTPResponse{StatusCode: new(int32(200)), Body: &flowpb.Body{Offset: new(uint64(i)), Length: new(uint64(9))}},
	}
	for j := range 16 {
		h := &flowpb.HTTPHeader{Name: fmt.Append(nil, "x-header-", j), Value: []byte("a value of some thirty characters")}
		f.Request.Headers = append(f.Request.Headers, h)
		f.Response.Headers = append(f.Response.Headers, h)
	}
	return f
}

const flows = 20_000

// BenchmarkFlush stores 20,000 flows in batches of 500, in memory.
func BenchmarkFlush(b *testing.B) {
	all := make([]*flowpb.Flow, flows)
	for i := range all {
		all[i] = shop(i)
	}
	for b.Loop() {
		b.StopTimer()
		s := memory(b)
		for i, f := range all {
			s.Put(string(f.Id), f, Index{Number: int64(i), Summary: flow.Summary{Method: "GET", Host: "shop.test", PrettyHost: "shop.test", URL: "http://shop.test/item", Status: 200}})
		}
		b.StartTimer()
		for {
			n, err := s.Flush(context.Background(), 500)
			if err != nil {
				b.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N)*flows/b.Elapsed().Seconds(), "flows/s")
}

// BenchmarkGet reads flows from the database.
func BenchmarkGet(b *testing.B) {
	s := memory(b)
	for i := range flows {
		f := shop(i)
		s.Put(string(f.Id), f, Index{Number: int64(i)})
	}
	if flush(b, s) != flows {
		b.Fatal("not all are stored")
	}
	i := 0
	for b.Loop() {
		i = (i + 7919) % flows
		if _, err := s.Get(string(shop(i).Id)); err != nil {
			b.Fatal(err)
		}
	}
}
