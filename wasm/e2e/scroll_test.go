//go:build !js

package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// scrolling scrolls the table once a frame, for so many frames, by what a
// function of the frame says, and returns per frame how long scripts ran, then
// how many frames it took after the last until every row on screen was there.
// Scripts are Go's from one wake-up to the next sleep.
const scrolling = `(async (frames, to) => {
	const flows = document.querySelector('#flows'), head = document.querySelector('#head');
	const resume = Go.prototype._resume;
	let script = 0, depth = 0;
	Go.prototype._resume = function () {
		const began = performance.now();
		depth++;
		try {
			return resume.call(this);
		} finally {
			if (--depth == 0) script += performance.now() - began;
		}
	};
	const frame = () => new Promise(requestAnimationFrame);
	const blank = () => {
		const box = flows.getBoundingClientRect(), y = (head.getBoundingClientRect().bottom + box.bottom) / 2;
		return !document.elementFromPoint(box.left + box.width / 2, y)?.closest('[data-flow-id]');
	};
	const took = [];
	for (let i = 0; i < frames; i++) {
		flows.scrollTop = to(i, flows);
		script = 0;
		await frame();
		took.push(script);
	}
	// What a person sees is what was there when a frame had been painted.
	const painted = () => new Promise((resolve) => setTimeout(resolve));
	let late = 0;
	await painted();
	while (blank() && late < 100) {
		late++;
		await frame();
		await painted();
	}
	Go.prototype._resume = resume;
	took.sort((a, b) => a - b);
	return {p50: took[frames >> 1], p95: took[Math.floor(frames * .95)], max: took[frames - 1], late, nodes: document.querySelectorAll('*').length};
})`

// BenchmarkScroll scrolls through the dump that BenchmarkOpen opens: by the
// wheel, by PageDown and by dragging.
func BenchmarkScroll(b *testing.B) {
	path := dump(b, 100_000/sampleFlows)
	p := open(b, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#open"), []string{path}))
	p.until("document.documentElement.dataset.state == 'open'")
	time.Sleep(choosing)
	for _, way := range []struct{ name, to string }{
		{"wheel", "(i, e) => e.scrollTop + 53"},
		{"pages", "(i, e) => e.scrollTop + e.clientHeight"},
		{"drag", "(i, e) => e.scrollHeight * ((i * 37) % 300) / 300"},
	} {
		b.Run(way.name, func(b *testing.B) {
			var took struct {
				P50, P95, Max float64
				Late, Nodes   float64
			}
			for b.Loop() {
				took = evaluate[struct {
					P50, P95, Max float64
					Late, Nodes   float64
				}](p, fmt.Sprintf("%s(300, %s)", scrolling, way.to))
			}
			b.ReportMetric(took.P50, "p50-ms")
			b.ReportMetric(took.P95, "p95-ms")
			b.ReportMetric(took.Max, "max-ms")
			b.ReportMetric(took.Late, "blank-frames")
			b.ReportMetric(took.Nodes, "nodes")
		})
	}
}
