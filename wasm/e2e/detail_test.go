//go:build !js

package e2e_test

import "testing"

// TestMessages looks for messages of a WebSocket while it types, opens the one
// that is found, and reads all of them as one stream.
func TestMessages(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&filter=~websocket&tab=websocket")
	p.opened(1)
	p.click("%s", row(0))
	summary := func(begins string) {
		t.Helper()
		p.wait("document.querySelector('.talk .summary')?.textContent.startsWith(%q)", begins)
	}
	summary("6 messages")
	p.eval("document.querySelector('#find-message').focus()")
	p.press("o", "r", "d")
	summary("1 of 6 messages")
	p.wait("document.activeElement.id == 'find-message' && document.activeElement.value == 'ord'")
	p.click(".messages .message")
	p.wait("document.querySelector('.from-client #body')?.textContent.includes('subscribe')")
	p.click(".talk button[aria-pressed=false]")
	p.wait("/client, message 1,[^]*subscribe[^]*server, message 2,/.test(document.querySelector('#body').textContent)")
}

// TestWaterfall sees what a WebSocket spent its time on.
func TestWaterfall(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&filter=~websocket&tab=timing")
	p.opened(1)
	p.click("%s", row(0))
	p.wait("document.querySelectorAll('.waterfall .phase').length > 4")
	p.wait("/Waiting.*Receiving.*WebSocket/.test(document.querySelector('.waterfall').textContent)")
}

// TestSortedHeaders sorts headers, which keeps the focus, and filters by one of
// them where it now stands.
func TestSortedHeaders(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&tab=response")
	p.opened(sampleFlows)
	p.click("%s", row(2))
	const names = "[...document.querySelector('.fields dl')?.querySelectorAll('dt') ?? []].map(e => e.textContent.toLowerCase())"
	p.wait("(n => n.length > 3 && n.join() != n.toSorted().join())(" + names + ")")
	p.eval("document.querySelector('[data-table=sort]').focus()")
	p.press(enter)
	p.wait("document.activeElement.matches('[data-table=sort][aria-pressed=true]')")
	p.wait("(n => n.length > 3 && n.join() == n.toSorted().join())(" + names + ")")
	p.click("[data-of][aria-label='Filter by this server']")
	p.wait("/~hs .*server/i.test(document.querySelector('#filter').value)")
}
