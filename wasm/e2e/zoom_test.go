//go:build !js

package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// lost returns what of the page, or of what is open above it, nobody can get at:
// what lies outside of the window however it is scrolled, or under something else,
// and the buttons that do not show all of their text.
const lost = `(() => {
	const lost = [];
	if (document.scrollingElement.scrollWidth > innerWidth) lost.push('the page is wider than the window');
	const box = document.querySelector('dialog[open], #filters:not([hidden])');
	for (const e of (box ?? document).querySelectorAll('button, a[href], input:not(#open), select, textarea, summary, [role=slider]')) {
		if (!e.checkVisibility({visibilityProperty: true})) continue;
		e.scrollIntoView({block: 'nearest', inline: 'nearest'});
		const {left, right, top, bottom} = e.getBoundingClientRect();
		const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
		const name = (e.id && '#' + e.id) || e.ariaLabel || e.textContent;
		if (!e.contains(at)) lost.push(name + (at ? ' is under ' + (at.id || at.className || at.tagName) : ' is outside'));
		const cut = e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow != 'ellipsis';
		if (e.tagName == 'BUTTON' && cut) lost.push(name + ' is cut off');
	}
	return lost.join('; ');
})()`

// TestZoom goes through the screens in a window of 1440 by 900 at 200 %, for who
// wants no motion: all can be got at, nothing moves by itself, and the page is
// never wider than the window.
func TestZoom(t *testing.T) {
	p := open(t, "")
	p.do(chromedp.EmulateViewport(720, 450, chromedp.EmulateScale(2)))
	p.emulate("prefers-reduced-motion", "reduce")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.eval("(globalThis.moved = [], ['transitionrun', 'animationstart'].forEach(kind => addEventListener(kind, e => moved.push(kind + ' of ' + (e.target.id || e.target.className)))))")
	check := func(screen string) {
		t.Helper()
		p.drawn()
		if got := p.eval(lost); got != "" {
			t.Errorf("%s: %s", screen, got)
		}
	}
	check("start")
	p.choose(write(p, "other.bin", []byte("no capture")))
	p.wait("document.documentElement.dataset.state == 'failed'")
	check("not a capture")
	p.eval("location.hash = '#url=samples/shop.mitm'")
	p.opened(sampleFlows)
	check("table")
	p.filter("~m POST & (")
	check("error in the filter")
	p.filter("~u nothing")
	p.press(enter)
	p.shows(0)
	check("nothing matches")
	p.filter("")
	p.press(enter)
	p.shows(sampleFlows)
	for key, dialog := range map[string]string{"s": "#save", "c": "#columns", "g": "#overview", "?": "#palette"} {
		p.press(key)
		p.wait("document.querySelector(%q).open", dialog)
		check(dialog)
		p.press(escape)
		p.wait("!document.querySelector(%q).open", dialog)
	}
	p.press("h")
	check("filters")
	p.press(escape)
	p.click("%s", row(9))
	p.wait("!document.querySelector('#detail').hidden")
	for tab := range evaluate[int](p, "document.querySelectorAll('#tabs [role=tab]').length") {
		p.eval("document.querySelectorAll('#tabs [role=tab]')[%d].click()", tab)
		check("tab " + p.eval("document.querySelector('#tabs [aria-selected=true]').textContent"))
		if high := evaluate[float64](p, "document.querySelector('#panel').clientHeight"); high < 180 {
			t.Errorf("of a flow %v lines are seen", high/18)
		}
	}
	if got := p.eval("moved.concat(document.getAnimations().map(a => 'animation of ' + a.effect.target.id)).join('; ')"); got != "" {
		t.Errorf("by itself moves: %s", got)
	}
}
