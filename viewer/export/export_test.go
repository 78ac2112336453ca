package export

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/mitm"
)

// exchanges reads a dump of the corpus.
func exchanges(t *testing.T, name string) (list []Exchange) {
	t.Helper()
	r, err := mitm.Format.Open(t.Context(), blob.Bytes(corpus.File(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	l, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	body := func(f *flowpb.Flow, side flow.Side, inline []byte, ref *flowpb.Body) []byte {
		if inline == nil && ref != nil {
			src, err := l.Body(ref)
			if err != nil {
				t.Fatal(err)
			}
			if inline, err = io.ReadAll(io.NewSectionReader(src, 0, src.Size())); err != nil {
				t.Fatal(err)
			}
		}
		return flow.Content(f, side, inline)
	}
	for _, f := range l.Flows {
		list = append(list, Exchange{
			Flow:     f,
			Request:  body(f, flow.Request, f.GetRequest().GetContent(), f.GetRequest().GetBody()),
			Response: body(f, flow.Response, f.GetResponse().GetContent(), f.GetResponse().GetBody()),
		})
	}
	return list
}

// TestMitmproxy compares with what mitmproxy exports. Where the two differ, the
// reason stands here.
func TestMitmproxy(t *testing.T) {
	const lower = "the method is sent in lower case, which a server may tell apart"
	reasons := map[string]string{"unmarked_lower_method curl": lower, "unmarked_lower_method httpie": lower}
	var golden []struct {
		Name   string
		Export map[string]struct{ Text, B64, Error string }
	}
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/flows_v21.expected.json"), &golden); err != nil {
		t.Fatal(err)
	}
	compared, departed := 0, 0
	for i, x := range exchanges(t, "golden/vectors/flows_v21.mitm") {
		for _, f := range All() {
			want, ok := golden[i].Export[f.Name]
			if !ok {
				continue
			}
			compared++
			text := want.Text
			if want.B64 != "" {
				b, _ := base64.StdEncoding.DecodeString(want.B64)
				text = string(b)
			}
			got, err := f.Write(x)
			name := golden[i].Name + " " + f.Name
			if same := string(got.Bytes) == text && (err != nil) == (want.Error != ""); same == (reasons[name] != "") {
				t.Errorf("%s\n got %q %v\nwant %q %s", name, got.Bytes, err, text, want.Error)
			} else if !same {
				departed++
			}
		}
	}
	if compared != 145 || departed != len(reasons) {
		t.Errorf("%d texts are compared, and %d differ", compared, departed)
	}
}

// get is the request of mitmproxy's own tests.
func get(method, path, body string, headers ...string) Exchange {
	r := &flowpb.HTTPRequest{
		Method: []byte(method), Scheme: []byte("http"), Host: []byte("address"), Port: new(int32(22)),
		Path: []byte(path), HttpVersion: []byte("HTTP/1.1"), Content: []byte(body),
	}
	for ; len(headers) > 0; headers = headers[2:] {
		r.Headers = append(r.Headers, &flowpb.HTTPHeader{Name: []byte(headers[0]), Value: []byte(headers[1])})
	}
	return Exchange{Flow: &flowpb.Flow{Request: r}, Request: []byte(body)}
}

// TestNotesAreShort: errors and notes quote a capture, which may be long and not
// to be seen, in a line.
func TestNotesAreShort(t *testing.T) {
	long := strings.Repeat("long\x1b\u202e", 10_000)
	for _, x := range []Exchange{get(long, "/", ""), get("GET", "/", "", long, "x", "X", "a\r\nb", long+":", "a\r\nb")} {
		text, err := lookup(t, "curl").Write(x)
		notes := text.Notes
		if err != nil {
			notes = append(notes, err.Error())
		}
		if len(notes) == 0 {
			t.Error("nothing is said")
		}
		for _, note := range notes {
			if len(note) > 500 || strings.ContainsAny(note, "\x1b\u202e\r\n") {
				t.Errorf("%.600q", note)
			}
		}
	}
}

func TestCommands(t *testing.T) {
	for _, test := range []struct {
		name, format string
		x            Exchange
		want         string
	}{
		{"query", "curl", get("GET", "/path?a=foo&a=bar&b=baz", "", "header", "qvalue"), `curl -H 'header: qvalue' 'http://address:22/path?a=foo&a=bar&b=baz'`},
		{"body", "curl", get("POST", "/path", "nobinarysupport"), `curl -X POST http://address:22/path -d nobinarysupport`},
		{"no body", "curl", get("POST", "/path", ""), `curl -H 'content-length: 0' -X POST http://address:22/path`},
		{"patch", "curl", get("PATCH", "/path?query=param", "content", "header", "qvalue"), `curl -H 'header: qvalue' -X PATCH 'http://address:22/path?query=param' -d content`},
		{"two lines", "curl", get("POST", "/path", "foo\nbar"), `curl -X POST http://address:22/path -d "$(printf 'foo\x0abar')"`},
		{"encodings", "curl", get("GET", "/", "", "host", "address", ":authority", "address", "accept-encoding", "gzip"), `curl --compressed http://address/`},
		{"host", "curl", get("GET", "/", "", "Host", "domain:22"), `curl -H 'Host: domain:22' http://domain:22/`},
		{"last line", "curl", get("POST", "/", "foo\n"), `curl -X POST http://address:22/ -d $'foo\n'`},
		{"percent", "curl", get("POST", "/", "100%\n5"), `curl -X POST http://address:22/ -d $'100%\n5'`},
		{"quotes", "curl", get("POST", "/", "it's\n`id` $(id) \"!\""), `curl -X POST http://address:22/ -d $'it\'s\n` + "`id`" + ` $(id) "!"'`},
		{"one quote", "curl", get("POST", "/", "it's $(id)"), `curl -X POST http://address:22/ -d 'it'"'"'s $(id)'`},
		{"at", "curl", get("POST", "/", "@/etc/passwd"), `curl -X POST http://address:22/ --data-raw @/etc/passwd`},
		{"binary", "curl", get("POST", "/", "\xff\x00"), `curl -X POST http://address:22/ --data-binary @request-body.bin`},
		{"escape", "curl", get("POST", "/", "\x1b[2J\u009b1"), `curl -X POST http://address:22/ -d $'\033[2J\302\2331'`},
		{"head", "curl", get("HEAD", "/", ""), `curl -I http://address:22/`},
		{"case", "curl", get("get", "/", ""), `curl -X get http://address:22/`},
		{"get with body", "curl", get("GET", "/", "q"), `curl http://address:22/ -X GET -d q`},
		{"empty header", "curl", get("GET", "/", "", "x-empty", ""), `curl -H 'x-empty;' http://address:22/`},
		{"dots", "curl", get("GET", "/a/../b[1]", ""), `curl -g --path-as-is 'http://address:22/a/../b[1]'`},
		{"header of a file", "curl", get("GET", "/", "", "@/etc/passwd", "x", "a b", "x", "a", "x\r\ny: z"), `curl http://address:22/`},
		{"httpie", "httpie", get("GET", "/path?a=foo&a=bar&b=baz", "", "header", "qvalue"), `http GET 'http://address:22/path?a=foo&a=bar&b=baz' 'header: qvalue'`},
		{"httpie body", "httpie", get("POST", "/path", "nobinarysupport"), `http POST http://address:22/path <<< nobinarysupport`},
		{"httpie binary", "httpie", get("POST", "/path", "\xff"), `http POST http://address:22/path < request-body.bin`},
		{"fetch", "fetch", get("POST", "/", "</script>\u2028\"é\U0001f600", "a", "b"), "await fetch(\"http://address:22/\", {\n  method: \"POST\",\n  headers: [\n    [\"a\", \"b\"],\n  ],\n" +
			"  body: \"\\u003c/script\\u003e\\u2028\\\"é\U0001f600\",\n  redirect: \"manual\",\n});\n"},
		{"fetch binary", "fetch", get("PUT", "/", "\xff"), "await fetch(\"http://address:22/\", {\n  method: \"PUT\",\n  body: Uint8Array.from(atob(\"/w==\"), (c) => c.charCodeAt(0)),\n  redirect: \"manual\",\n});\n"},
		{"python", "python", get("POST", "/", "a\"\n\xff", "X-A", "1", "x-a", "2", "cookie", "a=1", "cookie", "b=2"), "import requests\n\nresponse = requests.request(\n    \"POST\",\n    \"http://address:22/\",\n" +
			"    headers={\n        \"X-A\": \"1, 2\",\n        \"cookie\": \"a=1; b=2\",\n    },\n    data=b\"a\\\"\\n\\xff\",\n    allow_redirects=False,\n)\nprint(response.status_code, response.text)\n"},
		{"powershell", "powershell", get("POST", "/", "it's’\n", "content-type", "text/plain", "a", "$(b)"), "Invoke-WebRequest `\n  -Uri 'http://address:22/' `\n  -CustomMethod 'POST' `\n  -MaximumRedirection 0 `\n  -SkipHeaderValidation `\n" +
			"  -ContentType 'text/plain' `\n  -Headers @{\n  'a' = '$(b)'\n} `\n  -Body ([Text.Encoding]::UTF8.GetBytes(('it''s’’' + [char]10 + '')))\n"},
	} {
		got, err := lookup(t, test.format).Write(test.x)
		if err != nil || string(got.Bytes) != test.want {
			t.Errorf("%s\n got %s\nwant %s\n%v", test.name, got.Bytes, test.want, err)
		}
		if binary := strings.Contains(test.want, bodyFile); binary != (got.File != "") {
			t.Errorf("%s: the file is %q", test.name, got.File)
		}
	}
	hostile, _ := curl(get("GET", "/", "", "@/etc/passwd", "x", "a b", "x", "a", "x\r\ny: z"))
	if len(hostile.Notes) != 3 {
		t.Errorf("headers are left out with notes %q", hostile.Notes)
	}
	for _, x := range []Exchange{get("GET / HTTP/1.1\r\n", "/", ""), get("", "/", ""), {Flow: &flowpb.Flow{}}} {
		for _, f := range All()[:5] {
			if got, err := f.Write(x); err == nil {
				t.Errorf("%s writes %q", f.Name, got.Bytes)
			}
		}
	}
	for _, f := range All()[:5] {
		if got, err := f.Write(get("GET", "/a\x00b", "")); err == nil {
			t.Errorf("%s writes a URL with a byte 0: %q", f.Name, got.Bytes)
		}
	}
	if got, err := httpie(get("--offline", "/", "")); err == nil {
		t.Errorf("an option is written: %s", got.Bytes)
	}
	file := get("GET", "/etc/passwd", "")
	file.Flow.Request.Scheme = []byte("file")
	if got, err := curl(file); err == nil {
		t.Errorf("a file is asked for: %s", got.Bytes)
	}
}

func lookup(t *testing.T, name string) Format {
	t.Helper()
	for _, f := range All() {
		if f.Name == name {
			return f
		}
	}
	t.Fatal(name)
	return Format{}
}
