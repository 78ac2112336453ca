//go:build !js

package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestFilterByThis narrows the view by keys and by a header, and sees why flows
// match and where.
func TestFilterByThis(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&highlight=~c%20404")
	p.opened(sampleFlows)
	p.wait("document.querySelectorAll('#rows .lit').length == 1")
	p.press("j", "f")
	p.wait("document.activeElement.textContent.startsWith('from 2026')")
	p.press(down, down, down, down, enter) // the server's address
	p.wait("document.querySelector('#filter').value == '~ip ^9.9.9.9$'")
	p.wait("document.activeElement.matches('#rows [role=row]')")
	p.press("f")
	p.wait("document.activeElement.matches('#terms *')")
	p.press(escape)
	p.wait("document.querySelector('#terms').hidden && document.activeElement.matches('#rows [role=row]')")

	p.filter("~b stars & ~m POST")
	p.shows(2)
	p.press(escape)
	p.click("#flows [aria-rowindex=\"2\"]")
	p.wait("document.querySelector('#why').textContent.includes('request body:')")
	p.wait("document.querySelector('.find .count').textContent == '1 found'")
	p.wait("[...CSS.highlights.get('hit')].map(String).join() == 'stars'")
	p.click("[data-tab=response]")
	p.wait("document.querySelector('#body').textContent.includes('reviews')")
	p.press("n")
	p.wait("document.querySelector('.find .count').textContent.startsWith('1 of') && CSS.highlights.has('hit-now')")
	p.click(".field:nth-child(2) [data-of]")
	p.wait("document.querySelector('#filter').value == '~b stars & ~m POST ~hs ^server:\\\\ shop/4.2' || document.querySelector('#filter').value.startsWith('~b stars & ~m POST ~hs \"^')")
}

// TestKeptFilters keeps a filter under a name, and finds it again after a
// reload.
func TestKeptFilters(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.filter("~c 404")
	p.shows(1)
	p.press(escape, "h")
	p.wait("document.activeElement.id == 'highlight'")
	p.eval("document.querySelector('#filters-name').focus()")
	for _, c := range "lost" {
		p.press(string(c))
	}
	p.press(enter)
	p.wait("document.querySelector('#filters-named .named').textContent == 'lost~c 404'")
	p.press(escape)
	p.wait("document.querySelector('#filters').hidden")
	p.filter("")
	p.shows(sampleFlows)
	p.wait("document.querySelector('#suggestions').textContent.startsWith('~c 404lost')")
	p.do(chromedp.Reload())
	p.wait("document.documentElement.dataset.state == 'open'")
	p.click("#filters-toggle")
	p.wait("!document.querySelector('#filters').hidden")
	p.press(escape)
	p.wait("document.querySelector('#filters').hidden && document.activeElement.id == 'filters-toggle'")
	p.press(enter)
	p.wait("!document.querySelector('#filters').hidden")
	p.eval("document.querySelector('#filter').focus()") // something else is used
	p.wait("document.querySelector('#filters').hidden")
	p.click("#filters-toggle")
	p.wait("!document.querySelector('#filters').hidden")
	p.click("#filters-named .named")
	p.shows(1)
	p.click("#filters-named .forget")
	p.wait("!document.querySelector('#filters-named .named')")
}
