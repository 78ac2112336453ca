//go:build !js

package e2e_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
				if err := chromedp.Do(ctx); err != nil { // it lives by the context of the first call
					p.Fatal(err)
				}
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
	p.click("#head [data-column=size] button")
	p.wait("document.querySelector('#rows [aria-rowindex=\"7\"]:not(.marked) [data-column=size]').textContent == '131 B'")
	p.click("#rows [aria-rowindex='7']")
	p.click("[data-tab=response]")
	p.wait("document.querySelector('#body')?.textContent")
	p.press("m")
	seen := func() string {
		p.Helper()
		p.wait("document.querySelector('#rows [aria-rowindex=\"7\"].marked') && document.querySelector('#body')?.textContent && document.documentElement.dataset.state == 'open'")
		p.wait("document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
		return p.eval("[location.hash, document.querySelector('#status').textContent, document.querySelector('#rows [aria-rowindex=\"7\"]').textContent, document.querySelector('#filter').value, " +
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

// An engine that would take more memory than there is ends by itself. One file that
// does so each time is not opened for ever.
func TestEngineOutOfMemory(t *testing.T) {
	p := narrow(t, 640)
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.choose(write(t, "large.mitm", repeatSample(t, 1200)))
	p.issue("The engine stopped again while it read this, so it is not opened once more. It may take more memory than this browser grants")
	p.forgive("fatal error: out of memory", "exit code: 2")
	p.wait("document.documentElement.dataset.state == 'failed'")
	p.choose(write(t, "small.mitm", repeatSample(t, 1)))
	p.opened(sampleFlows)
}

// narrow opens the viewer in a browser of its own, whose programs have this many
// pages of 64 KB of memory at the most.
func narrow(t *testing.T, pages int) *page {
	t.Helper()
	chromium, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(chromium), chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("js-flags", fmt.Sprint("--wasm-max-mem-pages=", pages)))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	p := tabOf(t, ctx, address)
	p.do(chromedp.Navigate(address + "/"))
	return p
}

// A session that is kept is opened again from where it is kept, which the engine
// that ended had for itself.
func TestEngineEndsOverKept(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.click("#keep")
	p.wait("location.hash.startsWith('#local=shop.mitm') && document.querySelector('#keep').textContent == 'Kept'")
	p.killEngine()
	p.issue("The engine stopped, perhaps for want of memory.")
	p.opened(sampleFlows)
	p.wait("document.querySelector('#keep').textContent == 'Kept'")
	p.click("#rows [aria-rowindex='4']")
	p.click("[data-tab=response]")
	p.wait("document.querySelector('#body')?.textContent")
}
