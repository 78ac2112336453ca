package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A grant lets pages of another origin read a path of this server.
type grant struct {
	path   string // one path, or all below it where it ends in a slash
	origin string // as browsers send it, or "*" for everybody
}

// grants are what -cors gave. Without them no other origin reads anything.
type grants []grant

// add reads "path=origin". The origin is what follows the last "=", which no
// origin holds; the path is as people write it, without escapes.
func (g *grants) add(text string) error {
	at := strings.LastIndex(text, "=")
	if at < 0 {
		return fmt.Errorf("%q is not path=origin", text)
	}
	path, origin := text[:at], text[at+1:]
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("%q: the path does not begin with /", text)
	}
	if origin != "*" && !isOrigin(origin) {
		return fmt.Errorf("%q: the origin is neither * nor like https://viewer.example", text)
	}
	*g = append(*g, grant{path, origin})
	return nil
}

// isOrigin reports whether s is an origin in the one spelling that browsers
// send. "null" is none: documents of any site can have it. Neither is a pattern.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Contains(s, "*") {
		return false
	}
	standard := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	return s == u.Scheme+"://"+strings.ToLower(u.Host) && u.Port() != standard && !strings.HasSuffix(u.Host, ":")
}

func (g grant) covers(path string) bool {
	return path == g.path || strings.HasSuffix(g.path, "/") && strings.HasPrefix(path, g.path)
}

// apply sets the headers by which a browser lets the page that asks read the
// answer, and reports whether it may. Requests without an origin, which are
// those of <img> and its like, are for everybody or for this site alone: a
// policy on resources cannot name another.
func (g grants) apply(h http.Header, r *http.Request) bool {
	var origins []string
	for _, grant := range g {
		if grant.covers(r.URL.Path) {
			origins = append(origins, grant.origin)
		}
	}
	if len(origins) == 0 {
		return false
	}
	allowed := "*"
	if !slices.Contains(origins, "*") {
		h.Add("Vary", "Origin")
		asked := r.Header.Values("Origin")
		if len(asked) != 1 || !slices.Contains(origins, asked[0]) {
			return false
		}
		allowed = asked[0]
	}
	h.Set("Access-Control-Allow-Origin", allowed)
	h.Set("Access-Control-Expose-Headers", "Accept-Ranges, Content-Length, Content-Range, ETag")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return true
}

// preflight reports whether a browser asks whether it may ask.
func preflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// allow answers a preflight. What the browser then finds missing it does not
// send.
func allow(h http.Header) {
	h.Set("Access-Control-Allow-Methods", "GET, HEAD")
	h.Set("Access-Control-Allow-Headers", "Range, If-Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since")
	h.Set("Access-Control-Max-Age", "600")
}
