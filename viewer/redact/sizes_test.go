package redact_test

import (
	"encoding/json"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/redact"
	"flowpane/viewer/session/formats"
)

// TestSizes: what an HTTP Archive says of sizes is of what is left, and no hint at
// what is gone. What was not known, or is of what stays, stays.
func TestSizes(t *testing.T) {
	entry := func(request, response string) string {
		return `{"startedDateTime":"2026-01-01T00:00:00Z","time":1,"request":{"method":"POST","url":"http://a.test/","httpVersion":"HTTP/1.1","cookies":[],"queryString":[],` + request +
			`},"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","cookies":[],"redirectURL":"",` + response + `},"cache":{},"timings":{"send":1,"wait":1,"receive":1}}`
	}
	const clean = `"headers":[{"name":"A","value":"b"}],"headersSize":77,"bodySize":5,"content":{"size":5,"mimeType":"text/plain","text":"hello"},"_transferSize":82`
	har := `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[` + strings.Join([]string{
		entry(`"headers":[{"name":"Authorization","value":"Bearer huntress"}],"headersSize":100,"bodySize":12,"postData":{"mimeType":"application/x-www-form-urlencoded","text":"password=abq"}`,
			`"headers":[],"headersSize":50,"bodySize":14,"content":{"size":14,"mimeType":"application/json","text":"{\"pin\":471193}"},"_transferSize":64`),
		entry(`"headers":[],"headersSize":-1,"bodySize":-1`,
			`"headers":[{"name":"Content-Encoding","value":"gzip"}],"headersSize":-1,"bodySize":20,"content":{"size":25,"compression":5,"mimeType":"application/json","text":"{\"password\":\"hunt\",\"a\":1}"}`),
		entry(`"headers":[],"headersSize":9,"bodySize":0`, clean),
	}, ",") + `]}}`
	f := openFile(t, blob.Bytes([]byte(har)))
	over, err := redact.New(redact.Policy{}).Over(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	type message struct {
		HeadersSize, BodySize int
		TransferSize          int `json:"_transferSize"`
		PostData, Content     struct {
			Text              string
			Size, Compression int
		}
	}
	var file struct {
		Log struct {
			Entries []struct{ Request, Response message }
		}
	}
	for _, w := range formats.Writers() {
		if w.Name == "har" {
			if err := json.Unmarshal(export(t, w, over), &file); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries := file.Log.Entries
	if len(entries) != 3 {
		t.Fatalf("%d entries", len(entries))
	}
	first, second, last := entries[0], entries[1], entries[2]
	grown := len("redacted-authorization-1") - len("huntress")
	if r := first.Request; r.BodySize != len(r.PostData.Text) || r.HeadersSize != 100+grown || strings.Contains(r.PostData.Text, "abq") {
		t.Errorf("the request is %+v", r)
	}
	if r := first.Response; r.BodySize != len(r.Content.Text) || r.Content.Size != r.BodySize || r.HeadersSize != 50 || r.TransferSize != 50+r.BodySize || strings.Contains(r.Content.Text, "471193") {
		t.Errorf("the response is %+v", r)
	}
	if r := second.Response; r.Content.Size != len(r.Content.Text) || r.Content.Compression != r.Content.Size-r.BodySize || r.BodySize == 20 || r.HeadersSize != -1 || r.TransferSize != 0 || strings.Contains(r.Content.Text, "hunt") {
		t.Errorf("the response that was compressed is %+v", r)
	}
	if r := second.Request; r.BodySize != -1 || r.HeadersSize != -1 {
		t.Errorf("a request of which nothing is known is %+v", r)
	}
	if r := last.Response; r.HeadersSize != 77 || r.BodySize != 5 || r.Content.Size != 5 || r.TransferSize != 82 || last.Request.HeadersSize != 9 {
		t.Errorf("what holds nothing is %+v", last)
	}
}
