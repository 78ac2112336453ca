//go:build !js

package e2e_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
)

// A frail host serves the viewer, and a session beside it, and can be switched off.
type frail struct {
	testing.TB
	content []byte
	whole   bool // it knows no ranges
	fails   int  // which answer with the session it goes off in the midst of

	silent  chan struct{} // where set, the next request for the session is not answered, and this is closed when it is given up
	answers int           // how many are answered before

	near   string // where the viewer is
	proxy  *httputil.ReverseProxy
	mu     sync.Mutex
	at     string
	server *http.Server
	asked  int // for the session
}

func newFrail(t testing.TB, content []byte, whole bool, fails int) *frail {
	t.Helper()
	near, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	h := &frail{TB: t, content: content, whole: whole, fails: fails, at: "127.0.0.1:0", near: near.Host, proxy: httputil.NewSingleHostReverseProxy(near)}
	h.on()
	t.Cleanup(h.off)
	return h
}

func (h *frail) on() {
	h.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	listener, err := net.Listen("tcp", h.at)
	if err != nil {
		h.Fatal(err)
	}
	h.at = listener.Addr().String()
	h.server = &http.Server{Handler: h}
	go h.server.Serve(listener)
}

// off breaks all connections, and takes no more.
func (h *frail) off() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.server.Close()
}

// open opens a tab on the session.
func (h *frail) open() *page {
	h.Helper()
	return openAt(h.TB, "http://"+h.at, "#url="+strings.TrimPrefix(remotePath, "/"))
}

func (h *frail) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != remotePath {
		r.Host = h.near
		h.proxy.ServeHTTP(w, r)
		return
	}
	w.Header().Set("ETag", `"1"`)
	w.Header().Set("Cache-Control", "no-store")
	if h.whole {
		r.Header.Del("Range")
	}
	h.mu.Lock()
	h.asked++
	fails := h.asked == h.fails
	last := h.asked == h.answers+1
	h.mu.Unlock()
	if h.silent != nil && last {
		<-r.Context().Done()
		close(h.silent)
		return
	}
	if fails {
		half := len(h.content) / 2
		if h.whole {
			w.Header().Set("Content-Length", strconv.Itoa(len(h.content)))
			w.Write(h.content[:half])
			w.(http.Flusher).Flush()
		}
		h.off()
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(h.content))
}

// sessionDatabase returns the flows of a dump as a session database.
func sessionDatabase(t *testing.T, dump []byte) []byte {
	t.Helper()
	e := engine.New(engine.Config{Source: func(context.Context, *viewerpb.Source) (blob.Source, error) { return blob.Bytes(dump), nil }})
	defer e.Close(t.Context())
	var saved []byte
	err := e.Open(t.Context(), []*viewerpb.Source{{Name: "dump"}}, func(*viewerpb.Progress) {})
	if err == nil {
		err = e.Save(t.Context(), &viewerpb.Save{Target: "sessiondb"}, func(piece *viewerpb.Saved) { saved = append(saved, piece.Data...) })
	}
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// A session whose host goes away while it is read is waited for, and is complete
// when the host is there again. So is a flow that is asked for meanwhile.
func TestNetworkLost(t *testing.T) {
	const times = 100
	for name, whole := range map[string]bool{"ranges": false, "whole": true} {
		t.Run(name, func(t *testing.T) {
			fails := 2 // behind the first part of it
			if whole {
				fails = 1
			}
			content := repeatSample(t, times)
			if !whole {
				content = sessionDatabase(t, content)
			}
			h := newFrail(t, content, whole, fails)
			p := h.open()
			waits := "document.querySelector('#status').textContent.startsWith(" + quote("http://"+h.at+": no answer, asking again · ") + ")"
			p.wait("%s", waits)
			if state := p.eval("document.documentElement.dataset.state"); state != "reading" {
				t.Errorf("the session is %s", state)
			}
			h.on()
			p.opened(times * sampleFlows)
			p.wait("!%s && document.querySelector('#issues').hidden", waits)
			if !whole {
				h.off()
				p.click("#rows [aria-rowindex='4']")
				p.wait("%s", waits)
				h.on()
				p.click("[data-tab=response]")
				p.wait("document.querySelector('#body')?.textContent && !%s", waits)
			}
			p.forgive("net::ERR_", "when fetching the script") // of the service worker
		})
	}
}

// A host that takes a request and never answers is spoken of, and does not stand in
// the way of another session: nobody waits for it any more.
func TestSilentHost(t *testing.T) {
	for name, answers := range map[string]int{"at once": 0, "in the middle": 1} {
		t.Run(name, func(t *testing.T) {
			h := newFrail(t, repeatSample(t, 100), false, 0)
			h.silent, h.answers = make(chan struct{}), answers
			p := h.open()
			p.wait("document.querySelector('#status').textContent.startsWith(%s)", quote("http://"+h.at+": still waiting for an answer · Reading "))
			p.eval("location.hash = '#url=samples/shop.mitm'")
			p.opened(sampleFlows)
			select {
			case <-h.silent:
			case <-time.After(patience):
				t.Error("the request goes on")
			}
		})
	}
}
