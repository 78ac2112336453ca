package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestLog(t *testing.T) {
	sessions, err := named([]string{sessionFile(t, "a b.mitm", "0123456789")})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	h := logged(handlerOf(t, sessions, true), log.New(&out, "", 0))
	for _, test := range []struct{ method, path, byteRange, want string }{
		{"GET", "/sessions/a b.mitm", "", `GET "/sessions/a b.mitm" 200 10`},
		{"GET", "/sessions/a b.mitm", "bytes=2-4", `GET "/sessions/a b.mitm" 206 3`},
		{"GET", "/sessions/a b.mitm", "bytes=10-", `GET "/sessions/a b.mitm" 416 33`},
		{"HEAD", "/sessions/a b.mitm", "", `HEAD "/sessions/a b.mitm" 200 0`},
		{"GET", "/", "", `GET "/" 200 6`},
		{"GET", "/x\n2026-11-23T10:30:00.000Z 127.0.0.1:1 GET \"/\" 200 0 1ms", "", `GET "/x\n2026-11-23T10:30:00.000Z 127.0.0.1:1 GET \"/\" 200 0 1ms" 404 19`},
		{"GET", "/\r\x1b[2J\x00\x7f\u202e\u2028\xff", "", `GET "/\r\x1b[2J\x00\x7f\u202e\u2028\xff" 404 19`},
		{"GET", "/März", "", `GET "/M\u00e4rz" 404 19`},
		{"get /\n", "/", "", `"get /\n" "/" 405 27`},
		{"M-SEARCH", "/", "", `M-SEARCH "/" 405 27`},
	} {
		out.Reset()
		r := httptest.NewRequest("GET", "http://127.0.0.1/", nil)
		r.Method, r.URL.Path, r.RemoteAddr = test.method, test.path, "127.0.0.1:50412"
		if test.byteRange != "" {
			r.Header.Set("Range", test.byteRange)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		whole := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z 127\.0\.0\.1:50412 ` + regexp.QuoteMeta(test.want) + ` [0-9.]+(ns|µs|ms|s)\n$`)
		if !whole.MatchString(out.String()) {
			t.Errorf("logged %q, want … %s …", out.String(), test.want)
		}
	}
}

// A deadlineWriter notes the deadlines that it is given.
type deadlineWriter struct {
	httptest.ResponseRecorder
	deadlines []time.Time
}

func (w *deadlineWriter) SetWriteDeadline(at time.Time) error {
	w.deadlines = append(w.deadlines, at)
	return nil
}

// Each piece has its own time, and all arrive.
func TestPatience(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 5*piece/32) // two pieces and a half
	for _, test := range []struct {
		name      string
		from      io.Reader
		bytes     int
		deadlines int
	}{
		{"a file", bytes.NewReader(content), len(content), 3},
		{"a part of one", io.LimitReader(bytes.NewReader(content), piece+1), piece + 1, 2},
		{"a part that ends with a piece", io.LimitReader(bytes.NewReader(content), piece), piece, 1},
		{"a part of which there is less", io.LimitReader(bytes.NewReader(content), 1<<40), len(content), 3},
		{"nothing", strings.NewReader(""), 0, 1},
	} {
		w := &deadlineWriter{ResponseRecorder: httptest.ResponseRecorder{Body: new(bytes.Buffer)}}
		n, err := (&patient{w}).ReadFrom(test.from)
		if err != nil || n != int64(test.bytes) || !bytes.Equal(w.Body.Bytes(), content[:test.bytes]) {
			t.Errorf("%s: %d bytes, %v, %d arrived", test.name, n, err, w.Body.Len())
		}
		if len(w.deadlines) != test.deadlines {
			t.Errorf("%s: %d deadlines, want %d", test.name, len(w.deadlines), test.deadlines)
		}
	}
	w := &deadlineWriter{}
	http.Error(&patient{w}, "no", http.StatusNotFound)
	if len(w.deadlines) == 0 {
		t.Error("a short answer has no deadline")
	}
}
