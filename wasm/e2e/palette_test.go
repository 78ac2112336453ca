//go:build !js

package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPalette does by the list of commands what keys do, and what has none.
func TestPalette(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.press("?")
	p.wait("document.querySelector('#palette').open && document.activeElement.id == 'palette-text'")
	p.press(escape)
	p.wait("!document.querySelector('#palette').open")
	p.press("?")
	p.wait("document.querySelector('#palette').open")
	if p.eval("document.querySelector('#palette a').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}))") != "true" {
		t.Error("Enter does not follow the link to the licences")
	}
	p.press(escape)
	p.wait("!document.querySelector('#palette').open")
	run := func(keys ...string) {
		t.Helper()
		p.press(":")
		p.wait("document.querySelector('#palette').open && document.activeElement.id == 'palette-text'")
		p.press(keys...)
		p.press(enter)
		p.wait("!document.querySelector('#palette').open")
	}
	const background = "getComputedStyle(document.body).backgroundColor"
	run("d", "a", "r", "k")
	p.wait("document.documentElement.dataset.theme == 'dark'")
	dark := p.eval(background)
	run("l", "o", "w")
	p.wait("document.querySelector('#rows .row').offsetHeight == 24")
	run("f", "l", "t", "x") // no command is called so
	run("f", "i", "l", "t", "e", "r", " ", "b")
	p.wait("!document.querySelector('#terms').hidden")
	p.press(escape)

	p.do(chromedp.Reload())
	p.opened(sampleFlows)
	p.wait("document.querySelector('#rows .row').offsetHeight == 24 && %s == %q", background, dark)
	run("l", "i", "g", "h", "t")
	p.wait("%s != %q", background, dark)
	run("c", "o", "l")
	p.wait("document.querySelector('#columns').open")
}
