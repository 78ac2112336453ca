package content

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"flowpane/viewer/session/corpus"
)

func TestAll(t *testing.T) {
	names := map[string]bool{}
	for _, v := range All() {
		if v.Name == "" || v.Name == Auto || v.Name != strings.ToLower(v.Name) || v.Label == "" || names[v.Name] {
			t.Errorf("view %q, labelled %q", v.Name, v.Label)
		}
		names[v.Name] = true
	}
	if len(names) != 25 {
		t.Errorf("%d views", len(names))
	}
}

func TestAuto(t *testing.T) {
	for _, test := range []struct{ contentType, body, want string }{
		{"", "foo", "text"},
		{"text/flibble", "foo", "text"},
		{"application/json", "{}", "json"},
		{"application/acme+json", "{}", "json"},
		{"Application/JSON; charset=utf-8", "{}", "json"},
		{"application/json-rpc", "{}", "json"},
		{"text/json", "{}", "text"},
		{"application/json", "", "text"},
		{"image/new-magic-image-format", "verybinary", "image"},
		{"image/svg+xml", "<svg/>", "xml/html"},
		{"text/html", "<html></html>", "xml/html"},
		{"text/flibble", "<xml></xml>", "xml/html"},
		{"application/x-www-form-urlencoded", "a=b", "url-encoded"},
		{"multipart/form-data; boundary=b", "--b\r\n\r\n1\r\n--b--", "multipart form"},
		{"application/json", `{"query": "a\nb"}`, "graphql"},
		{"application/json", `{"query": "a b"}`, "json"},
		{"image/png", "", "image"},
		{"", strings.Repeat("\xff", 30), "hex"},
		{"", "\x00\x01", "hex"},
		{"", "abcdefg\x00\x01\x02", "text"}, // three in ten are not more than that
		{"", "", "text"},
	} {
		view, _, note := Render(context.Background(), Auto, Describe(test.contentType), []byte(test.body))
		if view != test.want || note != "" {
			t.Errorf("%q as %q: %s, %q", test.body, test.contentType, view, note)
		}
	}
}

func TestRenderNotes(t *testing.T) {
	jsonType := Describe("application/json")
	for _, test := range []struct{ name, body, view, text, note string }{
		{"auto", "[x", "text", "[x", "failed to parse as JSON: byte 1: unexpected 'x'"},
		{"json", "[x", "json", "", "failed to parse as JSON: byte 1: unexpected 'x'"},
		{"JSON", "[ ]", "json", "[]", ""},
		{"", "[]", "json", "[]", ""},
		{"yaml", "[]", "json", "[]", `there is no view named "yaml"`},
		{"yaml", "[", "text", "[", `there is no view named "yaml"; failed to parse as JSON: the text ends too soon`},
		{"text", "a\x00b\x7f\t\r\n\xff\xc2\x85", "text", "a.b.\t\r\n\\xff\u0085", ""},
		{"image", "flibble", "image", "# Unknown Image\n", ""},
	} {
		view, r, note := Render(context.Background(), test.name, jsonType, []byte(test.body))
		if view != test.view || r.Text != test.text || note != test.note {
			t.Errorf("%q by %s: %s, %q, %q", test.body, test.name, view, r.Text, note)
		}
	}
}

func TestLargeBody(t *testing.T) {
	body := []byte(strings.Repeat(" ", MaxData) + "[]")
	view, r, note := Render(context.Background(), Auto, Describe("application/json"), body)
	if view != "text" || len(r.Text) != MaxData || note != "failed to parse as JSON: more than 33554432 bytes; the first 33554432 of 33554434 bytes" {
		t.Errorf("%s, %d bytes, %q", view, len(r.Text), note)
	}
}

func TestPanic(t *testing.T) {
	broken := View{
		Label:    "Broken",
		Priority: func(Metadata, []byte) float64 { panic("priority") },
		Render:   func(context.Context, Metadata, []byte) (Rendered, error) { panic("render") },
	}
	if p := priority(broken, Metadata{}, nil); p != 0 {
		t.Errorf("priority %v", p)
	}
	if r, err := render(context.Background(), broken, Metadata{}, nil, 0); err == nil || r != (Rendered{}) {
		t.Errorf("%v, %v", r, err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	body := []byte("[" + strings.Repeat("1,", 1<<16) + "1]")
	for _, v := range All() {
		if slices.Contains([]string{"image", "dns", "mqtt", "wbxml", "zip archive", "graphql", "multipart form", "query", "socket.io", "url-encoded", "jwt", PreviewName}, v.Name) {
			continue // they look at a few bytes
		}
		if _, err := v.Render(ctx, Metadata{}, body); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
	if view, r, note := Render(ctx, Auto, Describe("application/json"), body); view != "json" || r.Text != "" || note == "" {
		t.Errorf("cancelled: %s, %q, %q", view, r.Text, note)
	}
}

func TestText(t *testing.T) {
	for _, test := range []struct{ contentType, body, want string }{
		{"", "🛠", "🛠"},
		{"", "\xff", `\xff`},
		{"", "a\xffb\tc", "a\\xffb\tc"},
		{"text/plain", "é", "é"},
		{"text/plain", "\xe9", "é"},
		{"text/plain; charset=shift_jis", "\x93\xfa", "日"},
		{"application/octet-stream", "\xe9", `\xe9`},
		{"text/plain; charset=latin-1", "\xc3\xa9", "Ã©"},
		{"", "\xff\xfeh\x00", "h"},
	} {
		_, r, _ := Render(context.Background(), "text", Describe(test.contentType), []byte(test.body))
		if r.Text != test.want || r.Image != "" {
			t.Errorf("%q as %q: %q, want %q", test.body, test.contentType, r.Text, test.want)
		}
	}
}

func TestHex(t *testing.T) {
	for in, want := range map[string]string{
		"":     "",
		"abcd": "0000:   61 62 63 64" + strings.Repeat(" ", 42) + "abcd",
		"\x6b\x4e\x1a\xc3\xaf\x03\xd2\x1e\x7e\x73\xba\xc8\xbd\x84\x0f\x83": "0000:   6b 4e 1a c3  af 03 d2 1e  7e 73 ba c8  bd 84 0f 83   kN......~s......",
		"0123456789abcdef0": "0000:   30 31 32 33  34 35 36 37  38 39 61 62  63 64 65 66   0123456789abcdef\n" +
			"0010:   30" + strings.Repeat(" ", 51) + "0",
	} {
		_, r, _ := Render(context.Background(), "hex", Metadata{}, []byte(in))
		if r.Text != want {
			t.Errorf("%q:\n%s\nwant\n%s", in, r.Text, want)
		}
	}
	_, r, _ := Render(context.Background(), "hex", Metadata{}, make([]byte, 0x10001))
	if !strings.HasSuffix(r.Text, "\n10000:   00"+strings.Repeat(" ", 51)+".") {
		t.Errorf("a long offset: %q", r.Text[len(r.Text)-70:])
	}
}

// FuzzViews shows hostile bodies: no view panics, and all text can be shown.
func FuzzViews(f *testing.F) {
	seeds := []string{
		"", `{"a": [1, 2.5e3, "\u00e9\/\ud83d\ude00", null], "a": {}}`, "[[],{}]", "[x", `"\ud800"`,
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01", "GIF89a\x01\x00\x01\x00\x80\x00\x00",
		"\xff\xd8\xff\xc0\x00\x11\x08\x00\x01\x00\x01", "\x00\x00\x01\x00\x02\x00", "\xff\xfeh\x00i\x00", "[\x001\x00]\x00",
		"\x08\x96\x01\x12\x03a\nb\x1a\x02\x08\x01\x23\x08\x01\x24\x2d\x00\x00\x80\xbf\x32\x01\xff", "\x80\x00\x00\x00\x06a: b\r\n\x01\x00\x00\x00\x05\xe3\x98\xc6\x08\x00",
		"\x84\xa1a\x92\x01\xca\x3d\xcc\xcc\xcd\xc4\x01\xff\xc0\x91\x01\xd6\xff\x00\x00\x00\x01\x03\xd4\x05\xab", "\xbf\x61a\x9f\x01\xf9\x3c\x00\xff\x41\xff\x5f\x41a\xff\xff\xd8\x18\x41\x01",
		dnsQuery, "\x00\x2a\x81\x00\x00\x00\x00\x02\x00\x00\x00\x00\x01a\x00\x00\x0f\x00\x01\x00\x00\x00\x01\x00\x04\x00\x0a\xc0\x0c\xc0\x0c\x00\x41\x00\x01\x00\x00\x00\x01\x00\x08\x00\x01\x00\x00\x01\x00\x01a",
		"\x82\x0a\x00\x01\x00\x05a/b/c\x00\x10\x0f\x00\x04MQTT\x04\x02\x00\x3c\x00\x03cid", "\x03\x01\x6a\x01\x00\x45\x4b\x03a<\x00\x01\x83\x00\xc3\x01\xff\x00\x11\x05\x01",
		"\x01\x1d\x00\x00\xd1\xc1\xd7P\x8a\x08\x9d\\\x0b\x81p\xdcx\x0f\x03_P\x88%\xb6P\xc3\xab\xbc\xda\xe0\xdd", "\x00\x04\x02\x06\x01\x21\x01a",
		"PK\x01\x02\x14\x00\x14\x00\x00\x00\x00\x00\x00\x00!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00a" +
			"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x2f\x00\x00\x00\x00\x00\x00\x00\x00\x00",
	}
	types := []string{"", "application/json", "application/json; charset=utf-16", "image/png", "text/html; charset=gbk", "text/xml", "application/grpc-web-text"}
	if len(seeds) != 22 {
		f.Fatalf("%d seeds", len(seeds))
	}
	for i, seed := range seeds {
		f.Add([]byte(seed), types[i%len(types)])
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		meta := Describe(contentType)
		for _, v := range All() {
			v.Priority(meta, body)
			meta.Encoding = "deflate"
			r, err := v.Render(context.Background(), meta, body) // without the door: a panic must show
			if err == nil && !utf8.ValidString(printable(r.Text)) {
				t.Fatalf("%s gives text that is not UTF-8", v.Name)
			}
			if len(r.Text) > jsonSpare+1<<13*len(body) {
				t.Fatalf("%s makes %d bytes of %d", v.Name, len(r.Text), len(body))
			}
		}
		view, r, _ := Render(context.Background(), Auto, meta, body)
		if view == "" || strings.ContainsAny(r.Text, "\x00\x1b\x7f") {
			t.Fatalf("%q by %q", r.Text, view)
		}
	})
}

// TestVectors compares with what mitmproxy's views make of the same bodies.
func TestVectors(t *testing.T) {
	var vectors []struct {
		View   string
		Input  []byte `json:"input_b64"`
		Output *string
	}
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/contentviews.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"JSON": "json", "Raw": "text", "Image": "image"}
	same, different := 0, []string{}
	for _, v := range vectors {
		if names[v.View] == "" {
			continue
		}
		_, r, note := Render(context.Background(), names[v.View], Metadata{}, v.Input)
		if v.Output == nil && note != "" || v.Output != nil && r.Text == *v.Output {
			same++
		} else {
			different = append(different, r.Text)
		}
	}
	// Numbers and duplicate keys stay as sent: 1e3, a second "a", 0.10…055.
	if same != 19 || len(different) != 3 {
		t.Errorf("%d are the same, %d are not: %q", same, len(different), different)
	}
}

// TestTooManyPieces gives views bodies that are made of nothing but pieces: they
// end, and text takes their place.
func TestTooManyPieces(t *testing.T) {
	for contentType, body := range map[string]string{
		"text/html": "<>", "text/javascript": "{;", "text/css": "a{b:c}",
		"text/javascript;for": "for(", "text/javascript;quotes": `\'`, "text/css;comments": "/* ", "text/html;comments": "<!--",
	} {
		data := []byte(strings.Repeat(body, MaxData/len(body)))
		_, r, note := Render(context.Background(), Auto, Describe(contentType), data)
		if len(r.Text) == 0 || len(r.Text) > 2*maxText || len(body) == 2 && body != `\'` && !strings.Contains(note, errPieces.Error()) {
			t.Errorf("%s: %d bytes, %s", contentType, len(r.Text), note)
		}
	}
}
