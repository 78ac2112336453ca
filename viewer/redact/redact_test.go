package redact_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/redact"
	"flowpane/viewer/redact/planted"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
)

// list are flows whose bodies are inline.
type list []*flowpb.Flow

func (l list) All(context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		for _, f := range l {
			if !yield(f, nil) {
				return
			}
		}
	}
}
func (l list) Body(*flowpb.Body) (blob.Source, error) { return nil, io.ErrUnexpectedEOF }
func (l list) About(uint32) *flowpb.About             { return nil }

// TestPlanted exports planted flows in each format under the strict policy, and
// looks for what was planted with a scanner of its own.
func TestPlanted(t *testing.T) {
	p := planted.New(t)
	if len(p.Where) < 60 {
		t.Fatalf("%d secrets are planted", len(p.Where))
	}
	for _, w := range formats.Writers() {
		t.Run(w.Name, func(t *testing.T) {
			if missing := p.Missing(planted.Scan(t, export(t, w, list(p.Flows)), p.Where)); w.Name == "mitm" && len(missing) > 0 {
				t.Errorf("in what is not redacted the scanner does not find %q", missing)
			}
			r := redact.New(redact.Policy{})
			over, err := r.Over(t.Context(), list(p.Flows))
			if err != nil {
				t.Fatal(err)
			}
			file := export(t, w, over)
			for _, value := range planted.Scan(t, file, p.Where) {
				t.Errorf("%s: %s is still there", p.Where[value], value)
			}
			watch := r.Watch()
			watch.Write(file)
			for f, read := range planted.Read(t, file) {
				if err := watch.Flow(f, read); err != nil {
					t.Error(err)
				}
			}
			if watch.Err() != nil {
				t.Error(watch.Err())
			}
		})
	}
}

// TestNothingElse: what holds no secret is as it was, and all flows are there.
func TestNothingElse(t *testing.T) {
	p := planted.New(t)
	over, err := redact.New(redact.Policy{}).Over(t.Context(), list(p.Flows))
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for f, err := range over.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		was := p.Flows[i]
		i++
		if !bytes.Equal(f.Id, was.Id) || f.GetResponse().GetStatusCode() != was.GetResponse().GetStatusCode() || f.GetRequest().GetTimestampEnd() != was.GetRequest().GetTimestampEnd() ||
			len(f.GetRequest().GetHeaders()) != len(was.GetRequest().GetHeaders()) || len(f.GetWebsocket().GetMessages()) != len(was.GetWebsocket().GetMessages()) {
			t.Errorf("flow %d is another", i)
		}
		if strings.HasPrefix(string(was.GetRequest().GetPath()), "/clean") {
			f.ClientConn, was.ClientConn, f.ServerConn, was.ServerConn = nil, nil, nil, nil
			if !bytes.Equal(f.Append(nil), was.Append(nil)) {
				t.Errorf("%s is changed", was.Request.Path)
			}
		}
	}
	if i != len(p.Flows) {
		t.Errorf("%d flows, want %d", i, len(p.Flows))
	}
}

func export(t *testing.T, w session.Writer, flows session.Flows) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := w.Write(t.Context(), &out, flows); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Several Set-Cookie headers that are joined are several.
func TestJoinedCookies(t *testing.T) {
	for joined, want := range map[string]string{
		"a=First1secret; Path=/\nlogin=hunterhuntress; Secure":                        "a=redacted-cookie-1; Path=/\nlogin=redacted-cookie-2; Secure",
		"a=First1secret; Expires=Wed, 21 Oct 2026 07:28:00 GMT, login=hunterhuntress": "a=redacted-cookie-1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, login=redacted-cookie-2",
		"a=First1secret": "a=redacted-cookie-1",
	} {
		f := &flowpb.Flow{Kind: new(flowpb.Kind_HTTP), Response: &flowpb.HTTPResponse{Headers: []*flowpb.HTTPHeader{{Name: []byte("Set-Cookie"), Value: []byte(joined)}}}}
		over, err := redact.New(redact.Policy{}).Over(t.Context(), list{f})
		if err != nil {
			t.Fatal(err)
		}
		for g, err := range over.All(t.Context()) {
			if err != nil || string(g.Response.Headers[0].Value) != want {
				t.Errorf("%q became %q, want %q, %v", joined, g.GetResponse().GetHeaders()[0].GetValue(), want, err)
			}
		}
	}
}

// What no header and no body says is gone too: names in TLS and DNS, ids, marks,
// metadata.
func TestElsewhere(t *testing.T) {
	const mail, host, key = "bob.secret@corp.test", "93.184.77.21", "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
	text := func(s string) *flowpb.Value { return &flowpb.Value{Text: []byte(s)} }
	f := &flowpb.Flow{
		Id: []byte(mail), Kind: new(flowpb.Kind_DNS), Marker: []byte(key), Mode: []byte("upstream:http://u:hunterhuntress@proxy"),
		ClientConn: &flowpb.ClientConnection{Sni: []byte(host), Common: &flowpb.Connection{Error: []byte("of " + mail)}},
		ServerConn: &flowpb.ServerConnection{Sni: []byte(host), Via: &flowpb.ServerConnection{Sni: []byte(host)}},
		Request:    &flowpb.HTTPRequest{Method: []byte("GET"), Authority: []byte("u:hunterhuntress@h:443")},
		DnsRequest: &flowpb.DNSMessage{Questions: []*flowpb.DNSQuestion{{Name: []byte(key + ".test")}}},
		Metadata: &flowpb.Value{Dict: &flowpb.Value_Dict{Pairs: []*flowpb.Value_Pair{
			{Key: text("proxyauth"), Value: &flowpb.Value{List: &flowpb.Value_List{Items: []*flowpb.Value{text("bob9"), text("hunterhuntress")}}}},
			{Key: text("pin"), Value: &flowpb.Value{Integer: []byte("471193")}},
		}}},
	}
	over, err := redact.New(redact.Policy{}).Over(t.Context(), list{f})
	if err != nil {
		t.Fatal(err)
	}
	for g, err := range over.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{mail, host, key, "hunterhuntress", "471193"} {
			if bytes.Contains(g.Append(nil), []byte(secret)) {
				t.Errorf("%q is still there", secret)
			}
		}
	}
}

// Text in bytes that are none, or of which nothing says how it is written, is read.
func TestHiddenTexts(t *testing.T) {
	for name, body := range map[string]string{
		"JSON behind its length": "\x00\x00\x00\x00\x26{\"user\":\"bob\",\"password\":\"hunter2hunter\"}",
		"a frame of STOMP":       "CONNECT\nlogin:bob\npasscode:hunter2hunter\n\n\x00",
		"two bytes a letter":     string(wideText(`{"password":"hunter2hunter"}`)),
		"text and a nought":      "password=hunter2hunter\x00\x00",
	} {
		f := &flowpb.Flow{Kind: new(flowpb.Kind_HTTP), Request: &flowpb.HTTPRequest{Content: []byte(body)}}
		over, err := redact.New(redact.Policy{}).Over(t.Context(), list{f})
		if err != nil {
			t.Fatal(err)
		}
		for g, err := range over.All(t.Context()) {
			if b := g.GetRequest().GetContent(); err != nil || len(b) == 0 || bytes.Contains(bytes.ReplaceAll(b, []byte{0}, nil), []byte("hunter2hunter")) {
				t.Errorf("%s: %q, %v", name, b, err)
			}
		}
	}
}

// Anything in an HTTP Archive may have a comment.
func TestHARComments(t *testing.T) {
	har := `{"log":{"version":"1.2","comment":"SECRETLOG","creator":{"name":"x","version":"1","comment":"SECRETCREATOR"},"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","time":1,` +
		`"request":{"method":"GET","url":"https://a.test/?code=SECRETURL","httpVersion":"HTTP/1.1","headers":[{"name":"a","value":"b","comment":"SECRETHEADER"}],"queryString":[{"name":"code","value":"SECRETURL"}],"cookies":[],"headersSize":-1,"bodySize":0},` +
		`"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":0,"mimeType":"","comment":"SECRETCONTENT"},"redirectURL":"","headersSize":-1,"bodySize":0},"cache":{"comment":"SECRETCACHE"},"timings":{"send":1,"wait":1,"receive":1,"comment":"SECRETTIMINGS"},"comment":"SECRETENTRY"}]}}`
	f := openFile(t, blob.Bytes([]byte(har)))
	over, err := redact.New(redact.Policy{}).Over(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range formats.Writers() {
		if at := bytes.Index(export(t, w, over), []byte("SECRET")); at >= 0 {
			t.Errorf("%s: %.60q is still there", w.Name, export(t, w, over)[at:])
		}
	}
	over, err = redact.New(redact.Policy{Keep: []string{redact.Comments}}).Over(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	if b := export(t, formats.Writers()[1], over); !bytes.Contains(b, []byte("SECRETHEADER")) {
		t.Errorf("comments do not stay: %s", b)
	}
}

// What stands in every capture by its nature is not looked for in it, though a
// cookie has it: else no file could be shared.
func TestHarmlessValues(t *testing.T) {
	p := planted.New(t)
	p.Flows[0].Request.Headers = append(p.Flows[0].Request.Headers, &flowpb.HTTPHeader{Name: []byte("Cookie"), Value: []byte("ts=1718000000; proto=HTTP/1.1; tls=TLSv1.3; srv=api.shop.test")})
	for _, w := range formats.Writers() {
		r := redact.New(redact.Policy{})
		over, err := r.Over(t.Context(), list(p.Flows))
		if err != nil {
			t.Fatal(err)
		}
		watch := r.Watch()
		watch.Write(export(t, w, over))
		if err := watch.Err(); err != nil {
			t.Errorf("%s: %v", w.Name, err)
		}
	}
}

// A leak is found wherever the pieces of a file end.
func TestWatchInPieces(t *testing.T) {
	secret := "hunter2hunter" + string(bytes.Repeat([]byte("x1"), 50_000))
	r := redact.New(redact.Policy{Values: []string{secret}})
	file := append(bytes.Repeat([]byte("harmless "), 60_000), secret...)
	for _, size := range []int{1000, 77_777, len(file)} {
		w := r.Watch()
		for b := file; len(b) > 0; b = b[min(size, len(b)):] {
			w.Write(b[:min(size, len(b))])
		}
		if w.Err() == nil {
			t.Errorf("in pieces of %d the leak is not found", size)
		}
	}
}

func fields(pairs []string) []*flowpb.HTTPHeader {
	var list []*flowpb.HTTPHeader
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, &flowpb.HTTPHeader{Name: []byte(pairs[i]), Value: []byte(pairs[i+1])})
	}
	return list
}

func wideText(s string) []byte {
	var out []byte
	for _, c := range s {
		out = append(out, byte(c), byte(c>>8))
	}
	return out
}
