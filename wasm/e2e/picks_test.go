//go:build !js

package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPicks picks some flows with mouse and keys, marks them at once, and saves
// only them.
func TestPicks(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	dir := p.downloads()
	press := func(i int, modifier chromedp.Modifier) {
		t.Helper()
		p.wait("document.querySelector(%q)", row(i)) // rows come by a few in a frame
		at := func(side string) float64 {
			return evaluate[float64](p, "(r => "+side+")(document.querySelector("+quote(row(i))+").getBoundingClientRect())")
		}
		p.do(chromedp.MouseClickXY(at("r.left + 300"), at("r.top + r.height / 2"), chromedp.ButtonModifiers(modifier)))
	}
	press(8, 0)
	p.wait("document.querySelector('#flows [aria-selected=true]')?.ariaRowIndex == 10")
	press(10, chromedp.ModifierCtrl)
	p.wait("document.querySelectorAll('#rows .picked').length == 2")
	press(13, chromedp.ModifierShift)
	p.wait("document.querySelectorAll('#rows .picked').length == 4")
	p.do(chromedp.KeyEvent(kb.ArrowDown, chromedp.KeyModifiers(chromedp.ModifierShift)))
	p.wait("document.querySelectorAll('#rows .picked').length == 5 && document.querySelector('#status').textContent.endsWith('· 5 picked')")
	if text := p.eval("getSelection()"); text != "" {
		t.Errorf("text is selected too: %q", text)
	}
	p.press("m")
	p.wait("document.querySelectorAll('#rows .picked.marked').length == 5")
	p.saveAs("mitm")
	p.wait("document.querySelector('#save-picked').checked")
	p.startSave()
	saved := p.saved(dir, "shop.mitm")
	p.press(escape)
	p.wait("document.querySelectorAll('#rows .picked').length == 0 && !document.querySelector('#detail').hidden")
	p.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	p.wait("document.querySelector('#status').textContent.endsWith('· %d picked')", sampleFlows)
	p.agreeToLose() // the marks are in what was saved
	p.choose(saved)
	p.opened(5)
}
