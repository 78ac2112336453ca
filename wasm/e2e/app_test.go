//go:build !js

package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A host passes the page on, until it is closed. Once deployed is set its
// service worker is of another version, which has another boot script in place
// of the first.
type host struct {
	*httptest.Server
	deployed atomic.Bool
}

var bootName = regexp.MustCompile(`\./boot\.[0-9a-f]{12}\.js`)

func newHost(t testing.TB) *host {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	h := &host{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		if bootName.MatchString("." + r.Request.URL.Path) {
			r.Header.Set("Cache-Control", "no-store") // so that the service worker alone keeps it
		}
		if path.Base(r.Request.URL.Path) != "sw.js" || !h.deployed.Load() {
			return nil
		}
		script, err := io.ReadAll(r.Body)
		script = bytes.ReplaceAll(bootName.ReplaceAll(script, []byte("./?2")), []byte("flowpane-"), []byte("flowpane-2-"))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(script)), int64(len(script))
		r.Header.Set("Content-Length", strconv.Itoa(len(script)))
		r.Header.Del("ETag")
		return err
	}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/sw.js" {
			r.Header.Del("Accept-Encoding") // to be read
			r.Header.Del("If-None-Match")
			r.Header.Del("If-Modified-Since")
		}
		if h.deployed.Load() && bootName.MatchString("."+r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

// TestOffline comes a second time when there is no server any more, and to the
// sample too, which is read by ranges.
func TestOffline(t *testing.T) {
	h := newHost(t)
	p := openAt(t, h.URL, "")
	p.wait("document.querySelector('#offline').textContent == 'It works offline.'")
	h.CloseClientConnections()
	h.Close()
	p.do(chromedp.Reload())
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.wait("document.querySelector('#offline').textContent == 'It works offline.'")
	p.click("#start a")
	p.opened(sampleFlows)
	p.do(chromedp.Reload())
	p.opened(sampleFlows)
	p.forgive("ERR_CONNECTION_REFUSED", "An unknown error occurred when fetching the script")
}

// TestUpdate is offered a newer version, and is not disturbed by it: it still
// gets the files of its own.
func TestUpdate(t *testing.T) {
	h := newHost(t)
	p := openAt(t, h.URL, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.wait("document.querySelector('#offline').textContent != ''")
	h.deployed.Store(true)
	p.do(chromedp.Reload())
	p.opened(sampleFlows)
	p.wait("!document.querySelector('#update').hidden")
	// A worker that starts has not the routes of its page, but those of the newer
	// version. The boot script ends at once there, if it is found.
	p.forgive("document is not defined")
	ended := evaluate[string](p, `new Promise((done) => {
		new Worker(script(flowpane.source)).onerror = (event) => { event.preventDefault(); done(event.message ?? 'not found'); };
	})`)
	if !strings.Contains(ended, "document is not defined") {
		t.Errorf("a page of the version before starts a worker: %s", ended)
	}
	p.filter("~m POST")
	p.shows(10)
	h.deployed.Store(false)
	p.click("#update")
	p.wait("document.querySelector('#update').hidden")
	p.shows(10)
}

// TestPaste opens a HAR that was copied as text, and leaves alone what is pasted
// into the filter.
func TestPaste(t *testing.T) {
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	paste := func(selector, text string) {
		t.Helper()
		p.eval(`(() => {
			const data = new DataTransfer();
			data.setData('text', %s);
			document.querySelector(%q).dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
		})()`, quote(text), selector)
	}
	const har = `{"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [{"startedDateTime": "2026-01-01T00:00:00Z", "time": 1,
		"request": {"method": "GET", "url": "http://pasted.example/", "httpVersion": "HTTP/1.1", "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0},
		"response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": 0},
		"cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0}}]}}`
	paste("#filter", har)
	paste("body", "no session")
	p.wait("document.documentElement.dataset.state == 'ready'")
	paste("body", "\n"+har)
	p.opened(1)
	p.wait("document.querySelector('#name').textContent == 'pasted.har'")
}

// TestShared opens what another program shares.
func TestShared(t *testing.T) {
	h := newHost(t)
	p := openAt(t, h.URL, "")
	p.wait("document.querySelector('#offline').textContent != ''")
	// The page submits no form: what another program does is done without its policy.
	if _, err := chromedp.Call(p.ctx, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Reload()) // so that the service worker is in control
	p.wait("navigator.serviceWorker.controller != null")
	// Its files come from the cache, and wait for no script.
	p.wait("performance.getEntriesByType('resource').some(e => e.name.includes('/page.') && [e.workerFinalSourceType, e.workerFinalRouterSource].includes('cache'))")
	p.eval(`(async () => {
		const data = new DataTransfer();
		data.items.add(new File([await (await fetch('samples/shop.mitm')).arrayBuffer()], 'Größe 1.mitm'));
		const form = Object.assign(document.createElement('form'), {method: 'post', enctype: 'multipart/form-data', action: './'});
		const input = Object.assign(document.createElement('input'), {type: 'file', name: 'session', files: data.files});
		form.append(input);
		document.body.append(form);
		form.submit();
	})()`)
	p.opened(sampleFlows)
	p.wait("document.querySelector('#name').textContent == 'Größe 1.mitm' && location.search == ''")
}

// TestManifest finds what the manifest names.
func TestManifest(t *testing.T) {
	p := open(t, "")
	link := p.eval("document.querySelector('link[rel=manifest]').href")
	text := evaluate[string](p, "fetch("+quote(link)+").then(r => r.text())")
	kind := evaluate[string](p, "fetch("+quote(link)+").then(r => r.headers.get('Content-Type'))")
	if released == "" && kind != "application/manifest+json" { // which browsers do not insist on
		t.Errorf("the manifest is %s", kind)
	}
	var manifest struct {
		Name  string
		Icons []struct{ Src string }
		Start string `json:"start_url"`
	}
	if err := json.Unmarshal([]byte(text), &manifest); err != nil || manifest.Name != "Flowpane" || len(manifest.Icons) != 2 {
		t.Fatalf("%s: %v", text, err)
	}
	for _, icon := range manifest.Icons {
		if got := evaluate[string](p, fmt.Sprintf("fetch(new URL(%q, %q)).then(r => r.headers.get('Content-Type'))", icon.Src, link)); got != "image/svg+xml" {
			t.Errorf("%s is %s", icon.Src, got)
		}
	}
	if got := p.eval("new URL(%q, %q).href", manifest.Start, link); got != address+"/" {
		t.Errorf("it starts at %s", got)
	}
}
