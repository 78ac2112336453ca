//go:build !js

package e2e_test

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// drag presses the mouse in the middle of an element, and moves it by some
// pixels before it lets go.
func (p *page) drag(selector string, by float64) {
	p.Helper()
	at := func(side string) float64 {
		return evaluate[float64](p, "(r => "+side+")(document.querySelector("+quote(selector)+").getBoundingClientRect())")
	}
	x, y := at("r.left + r.width / 2"), at("r.top + r.height / 2")
	mouse := func(kind input.DispatchMouseEventType, x float64) {
		p.do(chromedp.MouseEvent(kind, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	}
	mouse(chromedp.MousePressed, x)
	for step := 1.0; step <= 5; step++ {
		mouse(chromedp.MouseMoved, x+by*step/5)
	}
	mouse(chromedp.MouseReleased, x+by)
}

// heads is what the columns are, from left to right.
func (p *page) heads(want string) {
	p.Helper()
	p.wait("[...document.querySelectorAll('#head [data-column]')].map(e => e.dataset.column).join(' ') == %q", want)
}

// TestColumns chooses columns by the dialog, moves and widens them with the
// mouse, and finds them the same after a reload.
func TestColumns(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.heads("number time method status host path type size duration")
	p.press("c")
	p.wait("document.querySelector('#columns').open")
	p.click("#columns-list [data-column-name=time] input")
	p.click("#columns-list [data-column-name=version] input")
	p.heads("number method status host path type size duration version")
	p.click("#columns-list [data-column-name=version] [data-by='-1']")
	p.heads("number method status host path type size version duration")
	p.press(escape)
	p.wait("!document.querySelector('#columns').open")
	p.wait("[...document.querySelectorAll('#rows [data-column=version]')].some(e => e.textContent == 'HTTP/2.0')")

	p.drag("#head [data-column=type] button", -500)
	p.heads("number method status host type path size version duration")
	if sorted := p.eval("document.querySelector('#head [data-column=type]').ariaSort"); sorted != "none" {
		t.Errorf("dragged, it sorts: %s", sorted)
	}
	width := "document.querySelector('#head [data-column=host]').getBoundingClientRect().width"
	before := evaluate[float64](p, width)
	p.drag("#head [data-grip=host]", 60)
	p.wait("Math.abs(%s - %v) < 2", width, before+60)
	p.do(chromedp.Reload())
	p.opened(sampleFlows)
	p.heads("number method status host type path size version duration")
	p.wait("Math.abs(%s - %v) < 2", width, before+60)
	p.click("#head [data-column=host] button")
	p.wait("document.querySelector('#head [data-column=host]').ariaSort == 'ascending'")

	// Each sorts, whatever it holds.
	p.press("c")
	for _, column := range []string{"scheme", "tls", "state"} {
		p.click("#columns-list [data-column-name=%s] input", column)
	}
	p.press(escape)
	for _, sorted := range []struct{ column, last string }{{"tls", "TLS"}, {"state", "replayed"}, {"scheme", "https"}} {
		p.click("#head [data-column=%s] button", sorted.column)
		p.click("#head [data-column=%s] button", sorted.column)
		p.wait("document.querySelector('#head [data-column=%s]').ariaSort == 'descending'", sorted.column)
		p.wait("document.querySelector('#rows [aria-rowindex=\"2\"] [data-column=%s]').textContent == %q", sorted.column, sorted.last)
	}
}

// TestColumnWidths makes columns wider and narrower by keys, also where there is
// little room for that.
func TestColumnWidths(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	width := func(column string) string {
		return "document.querySelector('#head [data-column=" + column + "]').getBoundingClientRect().width"
	}
	host, status := evaluate[float64](p, width("host")), evaluate[float64](p, width("status"))
	const wider = "#columns-list [aria-label='Make Host wider']"
	p.press("c")
	p.wait("document.querySelector('#columns').open")
	p.eval("document.querySelector(%q).focus()", wider)
	p.press(enter, enter)
	p.wait("Math.abs(%s - %v) < 1", width("host"), host+32)
	p.wait("document.activeElement.matches(%q)", wider)
	p.click("#columns-list [aria-label='Make Status narrower']")
	p.wait("%s == %v", width("status"), status-16)
	p.click("#columns-list [data-column-name=host] [data-by='-1']")
	p.heads("number time method host status path type size duration")
	p.wait("document.activeElement.matches(\"[aria-label='Move Host to the left']\")")
	p.wait("!document.querySelector('#columns-list [data-column-name=comment] [data-by=wider]')") // nobody sees it

	for _, theme := range []string{"light", "dark"} {
		p.emulate("prefers-color-scheme", theme)
		p.do(chromedp.EmulateViewport(390, 844))
		p.wait("innerWidth == 390")
		p.drawn()
		if p.eval("(e => e.scrollWidth > e.clientWidth)(document.querySelector('#columns'))") == "true" {
			t.Errorf("%s: the dialog is wider than there is room", theme)
		}
		for _, column := range []string{"method", "host", "comment", "media"} {
			p.reachable("#columns-list [data-column-name=" + column + "] [data-by='1']")
			p.reachable("#columns-list [data-column-name=" + column + "] label span")
		}
		p.reachable(wider)
	}
	p.do(chromedp.Reload())
	p.opened(sampleFlows)
	p.wait("Math.abs(%s - %v) < 1", width("host"), host+32)
}
