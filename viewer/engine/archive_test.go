package engine_test

import (
	"testing"

	"flowpane/proto/viewerpb"
)

// An archive says things that have no place in a capture of a proxy: they are
// told, and what is not said has no line.
func TestArchiveSections(t *testing.T) {
	const har = `{"log": {"version": "1.2", "entries": [{
		"startedDateTime": "2026-10-20T08:30:00.000Z", "time": 12.5, "pageref": "page_1",
		"request": {"method": "GET", "url": "https://shop.example/a", "httpVersion": "h2", "headers": []},
		"response": {"status": 200, "statusText": "", "headers": [], "content": {"mimeType": "text/plain", "text": "hi"}, "_transferSize": 77},
		"timings": {"blocked": 1, "dns": -1, "send": 0, "wait": 11.5},
		"_priority": "High", "_initiator": {"type": "parser"}, "serverIPAddress": "192.0.2.1", "connection": "443"}]}}`
	e, p := opened(t, files{"a.har": []byte(har)}, "a.har")
	if p.Flows != 1 || p.IssuesTotal != 0 {
		t.Fatalf("progress %+v", p)
	}
	show(t, e, &viewerpb.Watch{})
	r := rows(t, e)[0]
	if r.Host != "shop.example" || r.Version != "h2" || r.Duration/1e6 != 12 {
		t.Errorf("row %+v", r)
	}
	for title, want := range map[string]string{
		"HTTP Archive": "Connection: 443\nServer address: 192.0.2.1\n" +
			"Started: 2026-10-20T08:30:00.000Z\nPage: page_1\nPriority: \"High\"\nInitiator: {\"type\":\"parser\"}\n" +
			"Of the response: {\"content\":{\"mimeType\":\"text/plain\"},\"_transferSize\":77}\n",
	} {
		if got := section(t, e, r.Key, title); got != want {
			t.Errorf("%s:\n%s, want\n%s", title, got, want)
		}
	}
}
