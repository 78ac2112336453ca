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
	if len(names) != 14 {
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
		{"image/svg+xml", "<svg/>", "text"},
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
		if slices.Contains([]string{"image", "dns", "mqtt", "wbxml", "zip archive"}, v.Name) {
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
	}
	types := []string{"", "application/json", "application/json; charset=utf-16", "image/png", "text/html; charset=gbk", "text/xml"}
	if len(seeds) != 11 {
		f.Fatalf("%d seeds", len(seeds))
	}
	for i, seed := range seeds {
		f.Add([]byte(seed), types[i%len(types)])
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		meta := Describe(contentType)
		for _, v := range All() {
			v.Priority(meta, body)
			r, err := v.Render(context.Background(), meta, body) // without the door: a panic must show
			if err == nil && !utf8.ValidString(printable(r.Text)) {
				t.Fatalf("%s gives text that is not UTF-8", v.Name)
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
