package content

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// pieces streams a body, and returns what was emitted.
func pieces(ctx context.Context, name, contentType, body string, room int) (all []string, view, note string) {
	view, r, note := Stream(ctx, name, Describe(contentType), []byte(body), func(_, piece string) error {
		if all = append(all, piece); len(all) == room {
			return errors.New("enough")
		}
		return nil
	})
	if r.Text != "" {
		all = append(all, r.Text)
	}
	return all, view, note
}

// longJSON is a list of objects.
var longJSON = "[" + strings.Repeat(`{"name": "a\u00e9\n", "n": [1, 2.50, {}], "s": null},`, streamFrom/40) + "0]"

// TestStream is the law that pieces together are what Render makes.
func TestStream(t *testing.T) {
	for _, test := range []struct{ view, contentType, body string }{
		{"json", "application/json", longJSON},
		{"text", "", strings.Repeat("some words\x01\n", streamFrom/10)},
		{"text", "", strings.Repeat("one line \xff ", streamFrom/5)},
		{"hex", "", strings.Repeat("\x00\x01\xfe", streamFrom/2)},
		{"hex", "", strings.Repeat("\x00", streamFrom)},
	} {
		_, whole, _ := Render(context.Background(), test.view, Describe(test.contentType), []byte(test.body))
		all, view, note := pieces(context.Background(), Auto, test.contentType, test.body, -1)
		if strings.Join(all, "") != whole.Text || note != "" || view != test.view {
			t.Errorf("%s: %d pieces, %q", view, len(all), note)
		}
		for i, piece := range all[:len(all)-1] {
			if !strings.HasSuffix(piece, "\n") || i == 0 && test.view == "json" && len(piece) > 2*firstPiece || len(piece) > 2*streamPiece {
				t.Errorf("%s: piece %d of %d bytes ends in %q", view, i, len(piece), piece[len(piece)-1:])
			}
		}
	}
}

// TestStreamDamaged shows JSON that is damaged at its end: the rest stands as it
// was sent, from the beginning of its line on.
func TestStreamDamaged(t *testing.T) {
	all, view, note := pieces(context.Background(), Auto, "application/json", longJSON[:len(longJSON)-2]+`{"name": flibble, "more": 1}]`, -1)
	if view != "json" || !strings.HasSuffix(note, "unexpected 'f'") || !strings.HasSuffix(strings.Join(all, ""), "\n    {\n\"name\": flibble, \"more\": 1}]") {
		t.Errorf("%s, %s: %q", view, note, all[len(all)-1])
	}
}

// TestStreamOther shows what is not JSON at all: as text, unless JSON was asked
// for.
func TestStreamOther(t *testing.T) {
	body := strings.Repeat("no JSON\n", streamFrom/8)
	for name, want := range map[string]string{Auto: body, "json": ""} {
		all, view, note := pieces(context.Background(), name, "application/json", body, -1)
		if strings.Join(all, "") != want || view != map[bool]string{true: "text", false: "json"}[name == Auto] || note == "" {
			t.Errorf("%s: %s, %d pieces, %s", name, view, len(all), note)
		}
	}
}

func TestStreamEnds(t *testing.T) {
	if all, _, note := pieces(context.Background(), "json", "", longJSON, 2); len(all) != 2 || !strings.HasSuffix(note, "enough") {
		t.Errorf("%d pieces, %s", len(all), note)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range []string{"json", "text", "hex"} {
		if all, _, note := pieces(ctx, name, "", longJSON, -1); len(all) > 0 || !strings.Contains(note, "canceled") {
			t.Errorf("%s: %d pieces, %s", name, len(all), note)
		}
	}
}

// TestStreamBound ends where the text is too long to be held.
func TestStreamBound(t *testing.T) {
	size := 0
	_, _, note := Stream(context.Background(), "hex", Metadata{}, make([]byte, streamMax/4), func(_, piece string) error {
		size += len(piece)
		return nil
	})
	if size > streamMax || size < streamMax-streamPiece || note != "cut off: the text would be longer than 512 MB" {
		t.Errorf("%d bytes, %s", size, note)
	}
}

// TestStreamSmall shows what is not streamed: small bodies, and views that need
// a body whole.
func TestStreamSmall(t *testing.T) {
	for contentType, body := range map[string]string{"application/json": "[1]", "text/css": strings.Repeat("a{b:c}\n", streamFrom/5)} {
		all, view, note := pieces(context.Background(), Auto, contentType, body, -1)
		if _, whole, _ := Render(context.Background(), view, Describe(contentType), []byte(body)); !slices.Equal(all, []string{whole.Text}) || note != "" {
			t.Errorf("%s: %d pieces, %s", view, len(all), note)
		}
	}
}

func BenchmarkStream(b *testing.B) {
	body := []byte(strings.Repeat(longJSON+"\n", 1))
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		Stream(b.Context(), "json", Metadata{}, body, func(string, string) error { return nil })
	}
}
