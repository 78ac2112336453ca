//go:build !js

package e2e_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"flowpane/viewer/bundle"
)

// shared is a flow of the sample and how it is looked at.
const (
	sharedFlow = "f110c4f0-5a0e-4b7d-8c1a-004d41166f55"
	sharedView = "filter=~m%20POST&order=-size&flow=" + sharedFlow + "&tab=request&view=hex"
)

// bundled saves all flows of the sample from the page as a file that holds the
// viewer too, while a view of some is shown.
func bundled(t testing.TB, target, name string) (path string) {
	t.Helper()
	p := open(t, "#url=samples/shop.mitm&"+sharedView)
	p.wait("document.documentElement.dataset.state == 'open'")
	p.shows(10)
	p.wait("document.querySelector('#body')?.dataset.view == 'hex'")
	dir := p.downloads()
	p.share(target)
	p.click("#save-all")
	p.drawn() // what it says before is of what is shown
	p.wait("/taken out|Nothing was found/.test(document.querySelector('#secrets-summary').textContent) && !document.querySelector('#save-start').disabled")
	p.click("#save-start")
	path = p.saved(dir, name)
	p.wait("!document.querySelector('#save').open")
	p.close()
	return path
}

// showsShared checks that a page stands at the shared view, that bodies can be
// read, and that its address leads on from there and back.
func (p *page) showsShared() {
	p.Helper()
	p.wait("document.documentElement.dataset.state == 'open'")
	p.shows(10)
	if got := p.eval("document.querySelector('#filter').value"); got != "~m POST" {
		p.Errorf("the filter is %q", got)
	}
	p.wait("document.querySelector('#flows [role=row][aria-selected=true]')?.dataset.flowId == %q", sharedFlow)
	p.wait("document.querySelector('#head [aria-sort=descending]')?.dataset.column == 'size'")
	p.wait("document.querySelector('[role=tab][aria-selected=true]').dataset.tab == 'request'")
	p.wait("document.querySelector('#body')?.dataset.view == 'hex'")
	p.wait("document.querySelector('#body').textContent.startsWith('0000:')")
	p.click("[role=tab][data-tab=response]")
	p.wait("location.hash.includes('tab=response')")
	p.filter("")
	p.shows(sampleFlows)
	p.eval("history.back()")
	p.wait("location.hash.includes('filter=')")
	p.shows(10)
	if got := p.eval("document.querySelector('meta[name=generator]').content"); !strings.HasPrefix(got, "Flowpane ") || !strings.Contains(got, "(build ") {
		p.Errorf("it was made by %q", got)
	}
}

// One file holds the viewer and the session: it opens from a disk, at the view
// that was shared, and asks nobody for anything. That its program runs proves of
// the text that it is in that a browser reads each of its units as it was
// written: there are three million, of all that there are, under a checksum.
func TestPageInOneFile(t *testing.T) {
	path := bundled(t, "html", "shop.html")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) > 6_500_000 {
		t.Errorf("it has %d bytes", len(file))
	}
	p := tab(t, "file://"+path, chromedp.WithNewBrowserContext())
	p.do(chromedp.Navigate(p.site))
	p.wait("document.documentElement.dataset.state == 'open'")
	shared := p.eval("location.hash")
	p.showsShared()

	// What is asked for is refused before it is sent; that is the policy, not
	// the lack of a network.
	refused := evaluate[string](p, `new Promise(done => {
		addEventListener('securitypolicyviolation', e => done(e.effectiveDirective));
		fetch('http://127.0.0.1/').catch(() => {});
	})`)
	if refused != "connect-src" {
		t.Errorf("what refuses a request is %q", refused)
	}
	p.forgive("connect-src", "Fetch API cannot load", "violates the document's Content Security Policy")

	// The licences of what is in it are in it.
	p.eval("document.querySelector('#notice').open = true")
	p.wait("document.querySelector('#notice').textContent.includes('Go Authors') && document.querySelector('#notice').textContent.includes('Flowpane Authors')")

	// It makes others of its kind: but for the session, which names the file that
	// it is from, they are the same in every byte.
	dir := p.downloads()
	p.eval("location.hash = %s", quote(shared))
	p.wait("document.querySelector('#body')?.dataset.view == 'hex'")
	p.eval("document.activeElement.blur()") // off the filter
	p.share("html")
	if p.eval("document.querySelector('#save-targets input[value=zip]')") != "null" {
		t.Error("it offers what it has no files for")
	}
	p.click("#save-all")
	p.drawn() // what it says before is of what is shown
	p.wait("!document.querySelector('#save-start').disabled")
	p.click("#save-start")
	again, err := os.ReadFile(p.saved(dir, "shop.html"))
	if err != nil {
		t.Fatal(err)
	}
	session := bundle.Encode(" data-session=")
	before, _, found := bytes.Cut(file, session)
	if !found || !bytes.HasPrefix(again, append(before, session...)) {
		t.Errorf("its like of %d bytes is another page than it of %d", len(again), len(file))
	}
	p.wait("!document.querySelector('#save').open")
	p.eval("location.hash = '#url=bundle:other.mitm'")
	p.wait("document.querySelector('#issues').innerText.includes('holds no session of that name')")
}

// BenchmarkPageInOneFile opens the page in one file that holds the sample, in a
// browser that runs, with a profile of its own, until its first row is there.
func BenchmarkPageInOneFile(b *testing.B) {
	path := bundled(b, "html", "shop.html")
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p := tab(b, "file://"+path, chromedp.WithNewBrowserContext())
		p.eval("1")
		time.Sleep(choosing) // a new window takes the browser's own time
		p.do(chromedp.Navigate(p.site))
		p.wait("document.documentElement.dataset.state == 'open' && document.querySelector('#rows [data-flow-id]')")
		b.ReportMetric(evaluate[float64](p, "performance.now()"), "opened-ms")
		b.ReportMetric(float64(info.Size())/1e6, "file-MB")
		p.close()
	}
}

// A host that says another encoding of every page changes nothing.
func TestPageInOneFileOnAHost(t *testing.T) {
	page, err := os.ReadFile(bundled(t, "html", "shop.html"))
	if err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/shared/shop.html" {
			t.Errorf("the page asked for %s", r.URL)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	}))
	defer host.Close()
	p := tab(t, host.URL, chromedp.WithNewBrowserContext())
	defer p.close()
	p.do(chromedp.Navigate(p.site + "/shared/shop.html"))
	p.wait("document.documentElement.dataset.state == 'open'")
	p.shows(10)
}

// A folder for a web host works from any of its paths, with the policy that its
// page has in itself.
func TestFolderForAHost(t *testing.T) {
	dir := unzip(t, bundled(t, "zip", "shop.zip"))
	files := http.FileServer(http.Dir(dir))
	host := httptest.NewServer(http.StripPrefix("/team/captures", files))
	defer host.Close()
	p := tab(t, host.URL+"/team/captures", chromedp.WithNewBrowserContext())
	defer p.close()
	p.do(chromedp.Navigate(p.site + "/"))
	p.showsShared()
	p.wait("document.querySelector('#offline').textContent == 'It works offline.'") // so that no file is missing
	if got := evaluate[string](p, "fetch(document.querySelector('#palette a').href).then(r => r.text())"); !strings.Contains(got, "Flowpane Authors") || !strings.Contains(got, "Go Authors") {
		t.Errorf("the notice is not beside the page: %.100q", got)
	}
	if got := p.eval("location.hash.includes('url=sessions/shop.flowpane.sqlite')"); got != "true" {
		t.Errorf("the session is not beside the page: %s", p.eval("location.hash"))
	}
}

func unzip(t *testing.T, path string) (dir string) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	dir = t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "out"), archive); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "out")
}
