//go:build !js

package e2e_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// share opens the dialog, chooses a kind of sharing and waits until it is known
// what would be taken out.
func (p *page) share(target string) {
	p.Helper()
	p.press("s")
	p.wait("document.querySelector('#save').open && document.querySelector('#save-targets input[value=%s]')", target)
	p.click("#save-targets input[value=%s]", target)
	p.wait("/taken out|Nothing was found/.test(document.querySelector('#secrets-summary').textContent) && !document.querySelector('#save-start').disabled")
	p.drawn()
}

// looking is where a person stands who shares what they see.
const looking = "#url=samples/shop.mitm&filter=~u%20basket%20%26%20~m%20POST&order=-size&flow="

// What is shared holds no secret of the capture, unless a person leaves them in.
func TestShareRedacted(t *testing.T) {
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	var planted []string
	for _, value := range []string{"Bearer ", "session="} {
		_, rest, found := bytes.Cut(sample, []byte(value))
		if !found {
			t.Fatalf("the sample has no %q", value)
		}
		n := bytes.IndexAny(rest, ";,\r\n }]0:")
		planted = append(planted, string(rest[:max(n, 8)]))
	}
	dir := p.downloads()
	p.share("mitm")
	p.click("#save-start")
	path := p.saved(dir, "shop.mitm")
	p.wait("!document.querySelector('#save').open")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range planted {
		if bytes.Contains(b, []byte(value)) {
			t.Errorf("%q is still there", value)
		}
	}
	p.choose(path)
	p.wait("document.querySelector('#status').textContent == '42 flows'")
	p.share("mitm")
	p.click("#secrets-more > summary")
	if n := p.eval("document.querySelectorAll('#secrets-classes > li').length"); n == "0" {
		t.Error("no kinds of secrets are listed")
	}
	p.eval("document.querySelector('#secrets-kind').value = 1")
	p.eval("document.querySelector('#secrets-text').value = 'GET'")
	p.click("#secrets-add .button[type=submit]")
	p.wait("document.querySelector('#save-error').textContent.includes('four letters')")
}

// A flow that holds secrets can be gone to from the report.
func TestShareReport(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.share("har")
	p.click("#secrets-more > summary")
	p.click("#secrets-where > summary")
	key := p.eval("document.querySelector('#secrets-flows button').dataset.key")
	p.click("#secrets-flows button")
	p.wait("!document.querySelector('#save').open && location.hash.includes(%q)", "flow="+key)
	if got := p.selected(); got != key {
		t.Errorf("%s is selected, want %s", got, key)
	}
	p.share("har")
	p.eval("document.querySelector('#secrets-kind').value = 1")
	p.eval("document.querySelector('#secrets-text').value = 'shop.example'")
	p.eval("document.querySelector('#secrets-more').open = true")
	p.click("#secrets-add .button[type=submit]")
	p.wait("document.querySelectorAll('#secrets-added li').length == 1 && !document.querySelector('#save-start').disabled")
	if text := p.eval("document.querySelector('#secrets-classes li:last-child .count').textContent"); text == "0" {
		t.Error("what was added is not found")
	}
	p.click("#secrets-added button")
	p.wait("document.querySelectorAll('#secrets-added li').length == 0")
}

// A link holds the flows: another browser opens it and stands at the same place.
func TestShareInLink(t *testing.T) {
	p := open(t, looking)
	p.wait("document.documentElement.dataset.state == 'open' && document.querySelector('#rows [data-flow-id]')")
	p.click("#rows [data-flow-id]")
	p.click("[data-tab=response]")
	p.drawn()
	key, rows := p.selected(), p.eval("document.querySelector('#flows').getAttribute('aria-rowcount')")
	p.share("link")
	p.click("#save-start")
	p.wait("document.querySelector('#share-link').value || document.querySelector('#save-error').textContent")
	link := p.eval("document.querySelector('#share-link').value")
	if !strings.Contains(link, "#s=1") || !strings.Contains(link, "tab=response") {
		t.Fatalf("the link is %q (%s)", link, p.eval("document.querySelector('#save-error').textContent"))
	}
	_, fragment, _ := strings.Cut(link, "#")
	q := open(t, "#"+fragment)
	q.wait("document.documentElement.dataset.state == 'open'")
	q.wait("document.querySelector('#flows').getAttribute('aria-rowcount') == %q", rows)
	q.wait("document.querySelector('#detail [role=tab][aria-selected=true]')?.dataset.tab == 'response'")
	if got := q.selected(); got != key {
		t.Errorf("%s is selected, want %s", got, key)
	}
	if got := q.eval("document.querySelector('#filter').value"); got != "~u basket & ~m POST" {
		t.Errorf("the filter is %q", got)
	}
	q.wait("document.querySelector('#body')?.textContent")
}
