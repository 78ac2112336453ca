package mitm

import (
	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// unknownRequest stands for a request that is missing, as in mitmproxy's
// conversion of a WebSocket without its handshake.
func unknownRequest() *flowpb.HTTPRequest {
	return &flowpb.HTTPRequest{
		Method: []byte("GET"), Scheme: []byte("http"), Host: []byte("unknown"), Port: new(int32(80)),
		Path: []byte("/"), HttpVersion: []byte("HTTP/1.1"),
	}
}

func (w *writer) request(r *flowpb.HTTPRequest) {
	if r == nil {
		r = unknownRequest()
	}
	end := w.open(tagDict)
	w.message("the request body", r.HttpVersion, r.Headers, r.Trailers, r.Content, r.Body)
	w.times(r.TimestampStart, r.TimestampEnd, r.GetIntegral())
	w.text("host", r.Host)
	w.int("port", int64(portOf(r)))
	w.bytes("method", r.Method)
	w.bytes("scheme", r.Scheme)
	w.bytes("authority", r.Authority)
	w.bytes("path", r.Path)
	w.close("request", end)
}

func portOf(r *flowpb.HTTPRequest) int32 {
	if r.Port == nil {
		return int32(flow.DefaultPort(string(r.Scheme)))
	}
	return *r.Port
}

func (w *writer) response(r *flowpb.HTTPResponse) {
	if r == nil {
		w.null("response")
		return
	}
	end := w.open(tagDict)
	w.message("the response body", r.HttpVersion, r.Headers, r.Trailers, r.Content, r.Body)
	w.times(r.TimestampStart, r.TimestampEnd, r.GetIntegral())
	w.int("status_code", int64(r.GetStatusCode()))
	w.bytes("reason", r.Reason)
	w.close("response", end)
}

// message puts what requests and responses begin with.
func (w *writer) message(where string, version []byte, headers []*flowpb.HTTPHeader, trailers *flowpb.Headers, content []byte, ref *flowpb.Body) {
	if version == nil {
		version = []byte("HTTP/1.1")
	}
	w.bytes("http_version", version)
	p := w.payload(where, content, ref)
	decoded := int64(-1)
	if misnamed(headers, ref, p.size()) {
		decoded = p.size()
	}
	w.headers("headers", headers, decoded)
	w.body("content", where, p)
	if trailers == nil {
		w.null("trailers")
	} else {
		w.headers("trailers", trailers.Fields, -1)
	}
}

func (w *writer) times(start, end *float64, integral uint32) {
	w.time("timestamp_start", start, integral&1 != 0)
	w.time("timestamp_end", end, integral&2 != 0)
}

func (w *writer) webSocket(s *flowpb.WebSocket) {
	if s == nil {
		w.null("websocket")
		return
	}
	end := w.open(tagDict)
	w.list("messages", len(s.Messages), func(i int) { w.webSocketMessage(s.Messages[i]) })
	w.boolOrNull("closed_by_client", s.ClosedByClient)
	w.intOrNull("close_code", s.CloseCode)
	w.textOrNull("close_reason", s.CloseReason)
	w.time("timestamp_end", s.TimestampEnd, s.GetIntegral()&1 != 0)
	w.close("websocket", end)
}

func (w *writer) webSocketMessage(m *flowpb.WebSocketMessage) {
	end := w.open(tagList)
	w.bool(noKey, m.GetInjected())
	w.bool(noKey, m.GetDropped())
	w.time(noKey, m.Timestamp, m.GetIntegral()&1 != 0)
	w.contents(m.Content, m.Body)
	w.bool(noKey, m.GetFromClient())
	w.int(noKey, int64(opcode(m)))
	w.close(noKey, end)
}

// The opcodes of RFC 6455, section 5.2, which are all that mitmproxy takes.
const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPong   = 10
)

// opcode returns what m is to be in a dump: as binary it loses nothing.
func opcode(m *flowpb.WebSocketMessage) int32 {
	if m.Type == nil {
		return opText
	}
	if n := *m.Type; n >= 0 && n <= opBinary || n >= opClose && n <= opPong {
		return n
	}
	return opBinary
}

// messages puts those of TCP and UDP flows.
func (w *writer) messages(all []*flowpb.Message) {
	w.list("messages", len(all), func(i int) {
		m := all[i]
		end := w.open(tagList)
		w.time(noKey, m.Timestamp, m.GetIntegral()&1 != 0)
		w.contents(m.Content, m.Body)
		w.bool(noKey, m.GetFromClient())
		w.close(noKey, end)
	})
}

// contents puts what a message says, which is at least no bytes.
func (w *writer) contents(content []byte, ref *flowpb.Body) {
	const where = "a message"
	p := w.payload(where, content, ref)
	if p.src == nil && p.bytes == nil {
		p.bytes = []byte{}
	}
	w.body(noKey, where, p)
}
