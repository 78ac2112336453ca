package mitm

import (
	"errors"
	"strconv"

	"flowpane/proto/flowpb"
)

// A role is what a record of a format up to lastApart is to a WebSocket.
type role int

const (
	alone        role = iota // it has nothing to do with one
	handshake                // the HTTP flow that it began with
	conversation             // the messages, without the handshake
)

// The types of a record. That of a WebSocket exists up to format lastApart.
const (
	typeHTTP      = "http"
	typeTCP       = "tcp"
	typeUDP       = "udp"
	typeDNS       = "dns"
	typeWebSocket = "websocket"
)

// flow decodes the record e into the memory that is set, without joining it
// with others. One that waits for another is put into memory that lasts.
func (d *decoder) flow(e element) (*flowpb.Flow, role, error) {
	d.err, d.depth = nil, 0
	f, role := d.decode(e)
	if role != alone && d.memory == &d.passing {
		d.memory = &d.lasting
		f, role = d.decode(e)
	}
	return f, role, d.err
}

// decode looks at a record twice: which format it is of is said last in
// formats 20 and 21.
func (d *decoder) decode(e element) (*flowpb.Flow, role) {
	version, typ := d.head(e)
	kind, ok := kindOf(typ, version)
	if d.err == nil && !ok {
		d.fail(errors.New("unknown flow type " + strconv.Quote(typ[:min(len(typ), maxKey)])))
	}
	if d.err != nil {
		return nil, alone
	}
	f := d.flows.put(flowpb.Flow{Kind: d.kinds.put(kind), FormatVersion: d.int32s.put(int32(version))})
	if typ == typeWebSocket {
		f.Websocket = new(flowpb.WebSocket)
	}
	var integral uint32
	p := d.pairs(e)
	for p.next() {
		switch v := p.value; string(p.key) {
		case "error":
			f.Error = d.flowError(v, &integral)
		case "timestamp_created":
			f.TimestampCreated = d.time(v, &integral, 0)
		case "client_conn":
			f.ClientConn = d.client(v, version)
		case "server_conn":
			f.ServerConn = d.server(v, version)
		case "backup":
			f.Backup = d.backup(v)
		default:
			d.plain(f, p.key, v)
			d.specific(f, typ, p.key, v)
		}
	}
	f.Integral = d.mask(integral)
	if d.err == nil {
		d.migrate(f, version)
	}
	return f, roleOf(f, typ, version)
}

// newestEnds is how records of format 21 end, by the types of their flows.
var newestEnds = [...]struct{ typ, end string }{
	{typeHTTP, "4:type;4:http;7:version;2:21#"},
	{typeTCP, "4:type;3:tcp;7:version;2:21#"},
	{typeUDP, "4:type;3:udp;7:version;2:21#"},
	{typeDNS, "4:type;3:dns;7:version;2:21#"},
}

// head returns flow format and type of a record.
func (d *decoder) head(e element) (version int, typ string) {
	for _, n := range newestEnds {
		if start := len(e.payload) - len(n.end); start > 0 && string(e.payload[start:]) == n.end && e.tag == tagDict {
			return newest, n.typ
		}
	}
	var says element
	p := d.pairs(e)
	for p.next() {
		switch string(p.key) {
		case "version":
			says = p.value
		case "type":
			if p.value.tag != tagText && p.value.tag != tagBytes {
				d.mismatch("text", p.value)
			}
			typ = string(p.value.payload)
		}
	}
	if d.err != nil {
		return 0, ""
	}
	return d.version(says), typ
}

func kindOf(typ string, version int) (flowpb.Kind, bool) {
	switch typ {
	case typeHTTP:
		return flowpb.Kind_HTTP, true
	case typeTCP:
		return flowpb.Kind_TCP, true
	case typeUDP:
		return flowpb.Kind_UDP, true
	case typeDNS:
		return flowpb.Kind_DNS, true
	case typeWebSocket:
		return flowpb.Kind_HTTP, version <= lastApart
	}
	return 0, false
}

func roleOf(f *flowpb.Flow, typ string, version int) role {
	switch {
	case typ == typeWebSocket:
		return conversation
	case version <= lastApart && typ == typeHTTP && isHandshake(f.Metadata):
		return handshake
	}
	return alone
}

// isHandshake reports whether the metadata of an HTTP flow say that it began a
// WebSocket: they name the conversation, and in later formats say so besides.
func isHandshake(metadata *flowpb.Value) bool {
	return lookup(metadata, "websocket").GetBoolean() || lookup(metadata, "websocket_flow") != nil
}

// plain reads the plain keys of all flows.
func (d *decoder) plain(f *flowpb.Flow, key []byte, v element) {
	switch string(key) {
	case "id":
		f.Id = d.data(v)
	case "intercepted":
		f.Intercepted = d.bool(v)
	case "is_replay":
		f.IsReplay = d.data(v)
	case "marked":
		d.mark(f, v)
	case "metadata":
		f.Metadata = d.value(v)
	case "comment":
		f.Comment = d.data(v)
	case "mode":
		f.Mode = d.data(v)
	}
}

// specific reads the keys of a type of flow.
func (d *decoder) specific(f *flowpb.Flow, typ string, key []byte, v element) {
	switch typ {
	case typeHTTP:
		switch string(key) {
		case "request":
			f.Request = d.request(v)
		case "response":
			f.Response = d.response(v)
		case "websocket":
			f.Websocket = d.webSocket(v)
		}
	case typeTCP, typeUDP:
		if string(key) == "messages" {
			f.Messages = d.streamMessages(v)
		}
	case typeDNS:
		switch string(key) {
		case "request":
			f.DnsRequest = d.dnsMessage(v)
		case "response":
			f.DnsResponse = d.dnsMessage(v)
		}
	case typeWebSocket:
		d.conversation(f.Websocket, key, v)
	}
}

// conversation reads the keys of a WebSocket that is a record of its own.
func (d *decoder) conversation(w *flowpb.WebSocket, key []byte, v element) {
	switch string(key) {
	case "messages":
		w.Messages = d.webSocketMessages(v)
	case "close_sender":
		if !v.absent() {
			w.ClosedByClient = d.bools.put(string(v.payload) == "client")
		}
	case "close_code":
		w.CloseCode = d.closeCode(v)
	case "close_reason":
		w.CloseReason = d.data(v)
	}
}

// closeCode reads why a WebSocket ended. mitmproxy 2 wrote it as text, and
// "(status code missing)" where it did not know it.
func (d *decoder) closeCode(e element) *int64 {
	if e.tag == tagText || e.tag == tagBytes {
		e.tag = tagInt
		if !isInt(e.payload) {
			return nil
		}
	}
	return d.int64(e)
}

// mark reads a mark: a name, or up to format 12 yes or no.
func (d *decoder) mark(f *flowpb.Flow, e element) {
	if e.tag == tagBool {
		f.Marked = d.bool(e)
		return
	}
	f.Marker = d.data(e)
	f.Marked = d.bools.put(len(f.Marker) > 0)
}

func (d *decoder) flowError(e element, integral *uint32) *flowpb.Error {
	if e.absent() {
		return nil
	}
	err := new(flowpb.Error)
	p := d.pairs(e)
	for p.next() {
		switch string(p.key) {
		case "msg":
			err.Msg = d.data(p.value)
		case "timestamp":
			err.Timestamp = d.time(p.value, integral, 1)
		}
	}
	return err
}

// backup reads the flow as it was before it was edited, a record in a record.
func (d *decoder) backup(e element) *flowpb.Flow {
	if e.absent() || !d.enter() {
		return nil
	}
	f, _ := d.decode(e)
	d.depth--
	if d.err == nil && f.GetFormatVersion() == newest && d.isReversed(e) {
		f.Reversed = d.bools.put(true)
	}
	return f
}

// isReversed reports whether a backup has its keys in the order of mitmproxy's
// memory, in which the version comes first. A record has them the other way.
func (d *decoder) isReversed(e element) bool {
	p := d.pairs(e)
	return p.next() && string(p.key) == "version"
}
