package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the index
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"
)

//go:embed index.html
var indexSource string

//go:embed index.css
var indexStyle string

var indexTemplate = template.Must(template.New("index").Funcs(template.FuncMap{"size": size}).Parse(indexSource))

// indexPolicy lets the index have its own style and nothing else.
var indexPolicy = "default-src 'none'; style-src 'sha256-" + hashOf(indexStyle) +
	"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// maxListed is how many sessions and folders an index lists. What it leaves out
// it counts.
const maxListed = 5000

// An index is what a folder holds.
type index struct {
	Style    template.CSS
	Name     string
	Above    []entry // the folders around it, outermost first
	Folders  []entry
	Sessions []entry
	More     int // how many are not listed
}

// An entry is a line of it.
type entry struct {
	Name    string
	Link    string
	Size    int64
	Changed time.Time
}

// serveIndex lists the folder called name in root, whose path below /sessions/
// is given. It has an entity tag, so that nothing is sent of what has not
// changed.
func serveIndex(w http.ResponseWriter, r *http.Request, root *os.Root, name string, path []string) {
	listed, err := list(root, name, path)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	var page bytes.Buffer
	if err := indexTemplate.Execute(&page, listed); err != nil {
		http.Error(w, "the index cannot be written", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", indexPolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", fmt.Sprintf(`"%s"`, hashOf(page.String())))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(page.Bytes()))
}

// list reads a folder. What would not be served it does not list.
func list(root *os.Root, name string, path []string) (index, error) {
	listed := index{Style: template.CSS(indexStyle), Name: printable(path[len(path)-1])}
	for i := range path[:len(path)-1] {
		listed.Above = append(listed.Above, entry{Name: printable(path[i]), Link: indexLink(path[:i+1])})
	}
	folder, err := root.Open(name)
	if err != nil {
		return index{}, err
	}
	defer folder.Close()
	found, err := folder.ReadDir(-1)
	if err != nil {
		return index{}, err
	}
	found = slices.DeleteFunc(found, func(d fs.DirEntry) bool { return !visible(d.Name()) })
	slices.SortFunc(found, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	for _, d := range found {
		info, err := root.Stat(filepath.Join(name, d.Name()))
		if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
			continue
		}
		if len(listed.Folders)+len(listed.Sessions) == maxListed {
			listed.More++
			continue
		}
		at := append(slices.Clip(path), d.Name())
		e := entry{Name: printable(d.Name()), Size: info.Size(), Changed: info.ModTime().UTC()}
		if info.IsDir() {
			e.Link = indexLink(at)
			listed.Folders = append(listed.Folders, e)
		} else {
			e.Link = "/#url=" + viewerLink(at)
			listed.Sessions = append(listed.Sessions, e)
		}
	}
	return listed, nil
}

// size writes bytes as the viewer does, in units of 1024: "1.5 KB".
func size(bytes int64) string {
	if bytes < 1024 {
		return fmt.Sprintf("%d B", bytes)
	}
	n, unit := float64(bytes)/1024, 0
	for n >= 999.5 && unit < 3 {
		n, unit = n/1024, unit+1
	}
	digits := 0
	if n < 9.95 {
		digits = 1
	}
	return fmt.Sprintf("%.*f %s", digits, n, [...]string{"KB", "MB", "GB", "TB"}[unit])
}
