// Package stream asks the question of mitmproxy's streamtester of 2018: how
// many flows a second does a store take, in constant batches? It is asked of
// the same flows natively and in a browser.
package stream

import (
	"bytes"
	"context"
	"fmt"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/store"
)

// What was asked in 2018.
const (
	Flows = 2000
	Batch = 150  // flows
	Body  = 1000 // bytes of each response
)

// A Stream is flows that are ready to be stored.
type Stream struct {
	flows []*flowpb.Flow
	rows  []store.Index
}

// New makes flows of HTTP, of which ten share a connection as a reader of dumps has them do, with response bodies
// of so many bytes. The same arguments make the same flows.
func New(flows, body int) *Stream {
	s := &Stream{make([]*flowpb.Flow, flows), make([]store.Index, flows)}
	for i := range flows {
		f := newFlow(i, bytes.Repeat([]byte{byte('a' + i%26)}, body))
		if i%10 == 0 {
			f.ClientConn = &flowpb.ClientConnection{Id: fmt.Append(nil, "client", i), Mitmcert: bytes.Repeat([]byte("c"), 1500)}
			f.ServerConn = &flowpb.ServerConnection{Id: fmt.Append(nil, "server", i), Cert: bytes.Repeat([]byte("s"), 1500)}
		} else {
			f.ClientConn, f.ServerConn = s.flows[i-1].ClientConn, s.flows[i-1].ServerConn
		}
		s.flows[i] = f
		s.rows[i] = store.Index{Number: int64(i), Summary: flow.Summarize(s.flows[i])}
	}
	return s
}

func newFlow(i int, body []byte) *flowpb.Flow {
	start := 1534205432 + float64(i)/100
	length := fmt.Append(nil, len(body))
	return &flowpb.Flow{
		Id: fmt.Appendf(nil, "%08x-e7a3-4718-9ee8-e516f1e354bf", uint32(i)*2654435761), // in no order, as random ones
		Request: &flowpb.HTTPRequest{
			Method: []byte("GET"), Scheme: []byte("https"), Host: []byte("shop.test"), Port: new(int32(443)),
			Path: fmt.Append(nil, "/item/", i), HttpVersion: []byte("HTTP/2.0"),
			Headers: headers("accept", "*/*", "user-agent", "curl/8.7.1", "accept-encoding", "gzip"), Content: []byte{},
			TimestampStart: new(start), TimestampEnd: new(start),
		},
		Response: &flowpb.HTTPResponse{
			HttpVersion: []byte("HTTP/2.0"), StatusCode: new(int32(200)), Reason: []byte("OK"),
			Headers: headers("content-type", "text/html; charset=utf-8", "content-length", string(length), "server", "shop"), Content: body,
			TimestampStart: new(start + 0.02), TimestampEnd: new(start + 0.03),
		},
	}
}

func headers(pairs ...string) (list []*flowpb.HTTPHeader) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, &flowpb.HTTPHeader{Name: []byte(pairs[i]), Value: []byte(pairs[i+1])})
	}
	return list
}

// Into puts the flows from from to to, exclusively, into a store, encodes them,
// and flushes them in batches. After each it calls each with how many flows are
// stored.
func (s *Stream) Into(ctx context.Context, to *store.Store, from, end, batch int, each func(stored int)) error {
	for from < end {
		next := min(from+batch, end)
		for i := from; i < next; i++ {
			to.Put(string(s.flows[i].Id), s.flows[i], s.rows[i])
		}
		for from < next {
			n, err := to.Flush(ctx, batch)
			if err != nil {
				return err
			}
			from += n
		}
		each(from)
	}
	return nil
}

// Check reports whether the store has the first n flows, and not one more.
func (s *Stream) Check(from *store.Store, n int) error {
	if stored, err := from.Len(); stored != n || err != nil {
		return fmt.Errorf("%d flows are stored, want %d: %w", stored, n, err)
	}
	for i, want := range s.flows[:n] {
		got, err := from.Get(string(want.Id))
		if err != nil {
			return err
		}
		if !bytes.Equal(got.Append(nil), want.Append(nil)) {
			return fmt.Errorf("flow %d of %d is not as it was", i, n)
		}
	}
	return nil
}
