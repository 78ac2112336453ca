package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// A session is a capture file that is served under a name.
type session struct {
	name string
	path string
}

// link returns the value of the page's url= that opens s. It is escaped twice
// where it must be: the page decodes the fragment, and asks for what it then
// has as a URL. Names that a URL takes as they stand are left so, for the page
// shows them.
func (s session) link() string {
	name := s.name
	if strings.ContainsAny(name, "%#?\\\t\r\n") || strings.TrimSpace(name) != name || !utf8.ValidString(name) {
		name = url.PathEscape(name)
	}
	return "sessions/" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// named gives each file a name of its own: its base name, and name-2.ext and
// so on where that is taken. All must be files that can be read.
func named(paths []string) ([]session, error) {
	var sessions []session
	taken := map[string]bool{}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		info, err := f.Stat()
		f.Close()
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is not a file", path)
		}
		base := filepath.Base(path)
		ext := filepath.Ext(base)
		name := base
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(base, ext), n, ext)
		}
		taken[name] = true
		sessions = append(sessions, session{name, path})
	}
	return sessions, nil
}

// serveSessions serves the files as they are on disk at each request, in
// ranges where asked.
func serveSessions(sessions []session) http.Handler {
	paths := map[string]string{}
	for _, s := range sessions {
		paths[s.name] = s.path
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ok := paths[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		f, err := os.Open(path)
		if err != nil {
			http.Error(w, "the session cannot be read any more", http.StatusGone)
			return
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size()))
		http.ServeContent(w, r, "", info.ModTime(), f)
	})
}
