//go:build !js

package e2e_test

import (
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// shifts notes what moved that nobody had moved. Less than a line of a cell, which
// another filter may move, is nothing.
const shifts = `(() => {
	globalThis.shifted = [];
	new PerformanceObserver((list) => {
		for (const e of list.getEntries()) {
			if (!e.hadRecentInput && e.value > 0.0005) shifted.push(e.value.toFixed(4) + ' ' + e.sources.map((s) => s.node?.id || s.node?.className || s.node?.nodeName).join(', '));
		}
	}).observe({type: 'layout-shift', buffered: true});
})()`

// TestNothingShifts: once painted, the page stays where it is while its programs
// start, and so does the table while a session is read and a filter is applied.
func TestNothingShifts(t *testing.T) {
	for _, c := range []struct {
		name, fragment string
		width, height  int64
	}{{"start", "", 1440, 900}, {"narrow start", "", 390, 844}, {"session", "#url=samples/shop.mitm", 1440, 900}, {"narrow session", "#url=samples/shop.mitm", 390, 844}} {
		t.Run(c.name, func(t *testing.T) {
			p := tab(t, address, chromedp.WithNewBrowserContext())
			if _, err := chromedp.Call(p.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: shifts}); err != nil {
				t.Fatal(err)
			}
			p.do(chromedp.EmulateViewport(c.width, c.height), chromedp.Navigate(address+"/"+c.fragment))
			if c.fragment == "" {
				p.wait("document.documentElement.dataset.state == 'ready'")
				p.wait("document.querySelector('#offline').textContent != ''")
			} else {
				p.opened(sampleFlows)
				p.filter("~m POST")
				p.shows(10)
			}
			p.drawn()
			if got := p.eval("shifted.join('; ')"); got != "" {
				t.Errorf("moved: %s", got)
			}
		})
	}
}
