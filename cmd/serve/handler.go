package main

import (
	"net"
	"net/http"
	"strings"

	"flowpane/static"
)

// handler serves the built page and the sessions. On loopback it answers to
// local names alone: a page elsewhere could otherwise point a name of its own
// at this address and read the sessions.
func handler(built page, sessions []session, loopback bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /sessions/{name}", serveSessions(sessions))
	mux.Handle("GET /", built)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if loopback && !localName(r.Host) {
			http.Error(w, "this server answers to local names only", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", static.PolicyOf(r.URL.Path)+"; frame-ancestors 'none'")
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
