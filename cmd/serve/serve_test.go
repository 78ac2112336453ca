package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
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

func handlerOf(t *testing.T, sessions []session, loopback bool) http.Handler {
	t.Helper()
	built, err := newPage(build)
	if err != nil {
		t.Fatal(err)
	}
	return handler(site{built: built, sessions: sessions, local: loopback})
}

func get(h http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func sessionFile(t *testing.T, name, contents string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(contents), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// guards are on every answer, refusals too.
var guards = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
		"connect-src 'self'; style-src 'self' 'unsafe-inline'; frame-src blob:; img-src 'self' blob: data:; media-src blob:; manifest-src 'self'; base-uri 'none'; " +
		"form-action 'none'; require-trusted-types-for 'script'; trusted-types flowpane; frame-ancestors 'none'",
	"X-Frame-Options":              "DENY",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
}

func TestHandler(t *testing.T) {
	path := sessionFile(t, "a b.mitm", "abcdefghij")
	sessions, err := named([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, sessions, true)
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
		{"GET", "/page.0123456789ab.wasm", "br;q=none", "", 200, "\x00asm", "application/wasm", immutable, ""},
		{"GET", "/page.0123456789ab.wasm", "brr, xbr", "", 200, "\x00asm", "application/wasm", immutable, ""},
		{"HEAD", "/page.0123456789ab.wasm", "br", "", 200, "", "application/wasm", immutable, "br"},
		{"GET", "/icons/logo.0123456789ab.svg", "br", "", 200, "<svg/>", "image/svg+xml", immutable, ""},
		{"GET", "/samples/shop.mitm", "br", "bytes=2-4", 206, "234", "application/octet-stream", "no-cache", ""},
		{"GET", "/sessions/a%20b.mitm", "br", "", 200, "abcdefghij", "application/octet-stream", "no-cache", ""},
		{"GET", "/sessions/a%20b.mitm", "", "bytes=8-", 206, "ij", "application/octet-stream", "no-cache", ""},
		{"HEAD", "/sessions/a%20b.mitm", "", "", 200, "", "application/octet-stream", "no-cache", ""},
		{"GET", "/sessions/other.mitm", "", "", 404, "", "", "", ""},
		{"GET", "/sessions/", "", "", 404, "", "", "", ""},
		{"GET", "/icons/", "", "", 404, "", "", "", ""},
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
		for name, want := range guards {
			if got := header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q, want %q", what, name, got, want)
			}
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

// What a browser has, it does not fetch again; and what it has compressed is
// never taken for the rest.
func TestTags(t *testing.T) {
	h := handlerOf(t, nil, true)
	seen := map[string]string{}
	for _, test := range []struct{ path, accept string }{
		{"/", ""}, {"/", "br"},
		{"/page.0123456789ab.wasm", ""}, {"/page.0123456789ab.wasm", "br"}, {"/page.0123456789ab.wasm", "gzip"},
		{"/samples/shop.mitm", ""},
	} {
		at, what := "http://localhost"+test.path, test.path+" "+test.accept
		first := get(h, at, "Accept-Encoding", test.accept)
		tag := first.Header().Get("ETag")
		if other, taken := seen[tag]; taken || len(tag) < 10 || tag[0] != '"' {
			t.Errorf("%s: tag %s, as of %q", what, tag, other)
		}
		seen[tag] = what
		again := get(h, at, "Accept-Encoding", test.accept, "If-None-Match", tag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: with its tag %d, %d bytes", what, again.Code, again.Body.Len())
		}
		if again = get(h, at, "Accept-Encoding", test.accept, "If-None-Match", `"other"`); again.Code != http.StatusOK {
			t.Errorf("%s: with another tag %d", what, again.Code)
		}
		varies := !strings.HasPrefix(test.path, "/samples")
		if got := first.Header().Get("Vary"); (got == "Accept-Encoding") != varies {
			t.Errorf("%s: Vary is %q", what, got)
		}
	}
	part := get(h, "http://localhost/samples/shop.mitm", "Range", "bytes=2-4", "If-Range", `"other"`)
	if part.Code != http.StatusOK || part.Body.String() != "0123456789" {
		t.Errorf("a range of what has changed: %d, %q", part.Code, part.Body)
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
		handlerOf(t, nil, true).ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q on loopback: %d, want %d", host, w.Code, want)
		}
		w = httptest.NewRecorder()
		handlerOf(t, nil, false).ServeHTTP(w, r)
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
	h, at := handlerOf(t, sessions, true), "http://localhost/sessions/grows.mitm"
	first := get(h, at)
	if err := os.WriteFile(path, []byte("one, two"), 0o600); err != nil {
		t.Fatal(err)
	}
	second := get(h, at)
	if second.Body.String() != "one, two" || first.Header().Get("ETag") == second.Header().Get("ETag") {
		t.Errorf("after it grew: %q, tags %q and %q", second.Body, first.Header().Get("ETag"), second.Header().Get("ETag"))
	}
	os.Remove(path)
	if w := get(h, at); w.Code != http.StatusGone {
		t.Errorf("after it was removed: %d", w.Code)
	}
}

// A file that is written to while it is sent is sent as it was: what is said of
// its size and its tag belong together.
func TestSizeIsThatOfTheTag(t *testing.T) {
	path := sessionFile(t, "grows.mitm", "one")
	f, err := openFile(anywhere{}, path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.WriteFile(path, []byte("one, two"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Range", "bytes=1-")
	f.serve(w, r)
	if got := w.Header().Get("Content-Range"); w.Body.String() != "ne" || got != "bytes 1-2/3" || !strings.HasSuffix(w.Header().Get("ETag"), `-3"`) {
		t.Errorf("%q, %s, %s", w.Body, got, w.Header().Get("ETag"))
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
	if _, err := named([]string{filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("what is not there was accepted")
	}
}

// A link goes the way it goes in the page: the fragment is decoded, and what
// it holds is asked for as a URL.
func TestLinksReachTheirSessions(t *testing.T) {
	for name, want := range map[string]string{
		"capture-8.1.1.mitm": "sessions/capture-8.1.1.mitm",
		"a b.mitm":           "sessions/a%20b.mitm",
		"März.mitm":          "sessions/M%C3%A4rz.mitm",
		"a+b;c.mitm":         "sessions/a%2Bb%3Bc.mitm",
		"a&url=b.mitm":       "sessions/a%26url%3Db.mitm",
		"a#b.mitm":           "sessions/a%2523b.mitm",
		"what?.mitm":         "sessions/what%253F.mitm",
		"50%41.mitm":         "sessions/50%252541.mitm",
		`a\b.mitm`:           "sessions/a%255Cb.mitm",
		"a\tb.mitm":          "sessions/a%2509b.mitm",
		" a":                 "sessions/%2520a",
		"a\xff":              "sessions/a%25FF",
	} {
		sessions, err := named([]string{sessionFile(t, name, "flows of "+name)})
		if err != nil {
			t.Fatal(err)
		}
		link := sessions[0].link()
		if link != want {
			t.Errorf("%q is at %s, want %s", name, link, want)
		}
		value, err := url.PathUnescape(link)
		if err != nil || strings.Contains(link, "&") {
			t.Errorf("%q: %s is no value of a fragment: %v", name, link, err)
			continue
		}
		at, err := url.Parse("http://localhost/" + value)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if w := get(handlerOf(t, sessions, true), at.String()); w.Code != 200 || w.Body.String() != "flows of "+name {
			t.Errorf("%q: GET %s: %d, %q", name, at, w.Code, w.Body)
		}
	}
}

func TestRoot(t *testing.T) {
	for _, test := range []struct{ addr, ip, want string }{
		{"127.0.0.1:0", "127.0.0.1", "http://127.0.0.1:81/"},
		{"localhost:0", "127.0.0.1", "http://localhost:81/"},
		{"[::1]:0", "::1", "http://[::1]:81/"},
		{":0", "::", "http://127.0.0.1:81/"},
		{"0.0.0.0:0", "0.0.0.0", "http://127.0.0.1:81/"},
		{"192.0.2.1:0", "192.0.2.1", "http://192.0.2.1:81/"},
	} {
		if got := root(test.addr, &net.TCPAddr{IP: net.ParseIP(test.ip), Port: 81}); got != test.want {
			t.Errorf("%s is at %s, want %s", test.addr, got, test.want)
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
	if !lines.Scan() || !strings.HasSuffix(lines.Text(), root+"#url=sessions/a%2523b.mitm") {
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

// A path that would break its line is quoted.
func TestAnnounceQuotesPaths(t *testing.T) {
	var out strings.Builder
	announce(&out, "http://127.0.0.1/", []session{{name: "b", path: "a\nb"}, {name: "März 1.mitm", path: "/x/März 1.mitm"}})
	want := "Flowpane at http://127.0.0.1/\n\"a\\nb\" at http://127.0.0.1/#url=sessions/b\n" +
		"/x/März 1.mitm at http://127.0.0.1/#url=sessions/M%C3%A4rz%201.mitm\n"
	if out.String() != want {
		t.Errorf("%s, want\n%s", out.String(), want)
	}
}
