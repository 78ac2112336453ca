//go:build !js

package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// painted waits until the canvas has as many pixels as the screen has there, and
// the bars on it have the colours that the theme has for them.
func (p *page) painted() {
	p.Helper()
	p.wait(`(canvas => {
		const {width, height} = canvas, box = canvas.getBoundingClientRect();
		if (Math.abs(width - box.width * devicePixelRatio) > 1 || Math.abs(height - box.height * devicePixelRatio) > 1) return false;
		const context = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
		const colours = (paint) => {
			context.clearRect(0, 0, width, height);
			paint();
			return Array.from(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer));
		};
		const painted = new Set(colours(() => context.drawImage(canvas, 0, 0)));
		return [...canvas.querySelectorAll('.s2, .s4, .failed')].every((e) => painted.has(colours(() => {
			context.fillStyle = getComputedStyle(e).color;
			context.fillRect(0, 0, width, height);
		})[0]));
	})(document.querySelector('#timeline canvas'))`)
}

// TestTimeline chooses a part of the session with the mouse and by keys, zooms,
// and sees the waterfall follow.
func TestTimeline(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.painted()
	p.wait("document.querySelector('#timeline-plot').getAttribute('aria-label').includes('flows in ')")
	all := p.eval("document.querySelector('#timeline-plot').getAttribute('aria-label')")

	at := func(side string) float64 {
		return evaluate[float64](p, "(r => "+side+")(document.querySelector('#timeline-plot').getBoundingClientRect())")
	}
	left, width, y := at("r.left"), at("r.width"), at("r.top + r.height / 2")
	mouse := func(kind input.DispatchMouseEventType, part float64) {
		p.do(chromedp.MouseEvent(kind, left+part*width, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	}
	mouse(chromedp.MouseMoved, 0.5)
	p.wait("!document.querySelector('#timeline-value').hidden")
	mouse(chromedp.MousePressed, 0.2)
	mouse(chromedp.MouseMoved, 0.4)
	mouse(chromedp.MouseMoved, 0.8)
	p.wait("document.querySelector('#timeline-brush').offsetWidth > 100")
	mouse(chromedp.MouseReleased, 0.8)
	p.wait("document.querySelector('#filter').value.startsWith('~time =')")
	p.wait("document.querySelector('#status').textContent.includes(' of %d flows')", sampleFlows)

	// Back to all of it by keys, then from bar to bar.
	p.eval("document.querySelector('#timeline-plot').focus()")
	p.press(escape)
	p.wait("document.querySelector('#filter').value == ''")
	p.press(kb.Home, kb.ArrowRight)
	p.wait("document.querySelector('#timeline-plot').getAttribute('aria-valuenow') == '1'")
	p.press(kb.Home, enter)
	p.wait("document.querySelector('#filter').value.startsWith('~time =')")
	if value := p.eval("document.querySelector('#timeline-plot').getAttribute('aria-valuetext')"); !strings.Contains(value, "flow") {
		t.Errorf("the bar says %q", value)
	}
	p.wait("document.querySelectorAll('#rows .row').length >= 1")
	p.press(escape)
	p.wait("document.querySelector('#filter').value == ''")

	p.eval("document.querySelector('#timeline-plot').dispatchEvent(new WheelEvent('wheel', {deltaY: -100, clientX: 700, bubbles: true, cancelable: true}))")
	p.wait("document.querySelector('#timeline-plot').getAttribute('aria-label') != %q", all)
	p.click("#timeline-whole")
	p.wait("document.querySelector('#timeline-plot').getAttribute('aria-label') == %q", all)
	p.press("t")
	p.wait("document.querySelector('#timeline').hidden")
	p.press("t")
	p.wait("!document.querySelector('#timeline').hidden")

	// In another theme, of the system or chosen, and on another screen.
	was := p.eval("getComputedStyle(document.querySelector('#timeline .s2')).color")
	p.emulate("prefers-color-scheme", "dark")
	p.wait("getComputedStyle(document.querySelector('#timeline .s2')).color != %q", was)
	p.painted()
	p.press("?")
	p.wait("document.querySelector('#palette').open")
	p.press(strings.Split("light theme", "")...)
	p.press(enter)
	p.wait("getComputedStyle(document.querySelector('#timeline .s2')).color == %q", was)
	p.painted()
	p.do(chromedp.EmulateViewport(1000, 700, chromedp.EmulateScale(2)))
	p.wait("devicePixelRatio == 2")
	p.painted()
}

// TestTimelineWheel zooms the strip and moves it along the session: by the wheel,
// and by keys that go beyond its ends.
func TestTimelineWheel(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	const shown = "document.querySelector('#timeline-plot').getAttribute('aria-label') + document.querySelector('#timeline-ticks').innerHTML"
	p.wait("(%s).includes('flows in ') && (%[1]s).includes('<span')", shown)
	all := p.eval(shown)
	wheel := func(init string) {
		t.Helper()
		p.eval("document.querySelector('#timeline-plot').dispatchEvent(new WheelEvent('wheel', {%s, clientX: 700, bubbles: true, cancelable: true}))", init)
	}
	// changes waits until what is shown is another time than was.
	changes := func(was string) (now string) {
		t.Helper()
		p.wait("(%s) != %q", shown, was)
		p.drawn()
		return p.eval(shown)
	}

	wheel("deltaX: 80")
	wheel("deltaX: -80")
	p.drawn()
	p.wait("(%s) == %q && document.querySelector('#timeline-whole').hidden", shown, all)
	wheel("deltaY: -100")
	zoomed := changes(all)
	p.wait("document.querySelector('#timeline-whole').checkVisibility()")
	wheel("deltaX: 50")
	later := changes(zoomed)
	wheel("deltaX: -50")
	p.wait("(%s) == %q", shown, zoomed)
	wheel("deltaY: 50, shiftKey: true")
	p.wait("(%s) == %q", shown, later)
	wheel("deltaY: -50, shiftKey: true")
	p.wait("(%s) == %q", shown, zoomed)

	p.eval("document.querySelector('#timeline-plot').focus()")
	p.press(end)
	p.wait("document.querySelector('#timeline-plot').getAttribute('aria-valuenow') == '239'")
	last := p.eval("document.querySelector('#timeline-plot').getAttribute('aria-valuetext')")
	p.press(right)
	changes(zoomed)
	p.wait("document.querySelector('#timeline-plot').getAttribute('aria-valuetext') != %q", last)
	p.wait("document.querySelector('#timeline-plot').getAttribute('aria-valuenow') == '239'")
	p.press(kb.ArrowLeft)
	p.wait("document.querySelector('#timeline-plot').getAttribute('aria-valuetext') == %q", last)
	wheel("deltaY: 100")
	p.wait("(%s) == %q && document.querySelector('#timeline-whole').hidden", shown, all)
}
