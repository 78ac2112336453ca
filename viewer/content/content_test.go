package content

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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
	if len(names) != 28 {
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
	for _, named := range []bool{false, true} {
		view, r, note := show(t.Context(), broken, named, Metadata{}, []byte("abc"))
		if view != "text" || r.Text != "abc" || note != "failed to parse as Broken: this view has a bug that the body brings out" {
			t.Errorf("%s %q, %s", view, r.Text, note)
		}
	}
}

// TestSlow gives up views that take too long.
func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := View{Label: "Slow", Render: func(ctx context.Context, _ Metadata, _ []byte) (Rendered, error) {
			for ctx.Err() == nil {
				time.Sleep(time.Second)
			}
			return Rendered{}, ctx.Err()
		}}
		view, r, note := show(t.Context(), slow, true, Metadata{}, []byte("abc"))
		if view != "text" || r.Text != "abc" || note != "failed to parse as Slow: it takes longer than 10 s" {
			t.Errorf("%s %q, %s", view, r.Text, note)
		}
	})
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	body := []byte("[" + strings.Repeat("1,", 1<<16) + "1]")
	for _, v := range All() {
		if slices.Contains([]string{"image", "dns", "mqtt", "wbxml", "zip archive", "graphql", "multipart form", "query", "socket.io", "url-encoded", "jwt", PreviewName, "certificate", "font", "media"}, v.Name) {
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
