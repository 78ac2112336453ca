//go:build !js

package e2e_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// A session is kept with what is said of its flows, opens without its file,
// also in another tab when this one is gone, and is shared and deleted.
func TestKeepSession(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.wait("document.documentElement.dataset.state == 'open'")
	p.click("#rows [aria-rowindex='5']")
	p.press("m")
	p.wait("document.querySelector('#rows [aria-rowindex=\"5\"].marked')")
	p.click("#keep")
	p.wait("location.hash.startsWith('#local=shop.mitm')")
	p.wait("document.querySelector('#keep').textContent == 'Kept'")
	p.click("[data-tab=comment]")
	p.wait("document.querySelector('#note-comment')")
	p.eval(`(() => {
		const box = document.querySelector('#note-comment');
		box.focus();
		box.value = 'look here';
		box.dispatchEvent(new Event('change'));
	})()`)
	p.wait("document.querySelector('#rows [aria-rowindex=\"5\"].commented')")

	p.do(chromedp.Reload())
	p.wait("document.documentElement.dataset.state == 'open'")
	p.wait("document.querySelector('#flows').getAttribute('aria-rowcount') == '43'")
	p.wait("document.querySelector('#rows [aria-rowindex=\"5\"].marked.commented')")
	p.wait("document.querySelector('#note-comment')?.value == 'look here'")
	p.click("[data-tab=response]")
	p.wait("document.querySelector('#body').textContent.includes('{')")
	p.wait("document.querySelector('#name').textContent == 'shop.mitm'")

	dir := p.downloads()
	p.eval("location.hash = ''")
	p.wait("document.querySelectorAll('#kept-list li').length == 1")
	p.wait("document.querySelector('#kept-list .about').textContent.startsWith('42 flows')")
	p.click("[data-share]")
	p.wait("document.querySelector('#save-targets input[value=sessiondb]')")
	p.click("#save-targets input[value=sessiondb]")
	p.startSave()
	exported, err := os.ReadFile(p.saved(dir, "shop.flowpane.sqlite"))
	if err != nil || !bytes.HasPrefix(exported, []byte("SQLite format 3\x00")) || !bytes.Contains(exported, []byte("look here")) {
		t.Errorf("exported %d bytes, %v", len(exported), err)
	}
	p.eval("location.hash = ''")
	p.click("[data-remove]")
	p.wait("document.querySelector('[data-remove]').textContent == 'Delete for good?'")
	p.click("[data-remove]")
	p.wait("document.querySelector('#kept').hidden")
	p.eval("location.hash = '#local=shop.mitm'")
	p.wait("document.documentElement.dataset.state == 'failed'")
	p.wait("document.querySelector('#issues').textContent.includes('no such session is kept')")
}
