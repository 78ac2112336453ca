package engine

import (
	"context"
	"io"
	"path"
	"strings"

	"flowpane/viewer/bundle"
	"flowpane/viewer/session"
	"flowpane/viewer/session/sessiondb"
)

// The kinds of file that hold the viewer too, beside those of the sessions.
const (
	pageTarget   = "html"
	folderTarget = "zip"
)

// bundles returns the kinds of file that a session is saved as together with
// the viewer. Each writes the session that is in it: a packed session database,
// which loses nothing, is listed from a small part, and can be read in place.
// bundled puts it into the viewer. What is one file makes no folder.
func bundles(oneFile bool) []session.Writer {
	page, folder := sessiondb.Writer, sessiondb.Writer
	page.Name, page.Label, page.Extension, page.Media = pageTarget, "Web page with this viewer", ".html", "text/html"
	folder.Name, folder.Label, folder.Extension, folder.Media = folderTarget, "Folder for a web host", ".zip", "application/zip"
	if oneFile {
		return []session.Writer{page}
	}
	return []session.Writer{page, folder}
}

// withViewer reports whether a kind of file holds the viewer, which opens no such
// file itself.
func withViewer(target string) bool { return target == pageTarget || target == folderTarget }

// bundled writes a file of a kind to w: the one that write writes, or that with
// the viewer around it, which shows at first what start says. The file within is
// called as the session is.
func (e *Engine) bundled(ctx context.Context, w io.Writer, target string, flows session.Sourced, start string, write func(io.Writer) error) error {
	if !withViewer(target) {
		return write(w)
	}
	share := bundle.Share{Start: start, Sessions: []bundle.Session{{
		Name: stem(flows) + sessiondb.Writer.Extension, Write: write,
	}}}
	asset := func(name string) ([]byte, error) { return e.config.Asset(ctx, name) }
	if target == folderTarget {
		return bundle.Zip(w, asset, share)
	}
	template, err := asset(bundle.Template)
	if err != nil {
		return err
	}
	return bundle.HTML(w, template, share)
}

// stem returns the name of the first file that flows are from, without what says
// its format.
func stem(flows session.Sourced) string {
	sources := flows.Sources()
	if len(sources) == 0 {
		return "session"
	}
	name := strings.TrimSuffix(sources[0].Name, sessiondb.Writer.Extension)
	return strings.TrimSuffix(name, path.Ext(name))
}
