package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// A page serves the files of a build, compressed where a variant exists and
// the client takes it. Folders are not listed.
type page struct {
	files fs.FS
	// tags are entity tags by name, one for each file that is served. Embedded
	// files bear no time, so a browser has nothing else to ask with.
	tags map[string]string
}

// newPage reads all of dist once, for the tags.
func newPage(dist fs.FS) (page, error) {
	p := page{dist, map[string]string{}}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		p.tags[name], err = tag(dist, name)
		return err
	})
	return p, err
}

// tag is of the bytes sent, as it has to be: variants differ in theirs.
func tag(dist fs.FS, name string) (string, error) {
	f, err := dist.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return fmt.Sprintf(`"%x"`, sum.Sum(nil)[:12]), nil
}

// hashed matches names that hold a hash of their content.
var hashed = regexp.MustCompile(`\.[0-9a-f]{12}\.[a-z]+$`)

func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	if _, ok := p.tags[name]; !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", "no-cache")
	if hashed.MatchString(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	name = p.negotiate(h, r, name)
	h.Set("ETag", p.tags[name])
	http.ServeFileFS(w, r, p.files, name)
}

// negotiate returns the variant of name to send, and says in h which it is.
func (p page) negotiate(h http.Header, r *http.Request, name string) string {
	variants := []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}
	for _, v := range variants {
		if _, ok := p.tags[name+v.suffix]; !ok {
			continue
		}
		h.Set("Vary", "Accept-Encoding")
		if accepts(r, v.encoding) {
			h.Set("Content-Encoding", v.encoding)
			return name + v.suffix
		}
	}
	return name
}

// accepts reports whether the client takes an encoding. A weight of 0 is a no.
func accepts(r *http.Request, encoding string) bool {
	for item := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		_, q, weighted := strings.Cut(weight, "=")
		value, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !weighted || err == nil && value > 0
	}
	return false
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
