package mitm

import (
	"math"
	"strconv"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// request knows the keys of all formats, as newClient does.
func (d *decoder) request(e element) *flowpb.HTTPRequest {
	if e.absent() {
		return nil
	}
	r := d.requests.put(flowpb.HTTPRequest{})
	var integral uint32
	p := d.pairs(e)
	for p.next() {
		switch v := p.value; string(p.key) {
		case "method":
			r.Method = d.data(v)
		case "scheme":
			r.Scheme = d.data(v)
		case "authority":
			r.Authority = d.data(v)
		case "host":
			r.Host = d.host(v)
		case "port":
			r.Port = d.int32(v)
		case "path":
			r.Path = d.data(v)
		case "http_version", "httpversion":
			r.HttpVersion = d.httpVersion(v)
		case "headers":
			r.Headers = d.fieldLines(v)
		case "trailers":
			r.Trailers = d.trailers(v)
		case "content", "body":
			r.Content, r.Body = d.body(v)
		case "timestamp_start":
			r.TimestampStart = d.time(v, &integral, 0)
		case "timestamp_end":
			r.TimestampEnd = d.time(v, &integral, 1)
		case "first_line_format", "form_in":
			r.FirstLineFormat = d.data(v)
		case "is_replay":
			r.IsReplay = d.bool(v)
		}
	}
	r.Integral = d.mask(integral)
	return r
}

// response knows the keys of all formats, as newClient does.
func (d *decoder) response(e element) *flowpb.HTTPResponse {
	if e.absent() {
		return nil
	}
	r := d.responses.put(flowpb.HTTPResponse{})
	var integral uint32
	p := d.pairs(e)
	for p.next() {
		switch v := p.value; string(p.key) {
		case "http_version", "httpversion":
			r.HttpVersion = d.httpVersion(v)
		case "status_code", "code":
			r.StatusCode = d.int32(v)
		case "reason", "msg":
			r.Reason = d.data(v)
		case "headers":
			r.Headers = d.fieldLines(v)
		case "trailers":
			r.Trailers = d.trailers(v)
		case "content", "body":
			r.Content, r.Body = d.body(v)
		case "timestamp_start":
			r.TimestampStart = d.time(v, &integral, 0)
		case "timestamp_end":
			r.TimestampEnd = d.time(v, &integral, 1)
		case "is_replay":
			r.IsReplay = d.bool(v)
		}
	}
	r.Integral = d.mask(integral)
	return r
}

// host reads the name of a host. Up to format 9 it was bytes, as sent; since
// then it is text, as people write it.
func (d *decoder) host(e element) []byte {
	if e.tag == tagBytes {
		return []byte(flow.UnicodeHost(string(e.payload)))
	}
	return d.data(e)
}

// httpVersion reads the version of HTTP: "HTTP/1.1", which was [1, 1] up to
// format 0.13.
func (d *decoder) httpVersion(e element) []byte {
	if e.tag != tagList {
		return d.data(e)
	}
	l := d.items(e)
	major, _ := d.integer(l.take(), 0, math.MaxInt32)
	minor, _ := d.integer(l.take(), 0, math.MaxInt32)
	version := strconv.AppendInt([]byte("HTTP/"), major, 10)
	return strconv.AppendInt(append(version, '.'), minor, 10)
}

// fieldLines returns a list of [name, value].
func (d *decoder) fieldLines(e element) []*flowpb.HTTPHeader {
	d.fields = d.fields[:0]
	l := d.items(e)
	for l.next() {
		d.fields = append(d.fields, d.headers.put(d.fieldLine(l.value)))
	}
	return d.lines.clone(d.fields)
}

// fieldLine reads [name, value]. Both are bytes as a rule, and are copied
// together.
func (d *decoder) fieldLine(e element) flowpb.HTTPHeader {
	b := e.payload
	if begin, end := measure(b); begin > 0 && b[end] == tagBytes && e.tag == tagList {
		if first, last := measure(b[end+1:]); first > 0 && b[end+1+last] == tagBytes {
			first, last = end+1+first, end+1+last
			kept := d.bytes.keep(b[begin:last])
			return flowpb.HTTPHeader{Name: kept[: end-begin : end-begin], Value: kept[first-begin:]}
		}
	}
	line := d.items(e)
	return flowpb.HTTPHeader{Name: d.data(line.take()), Value: d.data(line.take())}
}

// trailers returns nil where none were captured, which is not an empty list.
func (d *decoder) trailers(e element) *flowpb.Headers {
	if e.absent() {
		return nil
	}
	return &flowpb.Headers{Fields: d.fieldLines(e)}
}

func (d *decoder) webSocket(e element) *flowpb.WebSocket {
	if e.absent() {
		return nil
	}
	w := new(flowpb.WebSocket)
	var integral uint32
	p := d.pairs(e)
	for p.next() {
		switch v := p.value; string(p.key) {
		case "messages":
			w.Messages = d.webSocketMessages(v)
		case "closed_by_client":
			w.ClosedByClient = d.bool(v)
		case "close_code":
			w.CloseCode = d.int64(v)
		case "close_reason":
			w.CloseReason = d.data(v)
		case "timestamp_end":
			w.TimestampEnd = d.time(v, &integral, 0)
		}
	}
	w.Integral = d.mask(integral)
	return w
}

// webSocketMessages reads tuples of opcode, from_client, content, timestamp,
// dropped and injected. Formats before 15 do not have the last, and those of
// mitmproxy 2 neither.
func (d *decoder) webSocketMessages(e element) []*flowpb.WebSocketMessage {
	var messages []*flowpb.WebSocketMessage
	l := d.items(e)
	for l.next() {
		tuple := d.items(l.value)
		m := new(flowpb.WebSocketMessage)
		var integral uint32
		m.Type = d.int32(tuple.take())
		m.FromClient = d.bool(tuple.take())
		m.Content, m.Body = d.body(tuple.take())
		m.Timestamp = d.time(tuple.take(), &integral, 0)
		m.Dropped = d.bool(tuple.take())
		m.Injected = d.bool(tuple.take())
		m.Integral = d.mask(integral)
		messages = append(messages, m)
	}
	return messages
}

// streamMessages reads the messages of TCP and UDP flows: tuples of
// from_client, content and timestamp.
func (d *decoder) streamMessages(e element) []*flowpb.Message {
	var messages []*flowpb.Message
	l := d.items(e)
	for l.next() {
		tuple := d.items(l.value)
		m := d.messages.put(flowpb.Message{})
		var integral uint32
		m.FromClient = d.bool(tuple.take())
		m.Content, m.Body = d.body(tuple.take())
		m.Timestamp = d.time(tuple.take(), &integral, 0)
		m.Integral = d.mask(integral)
		messages = append(messages, m)
	}
	return messages
}
