package redact_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/redact"
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
	p := planted(t)
	if len(p.values) < 60 {
		t.Fatalf("%d secrets are planted", len(p.values))
	}
	for _, w := range formats.Writers() {
		t.Run(w.Name, func(t *testing.T) {
			if plain := scan(t, export(t, w, list(p.flows)), p.values); w.Name == "mitm" && len(plain) != len(p.values) {
				for _, where := range plain {
					delete(p.values, where)
				}
				t.Errorf("the scanner finds %d of %d in what is not redacted", len(plain), len(p.values))
			}
			r := redact.New(redact.Policy{})
			over, err := r.Over(t.Context(), list(p.flows))
			if err != nil {
				t.Fatal(err)
			}
			file := export(t, w, over)
			for _, value := range scan(t, file, p.values) {
				t.Errorf("%s: %s is still there", p.values[value], value)
			}
			watch := r.Watch()
			watch.Write(file)
			for f, read := range reading(t, file) {
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
	p := planted(t)
	over, err := redact.New(redact.Policy{}).Over(t.Context(), list(p.flows))
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for f, err := range over.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		was := p.flows[i]
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
	if i != len(p.flows) {
		t.Errorf("%d flows, want %d", i, len(p.flows))
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

// reading yields the flows of a file, and what reads their bodies.
func reading(t *testing.T, file []byte) iter.Seq2[*flowpb.Flow, func(*flowpb.Body) (blob.Source, error)] {
	return func(yield func(*flowpb.Flow, func(*flowpb.Body) (blob.Source, error)) bool) {
		t.Helper()
		format, err := session.Detect(blob.Bytes(file), formats.All())
		if err != nil {
			t.Fatal(err)
		}
		r, err := format.Open(t.Context(), blob.Bytes(file))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for {
			f, err := r.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !yield(f, r.Body) {
				return
			}
		}
	}
}

// scan returns the values that are found in a file: in its bytes and in those of
// its flows, decoded in all ways. It shares nothing with what it examines.
func scan(t *testing.T, file []byte, values map[string]string) []string {
	t.Helper()
	found := map[string]bool{}
	var look func(b []byte, depth int)
	look = func(b []byte, depth int) {
		for v := range values {
			if bytes.Contains(b, []byte(v)) {
				found[v] = true
			}
		}
		if depth == 5 || len(b) < 6 {
			return
		}
		for _, plain := range unpacked(b) {
			if !bytes.Equal(plain, b) {
				look(plain, depth+1)
			}
		}
	}
	look(file, 4)
	for f, read := range reading(t, file) {
		look(f.Append(nil), 1)
		var bodies func(f *flowpb.Flow)
		bodies = func(f *flowpb.Flow) {
			if f == nil {
				return
			}
			get := func(content []byte, ref *flowpb.Body) {
				if ref != nil && content == nil {
					src, err := read(ref)
					if err != nil {
						t.Fatal(err)
					}
					if content, err = blob.ReadAll(src); err != nil {
						t.Fatal(err)
					}
				}
				look(content, 0)
			}
			get(f.GetRequest().GetContent(), f.GetRequest().GetBody())
			get(f.GetResponse().GetContent(), f.GetResponse().GetBody())
			for _, m := range f.GetWebsocket().GetMessages() {
				get(m.Content, m.Body)
			}
			for _, m := range f.Messages {
				get(m.Content, m.Body)
			}
			for _, h := range slices.Concat(f.GetRequest().GetHeaders(), f.GetResponse().GetHeaders()) {
				look(h.Value, 0)
			}
			look(f.GetRequest().GetPath(), 0)
			bodies(f.Backup)
		}
		bodies(f)
	}
	var list []string
	for v := range found {
		list = append(list, v)
	}
	return list
}

var (
	base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)
	hexRun    = regexp.MustCompile(`[0-9a-fA-F]{12,}`)
)

// unpacked returns what b may stand for.
func unpacked(b []byte) (list [][]byte) {
	add := func(r io.Reader, err error) {
		if err == nil {
			if plain, err := io.ReadAll(r); err == nil && len(plain) > 0 {
				list = append(list, plain)
			}
		}
	}
	if bytes.HasPrefix(b, []byte("\x1f\x8b")) {
		add(gzip.NewReader(bytes.NewReader(b)))
	}
	if b[0] == 0x78 {
		add(zlib.NewReader(bytes.NewReader(b)))
	}
	if bytes.HasPrefix(b, []byte("\x28\xb5\x2f\xfd")) {
		r, err := zstd.NewReader(bytes.NewReader(b))
		add(r, err)
	}
	if !bytes.ContainsAny(b[:min(len(b), 3)], "{<[") {
		add(brotli.NewReader(bytes.NewReader(b)), nil)
	}
	if plain, err := url.QueryUnescape(string(b)); err == nil {
		list = append(list, []byte(plain))
	}
	if plain, err := url.PathUnescape(string(b)); err == nil {
		list = append(list, []byte(plain))
	}
	list = append(list, []byte(html.UnescapeString(string(b))))
	list = append(list, bytes.ReplaceAll(b, []byte(`\/`), []byte("/")), bytes.ReplaceAll(b, []byte(`\"`), []byte(`"`)))
	for _, line := range bytes.Split(b, []byte("\n")) {
		var v any
		if json.Unmarshal(line, &v) == nil || json.Unmarshal(b, &v) == nil {
			strs(v, &list)
		}
	}
	for _, run := range base64Run.FindAll(b, 200) {
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if plain, err := enc.DecodeString(string(run)); err == nil {
				list = append(list, plain)
			}
		}
	}
	for _, run := range hexRun.FindAll(b, 200) {
		if plain, err := hex.DecodeString(string(run)); err == nil {
			list = append(list, plain)
		}
	}
	if len(b)%2 == 0 && bytes.HasPrefix(b, []byte("\xff\xfe")) {
		var units []uint16
		for i := 0; i < len(b); i += 2 {
			units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
		}
		list = append(list, []byte(string(utf16.Decode(units))))
	}
	return list
}

func strs(v any, list *[][]byte) {
	switch v := v.(type) {
	case string:
		*list = append(*list, []byte(v))
	case []any:
		for _, item := range v {
			strs(item, list)
		}
	case map[string]any:
		for name, item := range v {
			*list = append(*list, []byte(name))
			strs(item, list)
		}
	}
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
	p := planted(t)
	p.flows[0].Request.Headers = append(p.flows[0].Request.Headers, &flowpb.HTTPHeader{Name: []byte("Cookie"), Value: []byte("ts=1718000000; proto=HTTP/1.1; tls=TLSv1.3; srv=api.shop.test")})
	for _, w := range formats.Writers() {
		r := redact.New(redact.Policy{})
		over, err := r.Over(t.Context(), list(p.flows))
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
