package content

import (
	"context"
	"strings"
	"testing"
)

func TestPreview(t *testing.T) {
	for _, test := range []struct{ contentType, body, want string }{
		{"text/html; charset=latin-1", "<p>\xe9</p>", "<p>é</p>"},
		{"", " <!DOCTYPE html><LINK rel=dns-prefetch href=//a.example><p>", " <!DOCTYPE html><x-LINK rel=dns-prefetch href=//a.example><p>"},
		{"", "<svg><metadata/></svg>", "<svg><x-metadata/></svg>"},
		{"text/html", "<meta http-equiv=refresh><base href=x><<link>", "<x-meta http-equiv=refresh><x-base href=x><<x-link>"},
		{"image/svg+xml", "<?xml?><svg/>", "<?xml?><svg/>"},
		{"text/plain", "a <p>", ""},
		{"application/json", "{}", ""},
	} {
		view, r, note := Render(context.Background(), PreviewName, Describe(test.contentType), []byte(test.body))
		document, found := strings.CutPrefix(r.Frame, previewHead)
		if view != PreviewName || document != test.want || found != (test.want != "") || (note == "") != found || r.Text != "" {
			t.Errorf("%q: %q, %s", test.body, r.Frame, note)
		}
	}
	if view, r, _ := Render(context.Background(), Auto, Describe("text/html"), []byte("<p>")); view == PreviewName || r.Frame != "" {
		t.Error("a preview that nobody asked for")
	}
	if _, r, note := Render(context.Background(), PreviewName, Describe("text/html"), make([]byte, maxPreview+1)); r.Frame != "" || note == "" {
		t.Error("a preview of any length")
	}
}

// TestPreviewHasNoLinks: a browser connects to the host of a link that is pressed.
func TestPreviewHasNoLinks(t *testing.T) {
	got := inert("<A\nhref=x>a</A><area/href=x><svg><a>b</a></svg><article><abbr><a")
	if want := "<x-A\nhref=x>a</x-A><x-area/href=x><svg><x-a>b</x-a></svg><article><abbr><a"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
