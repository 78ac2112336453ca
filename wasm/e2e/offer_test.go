//go:build !js

package e2e_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// surrounding is a page that hands a session over to the viewer, in a frame.
const surrounding = `<!doctype html><title>host</title><iframe id="viewer" src="%s/" style="width:1200px;height:700px"></iframe><script>
const said = [];
addEventListener('message', ({ data, origin }) => {
	if (origin !== new URL(viewer.src).origin) return;
	said.push(data.flowpane);
	if (data.flowpane !== 'ready') return;
	const session = Uint8Array.from(atob('%s'), (c) => c.charCodeAt(0)).buffer;
	viewer.contentWindow.postMessage({ flowpane: 'open', session, name: 'from-ci.mitm', view: 'filter=~m%%20POST' }, origin);
});
</script>`

// A frame is a page within a page, of another origin: what is evaluated in the
// one sees nothing of the other.
type frame struct {
	*page
	context runtime.ExecutionContextID
}

// frameOf waits for the frame of an origin.
func frameOf(p *page, contexts <-chan *runtime.ExecutionContextDescription, origin string) frame {
	p.Helper()
	for {
		select {
		case c := <-contexts:
			if c.Origin == origin {
				return frame{p, c.ID}
			}
		case <-time.After(patience):
			p.Fatalf("there is no frame of %s", origin)
		}
	}
}

func (f frame) eval(js string) string {
	f.Helper()
	r, err := chromedp.Call(f.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "String(" + js + ")", ContextID: f.context, ReturnByValue: new(true)})
	if err != nil {
		f.Fatal(err)
	}
	return string(r.Result.Value)
}

func (f frame) wait(js string) {
	f.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if f.eval("Boolean("+js+")") == `"true"` {
			return
		}
	}
	f.Fatalf("never true in the frame: %s; it shows %s", js, f.eval("document.body.innerText.slice(0, 300)"))
}

// Another page hands over a session, which opens once a person agrees to that
// page by name.
func TestOfferInFrame(t *testing.T) {
	viewer := httptest.NewServer(http.FileServerFS(os.DirFS("../../static/dist"))) // without headers that forbid frames
	t.Cleanup(viewer.Close)
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	around := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		fmt.Fprintf(w, surrounding, viewer.URL, base64.StdEncoding.EncodeToString(sample))
	}))
	t.Cleanup(around.Close)
	p := tab(t, around.URL, chromedp.WithNewBrowserContext())
	p.also(viewer.URL)
	contexts := make(chan *runtime.ExecutionContextDescription, 64)
	if err := chromedp.Listen(p.ctx, func(ev any) {
		if ev, ok := ev.(*runtime.EventExecutionContextCreated); ok {
			contexts <- ev.Context
		}
	}); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate(around.URL))
	f := frameOf(p, contexts, viewer.URL)
	f.wait("document.querySelector('#consent')?.open")
	if text := f.eval("document.querySelector('#consent').innerText"); !strings.Contains(text, around.URL) || !strings.Contains(text, "from-ci.mitm") {
		t.Errorf("it asks %s", text)
	}
	if state := f.eval("document.documentElement.dataset.state"); state == `"reading"` || state == `"open"` {
		t.Errorf("before a yes the page is %s", state)
	}
	f.eval("document.querySelector('#consent-yes').click()")
	f.wait("document.documentElement.dataset.state == 'open' && document.querySelector('#name').textContent == 'from-ci.mitm'")
	f.wait("document.querySelector('#flows').getAttribute('aria-rowcount') == '11'")
	if shown := f.eval("getComputedStyle(document.querySelector('header h1')).display"); shown != `"none"` {
		t.Error("a page within another shows its own name")
	}
	p.wait("said.join() == 'ready,opened'")
	p.forgive("Blocked autofocusing") // the focus is the page's around, until a person comes here
}
