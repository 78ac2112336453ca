package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// A library is the sessions by their names.
type library map[string]session

func newLibrary(sessions []session) library {
	l := library{}
	for _, s := range sessions {
		l[s.name] = s
	}
	return l
}

// serve answers for an escaped path below /sessions/, with files as they are on
// disk at each request. The library as a whole is not listed: who is given a
// link to one session or folder is given no other.
func (l library) serve(w http.ResponseWriter, r *http.Request, escaped string) {
	path, ok := elements(escaped)
	if !ok {
		http.NotFound(w, r)
		return
	}
	s, ok := l[path[0]]
	switch {
	case ok && s.folder:
		serveFolder(w, r, s, path)
	case ok && len(path) == 1:
		serveFile(w, r, s)
	default:
		http.NotFound(w, r)
	}
}

func serveFile(w http.ResponseWriter, r *http.Request, s session) {
	f, err := openFile(anywhere{}, s.path)
	if err != nil {
		http.Error(w, "the session cannot be read any more", http.StatusGone)
		return
	}
	defer f.Close()
	f.serve(w, r)
}

// serveFolder answers for a path whose first element names the folder s. An
// empty last one asks for the index. What cannot be served, for whatever
// reason, is not there: to say more would tell what lies outside.
func serveFolder(w http.ResponseWriter, r *http.Request, s session, path []string) {
	inside := path[1:]
	index := len(inside) > 0 && inside[len(inside)-1] == ""
	if index {
		inside = inside[:len(inside)-1]
	}
	for _, name := range inside {
		if !visible(name) {
			http.NotFound(w, r)
			return
		}
	}
	// Opened anew, so that it may be put in the place of another meanwhile.
	root, err := os.OpenRoot(s.path)
	if err != nil {
		http.Error(w, "the folder cannot be read any more", http.StatusGone)
		return
	}
	defer root.Close()
	name := filepath.Join(append([]string{"."}, inside...)...)
	info, err := root.Stat(name)
	switch {
	case err != nil || index && !info.IsDir():
		http.NotFound(w, r)
	case index:
		serveIndex(w, r, root, name, path[:len(path)-1])
	case info.IsDir():
		redirect(w, path)
	default:
		serveInside(w, r, root, name)
	}
}

func serveInside(w http.ResponseWriter, r *http.Request, root *os.Root, name string) {
	f, err := openFile(root, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	f.serve(w, r)
}

// redirect leads to the index of a folder. Not for good: another folder may be
// served here tomorrow.
func redirect(w http.ResponseWriter, path []string) {
	w.Header().Set("Location", indexLink(path))
	w.WriteHeader(http.StatusTemporaryRedirect)
}

// indexLink returns the path of the index of a folder.
func indexLink(path []string) string {
	link := "/sessions/"
	for _, name := range path {
		link += url.PathEscape(name) + "/"
	}
	return link
}

// visible reports whether a name in a folder is shown and served. It is one
// element of a path on every system, and does not begin with a dot: what does
// is a way up, or hidden.
func visible(name string) bool {
	return !strings.HasPrefix(name, ".") && !strings.ContainsRune(name, 0) &&
		filepath.IsLocal(name) && filepath.Base(name) == name
}
