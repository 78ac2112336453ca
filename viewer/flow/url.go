package flow

import (
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
)

// URL returns the address of what was asked for, by which flows are ordered.
// HTTP: scheme, host and port of the connection, and path; "host:port" for
// CONNECT. TCP and UDP: the server's address. DNS: the first name in question,
// or "".
func URL(f *flowpb.Flow) string {
	switch Kind(f) {
	case flowpb.Kind_HTTP:
		return requestURL(f.GetRequest())
	case flowpb.Kind_TCP, flowpb.Kind_UDP:
		return FormatAddress(Server(f))
	}
	name, _ := question(f)
	return name
}

// PrettyURL returns the address as a person would type it, which is what a
// search for URLs sees: the Host header (or :authority) in place of the
// connection's host and port. It is false where there is nothing to search:
// TCP and UDP, and DNS without a question.
func PrettyURL(f *flowpb.Flow) (string, bool) {
	switch Kind(f) {
	case flowpb.Kind_HTTP:
		r := f.GetRequest()
		return prettyURL(r, HostHeader(r), requestURL(r)), r != nil
	case flowpb.Kind_DNS:
		return question(f)
	}
	return "", false
}

// question returns the first name that a DNS flow asks for.
func question(f *flowpb.Flow) (string, bool) {
	questions := f.GetDnsRequest().GetQuestions()
	if Kind(f) != flowpb.Kind_DNS || len(questions) == 0 {
		return "", false
	}
	return string(questions[0].GetName()), true
}

// Host returns the host that an HTTP request went to, as the connection knows
// it, or "".
func Host(f *flowpb.Flow) string { return string(f.GetRequest().GetHost()) }

// PrettyHost returns the host that an HTTP request names in its Host header or
// :authority, else Host.
func PrettyHost(f *flowpb.Flow) string { return prettyHost(HostHeader(f.GetRequest()), Host(f)) }

func prettyHost(header, host string) string {
	if header == "" {
		return host
	}
	host, _, _ = ParseAuthority(header)
	return host
}

// HostHeader returns the Host header of r, or "". HTTP/2 and HTTP/3 requests
// say it in :authority first.
func HostHeader(r *flowpb.HTTPRequest) string { return string(hostHeader(r)) }

func hostHeader(r *flowpb.HTTPRequest) []byte {
	switch string(r.GetHttpVersion()) {
	case "HTTP/2.0", "HTTP/3":
		if len(r.GetAuthority()) > 0 {
			return r.Authority
		}
	}
	var host []byte
	for _, field := range r.GetHeaders() {
		if !equalFold(field.GetName(), "host") {
			continue
		}
		if host != nil {
			all, _ := Value(r.GetHeaders(), "Host")
			return []byte(all)
		}
		host = field.GetValue()
	}
	return host
}

// FirstLineFormat returns the form of the request target: "authority" for
// CONNECT, "absolute" where the target names an authority, else "relative".
func FirstLineFormat(r *flowpb.HTTPRequest) string {
	switch {
	case isConnect(r):
		return "authority"
	case len(r.GetAuthority()) > 0:
		return "absolute"
	}
	return "relative"
}

func isConnect(r *flowpb.HTTPRequest) bool { return equalFold(r.GetMethod(), "CONNECT") }

func requestURL(r *flowpb.HTTPRequest) string {
	if r == nil {
		return ""
	}
	host, port := string(r.GetHost()), int(r.GetPort())
	if isConnect(r) {
		return host + ":" + strconv.Itoa(port)
	}
	return unparse(r, host, port)
}

// prettyURL returns the pretty form of url, that of r with this Host header.
func prettyURL(r *flowpb.HTTPRequest, header, url string) string {
	switch {
	case isConnect(r):
		return string(r.GetAuthority())
	case header == "":
		return url
	}
	// The connection's port is left out even where the header names none:
	// behind a proxy it says nothing of what the client asked for.
	host, port, _ := ParseAuthority(header)
	return unparse(r, host, prettyPort(port, string(r.GetScheme())))
}

// prettyPort returns the port that a pretty URL has for one that a Host header
// names, or 0.
func prettyPort(port int, scheme string) int {
	if port == 0 {
		port = DefaultPort(scheme)
	}
	if port == 0 {
		port = 443
	}
	return port
}

// unparse joins scheme and path of r with another host and port.
func unparse(r *flowpb.HTTPRequest, host string, port int) string {
	return string(appendURL(nil, string(r.GetScheme()), host, port, r.GetPath()))
}

// appendURL appends a URL. IPv6 hosts get no brackets, as in mitmproxy.
func appendURL(b []byte, scheme, host string, port int, path []byte) []byte {
	b = append(append(append(b, scheme...), "://"...), host...)
	if port != DefaultPort(scheme) {
		b = strconv.AppendInt(append(b, ':'), int64(port), 10)
	}
	if string(path) != "*" {
		b = append(b, path...)
	}
	return b
}

// DefaultPort returns the port that a URL of this scheme need not name, or 0.
func DefaultPort(scheme string) int {
	switch scheme {
	case "http":
		return 80
	case "https":
		return 443
	}
	return 0
}

// Path returns the text of the path column. HTTP: path and query. TCP and UDP:
// both ends. DNS: the questions and what was answered, "..." for no response
// and "?" for a response without answers.
func Path(f *flowpb.Flow) string {
	switch Kind(f) {
	case flowpb.Kind_HTTP:
		return string(f.GetRequest().GetPath())
	case flowpb.Kind_TCP, flowpb.Kind_UDP:
		client, _ := HostPort(Client(f))
		server, _ := HostPort(Server(f))
		return client + " ↔ " + server
	}
	return dnsPath(f)
}

func dnsPath(f *flowpb.Flow) string {
	var asked, answered []string
	for _, q := range f.GetDnsRequest().GetQuestions() {
		asked = append(asked, string(q.GetName())+" "+RecordType(q.GetType()))
	}
	for _, r := range f.GetDnsResponse().GetAnswers() {
		answered = append(answered, RecordText(r))
	}
	answer := strings.Join(answered, ", ")
	switch {
	case f.GetDnsResponse() == nil:
		answer = "..."
	case answer == "":
		answer = "?"
	}
	return strings.Join(asked, ", ") + " = " + answer
}
