//go:build !js

package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// share opens the dialog, chooses a kind of sharing and waits until it is known
// what would be taken out.
func (p *page) share(target string) {
	p.Helper()
	if p.eval("document.querySelector('#save').open") != "true" {
		p.press("s")
		p.wait("document.querySelector('#save').open && document.querySelector('#save').contains(document.activeElement)")
	}
	p.wait("document.querySelector('#save').open && document.querySelector('#save-targets input[value=%s]')", target)
	p.click("#save-targets input[value=%s]", target)
	p.wait("(document.querySelector('#secrets').hidden || /taken out|Nothing was found/.test(document.querySelector('#secrets-summary').textContent)) && !document.querySelector('#save-start').disabled")
	p.drawn()
}

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
	renamed := filepath.Join(t.TempDir(), "redacted.mitm")
	if err := os.Rename(path, renamed); err != nil {
		t.Fatal(err)
	}
	p.choose(renamed)
	p.wait("document.querySelector('#name').textContent == 'redacted.mitm' && document.querySelector('#status').textContent == '42 flows'")
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

// linked makes a link to all flows of the sample, while a view of some is shown,
// and returns what stands behind its #.
func linked(t *testing.T, p *page, target string) (fragment string) {
	t.Helper()
	p.wait("document.documentElement.dataset.state == 'open'")
	p.wait("document.querySelector('#body')?.dataset.view == 'hex'")
	p.share(target)
	p.click("#save-all")
	p.drawn() // what it says before is of what is shown
	p.wait("!document.querySelector('#save-start').disabled")
	p.click("#save-start")
	p.wait("document.querySelector('#share-link').value || document.querySelector('#save-error').textContent")
	_, fragment, found := strings.Cut(p.eval("document.querySelector('#share-link').value"), "#")
	if !found {
		t.Fatalf("there is no link: %s", p.eval("document.querySelector('#save-error').textContent"))
	}
	return fragment
}

// A link holds the flows, or says where they are: another browser opens it and
// stands at the same place.
func TestShareByLink(t *testing.T) {
	for target, where := range map[string]string{"link": "s=1", "address": "url=samples/shop.mitm&"} {
		t.Run(target, func(t *testing.T) {
			p := open(t, "#url=samples/shop.mitm&"+sharedView)
			fragment := linked(t, p, target)
			if !strings.HasPrefix(fragment, where) {
				t.Errorf("the link is to %.100s", fragment)
			}
			open(t, "#"+fragment).showsShared()
		})
	}
}

// An encrypted file lies on any host. The link that was made with it opens it, and
// stands at the same place.
func TestShareEncrypted(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&"+sharedView)
	dir := p.downloads()
	p.wait("document.documentElement.dataset.state == 'open'")
	p.press("s")
	p.wait("document.querySelector('#save-targets input[value=sessiondb]')")
	p.click("#save-targets input[value=sessiondb]")
	p.click("#save-sealed")
	fragment := linked(t, p, "sessiondb")
	f := newFar(t, p.saved(dir, "session.flowpane"), 0, false)
	fragment, found := strings.CutPrefix(fragment, "url=https://example.org/session.flowpane&")
	if !found || !strings.HasPrefix(fragment, "key=") {
		t.Fatalf("the link is to %s", fragment)
	}
	openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/")+"&"+fragment).showsShared()
	p.eval("(e => { e.value = 'https://files.example/a'; e.dispatchEvent(new InputEvent('input', {bubbles: true})) })(document.querySelector('#share-host'))")
	p.wait("document.querySelector('#share-link').value.includes('#url=https://files.example/a&key=')")
}
