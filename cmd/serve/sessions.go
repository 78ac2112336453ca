package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// A session is a capture file that is served under a name.
type session struct {
	name string
	path string
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
