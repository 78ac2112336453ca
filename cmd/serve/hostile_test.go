//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// secret is what no answer may hold.
const secret = "SECRET"

// changed is when every file of the fixture was, and what that makes of the
// entity tag of one of ten bytes.
var (
	changed    = time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC)
	changedTag = fmt.Sprintf(`"%x-a"`, changed.UnixNano())
)

// hostileFolder makes a folder that holds all that a folder may, with secrets
// around it.
func hostileFolder(t *testing.T) (folder, single string) {
	t.Helper()
	dir := t.TempDir()
	folder = filepath.Join(dir, "captures")
	for name, content := range map[string]string{
		"secret.mitm":                  secret,
		"outside/secret.mitm":          secret,
		"single.mitm":                  "the single",
		"captures/shop.mitm":           "0123456789",
		"captures/empty.mitm":          "",
		"captures/page.html":           "<script>",
		"captures/a b#c?d%41.mitm":     "odd name",
		`captures/back\slash.mitm`:     "backslash",
		"captures/sub/deep.mitm":       "deep",
		"captures/sub/.secret":         secret,
		"captures/.hidden.mitm":        secret,
		"captures/.git/config":         secret,
		"captures/...":                 secret,
		"captures/public/open.mitm":    "open to one",
		"captures/everybody.mitm":      "open to all",
		"captures/publicity.mitm":      "not public",
		"captures/public.mitm":         "not public",
		"captures-2/secret.mitm":       secret,
		"captures/sub/deeper/far.mitm": "far",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"out.mitm":        "../outside/secret.mitm",
		"out":             "../outside",
		"absolute.mitm":   filepath.Join(dir, "secret.mitm"),
		"zero":            "/dev/zero",
		"loop":            "loop",
		"dangling":        "nowhere",
		"sub/up":          "../..",
		"sub/out.mitm":    "../../secret.mitm",
		"inside.mitm":     "sub/deep.mitm",
		"sub/inside.mitm": "../shop.mitm",
	} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(folder, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return folder, filepath.Join(dir, "single.mitm")
}

// started serves a site on loopback until the test ends, and returns its
// address.
func started(t *testing.T, h http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serveUntil(ctx, listener, h) }()
	t.Cleanup(func() {
		end()
		if err := <-done; err != nil {
			t.Errorf("ended with %v", err)
		}
	})
	return listener.Addr().String()
}

// hostileSite is the fixture as it is served: one part of it open to the pages
// of one origin, one file to all.
func hostileSite(t *testing.T) http.Handler {
	t.Helper()
	folder, single := hostileFolder(t)
	sessions, err := named([]string{folder, single})
	if err != nil {
		t.Fatal(err)
	}
	var cors grants
	for _, text := range []string{
		"/sessions/captures/public/=https://viewer.example",
		"/sessions/captures/everybody.mitm=*",
	} {
		if err := cors.add(text); err != nil {
			t.Fatal(err)
		}
	}
	built, err := newPage(build)
	if err != nil {
		t.Fatal(err)
	}
	return handler(site{built, sessions, cors, true})
}

// ask sends a request as it stands, which no client would.
func ask(t *testing.T, address, request string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(request, " ")
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	return resp, string(body)
}

// A row is a request and what it must get. Headers are lines; those wanted are
// "Name: value", or "Name:" where there must be none.
type row struct {
	method, target, headers string
	status                  int
	body                    string // of 200 and 206
	want                    string
}

const (
	shop   = "/sessions/captures/shop.mitm"
	open   = "/sessions/captures/public/open.mitm"
	all    = "/sessions/captures/everybody.mitm"
	viewer = "Origin: https://viewer.example"
	before = "Mon, 23 Nov 2026 10:29:59 GMT"
	when   = "Mon, 23 Nov 2026 10:30:00 GMT"
	asks   = "\nAccess-Control-Request-Method: GET\nAccess-Control-Request-Headers: range"
)

var hostilePaths = []row{
	{"GET", shop, "", 200, "0123456789", "Content-Type: application/octet-stream\nAccept-Ranges: bytes\nContent-Length: 10\nLast-Modified: " + when + "\nETag: " + changedTag},
	{"GET", "/sessions/single.mitm", "", 200, "the single", ""},
	{"GET", "/sessions/captures/sub/deep.mitm", "", 200, "deep", ""},
	{"GET", "/sessions/captures/a%20b%23c%3Fd%2541.mitm", "", 200, "odd name", ""},
	{"GET", `/sessions/captures/back%5Cslash.mitm`, "", 200, "backslash", ""},
	{"GET", "/sessions/captures/page.html", "", 200, "<script>", "Content-Type: application/octet-stream\nX-Content-Type-Options: nosniff"},
	{"GET", "/sessions/captures/shop.mitm?a=/../../secret.mitm", "", 200, "0123456789", ""},
	{"GET", "/sessions/captures/inside.mitm", "", 200, "deep", ""},
	{"GET", "/sessions/captures/sub/inside.mitm", "", 200, "0123456789", ""},
	// Ways up, in every spelling.
	{"GET", "/sessions/captures/../secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/../single.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/sub/../shop.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/./shop.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/%2e%2e/secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/.%2E/secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/..%2fsecret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/%2e%2e%2fsecret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures%2f..%2fsecret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/sub%2fdeep.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/%252e%252e/secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/%252e%252e%252fsecret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/%c0%ae%c0%ae/secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/%c0%ae%c0%ae%c0%afsecret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/%EF%BC%8E%EF%BC%8E/secret.mitm", "", 404, "", ""},
	{"GET", `/sessions/captures/..\secret.mitm`, "", 404, "", ""},
	{"GET", "/sessions/captures/..%5csecret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/sub%5c..%5c..%5csecret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/....//secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/..;/secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/...", "", 404, "", ""},
	{"GET", "/sessions/captures//etc/passwd", "", 404, "", ""},
	{"GET", "/sessions/captures/%2fetc%2fpasswd", "", 404, "", ""},
	{"GET", "/sessions/captures//shop.mitm", "", 404, "", ""},
	{"GET", "/sessions//captures/shop.mitm", "", 404, "", ""},
	{"GET", "//", "", 307, "", "Location: /"},
	{"GET", "//?a=//b", "", 307, "", "Location: /?a=//b"},
	{"GET", "/%2f", "", 404, "", ""},
	{"GET", "///sessions/captures/shop.mitm", "", 307, "", "Location: /sessions/captures/shop.mitm"},
	{"GET", "//sessions/captures/..%2fsecret.mitm", "", 307, "", "Location: /sessions/captures/..%2fsecret.mitm"},
	{"GET", "/sessions/captures-2/secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/../sessions/captures/shop.mitm", "", 404, "", ""},
	{"GET", "/../../../../etc/passwd", "", 404, "", ""},
	{"GET", "/%2e%2e/%2e%2e/etc/passwd", "", 404, "", ""},
	{"GET", "//evil.example/..", "", 307, "", "Location: /evil.example/.."},
	{"GET", `//\evil.example/`, "", 307, "", "Location: /%5Cevil.example/"},
	{"GET", "//%0d%0aX-Evil:1", "", 307, "", "Location: /%0d%0aX-Evil:1\nX-Evil:"},
	{"GET", "/sessions/C:%5cWindows%5cwin.ini", "", 404, "", ""},
	{"GET", "/" + strings.Repeat("../", 2000) + "etc/passwd", "", 404, "", ""},
	{"GET", "/sessions/captures/" + strings.Repeat("a", 5000), "", 404, "", ""},
	{"GET", "/sessions/captures/" + strings.Repeat("sub/", 2000) + "x", "", 404, "", ""},
	{"GET", "/" + strings.Repeat("a", 64<<10), "", 431, "", ""},
	// Bytes that end names elsewhere.
	{"GET", "/sessions/captures/shop.mitm%00", "", 404, "", ""},
	{"GET", "/sessions/captures/.hidden.mitm%00.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/shop.mitm%00.html", "", 404, "", ""},
	{"GET", "/sessions/captures/shop.mitm%20", "", 404, "", ""},
	{"GET", "/sessions/captures/shop.mitm%0d%0aX-Evil:%201", "", 404, "", "X-Evil:"},
	{"GET", "/sessions/captures/%0d%0aX-Evil:%201/", "", 404, "", "X-Evil:\nLocation:"},
	{"GET", "/sessions/captures/shop.mitm%", "", 400, "", ""},
	{"GET", "/sessions/captures/%zz", "", 400, "", ""},
	{"GET", "/sessions/captures/\x00", "", 400, "", ""},
	{"GET", "/sessions/captures/%ff%fe", "", 404, "", ""},
	// What is hidden, leads out or is no file.
	{"GET", "/sessions/captures/.hidden.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/%2ehidden.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/.git/config", "", 404, "", ""},
	{"GET", "/sessions/captures/.git/", "", 404, "", ""},
	{"GET", "/sessions/captures/sub/.secret", "", 404, "", ""},
	{"GET", "/sessions/captures/out.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/out/", "", 404, "", ""},
	{"GET", "/sessions/captures/out", "", 404, "", "Location:"},
	{"GET", "/sessions/captures/out/secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/absolute.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/sub/out.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/sub/up/secret.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/sub/up/captures/shop.mitm", "", 404, "", ""},
	{"GET", "/sessions/captures/loop", "", 404, "", ""},
	{"GET", "/sessions/captures/dangling", "", 404, "", ""},
	{"GET", "/sessions/captures/zero", "", 404, "", ""},
	{"GET", "/sessions/captures/pipe", "", 404, "", ""},
	{"GET", "/sessions/captures/socket", "", 404, "", ""},
	{"GET", "/sessions/captures/shop.mitm/", "", 404, "", ""},
	{"GET", "/sessions/captures/shop.mitm/x", "", 404, "", ""},
	{"GET", "/sessions/single.mitm/", "", 404, "", ""},
	{"GET", "/sessions/", "", 404, "", ""},
	{"GET", "/sessions", "", 404, "", ""},
	{"GET", "/sessions/captures", "", 307, "", "Location: /sessions/captures/"},
	{"GET", "/sessions/captures/sub", "", 307, "", "Location: /sessions/captures/sub/"},
	{"GET", "/.gitkeep", "", 404, "", ""},
	{"GET", "/icons/../index.html", "", 404, "", ""},
}

var hostileRanges = []row{
	{"GET", shop, "Range: bytes=0-0", 206, "0", "Content-Range: bytes 0-0/10\nContent-Length: 1\nETag: " + changedTag},
	{"GET", shop, "Range: bytes=2-4", 206, "234", "Content-Range: bytes 2-4/10"},
	{"GET", shop, "Range: bytes=8-", 206, "89", "Content-Range: bytes 8-9/10"},
	{"GET", shop, "Range: bytes=-3", 206, "789", "Content-Range: bytes 7-9/10"},
	{"GET", shop, "Range: bytes=-300", 206, "0123456789", "Content-Range: bytes 0-9/10"},
	{"GET", shop, "Range: bytes=5-9223372036854775807", 206, "56789", "Content-Range: bytes 5-9/10"},
	{"HEAD", shop, "Range: bytes=2-4", 206, "", "Content-Range: bytes 2-4/10\nContent-Length: 3"},
	{"GET", shop, "Range: bytes=0-1,8-9", 206, "*bytes 8-9/10", "Content-Range:"},
	{"GET", shop, "Range: bytes=0-9,0-9,0-9", 200, "0123456789", ""},
	{"GET", shop, "Range: bytes=" + strings.Repeat("0-,", 5000) + "0-", 200, "0123456789", ""},
	{"GET", shop, "Range: bytes=10-", 416, "", "Content-Range: bytes */10"},
	{"GET", shop, "Range: bytes=9223372036854775807-", 416, "", "Content-Range: bytes */10"},
	{"GET", shop, "Range: bytes=9223372036854775808-", 416, "", ""},
	{"GET", shop, "Range: bytes=-9223372036854775809", 416, "", ""},
	{"GET", shop, "Range: bytes=99999999999999999999999999-", 416, "", ""},
	{"GET", shop, "Range: bytes=4-2", 416, "", ""},
	{"GET", shop, "Range: bytes=-", 416, "", ""},
	{"GET", shop, "Range: bytes=--1", 416, "", ""},
	{"GET", shop, "Range: bytes=a-b", 416, "", ""},
	{"GET", shop, "Range: bytes=0x0-0x1", 416, "", ""},
	{"GET", shop, "Range: lines=0-1", 416, "", ""},
	{"GET", shop, "Range: bytes", 416, "", ""},
	{"GET", "/sessions/captures/empty.mitm", "", 200, "", "Content-Length: 0"},
	{"GET", "/sessions/captures/empty.mitm", "Range: bytes=0-65535", 200, "", "Content-Length: 0"},
	{"GET", shop, "Range: bytes=2-4\nIf-Range: " + changedTag, 206, "234", ""},
	{"GET", shop, "Range: bytes=2-4\nIf-Range: " + when, 206, "234", ""},
	{"GET", shop, "Range: bytes=2-4\nIf-Range: \"stale\"", 200, "0123456789", "Content-Range:"},
	{"GET", shop, "Range: bytes=2-4\nIf-Range: W/" + changedTag, 200, "0123456789", ""},
	{"GET", shop, "Range: bytes=2-4\nIf-Range: " + before, 200, "0123456789", ""},
	{"GET", shop, "Range: bytes=99-\nIf-Range: \"stale\"", 200, "0123456789", ""},
	{"GET", shop, "If-None-Match: " + changedTag, 304, "", "Content-Length:\nETag: " + changedTag},
	{"GET", shop, "If-None-Match: W/" + changedTag, 304, "", ""},
	{"GET", shop, "If-None-Match: \"a\", " + changedTag, 304, "", ""},
	{"GET", shop, "If-None-Match: *", 304, "", ""},
	{"HEAD", shop, "If-None-Match: " + changedTag, 304, "", ""},
	{"GET", shop, "If-None-Match: \"stale\"", 200, "0123456789", ""},
	{"GET", shop, "If-None-Match: \"", 200, "0123456789", ""},
	{"GET", shop, "If-None-Match: \"stale\"\nIf-Modified-Since: " + when, 200, "0123456789", ""},
	{"GET", shop, "Range: bytes=2-4\nIf-None-Match: " + changedTag, 304, "", ""},
	{"GET", shop, "If-Match: " + changedTag, 200, "0123456789", ""},
	{"GET", shop, "If-Match: \"stale\"", 412, "", ""},
	{"GET", shop, "If-Modified-Since: " + when, 304, "", ""},
	{"GET", shop, "If-Modified-Since: " + before, 200, "0123456789", ""},
	{"GET", shop, "If-Modified-Since: yesterday", 200, "0123456789", ""},
	{"GET", shop, "If-Unmodified-Since: " + before, 412, "", ""},
	{"GET", "/page.0123456789ab.wasm", "Accept-Encoding: br\nRange: bytes=3-", 206, "wasm", "Content-Encoding: br\nVary: Accept-Encoding\nContent-Range: bytes 3-6/7"},
	{"GET", "/page.0123456789ab.wasm", "Accept-Encoding: br;q=0, gzip\nRange: bytes=0-1", 206, "gz", "Content-Encoding: gzip"},
}

var hostileRequests = []row{
	{"HEAD", shop, "", 200, "", "Content-Length: 10"},
	{"POST", shop, "Content-Length: 3\n\nabc", 405, "", "Allow: GET, HEAD"},
	{"POST", "/", "Content-Length: 1000000000", 405, "", ""},
	{"POST", "/", "Transfer-Encoding: chunked", 405, "", ""},
	{"PUT", "/sessions/captures/new.mitm", "", 405, "", ""},
	{"DELETE", shop, "", 405, "", ""},
	{"PATCH", shop, "", 405, "", ""},
	{"TRACE", "/", "X-Echo: me", 405, "", ""},
	{"PROPFIND", "/sessions/captures/", "", 405, "", ""},
	{"CONNECT", "evil.example:443", "", 421, "", ""},
	{"CONNECT", "127.0.0.1:443", "", 405, "", ""},
	{"OPTIONS", "*", "", 405, "", "Allow: GET, HEAD"},
	{"get", shop, "", 405, "", ""},
	{"GET", "/sessions/captures/pipe", "Range: bytes=0-", 404, "", ""},
	{"G\tT", "/", "", 400, "", ""},
	{"GET", shop, "Content-Length: 5\nContent-Length: 6", 400, "", ""},
	{"GET", shop, "Transfer-Encoding: gzip, chunked", 501, "", ""},
	{"GET", shop, "Expect: a-miracle", 417, "", ""},
	// Names of other hosts, by which a page elsewhere would come.
	{"GET", shop, "Host: localhost:8080", 200, "0123456789", ""},
	{"GET", shop, "Host: [::1]", 200, "0123456789", ""},
	{"GET", shop, "Host: evil.example", 421, "", ""},
	{"GET", shop, "Host: localhost.evil.example", 421, "", ""},
	{"GET", shop, "Host: 127.0.0.1.nip.example:8080", 421, "", ""},
	{"GET", shop, "Host: 127.0.0.1@evil.example", 400, "", ""},
	{"GET", shop, "Host: 0.0.0.0", 421, "", ""},
	{"GET", shop, "Host: 2130706433", 421, "", ""},
	{"GET", shop, "Host: ", 421, "", ""},
	{"GET", shop, "Host: a\nHost: 127.0.0.1", 400, "", ""},
	{"GET", "http://evil.example" + shop, "", 421, "", ""},
	{"GET", shop, "Host: evil.example\nX-Forwarded-Host: localhost", 421, "", ""},
	{"OPTIONS", open, "Host: evil.example\n" + viewer + asks, 421, "", "Access-Control-Allow-Origin:"},
	// Pages of other origins read what they were granted, and that alone.
	{"GET", shop, viewer, 200, "0123456789", "Access-Control-Allow-Origin:\nVary:\nCross-Origin-Resource-Policy: same-origin"},
	{"GET", open, viewer, 200, "open to one", "Access-Control-Allow-Origin: https://viewer.example\nVary: Origin\nCross-Origin-Resource-Policy: cross-origin\nAccess-Control-Allow-Credentials:\n" +
		"Access-Control-Expose-Headers: Accept-Ranges, Content-Length, Content-Range, ETag"},
	{"GET", open, viewer + "\nRange: bytes=0-3", 206, "open", "Access-Control-Allow-Origin: https://viewer.example\nContent-Range: bytes 0-3/11"},
	{"GET", open, viewer + "\nRange: bytes=99-", 416, "", "Access-Control-Allow-Origin: https://viewer.example"},
	{"GET", open, viewer + "\nIf-None-Match: *", 304, "", "Access-Control-Allow-Origin: https://viewer.example\nVary: Origin"},
	{"GET", open, "", 200, "open to one", "Access-Control-Allow-Origin:\nVary: Origin\nCross-Origin-Resource-Policy: same-origin"},
	{"GET", open, "Origin: https://viewer.example.evil.example", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: https://evil.example/https://viewer.example", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: http://viewer.example", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: https://viewer.example:8443", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: https://viewer.example/", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: https://VIEWER.example", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: null", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: *", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: https://evil.example\n" + viewer, 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", open, "Origin: https://evil.example " + "https://viewer.example", 200, "open to one", "Access-Control-Allow-Origin:"},
	{"GET", "/sessions/captures/publicity.mitm", viewer, 200, "not public", "Access-Control-Allow-Origin:"},
	{"GET", "/sessions/captures/public.mitm", viewer, 200, "not public", "Access-Control-Allow-Origin:"},
	{"GET", "/sessions/captures/public/../shop.mitm", viewer, 404, "", ""},
	{"GET", "/sessions/captures/public/%2e%2e/shop.mitm", viewer, 404, "", ""},
	{"GET", "/", viewer, 200, "<html>", "Access-Control-Allow-Origin:"},
	{"GET", all, "Origin: null", 200, "open to all", "Access-Control-Allow-Origin: *\nVary:\nCross-Origin-Resource-Policy: cross-origin"},
	{"GET", all, "", 200, "open to all", "Access-Control-Allow-Origin: *"},
	{"GET", all + "/", "Origin: null", 404, "", "Access-Control-Allow-Origin:"},
	{"OPTIONS", open, viewer + asks, 204, "", "Access-Control-Allow-Origin: https://viewer.example\nAccess-Control-Allow-Methods: GET, HEAD\nAccess-Control-Max-Age: 600\n" +
		"Access-Control-Allow-Headers: Range, If-Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since\nVary: Origin"},
	{"OPTIONS", all, "Origin: https://any.example" + asks, 204, "", "Access-Control-Allow-Origin: *"},
	{"OPTIONS", open, "Origin: https://evil.example" + asks, 405, "", "Access-Control-Allow-Origin:\nAccess-Control-Allow-Methods:\nVary: Origin"},
	{"OPTIONS", shop, viewer + asks, 405, "", "Access-Control-Allow-Origin:"},
	{"OPTIONS", open, viewer, 405, "", "Access-Control-Allow-Methods:"},
	{"POST", open, viewer, 405, "", ""},
}

// TestHostile asks for everything that must not be had, and for what must be.
func TestHostile(t *testing.T) {
	address := started(t, hostileSite(t))
	for name, rows := range map[string][]row{"paths": hostilePaths, "ranges": hostileRanges, "requests": hostileRequests} {
		t.Run(name, func(t *testing.T) {
			for _, r := range rows {
				r.check(t, address)
			}
		})
	}
	// After all that it serves as before.
	row{"GET", shop, "", 200, "0123456789", ""}.check(t, address)
}

func (r row) check(t *testing.T, address string) {
	t.Helper()
	headers, body, _ := strings.Cut(r.headers, "\n\n")
	if !strings.Contains(headers, "Host: ") {
		headers = "Host: 127.0.0.1:8080\n" + headers
	}
	headers = strings.ReplaceAll(strings.TrimSuffix(headers, "\n"), "\n", "\r\n")
	resp, got := ask(t, address, r.method+" "+r.target+" HTTP/1.1\r\n"+headers+"\r\nConnection: close\r\n\r\n"+body)
	what := fmt.Sprintf("%s %.80q %.120q", r.method, r.target, r.headers)
	if resp.StatusCode != r.status {
		t.Errorf("%s: status %d, want %d: %.200q", what, resp.StatusCode, r.status, got)
		return
	}
	if strings.Contains(got, secret) || strings.Contains(got, "root:") {
		t.Errorf("%s: told the secret: %.200q", what, got)
	}
	part, isPart := strings.CutPrefix(r.body, "*")
	if r.status < 300 && (isPart && !strings.Contains(got, part) || !isPart && got != part) {
		t.Errorf("%s: body %.200q, want %q", what, got, r.body)
	}
	for line := range strings.SplitSeq(r.want, "\n") {
		name, value, _ := strings.Cut(line, ":")
		if all := strings.Join(resp.Header.Values(name), "|"); line != "" && all != strings.TrimSpace(value) {
			t.Errorf("%s: %s is %q, want%s", what, name, all, value)
		}
	}
	switch r.status {
	case http.StatusBadRequest, http.StatusRequestHeaderFieldsTooLarge, http.StatusNotImplemented, http.StatusExpectationFailed:
		return // net/http answers what it cannot read
	}
	for name, want := range guards {
		granted := name == "Cross-Origin-Resource-Policy" && resp.Header.Get("Access-Control-Allow-Origin") != ""
		if got := resp.Header.Values(name); !granted && (len(got) != 1 || got[0] != want) {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
}

// What is neither file nor folder is refused before anything is served, without
// waiting for someone to write to it.
func TestOnlyFilesAreNamed(t *testing.T) {
	folder, _ := hostileFolder(t)
	for _, bad := range []string{"pipe", "socket", "zero", "loop", "dangling"} {
		if _, err := named([]string{filepath.Join(folder, bad)}); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
	for _, good := range []string{"out.mitm", ".hidden.mitm", "out"} { // a person named them
		if _, err := named([]string{filepath.Join(folder, good)}); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

// A switching opener has something else at hand when it is asked to open what
// it was asked about.
type switching struct {
	seen, opened string
	opens        int
}

func (s *switching) Stat(string) (fs.FileInfo, error) { return os.Stat(s.seen) }

func (s *switching) OpenFile(_ string, flag int, perm fs.FileMode) (*os.File, error) {
	s.opens++
	return os.OpenFile(s.opened, flag, perm)
}

// What is no file is not opened even to look, and what has become a pipe or a
// folder meanwhile is not read.
func TestOpenFileLooksTwice(t *testing.T) {
	folder, single := hostileFolder(t)
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, test := range []struct {
		seen, opened string
		opens        int
		ok           bool
	}{
		{single, single, 1, true},
		{at("pipe"), single, 0, false},
		{at("zero"), single, 0, false},
		{at("sub"), single, 0, false},
		{at("nowhere"), single, 0, false},
		{single, at("pipe"), 1, false},
		{single, at("zero"), 1, false},
		{single, at("sub"), 1, false},
		{single, at("nowhere"), 1, false},
	} {
		s := &switching{seen: test.seen, opened: test.opened}
		f, err := openFile(s, "x")
		if (err == nil) != test.ok || s.opens != test.opens {
			t.Errorf("%s, then %s: %v, opened %d times", test.seen, test.opened, err, s.opens)
		}
		if err == nil {
			f.Close()
		}
	}
}
