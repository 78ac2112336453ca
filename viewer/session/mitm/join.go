package mitm

import (
	"errors"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
)

// maxWaiting is how many handshakes wait for their conversation.
const maxWaiting = 1000

// A joiner puts the two records of a WebSocket together that formats up to
// lastApart have: the handshake, an HTTP flow, and the conversation, which was
// saved when it ended.
//
// mitmproxy lists the handshake alone, and again with the messages; where only
// the handshake's metadata name the conversation, as in format 5, it does not
// find the two together. Here it is one flow, with the id of the handshake, in
// the place of the conversation.
type joiner struct {
	waiting []*flowpb.Flow // handshakes, in the order of the file
	ready   []*flowpb.Flow
	issue   *session.Issue
}

// add takes the flow of the record at offset, which is one of a pair.
func (j *joiner) add(f *flowpb.Flow, role role, offset int64) {
	switch role {
	case handshake:
		if len(j.waiting) == maxWaiting {
			j.ready = append(j.ready, j.waiting[0])
			j.waiting = j.waiting[1:]
		}
		j.waiting = append(j.waiting, f)
	case conversation:
		of := lookup(f.Metadata, "websocket_handshake")
		h := j.take(string(of.GetText()) + string(of.GetBytes()))
		if h == nil {
			h = unknownHandshake(f)
			j.issue = session.AtByte(offset, errors.New("the handshake of this WebSocket is not in front of it"))
		}
		j.ready = append(j.ready, joined(h, f))
	}
}

// take removes and returns the handshake with an id, the last if it repeats;
// nil if there is none.
func (j *joiner) take(id string) *flowpb.Flow {
	for i := len(j.waiting) - 1; i >= 0; i-- {
		if h := j.waiting[i]; string(h.Id) == id {
			j.waiting = append(j.waiting[:i], j.waiting[i+1:]...)
			return h
		}
	}
	return nil
}

// next returns a flow that is complete, or an issue, or neither.
func (j *joiner) next() (*flowpb.Flow, *session.Issue) {
	if issue := j.issue; issue != nil {
		j.issue = nil
		return nil, issue
	}
	if len(j.ready) == 0 {
		return nil, nil
	}
	f := j.ready[0]
	j.ready = j.ready[1:]
	return f, nil
}

// end tells that no more records come. It reports whether there are still
// flows: handshakes whose conversation was not saved.
func (j *joiner) end() bool {
	j.ready, j.waiting = append(j.ready, j.waiting...), nil
	return len(j.ready) > 0
}

// joined returns the handshake h with the conversation c. What c alone says of
// error and mark is kept.
func joined(h, c *flowpb.Flow) *flowpb.Flow {
	h.Websocket = c.Websocket
	if end := h.ServerConn.GetTimestampEnd(); h.ServerConn != nil && h.ServerConn.TimestampEnd != nil {
		h.Websocket.TimestampEnd = &end
		if h.ServerConn.Common.GetIntegral()&8 != 0 {
			h.Websocket.Integral = new(uint32)
			*h.Websocket.Integral = 1
		}
	}
	if h.Error == nil && c.Error != nil {
		h.Error = c.Error
		bits := h.GetIntegral() | c.GetIntegral()&2
		h.Integral = &bits
	}
	if c.GetMarked() && !h.GetMarked() {
		h.Marked, h.Marker = c.Marked, c.Marker
	}
	return h
}

// unknownHandshake returns the flow that stands for the handshake of c where
// the file does not have it: what mitmproxy puts there, but for its times.
func unknownHandshake(c *flowpb.Flow) *flowpb.Flow {
	h := *c
	port := int32(80)
	h.Request = &flowpb.HTTPRequest{
		Method: []byte("GET"), Scheme: []byte("http"), Host: []byte("unknown"), Port: &port,
		Path: []byte("/"), HttpVersion: []byte("HTTP/1.1"), Authority: []byte{},
	}
	return &h
}
