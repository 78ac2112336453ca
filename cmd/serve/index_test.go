//go:build unix

package main

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/link"
)

// hrefs returns where the links of a page lead.
func hrefs(page string) []string {
	var found []string
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		found = append(found, html.UnescapeString(m[1]))
	}
	return found
}

// asked is the path that the viewer asks for when it is opened by a link of an
// index, as a browser has it.
func asked(t *testing.T, href string) string {
	t.Helper()
	fragment, found := strings.CutPrefix(href, "/#")
	urls := link.Parse(fragment).URLs
	if !found || len(urls) != 1 {
		t.Fatalf("%q opens %q", href, urls)
	}
	u, err := url.Parse("/" + urls[0])
	if err != nil {
		t.Fatal(err)
	}
	return u.EscapedPath()
}

// An index lists what is served, all of it and nothing else: every link leads
// to a file or a further index, and every file is reached.
func TestIndexListsWhatIsServed(t *testing.T) {
	h := hostileSite(t)
	var files []string
	todo := []string{"/sessions/captures/"}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		page := get(h, "http://localhost"+at)
		if page.Code != http.StatusOK || strings.Contains(page.Body.String(), secret) {
			t.Fatalf("%s: %d, %s", at, page.Code, page.Body)
		}
		for _, href := range hrefs(page.Body.String()) {
			switch {
			case href == "/" || strings.HasPrefix(at, href):
			case strings.HasSuffix(href, "/"):
				todo = append(todo, href)
			default:
				path := asked(t, href)
				files = append(files, strings.TrimPrefix(path, "/sessions/captures/"))
				if w := get(h, "http://localhost"+path); w.Code != http.StatusOK || strings.Contains(w.Body.String(), secret) {
					t.Errorf("%s: %d, %q", path, w.Code, w.Body)
				}
			}
		}
	}
	slices.Sort(files)
	want := "a%20b%23c%3Fd%2541.mitm back%5Cslash.mitm empty.mitm everybody.mitm inside.mitm page.html public.mitm " +
		"public/open.mitm publicity.mitm shop.mitm sub/deep.mitm sub/deeper/far.mitm sub/inside.mitm"
	if got := strings.Join(files, " "); got != want {
		t.Errorf("listed\n%s, want\n%s", got, want)
	}
}

// A page of names that others chose holds them as text, has no script, and may
// not load anything.
func TestIndexIsInert(t *testing.T) {
	folder := filepath.Join(t.TempDir(), `"><script>alert(1)<`)
	names := []string{`<img src=x onerror=alert(1)>`, `{{.Name}}`, `javascript:alert(1)`, "\u202egnp.mitm", `' onclick='x`, "a\xff\nb", "<style>", "März 1.mitm"}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sessions, err := named([]string{folder})
	if err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, sessions, true)
	w := get(h, "http://localhost/"+sessions[0].address())
	page := w.Body.String()
	for _, bad := range []string{"<script", "<img", "onerror=alert(1)>", "' onclick", "style=", "\u202e", "\xff"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s:\n%s", bad, page)
		}
	}
	for _, want := range []string{`<bdi>&#34;\u202egnp.mitm&#34;</bdi>`, `<bdi>&#34;a\xff\nb&#34;</bdi>`, "<bdi>März 1.mitm</bdi>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %s:\n%s", want, page)
		}
	}
	policy := w.Header().Get("Content-Security-Policy")
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(page)
	if len(style) != 2 || !strings.Contains(policy, "default-src 'none'; style-src 'sha256-"+hashOf(style[1])+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'") {
		t.Errorf("the policy %s does not fit", policy)
	}
	reached := map[string]bool{}
	for _, href := range hrefs(page)[1:] {
		reached[get(h, "http://localhost"+asked(t, href)).Body.String()] = true
	}
	for _, name := range names {
		if !reached[name] {
			t.Errorf("%q is not reached", name)
		}
	}
	for name, want := range guards {
		if got := w.Header().Get(name); name != "Content-Security-Policy" && got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestIndex(t *testing.T) {
	folder := t.TempDir()
	for name, size := range map[string]int64{"b.mitm": 1536, "a.har": 7, "sub/c.mitm": 0} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
	h := handlerOf(t, []session{{"my captures", folder, true}}, true)
	at := "http://localhost/sessions/my%20captures/"
	w := get(h, at)
	text := strings.Join(strings.Fields(regexp.MustCompile(`(?s)<style>.*</style>|<[^>]*>`).ReplaceAllString(w.Body.String(), "")), " ")
	want := "my captures – Flowpane Flowpane my captures Folders sub Sessions " +
		"a.har 7 B 2026-11-23 10:30 UTC b.mitm 1.5 KB 2026-11-23 10:30 UTC"
	if text != want || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("the page reads\n%s, want\n%s", text, want)
	}
	tag := w.Header().Get("ETag")
	if again := get(h, at, "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("with its tag: %d", again.Code)
	}
	if err := os.WriteFile(filepath.Join(folder, "c.mitm"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if again := get(h, at, "If-None-Match", tag); again.Code != http.StatusOK || !strings.Contains(again.Body.String(), "c.mitm") {
		t.Errorf("after a session was added: %d", again.Code)
	}
	sub := get(h, at+"sub/")
	if got := strings.Join(hrefs(sub.Body.String()), " "); got != "/ /sessions/my%20captures/ /#url=sessions/my%20captures/sub/c.mitm" {
		t.Errorf("of a folder in it the links are %s", got)
	}
	if err := os.Rename(filepath.Join(folder, "sub", "c.mitm"), filepath.Join(folder, "sub", ".c.mitm")); err != nil {
		t.Fatal(err)
	}
	if sub = get(h, at+"sub/"); !strings.Contains(sub.Body.String(), "There is no session in this folder.") {
		t.Errorf("an empty folder reads %s", sub.Body)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if w := get(h, at); w.Code != http.StatusGone {
		t.Errorf("after it was removed: %d", w.Code)
	}
}

// What a large folder holds beyond the first thousands is counted.
func TestIndexIsBounded(t *testing.T) {
	folder := t.TempDir()
	for i := range maxListed + 3 {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%05d.mitm", i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	page := get(handlerOf(t, []session{{"many", folder, true}}, true), "http://localhost/sessions/many/").Body.String()
	if n := len(hrefs(page)) - 1; n != maxListed || !strings.Contains(page, "<p>3 more are not listed.</p>") {
		t.Errorf("%d of %d are listed", n, maxListed+3)
	}
}

func TestFoldersHaveNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/x.y", "b/x.y"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(dir, "a", "x.y"))
	sessions, err := named([]string{filepath.Join(dir, "a", "x.y") + "/", filepath.Join(dir, "b", "x.y"), ".", "..", "/"})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if first := announce(&out, "http://127.0.0.1/", sessions); first != "http://127.0.0.1/sessions/x.y/" {
		t.Errorf("opens %s", first)
	}
	for i, want := range []string{"x.y", "x.y-2", "x.y-3", "a", "root"} {
		if s := sessions[i]; s.name != want || !s.folder {
			t.Errorf("%s is served as %s, want %s", s.path, s.name, want)
		}
		if line := " at http://127.0.0.1/sessions/" + want + "/\n"; !strings.Contains(out.String(), line) {
			t.Errorf("said\n%s, want%s", out.String(), line)
		}
	}
}

func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KB", 10138: "9.9 KB", 10189: "10 KB", 1023487: "999 KB", 1023488: "1.0 MB",
		5 << 20: "5.0 MB", 3 << 30: "3.0 GB", 2 << 40: "2.0 TB", 1 << 62: "4194304 TB",
	} {
		if got := size(bytes); got != want {
			t.Errorf("%d is %s, want %s", bytes, got, want)
		}
	}
}
