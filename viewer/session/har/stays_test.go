package har

import (
	"testing"

	"flowpane/viewer/blob"
)

// TestStaysOfLists: what an entry says beside names and values of its headers,
// and of a body without a text, is there when it is written and read again.
func TestStaysOfLists(t *testing.T) {
	const request = `{"method":"GET","url":"http://a/","headers":[{"name":"A","value":"1"},{"_x":[1, 2],"name":"B","value":"2","comment":"c"},` +
		`{"name":"C"},{"name":"D","value":"4"},{"name":"E","value":"5","comment":7}],"postData":{"mimeType":"","encoding":"base64"}}`
	const response = `{"status":200,"headers":[],"_trailers":[{"name":"T","value":"t","comment":"late"}],"content":{"encoding":"base64","size":3}}`
	_, l, err := readAll(t, blob.Bytes(file(`{"startedDateTime":"2026-01-01T00:00:00Z","request":`+request+`,"response":`+response+`}`)))
	if err != nil || len(l.Flows) != 1 || len(l.Issues) != 1 {
		t.Fatalf("%d flows, %v, %v", len(l.Flows), l.Issues, err)
	}
	h := l.Flows[0].Har
	const ofRequest = `{"headers":[{},{"_x":[1,2],"comment":"c"},{},{"comment":7}],"postData":{"mimeType":"","encoding":"base64"}}`
	const ofResponse = `{"_trailers":[{"comment":"late"}],"content":{"size":3,"encoding":"base64"}}`
	if string(h.Request) != ofRequest || string(h.Response) != ofResponse {
		t.Errorf("what stays is %s and %s", h.Request, h.Response)
	}
	entry := entriesOf(t, capture{flows: l.Flows})[0]
	for path, want := range map[string]string{
		"request.headers": `[{"name":"A","value":"1"},{"_x":[1,2],"comment":"c","name":"B","value":"2"},` +
			`{"name":"D","value":"4"},{"_comment":7,"name":"E","value":"5"}]`,
		"request.postData":    `{"encoding":"base64","mimeType":""}`,
		"response._trailers":  `[{"comment":"late","name":"T","value":"t"}]`,
		"response.content":    `{"encoding":"base64","mimeType":"","size":3}`,
		"request._headers":    ``,
		"response.__trailers": ``,
	} {
		if got := at(entry, path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	l.Flows[0].Response.Content = []byte("\xff")
	if got := at(entriesOf(t, capture{flows: l.Flows})[0], "response.content"); got != `{"encoding":"base64","mimeType":"","size":3,"text":"/w=="}` {
		t.Errorf("with a body, content is %s", got)
	}
}

// TestNoStatus: a response that did arrive has a status.
func TestNoStatus(t *testing.T) {
	for response, want := range map[string]string{
		`{"headers":[{"name":"A","value":"1"}]}`:                "entry 1: response.status: there is none",
		`{"content":{"text":"a"},"status":null}`:                "entry 1: response.status: there is none",
		`{"content":{"text":"a"},"status":"200"}`:               "entry 1: response.status: it is a string, and not shown",
		`{"content":{"text":"a"},"status":0}`:                   "",
		`{"headers":[]}`:                                        "",
		`{"_trailers":[{"name":"A","value":"1"}],"status":200}`: "",
	} {
		_, l, err := readAll(t, blob.Bytes(file(`{"request":{"method":"GET","url":"http://a/"},"response":`+response+`}`)))
		got := ""
		if len(l.Issues) > 0 {
			got = l.Issues[0].Error()
		}
		if err != nil || len(l.Flows) != 1 || len(l.Issues) > 1 || got != want {
			t.Errorf("%s: %d flows, issues %v, %v, want %q", response, len(l.Flows), l.Issues, err, want)
		}
	}
}
