package bundle_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"flowpane/viewer/bundle"
	"flowpane/viewer/link"
)

const page = "<head>" + bundle.StartTag + "</head><body>" + bundle.SessionsTag + "</body>"

func text(content string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, content); return err }
}

// markup returns a page in UTF-16 as text.
func markup(t *testing.T, page []byte) string {
	t.Helper()
	units := make([]uint16, len(page)/2)
	if err := binary.Read(bytes.NewReader(page), binary.LittleEndian, units); err != nil {
		t.Fatal(err)
	}
	return string(utf16.Decode(units))
}

// hostile are names and what is left of them.
var hostile = map[string]string{
	"shop.mitm":                         "shop.mitm",
	`"><script>alert(1)</script>`:       "script",
	"</script><!--":                     "script",
	"../../etc/passwd":                  "passwd",
	`C:\captures\a b.har`:               "a-b.har",
	"a&url=https://evil.example/#x?%41": "x--41",
	"..":                                "session",
	"":                                  "session",
	"\x00\xff\ufeffé.pb":                "pb",
	strings.Repeat("x", 300) + ".har":   strings.Repeat("x", 96) + ".har",
	"con\r\n.mitm":                      "con--.mitm",
	"index.html":                        "index.html",
}

func TestHTML(t *testing.T) {
	start := "#filter=~m%20POST&flow=%22%3E%3Cscript%3E&url=https://evil.example/&local=mine&tab=\"><b>"
	for name, want := range hostile {
		var b bytes.Buffer
		err := bundle.HTML(&b, bundle.Encode(page), bundle.Share{Start: start, Sessions: []bundle.Session{{Name: name, Write: text("</script>")}}})
		if err != nil {
			t.Fatal(err)
		}
		got := markup(t, b.Bytes())
		parts := regexp.MustCompile(`^<head><meta name="flowpane-start" content="([^"<>]*)"></head><body><script type="application/gzip" data-session="([^"<>&]*)">[^<]*</script>\n</body>$`).FindStringSubmatch(got)
		if parts == nil {
			t.Errorf("%q: the page is %q", name, got)
			continue
		}
		l := link.Parse(strings.ReplaceAll(parts[1], "&amp;", "&"))
		if !slices.Equal(l.URLs, []string{bundle.Scheme + want}) || parts[2] != want {
			t.Errorf("%q: the session is %q at %q, want %q", name, parts[2], l.URLs, want)
		}
		if l.Filter != "~m POST" || l.Flow != `"><script>` || l.Tab != `"><b>` || l.Local != "" {
			t.Errorf("it starts at %+v", l)
		}
	}
}

// FuzzNames: whatever a session is called, and a link says, the page has the
// elements that it has, and the sessions other names.
func FuzzNames(f *testing.F) {
	changed := 0
	for name, want := range hostile {
		f.Add(name, "#filter="+name)
		if name != want {
			changed++
		}
	}
	if changed < 8 {
		f.Fatalf("%d of the names are changed", changed)
	}
	whole := regexp.MustCompile(`^<head><meta name="flowpane-start" content="[^"<>]*"></head><body>` +
		`<script type="application/gzip" data-session="([A-Za-z0-9._-]+)">[^<]*</script>\n<script type="application/gzip" data-session="([A-Za-z0-9._-]+)">[^<]*</script>\n</body>$`)
	f.Fuzz(func(t *testing.T, name, start string) {
		var b bytes.Buffer
		sessions := []bundle.Session{{Name: name, Write: text("a")}, {Name: name, Write: text("b")}}
		if err := bundle.HTML(&b, bundle.Encode(page), bundle.Share{Start: start, Sessions: sessions}); err != nil {
			t.Fatal(err)
		}
		parts := whole.FindStringSubmatch(markup(t, b.Bytes()))
		if parts == nil || parts[1] == parts[2] || strings.Trim(parts[1], ".-") != parts[1] || len(parts[1]) > 100 {
			t.Errorf("%q and %q: %q", name, start, markup(t, b.Bytes()))
		}
	})
}

func TestHTMLOfAnotherVersion(t *testing.T) {
	for _, page := range []string{"", bundle.StartTag, bundle.SessionsTag, page + bundle.StartTag} {
		if err := bundle.HTML(io.Discard, bundle.Encode(page), bundle.Share{}); err == nil {
			t.Errorf("%q was taken for a template", page)
		}
	}
	failed := errors.New("the file is gone")
	err := bundle.HTML(io.Discard, bundle.Encode(page), bundle.Share{Sessions: []bundle.Session{{Write: func(io.Writer) error { return failed }}}})
	if !errors.Is(err, failed) {
		t.Errorf("error = %v", err)
	}
}

// viewer is a page of a few files.
func viewer(files map[string]string) bundle.Asset {
	return func(name string) ([]byte, error) {
		content, ok := files[name]
		if !ok {
			return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
		}
		return []byte(content), nil
	}
}

func TestZip(t *testing.T) {
	asset := viewer(map[string]string{"files.txt": "icons/a.svg\nindex.html\n", "icons/a.svg": "<svg/>", "index.html": page})
	var b bytes.Buffer
	err := bundle.Zip(&b, asset, bundle.Share{Start: "order=size", Sessions: []bundle.Session{
		{Name: "../index.html", Write: text("first")},
		{Name: "dir/index.html", Write: text("second")},
		{Name: "2-index.html", Write: text("third")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	start := `content="url=sessions/index.html&amp;url=sessions/2-index.html&amp;url=sessions/2-2-index.html&amp;order=size"`
	want := map[string]string{
		"icons/a.svg": "<svg/>", "index.html": strings.Replace(page, `content=""`, start, 1),
		"sessions/index.html": "first", "sessions/2-index.html": "second", "sessions/2-2-index.html": "third",
	}
	for _, f := range archive.File {
		content, err := fs.ReadFile(archive, f.Name)
		if err != nil || string(content) != want[f.Name] {
			t.Errorf("%s is %q, want %q: %v", f.Name, content, want[f.Name], err)
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("missing are %v", want)
	}
}

// A list that leads out of the folder, or onto a session, is not followed.
func TestFolderRefuses(t *testing.T) {
	for _, list := range []string{"../a\n", "/a\n", "a/../b\n", "sessions/a\n", "\n", "missing\n", "index.html\n"} {
		asset := viewer(map[string]string{"files.txt": list, "../a": "", "/a": "", "a/../b": "", "sessions/a": "", "": "", "index.html": "no place"})
		if err := bundle.Folder(asset, bundle.Share{}, func(name string, _ func(io.Writer) error) error { return nil }); err == nil {
			t.Errorf("%q was followed", list)
		}
	}
	if err := bundle.Folder(viewer(nil), bundle.Share{}, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a list: %v", err)
	}
	full := errors.New("the disk is full")
	err := bundle.Folder(viewer(map[string]string{"files.txt": "", "index.html": page}), bundle.Share{Sessions: []bundle.Session{{}}},
		func(string, func(io.Writer) error) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("error = %v", err)
	}
}
