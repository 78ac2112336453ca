//go:build !js

package e2e_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A far is a server at some distance: the viewer, and a session beside it. It
// counts what is asked of the session.
type far struct {
	*httptest.Server
	latency time.Duration
	whole   bool          // it knows no ranges
	to      string        // where set, the session leads on to there
	halfway chan struct{} // where set, the second half is sent when this is closed
	rest    chan struct{} // where set, requests but the first most are answered when this is closed
	most    int

	mu       sync.Mutex
	came     int // requests in all
	requests int
	bytes    int64
}

const remotePath = "/remote/session.flowpane.sqlite"

// newFar serves the file at path, and stands for the site in what p opens.
func newFar(t testing.TB, path string, latency time.Duration, whole bool) *far {
	t.Helper()
	near, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(near)
	f := &far{latency: latency, whole: whole}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == remotePath && f.to != "" {
			http.Redirect(w, r, f.to, http.StatusFound)
			return
		}
		if r.URL.Path == remotePath {
			f.serve(w, r, path)
			return
		}
		r.Host = near.Host
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *far) serve(w http.ResponseWriter, r *http.Request, path string) {
	f.delay()
	file, err := os.Open(path)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer file.Close()
	if f.whole {
		r.Header.Del("Range")
	}
	info, err := file.Stat()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	c := &counter{ResponseWriter: w}
	if f.halfway == nil {
		http.ServeContent(c, r, "session.sqlite", info.ModTime(), file)
	} else {
		c.Header().Set("Content-Length", strconv.FormatInt(info.Size(), 10))
		io.CopyN(c, file, info.Size()/2)
		w.(http.Flusher).Flush()
		<-f.halfway
		io.Copy(c, file)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	f.bytes += c.n
}

// delay waits as long as a request does.
func (f *far) delay() {
	time.Sleep(f.latency)
	f.mu.Lock()
	f.came++
	waits := f.rest != nil && f.came > f.most
	f.mu.Unlock()
	if waits {
		<-f.rest
	}
}

// counter counts the bytes of an answer.
type counter struct {
	http.ResponseWriter
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.n += int64(n)
	return n, err
}

// asked returns what was asked for since the last call.
func (f *far) asked() (requests int, bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	requests, bytes = f.requests, f.bytes
	f.requests, f.bytes = 0, 0
	return requests, bytes
}

// packed saves the sample, so many times over, as a session database.
func packed(t *testing.T, times int) string {
	t.Helper()
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	dump := filepath.Join(t.TempDir(), "many.mitm")
	if err := os.WriteFile(dump, bytes.Repeat(sample, times), 0o600); err != nil {
		t.Fatal(err)
	}
	p := open(t, "")
	dir := p.downloads()
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.choose(dump)
	p.opened(times * sampleFlows)
	p.saveAs("sessiondb")
	p.startSave()
	path := p.saved(dir, "many.flowpane.sqlite")
	p.wait("!document.querySelector('#save').open")
	p.close()
	return path
}

// A packed session far away is listed, ordered, filtered and read by a few
// requests for a small part of it.
func TestRemote(t *testing.T) {
	const times = 300
	path := packed(t, times)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	f := newFar(t, path, 20*time.Millisecond, false)
	p := openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/"))
	p.opened(times * sampleFlows)
	p.wait("document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
	requests, read := f.asked()
	t.Logf("listed with %d requests and %d of %d bytes", requests, read, info.Size())
	if requests > 16 || read > info.Size()/8 {
		t.Errorf("listed with %d requests and %d of %d bytes", requests, read, info.Size())
	}
	p.filter("~u basket & ~m POST")
	p.wait("/^[0-9,]+ of /.test(document.querySelector('#status').textContent)")
	p.click("#head [data-column=size] button")
	p.wait("document.querySelector('#head [data-column=size]').ariaSort == 'ascending'")
	p.wait("document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
	if requests, _ := f.asked(); requests > 0 {
		t.Errorf("filter and order asked for more, %d times", requests)
	}
	p.click("#rows [data-flow-id]")
	p.click("[data-tab=response]")
	p.wait("document.querySelector('#body')?.textContent")
	requests, _ = f.asked()
	t.Logf("a flow and its body with %d more", requests)
	if requests > 6 {
		t.Errorf("a flow and its body take %d requests", requests)
	}
}

// A host that knows no ranges sends the whole file.
func TestRemoteWithoutRanges(t *testing.T) {
	f := newFar(t, "../../static/samples/shop.mitm", 0, true)
	p := openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/"))
	p.opened(sampleFlows)
	if requests, _ := f.asked(); requests != 1 {
		t.Errorf("%d requests", requests)
	}
}

// What came of a download is shown before the rest comes.
func TestRemoteWhileItComes(t *testing.T) {
	f := newFar(t, "../../static/samples/shop.mitm", 0, true)
	f.halfway = make(chan struct{})
	p := openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/"))
	p.wait("document.querySelector('#rows [data-flow-id]')")
	p.wait("document.documentElement.dataset.state == 'reading'")
	if rows := p.eval("document.querySelector('#flows').getAttribute('aria-rowcount')"); rows == strconv.Itoa(sampleFlows+1) {
		t.Errorf("%s rows of half a file", rows)
	}
	close(f.halfway)
	p.opened(sampleFlows)
}

// BenchmarkRemote opens the session database $FLOWPANE_PACKED 20 ms away: as a
// whole, and by a link to its last flow that has a body.
func BenchmarkRemote(b *testing.B) {
	path := os.Getenv("FLOWPANE_PACKED")
	if path == "" {
		b.Skip("no session database: name one in FLOWPANE_PACKED")
	}
	for b.Loop() {
		f := newFar(b, path, 20*time.Millisecond, false)
		f.most, f.rest = 4, make(chan struct{}) // until the first rows are there
		p := openAt(b, f.URL, "")
		p.wait("document.documentElement.dataset.state == 'ready'")
		p.eval(stopwatch)
		p.eval("(() => { watch.chosen = performance.now(); location.hash = '#url=%s' })()", strings.TrimPrefix(remotePath, "/"))
		p.wait("watch.first")
		first, firstBytes := f.asked()
		close(f.rest)
		all := p.listed() // and what is read after the list
		rest, restBytes := f.asked()
		p.click("#rows [data-flow-id]")
		p.wait("document.querySelector('#detail [role=tab]')")
		p.click("[data-tab=response]")
		time.Sleep(time.Second)
		detail, _ := f.asked()
		b.ReportMetric(evaluate[float64](p, "watch.first - watch.chosen"), "first-row-ms")
		b.ReportMetric(float64(first), "first-requests")
		b.ReportMetric(float64(firstBytes)/1000, "first-kB")
		b.ReportMetric(all, "all-rows-ms")
		b.ReportMetric(float64(first+rest), "list-requests")
		b.ReportMetric(float64(firstBytes+restBytes)/1000, "list-kB")
		b.ReportMetric(float64(detail), "detail-requests")
		p.filter("~c 200 & ~t json")
		p.wait("/ of /.test(document.querySelector('#status').textContent) && document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
		p.click("#rows [data-flow-id]")
		p.press(kb.End)
		p.wait("document.querySelector('#rows [aria-rowindex=\"' + document.querySelector('#flows').getAttribute('aria-rowcount') + '\"][aria-selected=true]')")
		key := p.selected()
		p.close()
		reportLinked(b, path, key)
	}
}

// reportLinked opens a session by a link to a flow, and reports what that takes
// until the flow is shown with its body. The host answers no more before.
func reportLinked(b *testing.B, path, key string) {
	b.Helper()
	f := newFar(b, path, 20*time.Millisecond, false)
	f.most, f.rest = 6, make(chan struct{})
	defer close(f.rest)
	p := openAt(b, f.URL, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.eval("(() => { window.chosen = performance.now(); location.hash = '#url=%s&tab=response&flow=%s' })()", strings.TrimPrefix(remotePath, "/"), key)
	p.wait("document.querySelector('#rows [data-flow-id]') && document.querySelector('#body')?.textContent")
	b.ReportMetric(evaluate[float64](p, "performance.now() - chosen"), "linked-ms")
	requests, bytes := f.asked()
	b.ReportMetric(float64(requests), "linked-requests")
	b.ReportMetric(float64(bytes)/1000, "linked-kB")
	p.close()
}

// A dump that is written to is followed: its flows come as they are whole, and
// the filter stays.
func TestFollow(t *testing.T) {
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "growing.mitm")
	write := func(b []byte) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	half := len(sample) / 2
	write(sample[:half])
	f := newFar(t, path, 0, false)
	p := openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/")+"&filter=~m%20POST")
	p.wait("document.documentElement.dataset.state == 'open'")
	p.wait("document.querySelector('#issues').hidden")
	p.wait("!document.querySelector('#follow').hidden")
	before := p.eval("document.querySelector('#status').textContent")
	p.click("#follow")
	p.wait("document.querySelector('#status').textContent.startsWith('Following')")
	write(sample[half:])
	p.wait("document.querySelector('#status').textContent.endsWith('of 42 flows')")
	write(sample)
	p.wait("document.querySelector('#status').textContent.endsWith('of 84 flows')")
	p.click("#follow")
	p.wait("!document.querySelector('#status').textContent.startsWith('Following')")
	if now := p.eval("document.querySelector('#status').textContent"); now == before || !strings.Contains(now, " of 84") {
		t.Errorf("%q, before %q", now, before)
	}
	p.wait("document.querySelector('#issues').hidden")
}

// A file that is dropped is followed too, by its handle.
func TestFollowDropped(t *testing.T) {
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "growing.mitm")
	if err := os.WriteFile(path, sample, 0o600); err != nil {
		t.Fatal(err)
	}
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	for _, kind := range []input.DispatchDragEventType{"dragEnter", "dragOver", "drop"} {
		if _, err := chromedp.Call(p.ctx, input.DispatchDragEvent, input.DispatchDragEventParams{
			Type: kind, X: 300, Y: 300, Data: &input.DragData{Items: []*input.DragDataItem{}, Files: []string{path}, DragOperationsMask: 1},
		}); err != nil {
			t.Fatal(err)
		}
	}
	p.opened(sampleFlows)
	p.wait("!document.querySelector('#follow').hidden")
	p.click("#follow")
	if err := os.WriteFile(path, append(sample, sample...), 0o600); err != nil {
		t.Fatal(err)
	}
	p.shows(2 * sampleFlows)
	p.click("#rows [aria-rowindex='5']")
	p.click("[data-tab=response]")
	p.wait("document.querySelector('#body')?.textContent")
}

// A host that sends files as a whole is not asked for one that is too large.
func TestRemoteTooLarge(t *testing.T) {
	f := newFar(t, "", 0, true)
	f.Config.Handler = oversized{f.Config.Handler}
	p := openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/"))
	p.issue("the host sends files as a whole, and this one has 2048 MB: up to 1024 MB are opened so. Save the file and drop it here")
}

// oversized says that the session is larger than what is opened as a whole.
type oversized struct{ http.Handler }

func (o oversized) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != remotePath {
		o.Handler.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(2<<30))
	w.Write(make([]byte, 1000))
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}
