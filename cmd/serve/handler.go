package main

import (
	"io/fs"
	"mime"
	"net"
	"net/http"
	"path"
	"regexp"
	"strings"

	"flowpane/static"
)

// handler serves the built page and the sessions. On loopback it answers to
// local names alone: a page elsewhere could otherwise point a name of its own
// at this address and read the sessions.
func handler(dist fs.FS, sessions []session, loopback bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /sessions/{name}", serveSessions(sessions))
	mux.Handle("GET /", servePage(dist))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if loopback && !localName(r.Host) {
			http.Error(w, "this server answers to local names only", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", static.Policy+"; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		mux.ServeHTTP(w, r)
	})
}

func localName(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// types are what browsers insist on, whatever the system's own table says.
var types = map[string]string{
	".html":        "text/html; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".svg":         "image/svg+xml",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
}

func contentType(name string) string {
	if t, ok := types[path.Ext(name)]; ok {
		return t
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// hashed matches names that hold a hash of their content.
var hashed = regexp.MustCompile(`\.[0-9a-f]{12}\.[a-z]+$`)

// servePage serves files of the build, compressed where a variant exists and
// the client takes it. Folders are not listed.
func servePage(dist fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "index.html"
		}
		info, err := fs.Stat(dist, name)
		if !fs.ValidPath(name) || err != nil || info.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", contentType(name))
		h.Set("Cache-Control", "no-cache")
		if hashed.MatchString(name) {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		serveVariant(w, r, dist, name)
	})
}

// serveVariant serves name, or name.br or name.gz under its encoding.
func serveVariant(w http.ResponseWriter, r *http.Request, dist fs.FS, name string) {
	variants := []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}
	for _, v := range variants {
		if _, err := fs.Stat(dist, name+v.suffix); err != nil {
			continue
		}
		w.Header().Set("Vary", "Accept-Encoding")
		if accepts(r, v.encoding) {
			w.Header().Set("Content-Encoding", v.encoding)
			name += v.suffix
			break
		}
	}
	http.ServeFileFS(w, r, dist, name)
}

// accepts reports whether the client takes an encoding. A weight of 0 is a no.
func accepts(r *http.Request, encoding string) bool {
	for item := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(item), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			weight = strings.ReplaceAll(weight, " ", "")
			return !regexp.MustCompile(`^q=0(\.0*)?$`).MatchString(weight)
		}
	}
	return false
}
