package flow

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session/corpus"
)

// message is what the golden file says of a message with a body.
type message struct {
	Headers     [][2]string
	Raw         *int    `json:"raw_len"`
	RawSum      *string `json:"raw_sha256"`
	Sum         *string `json:"sha256"`
	DecodeError *string `json:"decode_error"`
	TextSum     *string `json:"text_sha256"`
}

// TestCorpusBodies decodes every body of a capture as mitmproxy does.
func TestCorpusBodies(t *testing.T) {
	dump, err := os.ReadFile(corpus.Path(t, "captured/captured-8.1.1.mitm"))
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.Open(corpus.Path(t, "golden/flows/captured-8.1.1.mitm.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer golden.Close()
	bodies, encoded, refused, departed := 0, map[string]int{}, 0, 0
	lines := bufio.NewScanner(golden)
	lines.Buffer(nil, 1<<24)
	for len(dump) > 0 && lines.Scan() {
		var record any
		record, dump = tnetstring(t, dump)
		var want map[string]json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		for _, side := range [...]string{"request", "response"} {
			raw, ok := contentOf(record, side)
			if !ok {
				continue
			}
			var m message
			if err := json.Unmarshal(want[side], &m); err != nil {
				t.Fatal(err)
			}
			bodies++
			encoding, same := checkBody(t, m, raw)
			encoded[encoding]++
			if !same {
				departed++
			}
			if m.DecodeError != nil {
				refused++
			}
		}
	}
	// One text begins with a byte order mark, another is TEXT/HTML.
	if departed != 2 {
		t.Errorf("%d texts differ, want 2", departed)
	}
	if bodies != 1054 || encoded["gzip"] != 22 || encoded["br"] != 69 || encoded["zstd"] != 7 || encoded["deflate"] != 8 || refused != 8 {
		t.Errorf("%d bodies, %d refused, encodings %v", bodies, refused, encoded)
	}
}

// checkBody compares decoded content and refusal with what mitmproxy made of
// raw. It returns the encoding, and whether the text is the same too.
func checkBody(t *testing.T, m message, raw []byte) (encoding string, same bool) {
	t.Helper()
	f := &flowpb.Flow{Response: &flowpb.HTTPResponse{}}
	for _, h := range m.Headers {
		f.Response.Headers = append(f.Response.Headers, header(h[0], h[1])...)
	}
	encoding, ok := Value(f.Response.Headers, "content-encoding")
	if ok {
		_, err := Decode(raw, encoding, MaxContent)
		if (m.DecodeError != nil) != (err != nil && !errors.Is(err, ErrTruncated)) {
			t.Errorf("%s: %v, want %v", encoding, err, m.DecodeError)
		}
	}
	want := m.Sum
	if want == nil {
		want = m.RawSum
	}
	content := Content(f, Response, raw)
	if got := sum(content); got != *want {
		t.Errorf("%s: content of %d bytes differs", encoding, len(content))
	}
	contentType, _ := Value(f.Response.Headers, "content-type")
	return encoding, m.TextSum == nil || sum([]byte(Text(content, contentType))) == *m.TextSum
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// contentOf returns the content of one side of a record, if it has any.
func contentOf(record any, side string) ([]byte, bool) {
	fields, _ := record.(map[string]any)
	m, _ := fields[side].(map[string]any)
	content, ok := m["content"].([]byte)
	return content, ok
}

// tnetstring reads one value: dicts as maps, strings as bytes, other values as
// nil.
func tnetstring(t *testing.T, b []byte) (value any, rest []byte) {
	t.Helper()
	size, data, _ := bytes.Cut(b, []byte(":"))
	n, err := strconv.Atoi(string(size))
	if err != nil || len(data) < n+1 {
		t.Fatalf("no tnetstring: %.20q", b)
	}
	data, kind, rest := data[:n], data[n], data[n+1:]
	switch kind {
	case ',', ';':
		return data, rest
	case '}':
		fields := map[string]any{}
		for len(data) > 0 {
			var key, field any
			key, data = tnetstring(t, data)
			field, data = tnetstring(t, data)
			fields[string(key.([]byte))] = field
		}
		return fields, rest
	}
	return nil, rest
}

// goldenRequest is what the golden files say of a request and its URLs.
type goldenRequest struct {
	Method, Scheme, Authority, Host, Path, URL string
	Port                                       int32
	Version                                    string `json:"http_version"`
	PrettyURL                                  string `json:"pretty_url"`
	PrettyHost                                 string `json:"pretty_host"`
	Headers                                    [][2]string
}

// TestCorpusURLs derives the URLs of every request that mitmproxy could read.
func TestCorpusURLs(t *testing.T) {
	files, err := filepath.Glob(corpus.Path(t, "golden/flows/*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	requests := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var record struct{ Request *goldenRequest }
			if err := json.Unmarshal(line, &record); err != nil {
				t.Fatal(err)
			}
			if record.Request != nil {
				requests++
				checkURLs(t, filepath.Base(file), record.Request)
			}
		}
	}
	if requests != 5971 {
		t.Errorf("%d requests", requests)
	}
}

func checkURLs(t *testing.T, file string, want *goldenRequest) {
	t.Helper()
	r := &flowpb.HTTPRequest{
		Method: []byte(want.Method), Scheme: []byte(want.Scheme), Authority: []byte(want.Authority),
		Host: []byte(want.Host), Port: new(want.Port), Path: []byte(want.Path), HttpVersion: []byte(want.Version),
	}
	for _, h := range want.Headers {
		r.Headers = append(r.Headers, header(h[0], h[1])...)
	}
	f := httpFlow(r)
	pretty, _ := PrettyURL(f)
	if URL(f) != want.URL || pretty != want.PrettyURL || PrettyHost(f) != want.PrettyHost {
		t.Errorf("%s: %q, %q, %q; want %q, %q, %q", file, URL(f), pretty, PrettyHost(f), want.URL, want.PrettyURL, want.PrettyHost)
	}
}
