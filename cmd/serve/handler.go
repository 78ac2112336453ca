package main

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"flowpane/static"
)

// A site is what is served, and to whom.
type site struct {
	built    page
	sessions []session
	cors     grants
	// local: it listens on loopback, and answers to local names alone. A page
	// elsewhere could otherwise point a name of its own at this address and read
	// the sessions.
	local bool
}

// handler serves a site. Every answer bears the guards, refusals too.
func handler(s site) http.Handler {
	sessions := newLibrary(s.sessions)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w = &patient{w}
		h := w.Header()
		guard(h, r.URL.Path)
		if s.local && !localName(r.Host) {
			http.Error(w, "this server answers to local names only", http.StatusMisdirectedRequest)
			return
		}
		granted := s.cors.apply(h, r)
		switch {
		case granted && preflight(r):
			allow(h)
			w.WriteHeader(http.StatusNoContent)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "this server is for reading", http.StatusMethodNotAllowed)
		case strings.HasPrefix(r.URL.EscapedPath(), "//"):
			// An address that ends in a slash was put before a path that begins with
			// one. To begin with two would lead to another host.
			h.Set("Location", "/"+strings.TrimLeft(r.URL.RequestURI(), "/"))
			w.WriteHeader(http.StatusTemporaryRedirect)
		default:
			if path, found := strings.CutPrefix(r.URL.EscapedPath(), "/sessions/"); found {
				sessions.serve(w, r, path)
			} else {
				s.built.ServeHTTP(w, r)
			}
		}
	})
}

// guard sets what keeps other sites from framing, loading or reading what is
// served, and what is served at a path from becoming anything but what it is
// called.
func guard(h http.Header, path string) {
	h.Set("Content-Security-Policy", static.PolicyOf(path)+"; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

func localName(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// elements splits an escaped path, and undoes the escapes of each part: a slash
// that was escaped separates nothing. It reports whether all escapes are sound.
func elements(escaped string) ([]string, bool) {
	parts := strings.Split(escaped, "/")
	for i, part := range parts {
		var err error
		if parts[i], err = url.PathUnescape(part); err != nil {
			return nil, false
		}
	}
	return parts, true
}
