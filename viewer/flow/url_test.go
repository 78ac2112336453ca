package flow

import (
	"strings"
	"testing"

	"flowpane/proto/flowpb"
)

func TestParseAuthority(t *testing.T) {
	long := strings.Repeat("a", 64) + ".test"
	for _, test := range []struct {
		in, host string
		port     int
		ok       bool
	}{
		{"example.com", "example.com", 0, true},
		{"example.com:8080", "example.com", 8080, true},
		{"EXAMPLE.com:", "EXAMPLE.com:", 0, false},
		{"a:b", "a:b", 0, false},
		{"::1", "::1", 0, false},
		{"::1:8080", "::1:8080", 0, false},
		{"[::1]:80", "::1", 80, true},
		{"[::1]", "::1", 0, true},
		{"[]:80", "[]:80", 0, false},
		{"[", "[", 0, false},
		{":80", ":80", 0, false},
		{"host:99999", "host:99999", 0, false},
		{"host:65535", "host", 65535, true},
		{"host:99999999999999999999", "host:99999999999999999999", 0, false},
		{"a_b-c.test.", "a_b-c.test.", 0, true},
		{"a..b", "a..b", 0, false},
		{"a b", "a b", 0, false},
		{"h2.test, h3.test", "h2.test, h3.test", 0, false},
		{"127.0.0.1:1", "127.0.0.1", 1, true},
		{"bücher.test:80", "bücher.test", 80, true},
		{"b\xff.test:80", "b\xff.test:80", 0, false},
		{long, long, 0, false},
		{"", "", 0, false},
	} {
		host, port, ok := ParseAuthority(test.in)
		if host != test.host || port != test.port || ok != test.ok {
			t.Errorf("%q: %q, %d, %v", test.in, host, port, ok)
		}
	}
}

func TestURL(t *testing.T) {
	h2 := request("https", "10.0.0.1", 8443, "host", "no.test")
	h2.HttpVersion, h2.Authority = []byte("HTTP/2.0"), []byte("h2.test")
	har := request("https", "10.0.0.1", 443, "host", "yes.test")
	har.HttpVersion, har.Authority = []byte("HTTP/2"), []byte("h2.test")
	connect := request("", "tunnel.test", 8443)
	connect.Method, connect.Authority = []byte("Connect"), []byte("tunnel.test:8443")
	options := request("http", "o.test", 80)
	options.Path = []byte("*")
	for _, test := range []struct {
		name                   string
		request                *flowpb.HTTPRequest
		url, pretty, host, fmt string
	}{
		{"plain", request("http", "address", 22), "http://address:22/path", "http://address:22/path", "address", "relative"},
		{"default port", request("https", "a.test", 443), "https://a.test/path", "https://a.test/path", "a.test", "relative"},
		{"host header", request("http", "address", 22, "Host", "Example.COM:8080"), "http://address:22/path", "http://Example.COM:8080/path", "Example.COM", "relative"},
		{"port left out", request("http", "address", 22, "hOST", "a.test"), "http://address:22/path", "http://a.test/path", "a.test", "relative"},
		{"port 0", request("http", "address", 22, "Host", "a.test:0"), "http://address:22/path", "http://a.test/path", "a.test", "relative"},
		{"no default port", request("ws", "address", 22, "Host", "a.test"), "ws://address:22/path", "ws://a.test:443/path", "a.test", "relative"},
		{"empty host header", request("http", "address", 22, "Host", ""), "http://address:22/path", "http://address:22/path", "address", "relative"},
		{"two host headers", request("http", "a", 80, "Host", "b", "host", "c"), "http://a/path", "http://b, c/path", "b, c", "relative"},
		{"ipv6", request("http", "::1", 8080, "Host", "::1:8080"), "http://::1:8080/path", "http://::1:8080/path", "::1:8080", "relative"},
		{"h2", h2, "https://10.0.0.1:8443/path", "https://h2.test/path", "h2.test", "absolute"},
		{"h2 of a HAR", har, "https://10.0.0.1/path", "https://yes.test/path", "yes.test", "absolute"},
		{"connect", connect, "tunnel.test:8443", "tunnel.test:8443", "tunnel.test", "authority"},
		{"options", options, "http://o.test", "http://o.test", "o.test", "relative"},
	} {
		f := httpFlow(test.request)
		pretty, ok := PrettyURL(f)
		if URL(f) != test.url || pretty != test.pretty || !ok || PrettyHost(f) != test.host || FirstLineFormat(f.Request) != test.fmt {
			t.Errorf("%s: %q, %q, %q, %q", test.name, URL(f), pretty, PrettyHost(f), FirstLineFormat(f.Request))
		}
	}
}

func TestURLOfOthers(t *testing.T) {
	tcp := kind(flowpb.Kind_TCP)
	tcp.ClientConn = &flowpb.ClientConnection{Address: address("127.0.0.1", 22)}
	tcp.ServerConn = &flowpb.ServerConnection{Address: address("address", 22)}
	dns := kind(flowpb.Kind_DNS)
	dns.DnsRequest = &flowpb.DNSMessage{Questions: []*flowpb.DNSQuestion{
		{Name: []byte("dns.google"), Type: new(int32(1))}, {Name: []byte("b.test"), Type: new(int32(65280))}}}
	for _, test := range []struct {
		flow      *flowpb.Flow
		url, path string
		pretty    bool
	}{
		{tcp, "address:22", "127.0.0.1:22 ↔ address:22", false},
		{kind(flowpb.Kind_UDP), "<no address>", " ↔ ", false},
		{dns, "dns.google", "dns.google A, b.test TYPE(65280) = ...", true},
		{kind(flowpb.Kind_DNS), "", " = ...", false},
	} {
		_, ok := PrettyURL(test.flow)
		if URL(test.flow) != test.url || Path(test.flow) != test.path || ok != test.pretty {
			t.Errorf("%q, %q, %v; want %q, %q", URL(test.flow), Path(test.flow), ok, test.url, test.path)
		}
	}
	dns.DnsResponse = &flowpb.DNSMessage{}
	if got := Path(dns); got != "dns.google A, b.test TYPE(65280) = ?" {
		t.Errorf("no answers: %q", got)
	}
	dns.DnsResponse.Answers = []*flowpb.DNSRecord{
		record(1, 8, 8, 8, 8), record(1, 8, 8, 4, 4)}
	if got := Path(dns); got != "dns.google A, b.test TYPE(65280) = 8.8.8.8, 8.8.4.4" {
		t.Errorf("answers: %q", got)
	}
}

func address(host string, port int32) *flowpb.Address {
	return &flowpb.Address{Host: []byte(host), Port: new(port)}
}

func TestFormatAddress(t *testing.T) {
	for _, test := range []struct {
		address *flowpb.Address
		want    string
	}{
		{nil, "<no address>"},
		{address("example.com", 80), "example.com:80"},
		{address("1.2.3.4", 80), "1.2.3.4:80"},
		{address("0.0.0.0", 80), "*:80"},
		{address("::", 80), "*:80"},
		{address("::ffff:1.2.3.4", 80), "1.2.3.4:80"},
		{address("2001:DB8:0:0::1", 80), "[2001:db8::1]:80"},
		{address("", 0), ":0"},
	} {
		if got := FormatAddress(test.address); got != test.want {
			t.Errorf("%v: %q, want %q", test.address, got, test.want)
		}
	}
	if got, ok := HostPort(address("::1", 22)); got != "::1:22" || !ok {
		t.Errorf("HostPort: %q", got)
	}
	if _, ok := HostPort(nil); ok {
		t.Error("HostPort knows the address of nobody")
	}
}

func TestHeaders(t *testing.T) {
	h := header("Accept", "a", "X", "1", "aCCEPT", "b")
	if got, ok := Value(h, "accept"); got != "a, b" || !ok {
		t.Errorf("Value: %q, %v", got, ok)
	}
	if _, ok := Value(h, "y"); ok {
		t.Error("Value finds what is not there")
	}
	if got := string(HeaderBlock(h)); got != "Accept: a\r\nX: 1\r\naCCEPT: b\r\n" {
		t.Errorf("HeaderBlock: %q", got)
	}
	for in, want := range map[string]string{
		"Text/HTML; charset=utf-8": "text/html", "text/html ;x": "text/html", "": "", "text": "", "/": "", "a/b/c": "a/b/c",
	} {
		if got := MediaType(in); got != want {
			t.Errorf("MediaType(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAsset(t *testing.T) {
	for contentType, want := range map[string]bool{
		"text/javascript": true, "image/png": true, "IMAGE/PNG": false, "xx-image/foo": true,
		"application/font-woff": true, "text/css;x": true, "text/html": false, "": false, "image": false,
	} {
		f := &flowpb.Flow{Response: &flowpb.HTTPResponse{Headers: header("Content-Type", "text/x", "content-type", contentType)}}
		if got := Asset(f); got != want {
			t.Errorf("Asset of %q: %v", contentType, got)
		}
	}
}
