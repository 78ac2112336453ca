//go:build !js

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A page is a tab of its own browser context.
type page struct {
	testing.TB
	ctx   context.Context
	site  string   // its server
	sites []string // others that it may ask
	close func()

	mu       sync.Mutex
	agrees   bool // to lose what was said of flows with their session
	errors   []string
	requests []string
}

// agreeToLose has the page agree to lose what was said of flows with their session.
func (p *page) agreeToLose() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.agrees = true
}

// open opens the viewer with a fragment, in a tab of its own. When the test
// ends, the page must have logged no error or warning and asked nobody but its server.
func open(t testing.TB, fragment string) *page {
	t.Helper()
	return openAt(t, address, fragment)
}

// openAt is open on another site.
func openAt(t testing.TB, site, fragment string) *page {
	t.Helper()
	p := tab(t, site, chromedp.WithNewBrowserContext())
	p.do(chromedp.Navigate(site + "/" + fragment))
	return p
}

// openOnDisk is openAt in the browser's own context, which a person has: what a page
// keeps is on the disk. A context of its own keeps it in another process, and
// asks that for each page of a database.
func openOnDisk(t testing.TB, site, fragment string) *page {
	t.Helper()
	p := tab(t, site)
	p.do(chromedp.Navigate(site + "/" + fragment))
	return p
}

// tab opens an empty tab for the pages of a site.
func tab(t testing.TB, site string, options ...chromedp.ContextOption) *page {
	t.Helper()
	return tabOf(t, browser, site, options...)
}

// tabOf is tab in another browser.
func tabOf(t testing.TB, browser context.Context, site string, options ...chromedp.ContextOption) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, options...)
	p := &page{TB: t, ctx: ctx, site: site}
	p.close = sync.OnceFunc(func() {
		p.check()
		cancel()
	})
	t.Cleanup(p.close)
	if err := chromedp.Listen(ctx, p.event); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: tellRefusals}); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(1440, 900))
	return p
}

// tellRefusals has a page log what its Content-Security-Policy refuses, so that
// the test fails: the page never tries what it may not do.
const tellRefusals = `addEventListener('securitypolicyviolation', (e) => console.error('refused by the policy: ' + e.effectiveDirective + ' of ' + (e.blockedURI || 'inline') + ' in ' + e.documentURI))`

// event runs on the goroutine that reads from the browser: it only notes.
func (p *page) event(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		p.errors = append(p.errors, ev.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeWarning {
			p.errors = append(p.errors, fmt.Sprintf("console.%s: %v", ev.Type, ev.Args[0].Value))
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError || ev.Entry.Level == log.EntryLevelWarning {
			p.errors = append(p.errors, ev.Entry.Text+" "+ev.Entry.URL)
		}
	case *cdppage.EventJavascriptDialogOpening:
		if p.agrees && strings.HasPrefix(ev.Message, "What you marked and said of flows of ") {
			go chromedp.Call(p.ctx, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
			return
		}
		p.errors = append(p.errors, "a dialog: "+ev.Message)
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, ev.Request.URL)
	}
}

func (p *page) check() {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.errors {
		p.Errorf("the page logged: %s", e)
	}
	if n := trapped.connections.Swap(0); n > 0 {
		p.Errorf("hosts that captures name were connected to %d times", n)
	}
	for _, url := range p.requests {
		own := strings.HasPrefix(url, p.site) || p.blob(url)
		other := slices.ContainsFunc(p.sites, func(site string) bool { return strings.HasPrefix(url, site) })
		if !own && !other && !strings.HasPrefix(url, "data:") { // signs of the browser's own players
			p.Errorf("the page asked for %s", url)
		}
	}
}

// blob reports whether a URL is of a piece of the page itself, which may be a file.
func (p *page) blob(url string) bool {
	if strings.HasPrefix(p.site, "file:") {
		return strings.HasPrefix(url, "blob:null/")
	}
	return strings.HasPrefix(url, "blob:"+originOf(p.site)+"/")
}

// originOf returns the origin of an address of a site.
func originOf(site string) string {
	u, err := url.Parse(site)
	if err != nil {
		panic(err)
	}
	return u.Scheme + "://" + u.Host
}

// also lets the page ask another site, besides its own.
func (p *page) also(site string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sites = append(p.sites, site)
}

// forgive takes back what the page logged with one of these texts in it.
func (p *page) forgive(texts ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errors = slices.DeleteFunc(p.errors, func(e string) bool {
		return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(e, text) })
	})
}

// complains waits until the browser has told of an error with a text: it does so after
// what it refuses has failed.
func (p *page) complains(text string) {
	p.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		p.mu.Lock()
		heard := slices.ContainsFunc(p.errors, func(e string) bool { return strings.Contains(e, text) })
		p.mu.Unlock()
		if heard {
			return
		}
	}
	p.Errorf("nothing was heard of %s: %q", text, p.errors)
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// click clicks an element as soon as there is one, and gives it the focus as a
// mouse does. Rows are drawn anew, so that
// what was seen a moment ago may be gone.
func (p *page) click(selector string, args ...any) {
	p.Helper()
	p.wait("(e => e && (e.focus({preventScroll: true}), e.click(), true))(document.querySelector(%q))", fmt.Sprintf(selector, args...))
}

// drawn waits until the page has drawn what happened before.
func (p *page) drawn() {
	p.Helper()
	evaluate[bool](p, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
}

// eval returns the value of a JavaScript expression as text.
func (p *page) eval(format string, args ...any) string {
	p.Helper()
	return evaluate[string](p, "String("+fmt.Sprintf(format, args...)+")")
}

func evaluate[T any](p *page, js string) T {
	p.Helper()
	v, err := tryEvaluate[T](p, js)
	if err != nil {
		p.Fatalf("%s: %v", js, err)
	}
	return v
}

func tryEvaluate[T any](p *page, js string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
}

// until waits in the page itself until a JavaScript expression is true, however
// long that takes. To ask from outside takes a browser a third of its time.
func (p *page) until(js string) {
	p.Helper()
	js = "new Promise(done => { const look = () => " + js + " ? done(true) : setTimeout(look, 50); look(); })"
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](js, chromedp.EvalAwaitPromise)); err != nil {
		p.Fatalf("%s: %v", js, err)
	}
}

// hears waits until a JavaScript expression is true, and reports whether it
// became that.
func (p *page) hears(js string) bool {
	p.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		// What it asks of may not be there yet, which is an exception.
		is, err := tryEvaluate[bool](p, "(() => { try { return Boolean("+js+") } catch { return false } })()")
		switch {
		case is:
			return true
		case err != nil && !strings.Contains(err.Error(), "navigated"): // it may be on its way to another page
			p.Fatalf("%s: %v", js, err)
		}
	}
	return false
}

// wait waits until a JavaScript expression is true. If it never is, the test
// fails with what the page shows.
func (p *page) wait(format string, args ...any) {
	p.Helper()
	js := fmt.Sprintf(format, args...)
	if p.hears(js) {
		return
	}
	p.Fatalf("never true: %s\nstate %s, status %q, filter error %q, location %s\nfocus %s, found %q, body %.200q", js,
		p.eval("document.documentElement.dataset.state"), p.eval("document.querySelector('#status')?.textContent"),
		p.eval("document.querySelector('#filter-error')?.textContent"), p.eval("location.href"),
		p.eval("document.activeElement.outerHTML.slice(0, 100)"), p.eval("document.querySelector('.find .count')?.textContent"),
		p.eval("document.querySelector('#body')?.textContent"))
}

// opened waits until a session is read to its end and has the given number of
// flows in the view.
func (p *page) opened(flows int) {
	p.Helper()
	p.wait("document.documentElement.dataset.state == 'open'")
	p.shows(flows)
}

// shows waits until the view is up to date and has the given number of flows.
func (p *page) shows(flows int) {
	p.Helper()
	p.wait("document.querySelector('#flows').getAttribute('aria-busy') != 'true' && "+
		"document.querySelector('#flows').getAttribute('aria-rowcount') == '%d'", flows+1)
}

// choose picks files as a person would in the dialog.
func (p *page) choose(paths ...string) {
	p.Helper()
	p.wait("document.documentElement.dataset.state != 'loading'")
	p.do(chromedp.SetUploadFiles(chromedp.CSS("input[type=file]#open"), paths))
}

// filter types an expression into the filter box in place of what it holds.
func (p *page) filter(expr string) {
	p.Helper()
	p.do(chromedp.Focus(chromedp.CSS("#filter")))
	p.eval(`(() => {
		const box = document.querySelector('#filter');
		box.value = '';
		box.dispatchEvent(new InputEvent('input', {bubbles: true}));
	})()`)
	if expr != "" {
		p.do(chromedp.SendKeys(chromedp.CSS("#filter"), expr))
	}
}

// press sends keys to what has the focus.
func (p *page) press(keys ...string) {
	p.Helper()
	for _, k := range keys {
		p.do(chromedp.KeyEvent(k))
	}
}

const (
	enter  = kb.Enter
	escape = kb.Escape
	down   = kb.ArrowDown
	up     = kb.ArrowUp
	right  = kb.ArrowRight
	end    = kb.End
)

// selected returns the key of the selected flow, "" if none is.
func (p *page) selected() string {
	p.Helper()
	return p.eval("document.querySelector('#flows [role=row][aria-selected=true]')?.dataset.flowId ?? ''")
}

// row is the selector of the row at an index of the view, from 0.
func row(index int) string { return fmt.Sprintf("#flows [aria-rowindex=\"%d\"]", index+2) }

// quote returns s as a JavaScript string.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// write makes a file with contents for the test.
func write(t testing.TB, name string, contents []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, contents, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// repeatSample returns the sample as a dump, so many times over.
func repeatSample(t testing.TB, times int) []byte {
	t.Helper()
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Repeat(sample, times)
}
