package har

import (
	"maps"
	"slices"
	"testing"

	"flowpane/proto/flowpb"
)

// TestWriteKept has what stayed of an entry that was read: it is put back, and
// made valid.
func TestWriteKept(t *testing.T) {
	f := &flowpb.Flow{
		Request:  &flowpb.HTTPRequest{Method: []byte("GET"), Content: []byte("b")},
		Response: &flowpb.HTTPResponse{},
		Har: &flowpb.HAR{
			Started: []byte("yesterday"), Url: []byte("/x?y"), Pageref: []byte("p"), Time: new(1.5),
			Timings:    &flowpb.HAR_Timings{Dns: new(0.25), Send: new(3.0)},
			Extra:      []byte(` { "timings" : {"comment":"t","_q":[1], "wait":"long"}, "serverIPAddress":null, "_a\u0062":{"x":"` + "\xff" + `"}, "connection":7 } `),
			Request:    []byte(`{"_content":{"size":1},"cookies":[{"name":"n"}],"headersSize":"9","method":"twice"}`),
			Response:   []byte(`{"content":{"size":1.5,"text":5,"_file":"a"},"redirectURL":null,"status":"ok","comment":"c"}`),
			Cache:      []byte(`"none"`),
			Initiator:  []byte(`{"type":"x"}`),
			Priority:   []byte(`damaged`),
			Connection: nil,
		},
	}
	entry := entriesOf(t, capture{flows: []*flowpb.Flow{f}})[0]
	for path, want := range map[string]string{
		"startedDateTime": `"` + epoch[:19] + `.000000Z"`, "_startedDateTime": `"yesterday"`,
		"time": `1.5`, "pageref": `"p"`,
		"timings":         `{"_q":[1],"_wait":"long","comment":"t","dns":0.25,"receive":-1,"send":3,"wait":-1}`,
		"serverIPAddress": ``, "connection": ``, "_connection": `7`, "_ab.x": `"�"`,
		"cache": `{}`, "_cache": `"none"`, "_initiator.type": `"x"`, "_priority": ``,
		"request": `{"_content":{"size":1,"text":"b"},"_headersSize":"9","_method":"twice","bodySize":-1,"cookies":[{"name":"n","value":""}],` +
			`"headers":[],"headersSize":-1,"httpVersion":"","method":"GET","queryString":[{"name":"y","value":""}],"url":"/x?y"}`,
		"response": `{"_status":"ok","bodySize":-1,"comment":"c","content":{"_file":"a","_size":1.5,"_text":5,"mimeType":"","size":-1},"cookies":[],"headers":[],` +
			`"headersSize":-1,"httpVersion":"","redirectURL":"","status":0,"statusText":""}`,
	} {
		if got := at(entry, path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	f.Har.Extra, f.Response.Content = []byte(`{"a":1`), []byte("now")
	if entry := entriesOf(t, capture{flows: []*flowpb.Flow{f}})[0]; at(entry, "a") != "" || at(entry, "response.content._file") != "" {
		t.Errorf("damaged JSON, or the name of a file: %v", entry)
	}
}

// TestWriteLog has what several sources say of themselves.
func TestWriteLog(t *testing.T) {
	paged := func(source uint32, page string) *flowpb.Flow {
		f := exchange()
		f.Source, f.Har = new(source), &flowpb.HAR{Pageref: []byte(page)}
		return f
	}
	const page = `{"startedDateTime":"2026-01-02T03:04:05Z","id":"p","title":"T","pageTimings":{"onLoad":1}}`
	const creator = `{"name":"c","version":"1"}`
	one := `{"version":"1.1","creator":` + creator + `,"browser":{"name":"b"},"pages":[` + page + `],"_x":1,"comment":"both"}`
	two := `{"creator":` + creator + `,"pages":[` + page + `,{"id":5}],"_x":2,"comment":"both"}`
	for _, test := range []struct {
		name  string
		c     capture
		parts map[string]string
	}{
		{"none", capture{}, map[string]string{
			"version": `"1.2"`, "creator": `{"name":"Flowpane","version":"` + creatorVersion + `"}`, "entries": `[]`, "pages": `[]`, "browser": ``}},
		{"one", capture{flows: []*flowpb.Flow{paged(3, "p")}, abouts: map[uint32]string{3: one}}, map[string]string{
			"version": `"1.2"`, "creator": creator, "browser": `{"name":"b","version":""}`, "pages.0.id": `"p"`, "_x": `1`, "entries.0.pageref": `"p"`}},
		{"two", capture{flows: []*flowpb.Flow{paged(0, "p"), paged(1, "p"), paged(1, "p"), paged(1, "lost"), paged(0, "lost")}, abouts: map[uint32]string{0: one, 1: two}}, map[string]string{
			"creator": creator, "browser": ``, "_x": ``, "comment": `"both"`,
			"pages.0.id": `"p"`, "pages.1.id": `"p-2"`, "pages.2": `{"_id":5,"id":"","pageTimings":{},"startedDateTime":"` + epoch + `","title":""}`,
			"entries.0.pageref": `"p"`, "entries.1.pageref": `"p-2"`, "entries.2.pageref": `"p-2"`, "entries.3.pageref": `"lost"`, "entries.4.pageref": `"lost-2"`}},
		{"one of two", capture{flows: []*flowpb.Flow{paged(0, "p"), paged(1, "q")}, abouts: map[uint32]string{0: one}}, map[string]string{
			"creator.name": `"Flowpane"`, "comment": ``, "pages.0.id": `"p"`}},
		{"odd", capture{flows: []*flowpb.Flow{paged(0, "p")}, abouts: map[uint32]string{0: `{"pages":[1],"creator":"me","entries":[1]}`}}, map[string]string{
			"creator.name": `"Flowpane"`, "_creator": `"me"`, "_pages": `[1]`, "pages": ``}},
	} {
		log := logWritten(t, test.c)
		for _, path := range slices.Sorted(maps.Keys(test.parts)) {
			if got := at(log, path); got != test.parts[path] {
				t.Errorf("%s: %s: %s, want %s", test.name, path, got, test.parts[path])
			}
		}
	}
}
