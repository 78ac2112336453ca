//go:build !js

package e2e_test

import (
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// arrival notes when the page can take a file, and when its engine is ready.
const arrival = `(() => {
	const seen = globalThis.arrival = {};
	const look = () => {
		if (globalThis.flowpane?.dropped === null) seen.page ??= performance.now();
		if (document.documentElement?.dataset.state == 'ready') seen.engine ??= performance.now();
		if (!seen.engine) setTimeout(look, 5);
	};
	look();
})()`

// BenchmarkStart comes for the first time, with nothing of the page in the cache,
// and again once the browser keeps the page.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		h := newHost(b) // which no cache knows
		p := tab(b, h.URL)
		if _, err := chromedp.Call(p.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: arrival}); err != nil {
			b.Fatal(err)
		}
		p.do(chromedp.Navigate(h.URL + "/"))
		report := func(visit string) {
			p.wait("arrival.engine")
			b.ReportMetric(evaluate[float64](p, "performance.getEntriesByName('first-contentful-paint')[0].startTime"), visit+"-painted-ms")
			b.ReportMetric(evaluate[float64](p, "arrival.page"), visit+"-page-ms")
			b.ReportMetric(evaluate[float64](p, "arrival.engine"), visit+"-engine-ms")
		}
		report("first")
		p.wait("document.querySelector('#offline').textContent != ''")
		time.Sleep(choosing) // so that what was compiled is kept
		p.do(chromedp.Reload())
		report("second")
		time.Sleep(choosing)
		p.do(chromedp.Reload())
		report("third")
		p.close()
	}
}
