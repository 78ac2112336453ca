// Package bundle puts sessions and the viewer together, so that whoever gets
// both needs nothing else: [HTML] makes one file, that a browser opens from a
// disk too, [Folder] and [Zip] the files for a static host. All of them show at
// first what a link says.
//
// The viewer is what static/pack has built. Nothing is asked of anybody but its
// files.
package bundle

import (
	"bytes"
	"errors"
	"html"
	"io"
	"path"
	"strconv"
	"strings"

	"flowpane/viewer/link"
)

// Names of files that static/pack makes for this package.
const (
	// Template is the viewer in one file, without a session.
	Template = "bundle.html"
	// Files lists the files of the page, one name a line.
	Files = "files.txt"
)

// Scheme is how the address of a session begins that is in the page itself. Its
// name follows.
const Scheme = "bundle:"

// A Share is what a bundle is made of besides the viewer.
type Share struct {
	// Start is what is shown at first, as in package link. Where it says that
	// the session is does not count.
	Start string
	// Sessions are opened together, in order.
	Sessions []Session
}

// A Session is a file to open.
type Session struct {
	// Name is that of the file. It may be any text: people are shown what of it
	// is safe in an address and on a disk.
	Name string
	// Write writes the file. It is called once.
	Write func(io.Writer) error
}

// StartTag is the element of a page that says what is shown at first, while it
// says nothing; see static/boot.js.
const StartTag = `<meta name="flowpane-start" content="">`

var errNoStart = errors.New("bundle: the page has no place for what it is to show: it is of another version")

// startTag returns StartTag with the link to the sessions of s, which lie under
// the given names behind where.
func (s Share) startTag(where string, names []string) string {
	l := link.Parse(s.Start)
	l.URLs, l.Key, l.Local, l.Session = nil, "", "", ""
	for _, name := range names {
		l.URLs = append(l.URLs, where+name)
	}
	return strings.Replace(StartTag, `""`, `"`+html.EscapeString(l.String())+`"`, 1)
}

// names returns names for the sessions, each another.
func (s Share) names() []string {
	names := make([]string, 0, len(s.Sessions))
	taken := map[string]bool{}
	for _, session := range s.Sessions {
		name := safe(session.Name)
		for n := 2; taken[name]; n++ {
			name = strconv.Itoa(n) + "-" + safe(session.Name)
		}
		taken[name] = true
		names = append(names, name)
	}
	return names
}

// maxName is how long a name may be, in bytes, less than any file system takes.
const maxName = 100

// safe returns what of a name stands for itself in addresses, in markup and in
// the names of files everywhere. The end stays: it may be an extension.
func safe(name string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, path.Base(strings.ReplaceAll(name, `\`, "/")))
	if len(clean) > maxName {
		clean = clean[len(clean)-maxName:]
	}
	if clean = strings.Trim(clean, "-."); clean == "" {
		return "session"
	}
	return clean
}

// replace returns page with one element in the place of another, of which it has
// to have exactly one.
func replace(page []byte, old, with string) ([]byte, bool) {
	before, after, found := bytes.Cut(page, []byte(old))
	if !found || bytes.Contains(after, []byte(old)) {
		return nil, false
	}
	return bytes.Join([][]byte{before, after}, []byte(with)), true
}
