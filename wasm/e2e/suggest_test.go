//go:build !js

package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A filter is put together by keys from what is suggested, and suggested again
// when the page was loaded anew.
func TestSuggestions(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.press("/")
	p.do(chromedp.SendKeys(chromedp.CSS("#filter"), "~mar"))
	p.wait("document.querySelectorAll('#suggestions li').length == 2")
	p.do(chromedp.SendKeys(chromedp.CSS("#filter"), "\b\b"))
	p.wait("document.querySelectorAll('#suggestions li').length > 2")
	p.press(down)
	p.press(enter)
	p.wait("document.querySelector('#filter').value == '~m '")
	p.wait("document.querySelectorAll('#suggestions li').length > 2") // methods
	p.do(chromedp.SendKeys(chromedp.CSS("#filter"), "pos"))
	p.wait("document.querySelectorAll('#suggestions li').length == 1")
	p.press(down)
	p.wait("document.querySelector('#suggestions [aria-selected=true]')?.textContent == 'POST'")
	p.wait("document.querySelector('#suggestions [aria-selected=true]').id == document.querySelector('#filter').getAttribute('aria-activedescendant')")
	p.press(kb.Tab)
	p.wait("document.querySelector('#filter').value == '~m POST'")
	p.shows(10)
	p.wait("document.querySelector('#suggestions').hidden && document.activeElement.id == 'filter'")
	p.press(enter)
	p.wait("document.activeElement.matches('[role=row]')")

	p.press("/")
	p.do(chromedp.SendKeys(chromedp.CSS("#filter"), "-status-code:200")) // over what is selected
	p.wait("document.querySelector('#suggestions [aria-selected=true] code')?.textContent == '!~c 200'")
	p.press(enter)
	p.wait("document.querySelector('#filter').value == '!~c 200' && document.activeElement.id == 'filter'")

	p.eval("location.hash = '#url=samples/shop.mitm'")
	p.do(chromedp.Reload())
	p.opened(sampleFlows)
	p.press("/")
	p.wait("document.querySelector('#suggestions li code')?.textContent == '~m POST'")
	p.press(escape)
	p.wait("document.querySelector('#suggestions').hidden")
	p.press(down)
	p.wait("document.activeElement.matches('[role=row]')")
	p.press("/")
	p.click("#suggestions li")
	p.wait("document.querySelector('#filter').value == '~m POST'")
	p.shows(10)
}
