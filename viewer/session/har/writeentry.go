package har

import (
	"math"
	"net/netip"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// entry writes an HTTP flow.
func (w *writer) entry(f *flowpb.Flow) {
	h := f.GetHar()
	o := w.object(entrySpec, h.GetExtra())
	o.adopt("cache", h.GetCache())
	o.text("pageref", w.pageref(f))
	o.started(f)
	phases := w.phases(f)
	o.duration("time", phases.time)
	o.key("request")
	w.request(f)
	o.key("response")
	w.response(f)
	o.settle("cache")
	phases.write(o)
	if id := f.GetId(); len(id) > 0 {
		o.text("_flowId", id)
	}
	o.connection(f)
	if comment := f.GetComment(); len(comment) > 0 || h != nil {
		o.text("comment", comment)
	}
	o.webSocket(f)
	o.ends(f)
	o.adopt("_initiator", h.GetInitiator())
	o.adopt("_priority", h.GetPriority())
	o.adopt("_resourceType", h.GetResourceType())
	o.end()
}

// started writes when f began. A date that is none moves to a member that may
// have it.
func (o *object) started(f *flowpb.Flow) {
	written := f.GetHar().GetStarted()
	if isDate(written) {
		o.text("startedDateTime", written)
		return
	}
	if written != nil {
		o.adopt("_startedDateTime", appendQuoted(nil, written))
	}
	if at := f.GetRequest().GetTimestampStart(); at != 0 || f.GetHar() != nil {
		o.date("startedDateTime", at)
	} else {
		o.date("startedDateTime", flow.Created(f))
	}
}

func (o *object) date(name string, seconds float64) {
	o.key(name)
	o.w.b = append(appendDate(append(o.w.b, '"'), seconds), '"')
}

// phases are what the time of an entry went to, in ms; nil is unknown.
type phases struct {
	flowpb.HAR_Timings
	time *float64
}

// phases returns those that HAR said, or what the times of f come to. The
// connection is that of the first entry that uses it. What of it was set up
// while the request was under way is not counted again as waiting.
func (w *writer) phases(f *flowpb.Flow) (p phases) {
	if h := f.GetHar(); h != nil {
		if h.Timings != nil {
			p.HAR_Timings = *h.Timings
		}
		p.time = h.Time
		return p
	}
	q, r, c := f.GetRequest(), f.GetResponse(), f.GetServerConn()
	if q == nil {
		return p
	}
	p.Send = between(q.TimestampStart, q.TimestampEnd)
	if r != nil {
		p.Wait = between(q.TimestampEnd, r.TimestampStart)
		p.Receive = between(r.TimestampStart, r.TimestampEnd)
	}
	if id := string(c.GetId()); id != "" && c.TimestampTcpSetup != nil && !w.opened[id] {
		w.opened[id] = true
		ready := c.TimestampTcpSetup
		if p.Ssl = between(ready, c.TimestampTlsSetup); p.Ssl != nil {
			ready = c.TimestampTlsSetup
		}
		p.Connect = between(c.TimestampStart, ready)
		if p.Connect != nil && p.Wait != nil {
			from := max(*c.TimestampStart, *q.TimestampEnd)
			to := min(*ready, *r.TimestampStart)
			*p.Wait = max(0, milliseconds(*r.TimestampStart-*q.TimestampEnd-max(0, to-from)))
		}
	}
	p.time = p.sum()
	return p
}

// sum returns how long all took. Connect has ssl in it.
func (p *phases) sum() *float64 {
	var sum float64
	some := false
	for _, phase := range [...]*float64{p.Connect, p.Send, p.Wait, p.Receive} {
		if phase != nil {
			sum += *phase
			some = true
		}
	}
	if !some {
		return nil
	}
	return new(milliseconds(sum / 1000))
}

// between returns the ms from one time to another, nil if one is unknown.
// Clocks that were set back make it 0.
func between(from, to *float64) *float64 {
	if from == nil || to == nil || !finite(*to-*from) {
		return nil
	}
	return new(max(0, milliseconds(*to-*from)))
}

// milliseconds rounds to microseconds, which is what clocks tell.
func milliseconds(seconds float64) float64 { return math.Round(seconds*1e6) / 1e3 }

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// write writes timings, with what stayed of those that were read.
func (p *phases) write(o *object) {
	stayed := o.take("timings")
	o.key("timings")
	t := o.w.object(timingsSpec, stayed)
	for _, phase := range [...]struct {
		name string
		ms   *float64
	}{
		{"blocked", p.Blocked}, {"dns", p.Dns}, {"connect", p.Connect}, {"ssl", p.Ssl},
		{"send", p.Send}, {"wait", p.Wait}, {"receive", p.Receive},
	} {
		t.duration(phase.name, phase.ms)
	}
	t.end()
}

// duration writes a time in ms, as moved does.
func (o *object) duration(name string, ms *float64) {
	if ms == nil || !finite(*ms) {
		o.settle(name)
	} else {
		o.number(name, *ms)
	}
}

// connection writes to whom f went, and over which connection.
func (o *object) connection(f *flowpb.Flow) {
	if h := f.GetHar(); h != nil {
		o.text("serverIPAddress", h.ServerIpAddress)
		o.text("connection", h.Connection)
		return
	}
	host := f.GetServerConn().GetIpAddress().GetHost()
	if _, err := netip.ParseAddr(string(host)); err == nil {
		o.text("serverIPAddress", host)
	}
	if id := f.GetServerConn().GetId(); len(id) > 0 {
		o.text("connection", id)
	}
}

// ends writes what others have names for of the ends of a connection:
// Playwright, and HTTP Toolkit how a WebSocket was closed. What was read of
// these stayed.
func (o *object) ends(f *flowpb.Flow) {
	if f.GetHar() != nil {
		return
	}
	server := f.GetServerConn()
	if peer := server.GetIpAddress(); peer != nil && peer.Port != nil {
		o.number("_serverPort", float64(*peer.Port))
	}
	if server.GetTlsEstablished() || len(server.GetTlsVersion()) > 0 {
		o.key("_securityDetails")
		tls := o.w.object(nil, nil)
		tls.text("protocol", server.TlsVersion)
		tls.end()
	}
	if client := flow.Client(f); client != nil {
		o.text("_clientAddress", client.Host)
		if client.Port != nil {
			o.number("_clientPort", float64(*client.Port))
		}
	}
	if s := f.GetWebsocket(); s != nil {
		if s.CloseCode != nil {
			o.key("_webSocketClose")
			end := o.w.object(nil, nil)
			end.number("code", float64(*s.CloseCode))
			end.text("reason", s.CloseReason)
			end.end()
		}
		o.raw("_resourceType", []byte(`"websocket"`))
	}
}

// webSocket writes the messages of a WebSocket, as Chrome does.
func (o *object) webSocket(f *flowpb.Flow) {
	if s := f.GetWebsocket(); s != nil {
		o.key("_webSocketMessages")
		o.w.list(len(s.Messages), func(i int) { o.w.message(s.Messages[i]) })
	}
}

// message writes a message of a WebSocket. Data is base64 if it is binary;
// other bytes that are no text become lone surrogates.
func (w *writer) message(m *flowpb.WebSocketMessage) {
	if m == nil {
		m = new(flowpb.WebSocketMessage)
	}
	o := w.object(nil, nil)
	switch {
	case m.GetFromClient():
		o.raw("type", []byte(`"send"`))
	case m.FromClient != nil:
		o.raw("type", []byte(`"receive"`))
	}
	if m.Timestamp != nil {
		o.number("time", *m.Timestamp)
	}
	if m.Type != nil {
		o.number("opcode", float64(*m.Type))
	}
	if src := w.source("a message of a WebSocket", m.Content, m.Body); src != nil {
		const binary = 2
		o.key("data")
		if m.GetType() == binary {
			w.base64(src)
		} else {
			w.quoted(src, charsetUTF8)
		}
	}
	o.end()
}
