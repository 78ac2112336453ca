//go:build !js

package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// stopwatch notes, in the page itself, when a file was chosen, when its first
// row stood in the document, and when the table was last brought up to date: when
// the next frame begins. It looks when the table changes: a look in each frame
// would have the browser make frames for it alone.
const stopwatch = `(() => {
	const flows = document.querySelector('#flows');
	window.watch = {};
	const note = (what) => requestAnimationFrame(() => watch[what] ??= performance.now());
	let was;
	const look = () => {
		const rows = Number(flows.getAttribute('aria-rowcount')), busy = flows.getAttribute('aria-busy') == 'true';
		if (!watch.first && flows.querySelector('[data-flow-id]')) note('first');
		if (watch.filter && rows != watch.before && !busy) note('filtered');
		if (was != (was = rows + ' ' + busy)) requestAnimationFrame(() => watch.last = performance.now());
	};
	new MutationObserver(look).observe(flows, {childList: true, subtree: true, attributes: true, attributeFilter: ['aria-rowcount', 'aria-busy', 'data-flow-id']});
	document.addEventListener('change', (e) => {
		if (e.target.id != 'open') return;
		watch.chosen = performance.now();
		watch.file = e.target.files[0];
	}, true);
	watch.longest = 0;
	new PerformanceObserver((list) => {
		for (const task of list.getEntries()) watch.longest = Math.max(watch.longest, task.duration);
	}).observe({entryTypes: ['longtask']});
})()`

// rawRead reads the file that was chosen as fast as a browser does, and does
// nothing with it.
const rawRead = `(async () => {
	const began = performance.now();
	const reader = watch.file.stream().getReader();
	while (!(await reader.read()).done);
	return performance.now() - began;
})()`

// listed waits until all rows are there, and a person has seen them, and returns
// how many milliseconds after the file was chosen they were.
func (p *page) listed() (after float64) {
	p.Helper()
	p.until("document.documentElement.dataset.state == 'open' && document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
	time.Sleep(choosing)
	return evaluate[float64](p, "watch.last - watch.chosen")
}

// choosing is how long a person takes to choose a file, at the least: the page
// and the engine warm themselves meanwhile.
const choosing = 3 * time.Second

// BenchmarkOpen opens a dump of 10,000 flows and filters it by URL, in a real
// browser, and reports what a person waits for. $FLOWPANE_DUMP names a
// session file, of any format, to open in place of the sample many times over.
func BenchmarkOpen(b *testing.B) {
	path := dump(b, 10_000/sampleFlows)
	for b.Loop() {
		p := open(b, "")
		p.wait("document.documentElement.dataset.state == 'ready'")
		time.Sleep(choosing)
		empty := rendererPeak()
		p.eval(stopwatch)
		p.do(chromedp.SetUploadFiles(chromedp.CSS("#open"), []string{path}))
		all := p.listed()
		p.eval(`(() => {
			const box = document.querySelector('#filter');
			watch.before = Number(document.querySelector('#flows').getAttribute('aria-rowcount'));
			box.value = '~u cart';
			watch.filter = performance.now();
			box.dispatchEvent(new InputEvent('input', {bubbles: true}));
		})()`)
		p.wait("watch.filtered")
		b.ReportMetric(evaluate[float64](p, "watch.first - watch.chosen"), "first-row-ms")
		b.ReportMetric(all, "all-rows-ms")
		b.ReportMetric(evaluate[float64](p, "watch.filtered - watch.filter"), "filter-ms")
		b.ReportMetric(evaluate[float64](p, "watch.before - 1"), "flows")
		b.ReportMetric(evaluate[float64](p, "watch.longest"), "longest-task-ms")
		b.ReportMetric(empty, "empty-page-MB")
		b.ReportMetric(rendererPeak(), "renderer-peak-MB")
		raw := evaluate[float64](p, rawRead)
		b.ReportMetric(raw, "raw-read-ms")
		b.ReportMetric(all/raw, "all-rows-x-raw")
		p.close()
	}
}

// BenchmarkSearch looks through all bodies of the same dump for a text that is
// in none of them.
func BenchmarkSearch(b *testing.B) {
	path := dump(b, 10_000/sampleFlows)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p := open(b, "")
		p.wait("document.documentElement.dataset.state == 'ready'")
		p.eval(stopwatch)
		p.do(chromedp.SetUploadFiles(chromedp.CSS("#open"), []string{path}))
		p.until("document.documentElement.dataset.state == 'open'")
		p.eval(`(() => {
			const box = document.querySelector('#filter');
			watch.before = Number(document.querySelector('#flows').getAttribute('aria-rowcount'));
			box.value = '~b no-such-text-anywhere';
			watch.filter = performance.now();
			box.dispatchEvent(new InputEvent('input', {bubbles: true}));
		})()`)
		p.until("watch.filtered && document.querySelector('#flows').getAttribute('aria-busy') != 'true' && document.querySelector('#status').textContent.startsWith('0 of') && !document.querySelector('#status').textContent.includes('so far')")
		took := evaluate[float64](p, "performance.now() - watch.filter")
		raw := evaluate[float64](p, rawRead)
		b.ReportMetric(took, "search-ms")
		b.ReportMetric(float64(info.Size())/1e3/took, "MB/s")
		b.ReportMetric(took/raw, "search-x-raw")
		p.close()
	}
}

// BenchmarkReopen keeps the same dump, and opens it again without its file.
func BenchmarkReopen(b *testing.B) {
	path := dump(b, 10_000/sampleFlows)
	for b.Loop() {
		p := openOnDisk(b, address, "")
		p.wait("document.documentElement.dataset.state == 'ready'")
		p.do(chromedp.SetUploadFiles(chromedp.CSS("#open"), []string{path}))
		p.until("document.documentElement.dataset.state == 'open'")
		began := time.Now()
		p.click("#keep")
		p.until("document.querySelector('#keep').textContent == 'Kept'")
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "keep-ms")
		hash := p.eval("location.hash")
		p.eval("location.hash = ''")
		p.wait("document.querySelectorAll('#kept-list li').length == 1")
		p.eval(stopwatch)
		p.eval("(() => { watch.chosen = performance.now(); location.hash = '%s' })()", hash)
		p.wait("watch.first")
		b.ReportMetric(p.listed(), "all-rows-ms")
		b.ReportMetric(evaluate[float64](p, "watch.first - watch.chosen"), "first-row-ms")
		p.eval("location.hash = ''")
		p.click("[data-remove]")
		p.wait("document.querySelector('[data-remove]').textContent == 'Delete for good?'")
		p.click("[data-remove]")
		p.wait("document.querySelector('#kept').hidden")
		p.close()
	}
}

// dump returns the path of a dump with the sample written so many times: one
// dump behind another is a dump.
func dump(b *testing.B, times int) string {
	if path := os.Getenv("FLOWPANE_DUMP"); path != "" {
		return path
	}
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "many.mitm")
	if err := os.WriteFile(path, bytes.Repeat(sample, times), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}
