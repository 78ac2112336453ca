package engine

import (
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// phases returns what a flow spent its time on, in order. What an archive says
// of that is more than what follows from when things happened.
func phases(f *flowpb.Flow) []*viewerpb.Phase {
	if f.GetHar().GetTimings() != nil {
		return archivePhases(f.Har)
	}
	w := waterfall{}
	start, known := flow.Start(f)
	if !known {
		return nil
	}
	w.origin = flow.Nanos(start)
	if c := f.ClientConn; c != nil && c.TimestampTlsSetup != nil {
		w.add("Client TLS", c.TimestampStart, c.TimestampTlsSetup)
	}
	if c := f.ServerConn; c != nil && c.TimestampStart != nil {
		w.add("Connecting", c.TimestampStart, c.TimestampTcpSetup)
		if c.TimestampTlsSetup != nil {
			w.add("Server TLS", c.TimestampTcpSetup, c.TimestampTlsSetup)
		}
	}
	switch request, response := f.Request, f.Response; {
	case request != nil:
		w.add("Sending", request.TimestampStart, request.TimestampEnd)
		if response == nil {
			response = new(flowpb.HTTPResponse)
		}
		w.add("Waiting", request.TimestampEnd, response.TimestampStart)
		w.add("Receiving", response.TimestampStart, response.TimestampEnd)
		if ws := f.Websocket; ws != nil {
			w.add("WebSocket", response.TimestampEnd, ws.TimestampEnd)
		}
	case f.DnsRequest != nil:
		var answered *float64
		if f.DnsResponse != nil {
			answered = f.DnsResponse.Timestamp
		}
		w.add("Waiting", f.DnsRequest.Timestamp, answered)
	case f.ClientConn != nil:
		w.add("Open", f.ClientConn.TimestampStart, f.ClientConn.TimestampEnd)
	}
	return w.list
}

// maxBefore is how long before its flow a phase may begin to be drawn beside the
// others. A connection may be much older.
const maxBefore = 10 * time.Second

// A waterfall collects phases.
type waterfall struct {
	origin int64 // nanoseconds: when the flow began
	list   []*viewerpb.Phase
}

// add adds a phase. A time of 0 is how the databases of 2018 say unknown.
func (w *waterfall) add(name string, from, to *float64) {
	p := &viewerpb.Phase{Name: name}
	w.list = append(w.list, p)
	if from == nil || to == nil || *from == 0 || *to == 0 || *to < *from {
		return
	}
	p.Known = true
	p.Start, p.Duration = flow.Nanos(*from)-w.origin, flow.Nanos(*to)-flow.Nanos(*from)
	p.Before = p.Start < -int64(maxBefore)
}

// archivePhases returns the phases of an archive, each of which begins where the
// one before ended. The connecting of an archive includes its TLS. A phase that
// did not apply is -1 there, and left out.
//
// Source: http://www.softwareishard.com/blog/har-12-spec/#timings
func archivePhases(h *flowpb.HAR) []*viewerpb.Phase {
	t := h.Timings
	var list []*viewerpb.Phase
	var at int64
	for _, phase := range []struct {
		name string
		ms   *float64
	}{
		{"Blocked", t.Blocked}, {"DNS", t.Dns}, {"Connecting", t.Connect},
		{"Sending", t.Send}, {"Waiting", t.Wait}, {"Receiving", t.Receive},
	} {
		if phase.ms != nil && *phase.ms < 0 {
			continue
		}
		p := &viewerpb.Phase{Name: phase.name, Known: phase.ms != nil, Start: at}
		if p.Known {
			p.Duration = int64(*phase.ms * 1e6)
		}
		at += p.Duration
		list = append(list, p)
		if tls := t.Ssl; phase.name == "Connecting" && p.Known && tls != nil && *tls >= 0 {
			ns := min(int64(*tls*1e6), p.Duration)
			list = append(list, &viewerpb.Phase{Name: "of which TLS", Known: true, Start: at - ns, Duration: ns})
		}
	}
	return list
}
