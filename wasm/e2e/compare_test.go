//go:build !js

package e2e_test

import "testing"

// TestCompare compares two flows by keys alone.
func TestCompare(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&filter=~b%20stars%20%26%20~m%20POST")
	p.opened(2)
	p.press("j", "b", "j", enter)
	p.wait("document.activeElement.matches('[role=tab]')")
	p.press(end)
	p.wait("document.activeElement.dataset.tab == 'compare'")
	p.wait("document.querySelector('.diff .gone').textContent.includes('/graphql') && document.querySelector('.diff .new').textContent.includes('/v1/reviews')")
	p.wait("document.querySelector('#rows .base').getAttribute('aria-rowindex') == '2'")
}
