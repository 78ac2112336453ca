package har

import (
	"fmt"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// TestEscapedKeys: a name is found however it is written.
func TestEscapedKeys(t *testing.T) {
	escaped := func(s string) string {
		for _, name := range []string{"log", "entries", "request", "method", "url", "headers", "name", "value", "response", "content", "text", "startedDateTime", "timings", "send", "_securityDetails", "protocol"} {
			s = strings.ReplaceAll(s, `"`+name+`":`, fmt.Sprintf(`"\u%04x%s":`, name[0], name[1:]))
		}
		return s
	}
	har := escaped(`{"log":{"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://a/","headers":[{"name":"A","value":"1"}]},` +
		`"response":{"status":200,"content":{"text":"b"}},"timings":{"send":1},"_securityDetails":{"protocol":"TLS 1.3"},"\u005fown":1,"a\"\u0062":2}]}}`)
	if err := Format.Sniff([]byte(har)); err != nil || strings.Count(har, `\u`) != 18 {
		t.Fatal(err, har)
	}
	_, l, err := readAll(t, blob.Bytes([]byte(har)))
	if err != nil || len(l.Flows) != 1 || len(l.Issues) != 0 {
		t.Fatalf("%d flows, %v, %v", len(l.Flows), l.Issues, err)
	}
	f := l.Flows[0]
	got := fmt.Sprintf("%s %s %s %s %s %v %s %s", f.Request.Method, f.Har.Url, f.Request.Headers[0].Value, f.Response.Content, f.Har.Started, *f.Har.Timings.Send, f.ServerConn.TlsVersion, f.Har.Extra)
	want := `GET http://a/ 1 b 2026-01-01T00:00:00Z 1 TLS 1.3 {"_securityDetails":{"protocol":"TLS 1.3"},"_own":1,"a\"\u0062":2}`
	if want = strings.Replace(want, `{"protocol"`, `{"\u0070rotocol"`, 1); got != want {
		t.Errorf("read %s\nwant %s", got, want)
	}
}

// TestEscapedKeysThatStay are written under their names, once.
func TestEscapedKeysThatStay(t *testing.T) {
	_, f := one(t, `"request":{"method":"GET","url":"http://a/","cookies":[{"n\u0061me":"c","v\u0061lue":"d"}]}`)
	entry := entriesOf(t, capture{flows: []*flowpb.Flow{f}})[0]
	if got, want := at(entry, "request.cookies"), `[{"name":"c","value":"d"}]`; got != want {
		t.Errorf("cookies are written as %s, want %s", got, want)
	}
}

// TestMembersThatAreThereTwice: the last of the right type counts, whole, and
// that is told.
func TestMembersThatAreThereTwice(t *testing.T) {
	const get = `"request":{"method":"GET","url":"http://a/"}`
	for _, test := range []struct{ members, issue, want string }{
		{`"request":{"method":"PUT","url":"http://b:1/x","headers":[{"name":"A","value":"1"}],"postData":{"text":"b"}},` + get, "request", "GET a 80 /  0   -"},
		{get + `,"response":{"status":200,"statusText":"OK","headers":[{"name":"A","value":"1"}],"content":{"text":"b"}},"response":{"status":404,"headers":[{"name":"B","value":"2"}]}`,
			"response", "GET a 80 / 404 1   -"},
		{get + `,"response":{"status":200,"content":{"text":"b"}},"response":{"status":0}`, "response", "GET a 80 /  0   -"},
		{get + `,"response":{"status":0},"response":{"status":200}`, "response", "GET a 80 / 200 0   -"},
		{`"request":{"method":"PUT","method":"GET","url":"http://a/"}`, "request.method", "GET a 80 /  0   -"},
		{`"request":{"method":"GET","url":"http://b/","url":"http://a/"}`, "request.url", "GET a 80 /  0   -"},
		{get + `,"response":{"status":200,"status":404}`, "response.status", "GET a 80 / 404 0   -"},
		{get + `,"response":{"status":200,"statusText":"a","statusText":"b"}`, "response.statusText", "GET a 80 / 200 0 b  -"},
		{get + `,"response":{"status":200,"headers":[{"name":"A","value":"1"},{"name":"B","value":"1"}],"headers":[{"name":"C","value":"1"}]}`, "response.headers", "GET a 80 / 200 1   -"},
		{get + `,"response":{"status":200,"headers":[{"name":"A","value":"1","value":"2"}]}`, "response.headers: number 1", "GET a 80 / 200 1   -"},
		{get + `,"response":{"status":200,"content":{"text":"a","text":"b"}}`, "response.content.text", "GET a 80 / 200 0  b -"},
		{get + `,"response":{"status":200,"content":{"text":"YQ==","encoding":"base64"},"content":{"text":"b"}}`, "response.content", "GET a 80 / 200 0  b -"},
		{get + `,"timings":{"send":1,"wait":2},"timings":{"send":3}`, "timings", "GET a 80 /  0   3"},
		{get + `,"timings":{"send":1,"send":3}`, "timings.send", "GET a 80 /  0   3"},
		{get + `,"time":1,"time":2`, "time", ""}, {get + `,"cache":{},"cache":{"a":1}`, "cache", ""}, {get + `,"comment":"a","comment":"b"`, "comment", ""},
		{get + `,"_webSocketMessages":[{"data":"a"}],"_webSocketMessages":[]`, "_webSocketMessages", ""},
		{get + `,"_webSocketMessages":[{"data":"a","data":"b"}]`, "_webSocketMessages: message 1: data", ""},
		{get + `,"request":null,"response":null,"_own":1,"_own":2,"time":-1,"time":1`, "", "GET a 80 /  0   -"},
	} {
		_, l, err := readAll(t, blob.Bytes(file(`{"startedDateTime":"2026-01-01T00:00:00Z",`+test.members+`}`)))
		if err != nil || len(l.Flows) != 1 || len(l.Issues) > 1 || (len(l.Issues) == 1) != (test.issue != "") {
			t.Errorf("%s: %d flows, issues %v, %v", test.members, len(l.Flows), l.Issues, err)
			continue
		}
		if test.issue != "" {
			if got := l.Issues[0].Error(); !strings.HasPrefix(got, "entry 1: "+test.issue+":") && !strings.HasPrefix(got, "entry 1: "+test.issue+" has") {
				t.Errorf("%s: issue %s", test.members, got)
			}
		}
		f := l.Flows[0]
		send := "-"
		if n := f.Har.GetTimings().GetSend(); n > 0 {
			send = fmt.Sprint(n)
		}
		status := ""
		if f.Response != nil {
			status = fmt.Sprint(f.Response.GetStatusCode())
		}
		got := fmt.Sprintf("%s %s %d %s %s %d %s %s %s", f.Request.Method, f.Request.Host, f.Request.GetPort(), f.Request.Path, status,
			len(f.GetResponse().GetHeaders())+len(f.Request.Headers), f.GetResponse().GetReason(), f.GetResponse().GetContent(), send)
		if test.want != "" && got != test.want {
			t.Errorf("%s: read %q, want %q", test.members, got, test.want)
		}
	}
}
