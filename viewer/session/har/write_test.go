package har

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strconv"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// A capture is flows at hand, their bodies by offset, and what their sources
// say.
type capture struct {
	flows  []*flowpb.Flow
	bodies map[uint64]blob.Source
	abouts map[uint32]string
	err    error
}

func (c capture) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		for _, f := range c.flows {
			if !yield(f, ctx.Err()) {
				return
			}
		}
		if c.err != nil {
			yield(nil, c.err)
		}
	}
}

func (c capture) Body(b *flowpb.Body) (blob.Source, error) {
	if src, ok := c.bodies[b.GetOffset()]; ok {
		return src, nil
	}
	return nil, errors.New("it is gone")
}

func (c capture) About(source uint32) *flowpb.About {
	if log, ok := c.abouts[source]; ok {
		return &flowpb.About{HarLog: []byte(log)}
	}
	return nil
}

func fields(pairs ...string) (h []*flowpb.HTTPHeader) {
	for i := 0; i < len(pairs); i += 2 {
		h = append(h, &flowpb.HTTPHeader{Name: []byte(pairs[i]), Value: []byte(pairs[i+1])})
	}
	return h
}

// exchange returns a flow as mitmproxy has it, without bodies.
func exchange() *flowpb.Flow {
	return &flowpb.Flow{
		Request: &flowpb.HTTPRequest{
			Method: []byte("GET"), Scheme: []byte("https"), Host: []byte("10.0.0.1"), Port: new(int32(443)),
			Path: []byte("/a?b=c"), HttpVersion: []byte("HTTP/1.1"), Headers: fields("Host", "example.org"),
			TimestampStart: new(1700000000.25), TimestampEnd: new(1700000000.5),
		},
		Response: &flowpb.HTTPResponse{
			HttpVersion: []byte("HTTP/1.1"), StatusCode: new(int32(200)), Reason: []byte("OK"),
			TimestampStart: new(1700000001.0), TimestampEnd: new(1700000001.125),
		},
	}
}

// with returns an exchange that was changed.
func with(change func(f *flowpb.Flow)) *flowpb.Flow {
	f := exchange()
	change(f)
	return f
}

// entriesOf returns what is written of flows, as JSON.
func entriesOf(t *testing.T, c capture) []any {
	t.Helper()
	return logWritten(t, c)["entries"].([]any)
}

func logWritten(t *testing.T, c capture) map[string]any {
	t.Helper()
	var file map[string]any
	if err := json.Unmarshal(written(t, c), &file); err != nil {
		t.Fatal(err)
	}
	return file["log"].(map[string]any)
}

// at returns what is at a path in JSON, as JSON, or "" if nothing is.
func at(v any, path string) string {
	for key := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			value, ok := x[key]
			if !ok {
				return ""
			}
			v = value
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(x) {
				return ""
			}
			v = x[i]
		default:
			return ""
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestWriteExchange(t *testing.T) {
	f := exchange()
	f.Comment = []byte("a \"note\"\n")
	f.Request.Headers = fields("Host", "example.org:8443", "Cookie", "a=b; c=d=e;f", "X", "\xff\x00é")
	f.Request.Path = []byte("/p?a=b%20c&d+e=&f&%ff=%zz#x")
	f.Request.Method, f.Request.Content = []byte("POST"), []byte(`{"é":1}`)
	f.Request.Trailers = &flowpb.Headers{Fields: fields("T", "u")}
	f.Response.Headers = fields("Content-Type", "text/html; charset=utf-8", "Location", "/there",
		"Set-Cookie", "s=t; Path=/p; Domain=x.org; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; path=/q", "Set-Cookie", "u; Expires=never; Secure")
	f.Response.Content = []byte("<p>")
	f.ServerConn = &flowpb.ServerConnection{
		Id: []byte("c1"), IpAddress: &flowpb.Address{Host: []byte("::1"), Port: new(int32(8443))}, TlsVersion: []byte("TLSv1.3"),
		TimestampStart: new(1699999999.0), TimestampTcpSetup: new(1699999999.01), TimestampTlsSetup: new(1699999999.03),
	}
	f.ClientConn = &flowpb.ClientConnection{Address: &flowpb.Address{Host: []byte("127.0.0.1"), Port: new(int32(5))}}
	entries := entriesOf(t, capture{flows: []*flowpb.Flow{f, f}})
	for path, want := range map[string]string{
		"startedDateTime":              `"2023-11-14T22:13:20.250000Z"`,
		"time":                         `905`,
		"comment":                      `"a \"note\"\n"`,
		"pageref":                      ``,
		"cache":                        `{}`,
		"timings":                      `{"connect":30,"receive":125,"send":250,"ssl":20,"wait":500}`,
		"serverIPAddress":              `"::1"`,
		"connection":                   `"c1"`,
		"_serverPort":                  `8443`,
		"_securityDetails":             `{"protocol":"TLSv1.3"}`,
		"_clientAddress":               `"127.0.0.1"`,
		"_clientPort":                  `5`,
		"_flowId":                      ``,
		"_resourceType":                ``,
		"request.method":               `"POST"`,
		"request.url":                  `"https://example.org:8443/p?a=b%20c\u0026d+e=\u0026f\u0026%ff=%zz#x"`,
		"request.httpVersion":          `"HTTP/1.1"`,
		"request.cookies":              `[{"name":"a","value":"b"},{"name":"c","value":"d=e"},{"name":"f","value":""}]`,
		"request.queryString":          `[{"name":"a","value":"b c"},{"name":"d e","value":""},{"name":"f","value":""},{"name":"%ff","value":"%zz"}]`,
		"request.headers.2":            `{"name":"X","value":"�\u0000é"}`, // the surrogate, as encoding/json has it
		"request.postData":             `{"encoding":"base64","mimeType":"","text":"eyLDqSI6MX0="}`,
		"request.headersSize":          `100`,
		"request.bodySize":             `8`,
		"request._trailers":            `[{"name":"T","value":"u"}]`,
		"response.status":              `200`,
		"response.statusText":          `"OK"`,
		"response.redirectURL":         `"/there"`,
		"response.cookies.0":           `{"domain":"x.org","expires":"2026-10-21T07:28:00.000000Z","httpOnly":true,"name":"s","path":"/p","secure":false,"value":"t"}`,
		"response.cookies.1":           `{"httpOnly":false,"name":"u","secure":true,"value":""}`,
		"response.content":             `{"mimeType":"text/html; charset=utf-8","size":3,"text":"\u003cp\u003e"}`,
		"response.bodySize":            `3`,
		"response._transferSize":       `216`,
		"response._error":              ``,
		"response.content.compression": ``,
	} {
		if got := at(entries[0], path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := at(entries[1], "timings"); got != `{"receive":125,"send":250,"wait":500}` {
		t.Errorf("timings of the second on its connection: %s", got)
	}
}

// TestWriteParts has what single parts of a flow are written as.
func TestWriteParts(t *testing.T) {
	for _, test := range []struct {
		name, path, want string
		change           func(f *flowpb.Flow)
	}{
		{"CONNECT", "request.url", `"https://a.org:8443/"`, func(f *flowpb.Flow) {
			f.Request.Method, f.Request.Authority, f.Request.Path = []byte("CONNECT"), []byte("a.org:8443"), nil
		}},
		{"IPv6", "request.url", `"http://[::1]:8080/a?b=c"`, func(f *flowpb.Flow) {
			f.Request.Scheme, f.Request.Host, f.Request.Port, f.Request.Headers = []byte("http"), []byte("::1"), new(int32(8080)), nil
		}},
		{"the server", "request.url", `"https://example.org"`, func(f *flowpb.Flow) { f.Request.Path = []byte("*") }},
		{"HTTP/2", "request.headersSize", `-1`, func(f *flowpb.Flow) { f.Request.HttpVersion = []byte("HTTP/2.0") }},
		{"absolute", "request.headersSize", `61`, func(f *flowpb.Flow) { f.Request.Authority = []byte("example.org") }},
		{"no body", "request.postData", ``, func(f *flowpb.Flow) {}},
		{"no body, size", "request.bodySize", `-1`, func(f *flowpb.Flow) {}},
		{"empty body of GET", "request.postData", ``, func(f *flowpb.Flow) { f.Request.Content = []byte{} }},
		{"empty body of GET, size", "request.bodySize", `0`, func(f *flowpb.Flow) { f.Request.Content = []byte{} }},
		{"empty body of PUT", "request.postData", `{"mimeType":"","text":""}`, func(f *flowpb.Flow) {
			f.Request.Method, f.Request.Content = []byte("PUT"), []byte{}
		}},
		{"no response", "response", `{"_error":"refused","_transferSize":0,"bodySize":-1,"content":{"mimeType":"","size":-1},"cookies":[],"headers":[],` +
			`"headersSize":-1,"httpVersion":"","redirectURL":"","status":0,"statusText":""}`, func(f *flowpb.Flow) {
			f.Response, f.Error = nil, &flowpb.Error{Msg: []byte("refused")}
		}},
		{"error beside a response", "response._error", `"cut"`, func(f *flowpb.Flow) { f.Error = &flowpb.Error{Msg: []byte("cut")} }},
		{"no request", "request", `{"bodySize":-1,"cookies":[],"headers":[],"headersSize":-1,"httpVersion":"","method":"","queryString":[],"url":""}`,
			func(f *flowpb.Flow) { f.Request = nil }},
		{"no date", "startedDateTime", `"1970-01-01T00:00:00.000Z"`, func(f *flowpb.Flow) { f.Request.TimestampStart = new(-1e300) }},
		{"no time", "time", `-1`, func(f *flowpb.Flow) { f.Response, f.Request.TimestampEnd = nil, nil }},
		{"no timings", "timings", `{"receive":-1,"send":-1,"wait":-1}`, func(f *flowpb.Flow) { f.Response, f.Request.TimestampEnd = nil, nil }},
		{"clock set back", "timings.wait", `0`, func(f *flowpb.Flow) { f.Response.TimestampStart = new(1.0) }},
		{"connected while it waited", "timings", `{"connect":300,"receive":125,"send":250,"wait":300}`, func(f *flowpb.Flow) {
			f.ServerConn = &flowpb.ServerConnection{Id: []byte("x"), TimestampStart: new(1700000000.4), TimestampTcpSetup: new(1700000000.7)}
		}},
		{"connection without an id", "timings.connect", ``, func(f *flowpb.Flow) {
			f.ServerConn = &flowpb.ServerConnection{TimestampStart: new(1.0), TimestampTcpSetup: new(2.0)}
		}},
		{"peer that is a name", "serverIPAddress", ``, func(f *flowpb.Flow) {
			f.ServerConn = &flowpb.ServerConnection{IpAddress: &flowpb.Address{Host: []byte("a.org")}}
		}},
		{"WebSocket", "_webSocketMessages", `[{"data":"hi","opcode":1,"time":1.5,"type":"send"},{"data":"/w==","opcode":2,"type":"receive"},{}]`, webSocket},
		{"WebSocket's type", "_resourceType", `"websocket"`, webSocket},
		{"WebSocket's end", "_webSocketClose", `{"code":1000,"reason":"bye"}`, webSocket},
	} {
		entries := entriesOf(t, capture{flows: []*flowpb.Flow{with(test.change)}})
		if got := at(entries[0], test.path); got != test.want {
			t.Errorf("%s: %s is %s, want %s", test.name, test.path, got, test.want)
		}
	}
}

func webSocket(f *flowpb.Flow) {
	f.Websocket = &flowpb.WebSocket{CloseCode: new(int64(1000)), CloseReason: []byte("bye"), Messages: []*flowpb.WebSocketMessage{
		{Type: new(int32(1)), FromClient: new(true), Content: []byte("hi"), Timestamp: new(1.5)},
		{Type: new(int32(2)), FromClient: new(false), Content: []byte{0xff}},
		{},
	}}
}

// TestWriteBody has how bodies are written. All read again as they were.
func TestWriteBody(t *testing.T) {
	for _, test := range []struct{ kind, encoding, body, want string }{
		{"", "", "", `{"mimeType":"","size":0,"text":""}`},
		{"", "", "plain\t\r\n", `{"mimeType":"","size":8,"text":"plain\t\r\n"}`},
		{"", "", "a\x00b", `{"encoding":"base64","mimeType":"","size":3,"text":"YQBi"}`},
		{"text/html", "", "é", `{"mimeType":"text/html","size":2,"text":"é"}`},
		{"text/html", "", "\ufeffé", `{"mimeType":"text/html","size":5,"text":"` + "\ufeff" + `é"}`},
		{"text/html", "", "\xe9", `{"encoding":"base64","mimeType":"text/html","size":1,"text":"6Q=="}`},
		{"text/plain", "", "é", `{"encoding":"base64","mimeType":"text/plain","size":2,"text":"w6k="}`},
		{"text/plain", "", "é→", `{"mimeType":"text/plain","size":5,"text":"é→"}`},
		{"text/plain; charset=iso-8859-1", "", "\xe9", `{"mimeType":"text/plain; charset=iso-8859-1","size":1,"text":"é"}`},
		{"text/plain; charset=shift_jis", "", "\x83\x89", `{"mimeType":"text/plain; charset=shift_jis","size":2,"text":"ラ"}`},
		{"text/plain; charset=shift_jis", "", "\xff\xff", `{"encoding":"base64","mimeType":"text/plain; charset=shift_jis","size":2,"text":"//8="}`},
		{"text/plain; charset=none", "", "é", `{"mimeType":"text/plain; charset=none","size":2,"text":"é"}`},
		{"", "br, gzip", "as is", `{"mimeType":"","size":5,"text":"as is"}`},
		{"", "gzip", "\x1f\x8b damaged", `{"encoding":"base64","mimeType":"","size":10,"text":"H4sgZGFtYWdlZA=="}`},
		{"", "identity", "x", `{"compression":0,"mimeType":"","size":1,"text":"x"}`},
	} {
		f := exchange()
		f.Response.Content = []byte(test.body)
		if test.kind != "" {
			f.Response.Headers = append(f.Response.Headers, fields("Content-Type", test.kind)...)
		}
		if test.encoding != "" {
			f.Response.Headers = append(f.Response.Headers, fields("Content-Encoding", test.encoding)...)
		}
		c := capture{flows: []*flowpb.Flow{f}}
		if got := at(entriesOf(t, c)[0], "response.content"); got != test.want {
			t.Errorf("%q as %q: %s, want %s", test.body, test.kind, got, test.want)
		}
		r, l := reread(t, written(t, c))
		if got := bodyBytes(t, r, l.Flows[0].Response.Content, l.Flows[0].Response.Body); string(got) != test.body {
			t.Errorf("%q as %q is read as %q", test.body, test.kind, got)
		}
	}
}

// TestWriteEncoded has a body whose content encoding is undone, and one that
// is said to be without it already.
func TestWriteEncoded(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(bytes.Repeat([]byte("text "), 1000)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	f := exchange()
	f.Response.Headers = fields("Content-Encoding", "GZip")
	f.Response.Body = &flowpb.Body{Offset: new(uint64(7))}
	c := capture{flows: []*flowpb.Flow{f}, bodies: map[uint64]blob.Source{7: blob.Bytes(packed.Bytes())}}
	response := entriesOf(t, c)[0].(map[string]any)["response"].(map[string]any)
	sent := packed.Len()
	for path, want := range map[string]string{
		"content.size": "5000", "content.compression": strconv.Itoa(5000 - sent), "bodySize": strconv.Itoa(sent),
		"headers.0.value": `"GZip"`, "content.text": `"` + strings.Repeat("text ", 1000) + `"`,
	} {
		if got := at(response, path); got != want {
			t.Errorf("%s: %.80s, want %.80s", path, got, want)
		}
	}
	f.Response.Body.Decoded = new(true)
	response = entriesOf(t, c)[0].(map[string]any)["response"].(map[string]any)
	if at(response, "content.size") != strconv.Itoa(sent) || at(response, "bodySize") != "-1" || at(response, "content.compression") != "" {
		t.Errorf("a body that is decoded: %s", at(response, "content"))
	}
}

func TestWriteLosses(t *testing.T) {
	connection := &flowpb.Connection{CertificateList: [][]byte{nil}}
	for _, test := range []struct {
		want   string
		change func(f *flowpb.Flow)
	}{
		{"", func(f *flowpb.Flow) { f.Request.Host = []byte("example.org") }},
		{"hosts unlike the Host header", func(f *flowpb.Flow) {}},
		{"TCP flows", func(f *flowpb.Flow) { f.Kind = new(flowpb.Kind_TCP) }},
		{"UDP flows", func(f *flowpb.Flow) { f.Kind = new(flowpb.Kind_UDP) }},
		{"DNS flows", func(f *flowpb.Flow) { f.Kind = new(flowpb.Kind_DNS) }},
		{"bodies as compressed", func(f *flowpb.Flow) {
			f.Request.Headers, f.Response.Headers, f.Response.Body = nil, fields("content-encoding", "br"), &flowpb.Body{}
		}},
		{"", func(f *flowpb.Flow) {
			f.Request.Headers, f.Response.Headers, f.Response.Body = nil, fields("content-encoding", "br"), &flowpb.Body{Decoded: new(true)}
		}},
		{"", func(f *flowpb.Flow) { f.Request.Headers, f.Id = nil, []byte("1") }},
		{"creation times", func(f *flowpb.Flow) { f.Request.Headers, f.TimestampCreated = nil, new(1.0) }},
		{"marks", func(f *flowpb.Flow) { f.Request.Headers, f.Marker = nil, []byte("x") }},
		{"metadata", func(f *flowpb.Flow) {
			f.Request.Headers, f.Metadata = nil, &flowpb.Value{Dict: &flowpb.Value_Dict{Pairs: []*flowpb.Value_Pair{{}}}}
		}},
		{"", func(f *flowpb.Flow) { f.Request.Headers, f.Metadata = nil, &flowpb.Value{Dict: &flowpb.Value_Dict{}} }},
		{"versions before edits", func(f *flowpb.Flow) { f.Request.Headers, f.Backup = nil, new(flowpb.Flow) }},
		{"replay flags", func(f *flowpb.Flow) { f.Request.Headers, f.IsReplay = nil, []byte("request") }},
		{"interception flags", func(f *flowpb.Flow) { f.Request.Headers, f.Intercepted = nil, new(true) }},
		{"times of errors", func(f *flowpb.Flow) { f.Request.Headers, f.Error = nil, &flowpb.Error{Timestamp: new(1.0)} }},
		{"flags of WebSocket messages,ends of WebSockets", func(f *flowpb.Flow) {
			f.Request.Headers = nil
			f.Websocket = &flowpb.WebSocket{ClosedByClient: new(true), Messages: []*flowpb.WebSocketMessage{{Dropped: new(true)}}}
		}},
		{"connection details", func(f *flowpb.Flow) {
			f.Request.Headers, f.ClientConn = nil, &flowpb.ClientConnection{ProxyMode: []byte("regular")}
		}},
		{"TLS details,certificates", func(f *flowpb.Flow) {
			f.Request.Headers, f.ServerConn = nil, &flowpb.ServerConnection{Sni: []byte("x"), Common: connection}
		}},
	} {
		if got := strings.Join(Writer.Losses(with(test.change)), ","); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	if got := Writer.Losses(&flowpb.Flow{}); len(got) > 0 {
		t.Errorf("an empty flow: %q", got)
	}
}
