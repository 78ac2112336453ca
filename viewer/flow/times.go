package flow

import (
	"math"

	"flowpane/proto/flowpb"
)

// Created returns when the flow was created, in seconds since the Unix epoch:
// the order of capture. A flow that does not say takes the start of its
// request, else of its client connection, as mitmproxy does for files of
// before 2022; else 0.
func Created(f *flowpb.Flow) float64 {
	if f == nil {
		return 0
	}
	if f.TimestampCreated != nil {
		return *f.TimestampCreated
	}
	if start, ok := Start(f); ok {
		return start
	}
	return f.ClientConn.GetTimestampStart()
}

// Start returns when the exchange began, in seconds since the Unix epoch, and
// whether that is known: the head of an HTTP request, the connection of a TCP
// or UDP client, a DNS query.
func Start(f *flowpb.Flow) (float64, bool) {
	if f == nil {
		return 0, false
	}
	switch Kind(f) {
	case flowpb.Kind_HTTP:
		if f.Request != nil {
			return seconds(f.Request.TimestampStart)
		}
	case flowpb.Kind_TCP, flowpb.Kind_UDP:
		if f.ClientConn != nil {
			return seconds(f.ClientConn.TimestampStart)
		}
	case flowpb.Kind_DNS:
		if f.DnsRequest != nil {
			return seconds(f.DnsRequest.Timestamp)
		}
	}
	return 0, false
}

// End returns when the exchange was over, in seconds since the Unix epoch, and
// whether that is known: the end of an HTTP response, the end of a WebSocket
// conversation or else its last message, the end of a TCP server connection,
// the last UDP message, a DNS response.
func End(f *flowpb.Flow) (float64, bool) {
	if f == nil {
		return 0, false
	}
	switch Kind(f) {
	case flowpb.Kind_HTTP:
		if end, ok := webSocketEnd(f.Websocket); ok {
			return end, true
		}
		if f.Response != nil {
			return seconds(f.Response.TimestampEnd)
		}
	case flowpb.Kind_TCP:
		if f.ServerConn != nil {
			return seconds(f.ServerConn.TimestampEnd)
		}
	case flowpb.Kind_UDP:
		if n := len(f.Messages); n > 0 && f.Messages[n-1] != nil {
			return seconds(f.Messages[n-1].Timestamp)
		}
	case flowpb.Kind_DNS:
		if f.DnsResponse != nil {
			return seconds(f.DnsResponse.Timestamp)
		}
	}
	return 0, false
}

func webSocketEnd(w *flowpb.WebSocket) (float64, bool) {
	if w == nil {
		return 0, false
	}
	if w.TimestampEnd != nil {
		return *w.TimestampEnd, true
	}
	if n := len(w.Messages); n > 0 && w.Messages[n-1] != nil {
		return seconds(w.Messages[n-1].Timestamp)
	}
	return 0, false
}

func seconds(t *float64) (float64, bool) {
	if t == nil {
		return 0, false
	}
	return *t, true
}

// Nanos converts seconds to nanoseconds. It keeps all that the double holds:
// whole seconds and fraction are converted apart. What does not fit is the
// nearest that does, and not-a-number is 0.
func Nanos(seconds float64) int64 {
	const second = 1e9
	whole := math.Floor(seconds)
	switch {
	case math.IsNaN(seconds):
		return 0
	case whole >= math.MaxInt64/second-1:
		return math.MaxInt64
	case whole <= math.MinInt64/second+1:
		return math.MinInt64
	}
	return int64(whole)*second + int64(math.Round((seconds-whole)*second))
}
