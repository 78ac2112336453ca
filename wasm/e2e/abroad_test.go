//go:build !js

package e2e_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/chromedp"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/inline"
	"flowpane/viewer/session/mitm"
)

// An abroad is another site, with the sample on it. It notes what it is asked.
type abroad struct {
	*httptest.Server
	allow, expose string // what it sends as headers of those names, but for "", of CORS
	whole         bool   // it knows no ranges
	short         bool   // it sends less than all that is asked for
	to            string // where it leads on to

	mu    sync.Mutex
	asked []http.Header
}

func newAbroad(t testing.TB, a *abroad) *abroad {
	t.Helper()
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.asked = append(a.asked, r.Header.Clone())
		a.mu.Unlock()
		for name, value := range map[string]string{"Access-Control-Allow-Origin": a.allow, "Access-Control-Expose-Headers": a.expose} {
			if value != "" {
				w.Header().Set(name, value)
			}
		}
		if a.to != "" {
			http.Redirect(w, r, a.to, http.StatusFound)
			return
		}
		if a.whole {
			r.Header.Del("Range")
		}
		if a.short && r.Header.Get("Range") == "bytes=0-" {
			r.Header.Set("Range", "bytes=0-"+strconv.Itoa(len(sample)/2))
		}
		w.Header().Set("Cache-Control", "no-store") // so that each request gets here
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		http.ServeContent(w, r, "", time.Unix(1, 0), strings.NewReader(string(sample)))
	}))
	t.Cleanup(a.Close)
	return a
}

// requests returns what it was asked since the last time.
func (a *abroad) requests() []http.Header {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := a.asked
	a.asked = nil
	return asked
}

func (a *abroad) file() string { return a.URL + "/d/shop.mitm" }

// here is the origin of the viewer.
func here() string { return originOf(address) }

// headRange is what a file far away is asked for first.
const headRange = "bytes=0-197631"

const asking = "document.querySelector('#consent').open"

// Another site is asked for nothing before a person agrees, and then without
// anything that tells of them.
func TestAbroad(t *testing.T) {
	a := newAbroad(t, &abroad{allow: "*", expose: "Content-Range, ETag"})
	p := open(t, "#url="+a.file()+"&filter=~m%20POST")
	p.also(a.URL)
	p.wait(asking)
	p.wait("document.documentElement.dataset.state == 'ready'")
	if focus := p.eval("document.activeElement.id"); focus != "consent-no" {
		t.Errorf("the focus is on %q", focus)
	}
	if sites := p.eval("document.querySelector('#consent-sites').textContent"); sites != a.URL+a.file() {
		t.Errorf("asked about %q", sites)
	}
	time.Sleep(300 * time.Millisecond) // what it asked for would be on its way by now
	if asked := a.requests(); len(asked) > 0 {
		t.Fatalf("asked before a person agreed: %v", asked)
	}
	p.press(enter) // on what has the focus: no
	p.wait("!" + asking)
	p.wait("location.hash == ''")
	if asked := a.requests(); len(asked) > 0 {
		t.Fatalf("asked though a person did not agree: %v", asked)
	}

	p.eval("location.hash = %s", quote("#url="+a.file()+"&filter=~m%20POST"))
	p.wait(asking)
	p.press(escape)
	p.wait("!" + asking + " && location.hash == ''")
	p.eval("document.cookie = 'ours=1; path=/'")
	p.eval("location.hash = %s", quote("#url="+a.file()+"&filter=~m%20POST"))
	p.wait(asking)
	p.saysYes()
	p.wait("document.documentElement.dataset.state == 'open' && /of %d flows/.test(document.querySelector('#status').textContent)", sampleFlows)
	asked := a.requests()
	for _, h := range asked {
		if h.Get("Cookie") != "" || h.Get("Referer") != "" || h.Get("Origin") != here() {
			t.Errorf("asked with %v", h)
		}
	}
	if len(asked) == 0 || asked[0].Get("Range") != headRange {
		t.Errorf("asked with %v", asked)
	}

	// The document, which shows what was captured, still cannot ask.
	if got := evaluate[string](p, "fetch("+quote(a.file())+").then(() => 'asked', () => 'refused')"); got != "refused" || len(a.requests()) > 0 {
		t.Errorf("the document %s", got)
	}
	p.complains("refused by the policy: connect-src of " + a.URL)
	p.forgive("Content Security Policy", "violates the document's", "refused by the policy: connect-src of "+a.URL)

	// The tab remembers it: back and forth, and when it is loaded again.
	p.eval("location.hash = '#url=samples/shop.mitm'")
	p.opened(sampleFlows)
	p.eval("history.back()")
	p.wait("location.hash.includes('filter') && document.documentElement.dataset.state == 'open'")
	p.wait("/of %d flows/.test(document.querySelector('#status').textContent)", sampleFlows)
	p.do(chromedp.Reload())
	p.wait("/of %d flows/.test(document.querySelector('#status').textContent)", sampleFlows)
	if p.eval(asking) != "false" {
		t.Error("asked again")
	}
	for _, h := range a.requests() {
		if h.Get("Cookie") != "" || h.Get("Referer") != "" {
			t.Errorf("asked with %v", h)
		}
	}

	// Another tab does not.
	q := open(t, "#url="+a.file())
	q.wait(asking)
	q.wait("document.documentElement.dataset.state == 'ready'")
	if asked := a.requests(); len(asked) > 0 {
		t.Errorf("another tab asked: %v", asked)
	}
}

// isClear: the question was seen for long enough, so that a yes counts.
const isClear = "!document.querySelector('#consent-yes').disabled"

// saysYes agrees as soon as that counts.
func (p *page) saysYes() {
	p.Helper()
	p.wait(isClear)
	p.click("#consent-yes")
}

// agree opens an address of another site.
func (p *page) agree(sites ...*abroad) {
	p.Helper()
	var fragment []string
	for _, a := range sites {
		p.also(a.URL)
		fragment = append(fragment, "url="+a.file())
	}
	p.wait("document.documentElement.dataset.state != 'loading'")
	p.eval("location.hash = %s", quote("#"+strings.Join(fragment, "&")))
	p.wait(asking)
	p.saysYes()
}

func problems(p *page) string {
	return p.eval("document.querySelector('#issues-list').textContent")
}

// A host opens whatever it lets the page see of its answers, if it lets it see
// the file.
func TestAbroadHosts(t *testing.T) {
	sent := func(a *abroad, want ...string) {
		t.Helper()
		var ranges []string
		for _, h := range a.requests() {
			ranges = append(ranges, h.Get("Range"))
		}
		if !slices.Equal(ranges, want) {
			t.Errorf("asked for %q, want %q", ranges, want)
		}
	}
	size := sampleSize(t)
	for _, test := range []struct {
		name string
		host *abroad
		want []string
	}{
		{"no Content-Range", &abroad{allow: "*"}, []string{headRange, "bytes=0-", "bytes=" + strconv.Itoa(size-1) + "-" + strconv.Itoa(size)}},
		{"no ranges", &abroad{allow: here(), whole: true}, []string{headRange}},
	} {
		p := open(t, "")
		a := newAbroad(t, test.host)
		p.agree(a)
		p.opened(sampleFlows)
		if text := problems(p); text != "" {
			t.Errorf("%s: %s", test.name, text)
		}
		sent(a, test.want...)
		p.close()
	}
}

func sampleSize(t *testing.T) int {
	t.Helper()
	info, err := os.Stat("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Size())
}

// A host of files alone, which sends no policy, will do for the viewer.
func TestAbroadOfBareHost(t *testing.T) {
	bare := httptest.NewServer(http.FileServer(http.Dir("../../static/dist")))
	t.Cleanup(bare.Close)
	p := openAt(t, bare.URL, "")
	p.agree(newAbroad(t, &abroad{allow: bare.URL, expose: "Content-Range"}))
	p.opened(sampleFlows)
}

// From a viewer that came by https a browser asks for nothing by http.
func TestAbroadMixed(t *testing.T) {
	safe := httptest.NewUnstartedServer(http.FileServer(http.Dir("../../static/dist")))
	safe.Config.ErrorLog = log.New(io.Discard, "", 0) // what a browser makes of its certificate
	safe.StartTLS()
	t.Cleanup(safe.Close)
	p := tab(t, safe.URL, chromedp.WithNewBrowserContext())
	if _, err := chromedp.Call(p.ctx, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true}); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate(safe.URL + "/#url=http://a.example/x.har"))
	p.wait(asking)
	p.saysYes()
	p.wait("document.querySelector('#issues-list').textContent.includes('came by https')")
}

// A host that sends a part of the file alone is found out.
func TestAbroadShort(t *testing.T) {
	p := open(t, "")
	p.agree(newAbroad(t, &abroad{allow: "*", short: true}))
	p.wait("document.documentElement.dataset.state == 'failed' && document.querySelector('#issues-list').textContent.includes('a part of the file alone')")
}

// A host that does not let the page read says so to nobody; the page says what
// is missing.
func TestAbroadRefuses(t *testing.T) {
	a := newAbroad(t, &abroad{})
	p := open(t, "")
	p.agree(a)
	p.wait("document.documentElement.dataset.state == 'failed'")
	text := problems(p)
	for _, part := range []string{"Access-Control-Allow-Origin: " + here() + "”", "Access-Control-Expose-Headers: Content-Range, Content-Length, ETag", "drop it here", a.URL} {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
	p.forgive("CORS policy", "net::ERR_FAILED")
}

// Where a site leads on to another, that is said; and this page's own site may
// not lead on to one that nobody agreed to.
func TestAbroadLeadsOn(t *testing.T) {
	last := newAbroad(t, &abroad{allow: "*", expose: "Content-Range"})
	first := newAbroad(t, &abroad{allow: "*", to: last.file()})
	p := open(t, "")
	p.also(last.URL)
	p.agree(first)
	p.opened(sampleFlows)
	if text := problems(p); !strings.Contains(text, first.URL+" led on to "+last.URL) {
		t.Errorf("it says %q", text)
	}

	f := newFar(t, "../../static/samples/shop.mitm", 0, false)
	f.to = last.file()
	last.requests()
	own := openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/"))
	own.wait("document.documentElement.dataset.state == 'failed'")
	if asked := last.requests(); len(asked) > 0 {
		t.Errorf("asked: %v", asked)
	}
	own.forgive("net::ERR_FAILED", "Unsafe attempt")
}

// What is no address of a site is refused, and says so.
func TestAbroadRefusedAddresses(t *testing.T) {
	p := open(t, "")
	for url, says := range map[string]string{
		"data:application/json,{}": "begins with https://", "blob:" + address + "/0": "begins with https://",
		"file:///etc/passwd": "begins with https://", "javascript:alert(1)": "begins with https://", "ftp://a.example/x": "begins with https://",
		"https://": "no address",
	} {
		p.wait("document.documentElement.dataset.state != 'loading'")
		p.eval("location.hash = %s", quote("#url="+url))
		p.wait("document.documentElement.dataset.state == 'failed' && document.querySelector('#issues-list').textContent.includes(%s)", quote(says))
		if p.eval(asking) != "false" {
			t.Errorf("%s: asked", url)
		}
	}
	p.eval("location.hash = '#url=https://me:word@a.example/x'")
	p.wait(asking)
	p.saysYes()
	p.wait("document.querySelector('#issues-list').textContent.includes('a name or a password')")
	if strings.Contains(problems(p), "word@") {
		t.Error("it shows the password")
	}
}

// An address is typed on the start page, or pasted anywhere.
func TestAddressTyped(t *testing.T) {
	a := newAbroad(t, &abroad{allow: "*"})
	p := open(t, "")
	p.also(a.URL)
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.do(chromedp.SendKeys(chromedp.CSS("#address"), "samples/shop.mitm"+enter))
	p.opened(sampleFlows)
	p.eval(`(() => {
		const data = new DataTransfer();
		data.setData('text', ' %s\n');
		document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
	})()`, a.file())
	p.wait(asking)
	p.click("#consent-no")
	p.wait("!" + asking)
	if hash := p.eval("location.hash"); hash != "#url=samples/shop.mitm" {
		t.Errorf("the address is %s", hash)
	}
	p.eval("history.back()")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.eval("document.querySelector('#address').value = ''")
	p.do(chromedp.SendKeys(chromedp.CSS("#address"), a.file()+enter))
	p.wait(asking)
	p.saysYes()
	p.opened(sampleFlows)
	if hash := p.eval("location.hash"); hash != "#url="+a.file() {
		t.Errorf("the address is %s", hash)
	}
}

// sampleText is the sample as text for a link.
func sampleText(t *testing.T) string {
	t.Helper()
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	r, err := mitm.Format.Open(t.Context(), blob.Bytes(sample))
	if err != nil {
		t.Fatal(err)
	}
	flows, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := inline.Text(t.Context(), flows)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A session within the link opens, is in the address as long as it is open, and
// so survives that the page is loaded again.
func TestSessionInLink(t *testing.T) {
	p := open(t, "#s="+sampleText(t)+"&filter=~m%20GET")
	p.wait("/of %d flows/.test(document.querySelector('#status').textContent)", sampleFlows)
	if name := p.eval("document.querySelector('#name').textContent"); name != "session in the link" {
		t.Errorf("it is called %q", name)
	}
	p.click("%s", row(0))
	p.wait("location.hash.includes('&flow=')")
	key := p.selected()
	p.do(chromedp.Reload())
	p.wait("document.querySelector('#flows [role=row][aria-selected=true]')?.dataset.flowId == %q", key)
	p.eval("location.hash = location.hash.replace('s=1', 's=1x')")
	p.wait("document.querySelector('#issues-list').textContent.includes('cut short or altered')")
}
