//go:build !js

package e2e_test

import "testing"

// TestCopyAs copies a flow as a command for a shell.
func TestCopyAs(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.filter("~b stars & ~m POST")
	p.shows(2)
	p.press(escape)
	p.click("#flows [aria-rowindex=\"2\"]")
	p.wait("document.querySelector('#export option[value=\"copy curl\"]')")
	p.eval(`(() => {
		navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); };
		const menu = document.querySelector('#export');
		menu.value = 'copy curl';
		menu.dispatchEvent(new Event('change', {bubbles: true}));
	})()`)
	p.wait("document.querySelector('#exported').textContent == 'Copied: cURL.'")
	p.wait("window.copied.startsWith('curl -H ') && window.copied.includes(' -X POST https://api.shop.example/graphql -d ')")
	p.wait("document.querySelector('#export').selectedIndex == 0")
}
