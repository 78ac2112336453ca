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

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// surrounding is a page that hands a session over to the viewer, in a frame.
const surrounding = `<!doctype html><title>host</title><iframe id="viewer" src="%s/" style="width:1200px;height:700px"></iframe><script>
const said = [];
function offer(name) {
	const session = Uint8Array.from(atob('%s'), (c) => c.charCodeAt(0)).buffer;
	viewer.contentWindow.postMessage({ flowpane: 'open', session, name, view: 'filter=~m%%20POST' }, new URL(viewer.src).origin);
}
addEventListener('message', ({ data, origin }) => {
	if (origin !== new URL(viewer.src).origin) return;
	said.push(data.flowpane);
	if (data.flowpane === 'ready') offer('from-ci.mitm');
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
	r, err := chromedp.Call(f.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "String(" + js + ")", ContextID: f.context, ReturnByValue: new(true), UserGesture: new(true)})
	if err != nil {
		f.Fatal(err)
	}
	return string(r.Result.Value)
}

func (f frame) is(js string) bool {
	f.Helper()
	return f.eval("Boolean("+js+")") == `"true"`
}

func (f frame) wait(js string) {
	f.Helper()
	f.waitFor(js, func() {})
}

// collect has the browser let go what nobody holds.
func (p *page) collect() {
	p.Helper()
	if _, err := chromedp.Call(p.ctx, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
		p.Fatal(err)
	}
}

// waitFor is wait that does something before each look.
func (f frame) waitFor(js string, do func()) {
	f.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if do(); f.is(js) {
			return
		}
	}
	f.Fatalf("never true in the frame: %s; it shows %s", js, f.eval("document.body.innerText.slice(0, 300)"))
}

// offered is a page around the viewer that has handed over a session, and the
// viewer in it, which asks.
func offered(t *testing.T) (p *page, f frame) {
	t.Helper()
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
	p = tab(t, around.URL, chromedp.WithNewBrowserContext())
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
	f = frameOf(p, contexts, viewer.URL)
	f.wait("document.querySelector('#consent')?.open")
	p.forgive("Blocked autofocusing") // the focus is the page's around, until a person comes here
	return p, f
}

// asks waits until the viewer asks about a session of a name.
func (f frame) asks(name string) {
	f.Helper()
	f.wait("document.querySelector('#consent').open && document.querySelector('#consent').innerText.includes('" + name + "')")
}

// Another page hands over a session, which opens once a person agrees to that
// page by name. Until then nobody has it, and who refuses it is rid of it.
func TestOfferInFrame(t *testing.T) {
	p, f := offered(t)
	f.asks("from-ci.mitm")
	if text := f.eval("document.querySelector('#consent').innerText"); !strings.Contains(text, p.site) {
		t.Errorf("it asks %s", text)
	}
	f.eval(`(() => {
		globalThis.handed = 0;
		const { port } = flowpane, send = port.postMessage;
		port.postMessage = function (message, transfer) {
			handed += Boolean(message.file);
			send.call(this, message, transfer);
		};
		addEventListener('message', ({ data }) => { globalThis.last = new WeakRef(data.session); });
	})()`)
	p.eval("offer('another.mitm')")
	f.asks("another.mitm")
	f.eval("document.querySelector('#consent-no').click()")
	p.wait("said.join() == 'ready,refused,refused'")
	f.waitFor("!last.deref()", p.collect)

	p.eval("offer('third.mitm')")
	f.asks("third.mitm")
	if handed := f.eval("handed"); handed != `"0"` {
		t.Errorf("before a yes the engine was handed %s sessions", handed)
	}
	f.wait(isClear)
	f.eval("document.querySelector('#consent-yes').click()")
	f.wait("document.documentElement.dataset.state == 'open' && document.querySelector('#name').textContent == 'third.mitm' && handed == 1")
	f.wait("document.querySelector('#flows').getAttribute('aria-rowcount') == '11'")
	if shown := f.eval("getComputedStyle(document.querySelector('header h1')).display"); shown != `"none"` {
		t.Error("a page within another shows its own name")
	}
	p.wait("said.join() == 'ready,refused,refused,opened'")
}

// What the page around covers, or makes transparent, nobody agrees to. In a tab of
// its own the question is the same, and the other page hears of the answer.
func TestOfferCovered(t *testing.T) {
	p, f := offered(t)
	f.wait(isClear)
	p.eval("document.body.append(Object.assign(document.createElement('div'), {id: 'over', style: 'position:fixed;inset:0;pointer-events:none;background:#fff'}))")
	f.wait("!(" + isClear + ")")
	f.eval("document.querySelector('#consent-yes').click()")
	p.eval("over.remove()")
	f.wait(isClear)
	p.eval("viewer.style.opacity = 0.01")
	f.wait("!(" + isClear + ")")
	if !f.is("document.querySelector('#consent').open && document.documentElement.dataset.state != 'open'") {
		t.Error("a yes to what was covered counts")
	}

	opens := chromedp.WaitNewTarget(p.ctx, func(info *target.Info) bool { return info.OpenerID != "" })
	f.eval("document.querySelector('#consent-apart').click()")
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(<-opens))
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	apart := &page{TB: t, ctx: ctx}
	apart.wait("document.querySelector('#consent')?.open && " + isClear)
	if text := apart.eval("document.querySelector('#consent').innerText"); !strings.Contains(text, p.site) || !strings.Contains(text, "from-ci.mitm") {
		t.Errorf("it asks %s", text)
	}
	apart.click("#consent-yes")
	p.wait("said.join() == 'ready,opened'")
	apart.wait("document.documentElement.dataset.state == 'open' && document.querySelector('#flows').getAttribute('aria-rowcount') == '11'")
}
