//go:build !js

package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestGrantedOrigin reads sessions from a page of another origin: the one that
// was granted, with what a viewer has to know of it, and no other.
func TestGrantedOrigin(t *testing.T) {
	needsServer(t)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}))
	defer other.Close()
	granted, kept := write(t, "granted.mitm", []byte("0123456789")), write(t, "kept.mitm", []byte("0123456789"))
	site, stop, err := start("-cors", "/sessions/granted.mitm="+other.URL, granted, kept)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	p := tab(t, other.URL, chromedp.WithNewBrowserContext())
	p.do(chromedp.Navigate(other.URL))
	read := func(name, headers string) string {
		t.Helper()
		return evaluate[string](p, `fetch("`+site+`sessions/`+name+`", {headers: `+headers+`, credentials: "omit"}).then(
			async r => [r.status, await r.text(), r.headers.get("Content-Range"), r.headers.has("ETag"), r.headers.get("Accept-Ranges")].join(), e => e.name)`)
	}
	for _, test := range []struct{ name, headers, want string }{
		{"granted.mitm", `{}`, "200,0123456789,,true,bytes"},
		{"granted.mitm", `{Range: "bytes=2-4"}`, "206,234,bytes 2-4/10,true,bytes"},
		{"granted.mitm", `{Range: "bytes=-3"}`, "206,789,bytes 7-9/10,true,bytes"}, // asks whether it may
		{"granted.mitm", `{Range: "bytes=2-4", "If-Range": "\"stale\""}`, "200,0123456789,,true,bytes"},
		{"granted.mitm", `{"X-Other": "1"}`, "TypeError"},
		{"kept.mitm", `{}`, "TypeError"},
		{"kept.mitm", `{Range: "bytes=-3"}`, "TypeError"},
	} {
		if got := read(test.name, test.headers); got != test.want {
			t.Errorf("%s with %s: %s, want %s", test.name, test.headers, got, test.want)
		}
	}
	p.forgive("CORS policy", "Failed to load resource")
	p.mu.Lock()
	p.requests = nil // all of them were meant
	p.mu.Unlock()
}
