//go:build !js

package e2e_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// The worker of the engine, as one reaches it through the browser.
func (p *page) worker() context.Context {
	p.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		all, err := chromedp.Call(p.ctx, target.GetTargets, target.GetTargetsParams{Filter: target.Filter{{Type: "worker"}}})
		if err != nil {
			p.Fatal(err)
		}
		for _, w := range all.TargetInfos {
			if w.ParentID == chromedp.FromContext(p.ctx).Target.TargetID && strings.Contains(w.URL, "/worker") {
				ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(w.TargetID))
				p.Cleanup(cancel)
				return ctx
			}
		}
	}
	p.Fatal("the engine has no worker")
	return nil
}

// killEngine ends the worker of the engine, which says nothing of it.
func (p *page) killEngine() {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.worker(), patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "self.close()"}); err != nil && ctx.Err() != nil {
		p.Fatal(err) // else it was so quick that it did not answer
	}
}

// starve takes all the memory that the engine may have.
func (p *page) starve() {
	p.Helper()
	ctx := p.worker()
	prototype := inWorker(p, ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "WebAssembly.Memory.prototype"})
	memories := inWorker(p, ctx, runtime.QueryObjects, runtime.QueryObjectsParams{PrototypeObjectID: prototype.Result.ObjectID})
	grown := inWorker(p, ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: memories.Objects.ObjectID, FunctionDeclaration: `function () {
		for (let pages = 1 << 15; pages > 0; pages >>= 1) {
			for (;;) try { this[0].grow(pages); } catch { break; }
		}
		return String(this.length);
	}`})
	if string(grown.Result.Value) != `"1"` {
		p.Fatalf("memories of the engine: %s", grown.Result.Value)
	}
}

func inWorker[P, R any](p *page, ctx context.Context, command cdp.Command[P, R], params P) R {
	p.Helper()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	begun := time.Now()
	r, err := chromedp.Call(ctx, command, params)
	p.Logf("%s took %v", command.Method, time.Since(begun))
	if err != nil {
		p.Fatal(err)
	}
	return r
}

// issue waits until a text is among the problems.
func (p *page) issue(text string) {
	p.Helper()
	if !p.hears("document.querySelector('#issues').textContent.includes(" + quote(text) + ")") {
		p.Fatalf("the page does not say %q but %q", text, p.eval("document.querySelector('#issues').textContent"))
	}
}

// An engine that ends is started again, and shows what the last one showed: the
// file that was chosen, filter, order, flow and tab, and what was said of flows.
// One that ends again and again shows less, and the page stays of use.
func TestEngineEnds(t *testing.T) {
	p := open(t, "")
	sample, err := filepath.Abs("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	p.choose(sample)
	p.opened(sampleFlows)
	p.filter("~m POST")
	p.wait("/^[0-9]+ of 42 flows/.test(document.querySelector('#status').textContent)")
	p.click("#head [data-column=size]")
	p.click("#rows [aria-rowindex='4']")
	p.click("[data-tab=response]")
	p.wait("document.querySelector('#body')?.textContent")
	p.press("m")
	p.wait("document.querySelector('#rows [aria-rowindex=\"4\"].marked')")
	seen := func() string {
		p.Helper()
		p.wait("document.querySelector('#rows .marked') && document.querySelector('#body')?.textContent && document.documentElement.dataset.state == 'open'")
		p.wait("document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
		return p.eval("[location.hash, document.querySelector('#status').textContent, document.querySelector('#rows .marked').textContent, document.querySelector('#filter').value, " +
			"document.querySelector('#flows [aria-selected=true]').getAttribute('aria-rowindex'), document.querySelector('#body').textContent].join('\\n')")
	}
	before := seen()
	p.killEngine()
	p.issue("The engine stopped, perhaps for want of memory. It was started again, and the session opened again where you were.")
	if after := seen(); after != before {
		t.Errorf("after the engine ended the page shows\n%s\nbefore\n%s", after, before)
	}

	p.killEngine()
	p.issue("The engine stopped again. The session was opened again without its filter and without a flow")
	p.opened(sampleFlows)
	if hash := p.eval("location.hash"); strings.Contains(hash, "flow=") || strings.Contains(hash, "filter=") {
		t.Errorf("the address is %s", hash)
	}
	p.killEngine()
	p.issue("The engine stopped again while it read this, so it is not opened once more.")
	p.wait("document.documentElement.dataset.state == 'failed'")
	p.choose(sample)
	p.opened(sampleFlows)
}

// An engine that has no more memory ends by itself. A session that is kept is
// opened again from where it is kept.
func TestEngineWithoutMemory(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&filter=~m%20POST")
	p.wait("document.documentElement.dataset.state == 'open'")
	p.click("#keep")
	p.wait("location.hash.startsWith('#local=shop.mitm') && document.querySelector('#keep').textContent == 'Kept'")
	p.starve()
	large := write(t, "large.mitm", repeatSample(t, 2000))
	p.choose(large)
	p.issue("The engine stopped")
	p.forgive("fatal error", "runtime", "goroutine", "exit code")
	p.wait("document.documentElement.dataset.state == 'open'")
	p.close()
}
