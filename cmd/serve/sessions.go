package main

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// A session is a capture file that is served under a name, or a folder of them.
type session struct {
	name   string
	path   string
	folder bool
}

// address returns what opens s, relative to the viewer.
func (s session) address() string {
	if s.folder {
		return strings.TrimPrefix(indexLink([]string{s.name}), "/")
	}
	return "#url=" + s.link()
}

// link returns the value of the page's url= that opens s, which is a file.
func (s session) link() string { return viewerLink([]string{s.name}) }

// viewerLink returns the value of the page's url= for a file, whose path below
// /sessions/ is given. A name is escaped twice where it must be: the page
// decodes the fragment, and asks for what it then has as a URL. Names that a
// URL takes as they stand are left so, for the page shows them.
func viewerLink(path []string) string {
	link := "sessions"
	for _, name := range path {
		if strings.ContainsAny(name, "%#?\\\t\r\n") || strings.TrimSpace(name) != name || !utf8.ValidString(name) {
			name = url.PathEscape(name)
		}
		link += "/" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return link
}

// named gives each file and folder a name of its own: its base name, and
// name-2.ext and so on where that is taken. All must be there to be read.
func named(paths []string) ([]session, error) {
	var sessions []session
	taken := map[string]bool{}
	for _, path := range paths {
		folder, err := readable(path)
		if err != nil {
			return nil, err
		}
		base := baseName(path)
		ext := filepath.Ext(base)
		if folder {
			ext = ""
		}
		name := base
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(base, ext), n, ext)
		}
		taken[name] = true
		sessions = append(sessions, session{name, path, folder})
	}
	return sessions, nil
}

// readable reports whether path is a folder. It fails where path is neither
// that nor a file, or cannot be read.
func readable(path string) (folder bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	if info.IsDir() {
		f, err := os.Open(path)
		if err != nil {
			return false, err
		}
		return true, f.Close()
	}
	f, err := openFile(anywhere{}, path)
	if err != nil {
		return false, err
	}
	return false, f.Close()
}

// baseName is the last element of path, that of the folder itself for "." and
// its like. The root of a file system has none.
func baseName(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	if base := filepath.Base(path); base != string(filepath.Separator) {
		return base
	}
	return "root"
}

// An opener is where files are looked for: anywhere, or in an os.Root alone.
type opener interface {
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
}

type anywhere struct{}

func (anywhere) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

func (anywhere) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// A file is one as it was when it was opened: its size is that of its entity
// tag, even if it is written to meanwhile.
type file struct {
	*os.File
	info fs.FileInfo
}

// openFile opens a regular file, and nothing else: opening a pipe would wait,
// and opening a device may do anything. So it looks first, and then whether it
// got what it saw.
func openFile(in opener, name string) (file, error) {
	info, err := in.Stat(name)
	if err != nil {
		return file{}, err
	}
	if !info.Mode().IsRegular() {
		return file{}, fmt.Errorf("%s is not a file", name)
	}
	f, err := in.OpenFile(name, os.O_RDONLY|noWait, 0)
	if err != nil {
		return file{}, err
	}
	if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a file any more", name)
	}
	if err != nil {
		f.Close()
		return file{}, err
	}
	return file{f, info}, nil
}

// Seek implements io.Seeker. The end is where it was.
func (f file) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekEnd {
		return f.File.Seek(f.info.Size()+offset, io.SeekStart)
	}
	return f.File.Seek(offset, whence)
}

// serve sends the file, or what of it is asked for. No browser takes it for a
// document, whatever it holds.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", fmt.Sprintf(`"%x-%x"`, f.info.ModTime().UnixNano(), f.info.Size()))
	http.ServeContent(w, r, "", f.info.ModTime(), f)
}
