//go:build !js

package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"flowpane/static"
	"flowpane/viewer/hostile"
)

// A watched site serves the page and keeps what it was asked for, and what
// browsers report that the policy of an answer refused. What a service worker
// or the browser's own cache answers does not get here, nor is it a request.
type watchedSite struct {
	*httptest.Server
	own []string // paths of the files of the page

	mu      sync.Mutex
	others  []string
	reports []string
}

const reportPath = "/policy-report"

// newWatchedSite serves the built page: with the headers of cmd/serve, or as a
// host that knows nothing of them.
func newWatchedSite(t testing.TB, headers bool) *watchedSite {
	t.Helper()
	dist, err := static.Dist()
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("../../static/dist/files.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := &watchedSite{own: append(strings.Fields(string(list)), "")}
	files := http.FileServerFS(dist)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.note(r); r.URL.Path == reportPath {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if headers {
			w.Header().Set("Content-Security-Policy", static.PolicyOf(r.URL.Path)+"; frame-ancestors 'none'; report-uri "+reportPath)
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *watchedSite) note(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.URL.Path == reportPath:
		body := make([]byte, 4096)
		n, _ := r.Body.Read(body)
		// Frames of previews are blobs, and subject to the policy of the page: it
		// is there to refuse what they ask for.
		if !strings.Contains(string(body[:n]), `"document-uri":"blob`) {
			s.reports = append(s.reports, string(body[:n]))
		}
	case r.URL.RawQuery != "" || !slices.Contains(s.own, strings.TrimPrefix(r.URL.Path, "/")):
		s.others = append(s.others, r.URL.String())
	}
}

// forget forgets what was asked and reported so far.
func (s *watchedSite) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.others, s.reports = nil, nil
}

// check fails the test for each request and each report.
func (s *watchedSite) check(t testing.TB) (requests int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, url := range s.others {
		t.Errorf("the site was asked for %s", url)
	}
	for _, report := range s.reports {
		t.Errorf("the policy refused: %s", report)
	}
	return len(s.others) + int(trapped.connections.Load())
}

// thorough: each input is visited as those are that have all kinds of documents and
// texts: in its dialogs too, and without headers. That takes several minutes, and is
// asked for by FLOWPANE_HOSTILE=all, as in viewer/hostile.
var thorough = os.Getenv("FLOWPANE_HOSTILE") == "all"

// TestHostile opens each hostile input and visits flows, tabs, views and dialogs,
// where headers say what a page may do and where it says so itself alone. Nobody
// is asked for anything, no script runs, no dialog opens, and nothing is logged.
func TestHostile(t *testing.T) {
	inputs := hostile.Inputs(trapped.home())
	dir := t.TempDir()
	for i, in := range inputs {
		inputs[i].File = filepath.Join(dir, strings.ToValidUTF8(in.File, "_"))
		if err := os.WriteFile(inputs[i].File, in.Make(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	journeys, requests := 0, 0
	var all visited
	for _, headers := range []bool{true, false} {
		s := newWatchedSite(t, headers)
		p := openAt(t, s.URL, "")
		p.wait("document.documentElement.dataset.state == 'ready'")
		p.checkTrustedTypes(headers)
		p.agreeToLose() // to lose the marks of one with the next
		s.forget()
		p.eval(visit)
		for _, in := range inputs {
			if full := strings.HasSuffix(in.Name, "documents") || strings.HasSuffix(in.Name, "every field"); headers || full && (thorough || strings.HasPrefix(in.Name, "mitm")) {
				begun := time.Now()
				all.add(p.journey(in, full || thorough))
				t.Logf("%s: %v", in.Name, time.Since(begun).Round(time.Millisecond))
				journeys++
			}
		}
		requests += s.check(t)
		// What a preview is refused is told in the console, and that is what the
		// policies are for. What the page itself is refused it tells otherwise.
		p.forgive("Content Security Policy", "Blocked script execution in", "Blocked form submission", "Blocked autofocusing", "Unsafe attempt",
			"Throttling navigation") // and no person goes through flows that fast
		p.close()
	}
	line := fmt.Sprintf("hostile: %d inputs, %d journeys (%d flows, %d tabs, %d views, %d previews), %d requests", len(inputs), journeys, all.Flows, all.Tabs, all.Views, all.Previews, requests)
	t.Log(line)
	summary = append(summary, line)
	if all.Previews < 15 || all.Views < 500 || all.Flows < 300 {
		t.Errorf("too little was visited: %+v", all)
	}
}

// visited counts what a journey came by.
type visited struct{ Flows, Tabs, Views, Previews int }

func (v *visited) add(w visited) {
	v.Flows += w.Flows
	v.Tabs += w.Tabs
	v.Views += w.Views
	v.Previews += w.Previews
}

// journey opens an input in the page that is open, and visits it, with the dialogs
// if they are asked for.
func (p *page) journey(in hostile.Input, dialogs bool) visited {
	p.Helper()
	number, name, _ := strings.Cut(filepath.Base(in.File), " ")
	number += " " + string([]rune(name)[:1])
	p.choose(in.File)
	p.until(fmt.Sprintf(`document.querySelector('#flows').ariaBusy != 'true' && document.documentElement.dataset.state != 'reading' &&
		(document.querySelector('#name').textContent.startsWith(%[1]q) || document.querySelector('#issues').textContent.includes(%[1]q))`, number))
	views := "auto"
	switch in.Name {
	case "mitm: documents":
		views = "all"
	case "har: documents", "sessiondb: documents", "pbstream: documents":
		views = "preview"
	}
	most := 3
	switch {
	case views != "auto", thorough && (in.Name == "mitm: every field" || in.Name == "mitm: bodies"):
		most = 200
	case in.Name == "mitm: every field":
		most = 60
	}
	// However long it takes: a machine may be busy.
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[visited](fmt.Sprintf("visit(%d, %q, %v)", most, views, dialogs), chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", in.Name, err)
	}
	if views != "auto" {
		p.clickPreview()
	}
	if got := p.eval("%s ?? document.title.includes('<script') ?? ''", "window."+hostile.Canary); got != "false" {
		p.Errorf("%s: a script ran: %s", in.Name, got)
	}
	return v
}

// clickPreview clicks into the preview that is shown, where a link covers all.
func (p *page) clickPreview() {
	p.Helper()
	at := evaluate[[]float64](p, "(e => { if (!e) return []; const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + 20] })(document.querySelector('#body iframe'))")
	if len(at) == 2 {
		p.do(chromedp.MouseClickXY(at[0], at[1]))
	}
}

// checkTrustedTypes tries what would make text a script: the browser refuses.
func (p *page) checkTrustedTypes(headers bool) {
	p.Helper()
	const policy = "require-trusted-types-for 'script'"
	if got := p.eval("document.querySelector('meta[http-equiv=Content-Security-Policy]').content.includes(%q)", policy); got != "true" {
		p.Error("the page does not require trusted types itself")
	}
	if got := evaluate[string](p, "fetch(location.pathname).then(r => r.headers.get('Content-Security-Policy') ?? '')"); strings.Contains(got, policy) != headers {
		p.Errorf("the header is %q", got)
	}
	for _, attempt := range []string{
		"document.createElement('p').innerHTML = '<b>'", "document.createElement('script').src = 'x'", "document.createElement('iframe').srcdoc = 'x'",
		"new Worker('boot.js')", "trustedTypes.createPolicy('another', {})", "trustedTypes.createPolicy('flowpane', {})", "document.write('x')",
	} {
		if got := p.eval("(() => { try { %s; return 'allowed' } catch (e) { return e.name } })()", attempt); got == "allowed" {
			p.Errorf("%s is %s", attempt, got)
		}
	}
	p.wait("true") // what was refused is told
	p.forgive("refused by the policy: require-trusted-types-for", "refused by the policy: trusted-types", "Trusted", "trusted")
}

// TestDocumentsAsk shows the hostile documents where nothing stops them: they do
// ask, and the trap counts it.
func TestDocumentsAsk(t *testing.T) {
	p := tab(t, trapped.home(), chromedp.WithNewBrowserContext())
	for _, d := range hostile.Documents(trapped.home()) {
		trapped.connections.Store(0)
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				w.Header().Set("Content-Type", "text/html")
				io.WriteString(w, `<iframe sandbox src="document">`)
				return
			}
			w.Header().Set("Content-Type", d.ContentType)
			io.WriteString(w, d.Body)
		}))
		if media, _, _ := strings.Cut(d.ContentType, ";"); slices.Contains([]string{"text/html", "application/xhtml+xml", "image/svg+xml"}, media) && strings.Contains(d.Body, hostile.Shown) {
			for n := 0; n < 5; n++ { // the document before may be leading elsewhere just now
				if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("(location = "+quote(s.URL)+", '')")); err == nil {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			for end := time.Now().Add(patience); trapped.connections.Load() == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			}
			if trapped.connections.Load() == 0 {
				t.Errorf("%.100q asks nobody for anything", d.Body)
			}
		}
		s.Close()
	}
	for n := 0; chromedp.Do(p.ctx, chromedp.Navigate("about:blank")) != nil && n < 5; n++ {
		time.Sleep(100 * time.Millisecond) // a document may be leading elsewhere just now
	}
	trapped.connections.Store(0)
	p.errors, p.requests = nil, nil // which is what it is for
}

// TestRefusalsAreTold: what the policy of a page refuses fails a test.
func TestRefusalsAreTold(t *testing.T) {
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.eval("fetch('http://asked.example/').catch(() => '')")
	p.complains("refused by the policy: connect-src of http://asked.example/")
	p.forgive("asked.example")
}
