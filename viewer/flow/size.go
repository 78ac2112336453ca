package flow

import "flowpane/proto/flowpb"

// A Side is one of the two messages of an HTTP flow.
type Side int

// The sides of an HTTP flow.
const (
	Request Side = iota
	Response
)

// RequestBody returns the body of an HTTP request as sent: its bytes, or where
// they are. It is not present where none was captured, which is not an empty
// body.
func RequestBody(f *flowpb.Flow) (content []byte, ref *flowpb.Body, present bool) {
	r := f.GetRequest()
	return r.GetContent(), r.GetBody(), r.GetContent() != nil || r.GetBody() != nil
}

// ResponseBody is RequestBody for the response.
func ResponseBody(f *flowpb.Flow) (content []byte, ref *flowpb.Body, present bool) {
	r := f.GetResponse()
	return r.GetContent(), r.GetBody(), r.GetContent() != nil || r.GetBody() != nil
}

// RequestSize returns the size of the request body as sent, in bytes; 0 if it
// is absent.
func RequestSize(f *flowpb.Flow) int64 {
	content, ref, _ := RequestBody(f)
	return bodySize(content, ref)
}

// ResponseSize is RequestSize for the response.
func ResponseSize(f *flowpb.Flow) int64 {
	content, ref, _ := ResponseBody(f)
	return bodySize(content, ref)
}

// OrderSize returns the size by which flows are ordered, in bytes: HTTP bodies
// as sent without the messages of a WebSocket, the messages of a TCP or UDP
// flow, the record data of a DNS response.
func OrderSize(f *flowpb.Flow) int64 {
	switch Kind(f) {
	case flowpb.Kind_HTTP:
		return RequestSize(f) + ResponseSize(f)
	case flowpb.Kind_TCP, flowpb.Kind_UDP:
		var n int64
		for _, m := range f.GetMessages() {
			n += bodySize(m.GetContent(), m.GetBody())
		}
		return n
	}
	return DNSSize(f.GetDnsResponse())
}

// TotalSize returns the size to show, in bytes: OrderSize and the messages of
// a WebSocket.
func TotalSize(f *flowpb.Flow) int64 {
	n := OrderSize(f)
	for _, m := range f.GetWebsocket().GetMessages() {
		n += bodySize(m.GetContent(), m.GetBody())
	}
	return n
}

// bodySize returns the size of a body, which is here unless it is elsewhere. One that lies
// in a JSON string is not known before it is read: the length of that string
// without its quotes stands for it, and three quarters of that for base64.
func bodySize(content []byte, ref *flowpb.Body) int64 {
	if content != nil || ref == nil {
		return int64(len(content))
	}
	n := int64(min(ref.GetLength(), 1<<62))
	switch ref.GetEncoding() {
	case flowpb.Body_JSON:
		return max(n-2, 0)
	case flowpb.Body_JSON_BASE64:
		return max(n-2, 0) / 4 * 3
	}
	return n
}
