package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// build is what static/pack makes, in small.
var build = fstest.MapFS{
	"index.html":                  {Data: []byte("<html>")},
	"index.html.br":               {Data: []byte("br html")},
	"page.0123456789ab.wasm":      {Data: []byte("\x00asm")},
	"page.0123456789ab.wasm.br":   {Data: []byte("br wasm")},
	"page.0123456789ab.wasm.gz":   {Data: []byte("gz wasm")},
	"icons/logo.0123456789ab.svg": {Data: []byte("<svg/>")},
	"samples/shop.mitm":           {Data: []byte("0123456789")},
	".gitkeep":                    {},
}

func sessionFile(t *testing.T, name, contents string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(contents), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHandler(t *testing.T) {
	path := sessionFile(t, "a b.mitm", "abcdefghij")
	sessions, err := named([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	h := handler(build, sessions, true)
	immutable := "public, max-age=31536000, immutable"
	for _, test := range []struct {
		method, path, accept, byteRange string
		status                          int
		body, contentType, cache, coded string
	}{
		{"GET", "/", "", "", 200, "<html>", "text/html; charset=utf-8", "no-cache", ""},
		{"GET", "/", "gzip, br", "", 200, "br html", "text/html; charset=utf-8", "no-cache", "br"},
		{"GET", "/page.0123456789ab.wasm", "", "", 200, "\x00asm", "application/wasm", immutable, ""},
		{"GET", "/page.0123456789ab.wasm", "gzip, deflate, br, zstd", "", 200, "br wasm", "application/wasm", immutable, "br"},
		{"GET", "/page.0123456789ab.wasm", "gzip", "", 200, "gz wasm", "application/wasm", immutable, "gzip"},
		{"GET", "/page.0123456789ab.wasm", "br; q=0.0, gzip;q=0.5", "", 200, "gz wasm", "application/wasm", immutable, "gzip"},
		{"GET", "/icons/logo.0123456789ab.svg", "br", "", 200, "<svg/>", "image/svg+xml", immutable, ""},
		{"GET", "/samples/shop.mitm", "br", "bytes=2-4", 206, "234", "application/octet-stream", "no-cache", ""},
		{"GET", "/sessions/a%20b.mitm", "br", "", 200, "abcdefghij", "application/octet-stream", "no-cache", ""},
		{"GET", "/sessions/a%20b.mitm", "", "bytes=8-", 206, "ij", "application/octet-stream", "no-cache", ""},
		{"HEAD", "/sessions/a%20b.mitm", "", "", 200, "", "application/octet-stream", "no-cache", ""},
		{"GET", "/sessions/other.mitm", "", "", 404, "", "", "", ""},
		{"GET", "/sessions/", "", "", 404, "", "", "", ""},
		{"GET", "/samples", "", "", 404, "", "", "", ""},
		{"GET", "/samples/", "", "", 404, "", "", "", ""},
		{"GET", "/.gitkeep", "", "", 404, "", "", "", ""},
		{"GET", "/nothing", "", "", 404, "", "", "", ""},
		{"POST", "/", "", "", 405, "", "", "", ""},
		{"DELETE", "/sessions/a%20b.mitm", "", "", 405, "", "", "", ""},
	} {
		r := httptest.NewRequest(test.method, "http://127.0.0.1:8080"+test.path, nil)
		r.Header.Set("Accept-Encoding", test.accept)
		if test.byteRange != "" {
			r.Header.Set("Range", test.byteRange)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		what := test.method + " " + test.path + " " + test.accept
		if w.Code != test.status {
			t.Errorf("%s: status %d, want %d", what, w.Code, test.status)
			continue
		}
		header := w.Header()
		if !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no policy in %v", what, header)
		}
		if test.status >= 300 {
			continue
		}
		if w.Body.String() != test.body || header.Get("Content-Type") != test.contentType ||
			header.Get("Cache-Control") != test.cache || header.Get("Content-Encoding") != test.coded {
			t.Errorf("%s: %q, %v", what, w.Body, header)
		}
	}
}

func TestLocalNamesOnly(t *testing.T) {
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost": 200, "LOCALHOST:1": 200, "[::1]:80": 200,
		"evil.example": 421, "evil.example:8080": 421, "127.0.0.1.evil.example": 421, "192.0.2.1": 421, "": 421,
	} {
		r := httptest.NewRequest("GET", "http://x/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		handler(build, nil, true).ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q on loopback: %d, want %d", host, w.Code, want)
		}
		w = httptest.NewRecorder()
		handler(build, nil, false).ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("host %q elsewhere: %d", host, w.Code)
		}
	}
}

func TestSessionIsReadAnew(t *testing.T) {
	path := sessionFile(t, "grows.mitm", "one")
	sessions, err := named([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	get := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		handler(build, sessions, true).ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/sessions/grows.mitm", nil))
		return w
	}
	first := get()
	if err := os.WriteFile(path, []byte("one, two"), 0o600); err != nil {
		t.Fatal(err)
	}
	second := get()
	if second.Body.String() != "one, two" || first.Header().Get("ETag") == second.Header().Get("ETag") {
		t.Errorf("after it grew: %q, tags %q and %q", second.Body, first.Header().Get("ETag"), second.Header().Get("ETag"))
	}
	os.Remove(path)
	if w := get(); w.Code != http.StatusGone {
		t.Errorf("after it was removed: %d", w.Code)
	}
}

func TestNames(t *testing.T) {
	a, b := sessionFile(t, "x.mitm", ""), sessionFile(t, "x.mitm", "")
	sessions, err := named([]string{a, b, a})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range sessions {
		names = append(names, s.name)
	}
	if got := strings.Join(names, " "); got != "x.mitm x-2.mitm x-3.mitm" {
		t.Errorf("names are %s", got)
	}
	for _, bad := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if _, err := named([]string{bad}); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	for _, test := range []struct {
		args []string
		code int
	}{
		{[]string{"-nonsense"}, 2},
		{[]string{filepath.Join(t.TempDir(), "none.mitm")}, 2},
		{[]string{"-addr", "no-port"}, 1},
	} {
		var out, errs strings.Builder
		if code := run(t.Context(), test.args, &out, &errs); code != test.code || errs.Len() == 0 || out.Len() != 0 {
			t.Errorf("%q: code %d, said %q and %q", test.args, code, out.String(), errs.String())
		}
	}
}

// TestFirstLine needs no build: without one the line never comes, and the
// error says what to run.
func TestFirstLine(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w := io.Pipe()
	var errs strings.Builder
	done := make(chan int, 1)
	path := sessionFile(t, "a#b.mitm", "x")
	go func() {
		done <- run(ctx, []string{"-addr", "127.0.0.1:0", path}, w, &errs)
		w.Close()
	}()
	lines := bufio.NewScanner(r)
	if !lines.Scan() {
		if code := <-done; code != 1 || !strings.Contains(errs.String(), "make build") {
			t.Errorf("code %d, said %q", code, errs.String())
		}
		return
	}
	root, found := strings.CutPrefix(lines.Text(), "Flowpane at ")
	if !found || strings.Contains(root, ":0/") {
		t.Errorf("first line %q", lines.Text())
	}
	if !lines.Scan() || !strings.HasSuffix(lines.Text(), root+"#url=sessions/a%23b.mitm") {
		t.Errorf("second line %q", lines.Text())
	}
	resp, err := http.Get(root)
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("GET %s: %v, %v", root, resp, err)
	}
	cancel()
	if code := <-done; code != 0 {
		t.Errorf("ended with %d: %s", code, errs.String())
	}
}
