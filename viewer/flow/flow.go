package flow

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"flowpane/proto/flowpb"
)

// Kind returns what f records. A flow that does not say is HTTP: the 2018
// schema knew nothing else.
func Kind(f *flowpb.Flow) flowpb.Kind { return f.GetKind() }

// IsWebSocket reports whether f is an HTTP flow that became a WebSocket
// conversation.
func IsWebSocket(f *flowpb.Flow) bool {
	return Kind(f) == flowpb.Kind_HTTP && f.GetWebsocket() != nil
}

// ID returns the id of f as captured, usually a UUID. It may be empty, and it
// may repeat within a capture.
func ID(f *flowpb.Flow) string { return string(f.GetId()) }

// Method returns the method to show and to order by: the request method in
// upper case, "TCP" or "UDP", or the name of the DNS operation ("QUERY").
func Method(f *flowpb.Flow) string {
	switch Kind(f) {
	case flowpb.Kind_HTTP:
		return upper(string(f.GetRequest().GetMethod()))
	case flowpb.Kind_TCP:
		return "TCP"
	case flowpb.Kind_UDP:
		return "UDP"
	case flowpb.Kind_DNS:
		if f.GetDnsRequest() == nil {
			return ""
		}
		return OpCode(f.GetDnsRequest().GetOpCode())
	}
	return ""
}

// upper is strings.ToUpper for text that may not be UTF-8: that function would
// replace the bytes it does not understand.
func upper(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0 {
		return s
	}
	if utf8.ValidString(s) {
		return strings.ToUpper(s)
	}
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// Status returns the status code of an HTTP response, and false if there is no
// response or it has none.
func Status(f *flowpb.Flow) (int, bool) {
	if Kind(f) != flowpb.Kind_HTTP || f.GetResponse() == nil || f.Response.StatusCode == nil {
		return 0, false
	}
	return int(*f.Response.StatusCode), true
}

// StatusText returns what stands in the status column: the code of an HTTP
// response in digits, the name of a DNS response code ("NXDOMAIN"), or "".
func StatusText(f *flowpb.Flow) string {
	if code, ok := Status(f); ok {
		return strconv.Itoa(code)
	}
	if Kind(f) == flowpb.Kind_DNS && f.GetDnsResponse() != nil {
		return ResponseCode(f.DnsResponse.GetResponseCode())
	}
	return ""
}

// HasResponse reports whether an HTTP or DNS flow was answered. TCP and UDP
// flows have messages, not responses: it is false for them.
func HasResponse(f *flowpb.Flow) bool {
	switch Kind(f) {
	case flowpb.Kind_HTTP:
		return f.GetResponse() != nil
	case flowpb.Kind_DNS:
		return f.GetDnsResponse() != nil
	}
	return false
}

// Marker returns the mark of f: ":default:", ":emoji_name:", a single
// character, or "" if it is not marked. The yes of 2018 reads ":default:", as
// mitmproxy converts it.
func Marker(f *flowpb.Flow) string {
	if len(f.GetMarker()) == 0 && f.GetMarked() {
		return ":default:"
	}
	return string(f.GetMarker())
}

// IsMarked reports whether f bears a mark of today or of 2018.
func IsMarked(f *flowpb.Flow) bool { return Marker(f) != "" }

// Comment returns what a person noted on f, or "".
func Comment(f *flowpb.Flow) string { return string(f.GetComment()) }

// ErrorText returns the message of the error that ended f, and whether there
// was one: its message may be empty.
func ErrorText(f *flowpb.Flow) (string, bool) {
	if f.GetError() == nil {
		return "", false
	}
	return string(f.Error.GetMsg()), true
}

// Replay returns which side was replayed, "request" or "response", or "".
func Replay(f *flowpb.Flow) string {
	switch {
	case len(f.GetIsReplay()) > 0:
		return string(f.IsReplay)
	case f.GetRequest().GetIsReplay():
		return "request"
	case f.GetResponse().GetIsReplay():
		return "response"
	}
	return ""
}
