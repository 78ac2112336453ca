//go:build !js

package e2e_test

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"flowpane/viewer/session/corpus"
)

// sampleFlows is how many flows the sample session has.
const sampleFlows = 42

func TestEmptyPage(t *testing.T) {
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	if text := p.eval("document.body.innerText"); !strings.Contains(text, "mitmproxy") {
		t.Errorf("the empty page does not say what can be opened: %q", text)
	}
	if n := p.eval("document.querySelectorAll('input[type=file]#open[multiple]').length"); n != "1" {
		t.Errorf("%s inputs for files", n)
	}
}

func TestSampleFromEmptyPage(t *testing.T) {
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.eval("[...document.querySelectorAll('a, button')].find((e) => /sample/i.test(e.textContent)).click()")
	p.opened(sampleFlows)
	if hash := p.eval("location.hash"); !strings.HasPrefix(hash, "#url=samples/shop.mitm") {
		t.Errorf("location is %q", hash)
	}
}

func TestFilterSelectRead(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.filter("~t json & ~s")
	p.wait("document.querySelector('#flows').getAttribute('aria-rowcount') < %d", sampleFlows+1)
	p.wait("document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
	if status := p.eval("document.querySelector('#status').textContent"); !strings.Contains(status, " of ") {
		t.Errorf("status is %q", status)
	}
	p.press(enter, down)
	p.wait("document.querySelector('#flows [role=row][aria-selected=true]')")
	first := p.selected()
	p.press(down)
	p.wait("(e => e?.dataset.flowId && e.dataset.flowId != %q)(document.querySelector('#flows [role=row][aria-selected=true]'))", first)
	p.press(up)
	p.wait("document.querySelector('#flows [role=row][aria-selected=true]').dataset.flowId == %q", first)
	p.press(enter)
	p.wait("document.querySelector('#detail [role=tab][data-tab=response]')")
	p.click("#detail [role=tab][data-tab=response]")
	p.wait("document.querySelector('#body')?.dataset.view == 'json'")
	p.wait("document.querySelector('#body').textContent.includes('{')")

	// The address names the state: opened anew, it lands in the same place.
	before := p.eval("location.hash")
	for _, part := range []string{"filter=", "flow=", "tab=response"} {
		if !strings.Contains(before, part) {
			t.Errorf("the address lacks %s: %s", part, before)
		}
	}
	body := p.eval("document.querySelector('#body').textContent")
	rows := p.eval("document.querySelector('#flows').getAttribute('aria-rowcount')")
	p.do(chromedp.Reload())
	p.wait("document.documentElement.dataset.state == 'open'")
	p.wait("document.querySelector('#flows').getAttribute('aria-rowcount') == %q", rows)
	p.wait("document.querySelector('#flows [role=row][aria-selected=true]')?.dataset.flowId == %q", first)
	p.wait("document.querySelector('#body')?.dataset.view == 'json'")
	p.wait("document.querySelector('#body').textContent == %s", quote(body))
	if after := p.eval("location.hash"); after != before {
		t.Errorf("after a reload the address is %s, was %s", after, before)
	}
	if v := p.eval("document.querySelector('#filter').value"); v != "~t json & ~s" {
		t.Errorf("after a reload the filter is %q", v)
	}
}

func TestFilterErrors(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.filter("~nonsense")
	p.wait("document.querySelector('#filter').getAttribute('aria-invalid') == 'true'")
	p.wait("document.querySelector('#filter-error').textContent.includes('nonsense')")
	p.shows(sampleFlows) // the view stays as it was
	p.filter("~m GET")
	p.wait("document.querySelector('#filter').getAttribute('aria-invalid') != 'true'")
	p.wait("document.querySelector('#filter-error').textContent == ''")
	p.filter("")
	p.shows(sampleFlows)
}

func TestBackAndForward(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.do(chromedp.Click(chromedp.CSS(row(1))))
	p.wait("document.querySelector('#flows [aria-selected=true]')")
	first := p.selected()
	p.press(end)
	p.wait("(e => e?.dataset.flowId && e.dataset.flowId != %q)(document.querySelector('#flows [aria-selected=true]'))", first)
	last := p.selected()
	p.eval("history.back()")
	p.wait("document.querySelector('#flows [aria-selected=true]')?.dataset.flowId == %q", first)
	p.eval("history.forward()")
	p.wait("document.querySelector('#flows [aria-selected=true]')?.dataset.flowId == %q", last)
}

func TestOrder(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	order := func() string {
		return p.eval("document.querySelector('#flows [role=columnheader][data-column=method]').getAttribute('aria-sort') ?? 'none'")
	}
	p.do(chromedp.Click(chromedp.CSS("#flows [role=columnheader][data-column=method]")))
	p.wait("document.querySelector('#flows [role=columnheader][data-column=method]').getAttribute('aria-sort') == 'ascending'")
	p.shows(sampleFlows)
	p.wait("document.querySelector('#flows [aria-rowindex=\"2\"] [data-column=method]').textContent == 'DELETE'")
	p.do(chromedp.Click(chromedp.CSS("#flows [role=columnheader][data-column=method]")))
	p.wait("document.querySelector('#flows [role=columnheader][data-column=method]').getAttribute('aria-sort') == 'descending'")
	if !strings.Contains(p.eval("location.hash"), "order=") {
		t.Errorf("the address does not name the order %s: %s", order(), p.eval("location.hash"))
	}
}

func TestCapturedDump(t *testing.T) {
	p := open(t, "")
	p.choose(corpus.Path(t, "captured/captured-8.1.1.mitm"))
	p.opened(578)
	p.filter("~d api & ~m POST")
	p.wait("document.querySelector('#flows').getAttribute('aria-rowcount') < 579")
	p.filter("")
	p.shows(578)
	// Replays keep their id: every record is listed, under a key of its own.
	p.press(escape)
	p.eval("document.querySelector('#flows').scrollIntoView()")
	p.filter("~b NEEDLE")
	p.wait("document.querySelector('#flows').getAttribute('aria-busy') != 'true' && document.querySelector('#flows').getAttribute('aria-rowcount') < 579")
}

func TestSessionDatabase(t *testing.T) {
	p := open(t, "")
	p.choose(corpus.Path(t, "hybrid/session.sqlite"))
	p.opened(491)
	p.filter("~u page0.html")
	p.shows(6)
	p.press(enter, down, enter)
	p.click("#detail [role=tab][data-tab=response]")
	p.wait("document.querySelector('#body')?.textContent.includes('<html')")
}

func TestGarbage(t *testing.T) {
	p := open(t, "")
	p.choose(write(t, "garbage.bin", []byte("\x00\x01this is no capture at all")))
	p.wait("document.querySelector('#issues [role=alert]')")
	text := p.eval("document.querySelector('#issues').textContent")
	for _, part := range []string{"garbage.bin", "mitmproxy dump", "session database"} {
		if !strings.Contains(text, part) {
			t.Errorf("the refusal does not name %s: %s", part, text)
		}
	}
	// The page goes on: the next file opens.
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	p.choose(write(t, "shop.mitm", sample))
	p.opened(sampleFlows)
}

func TestTruncatedDump(t *testing.T) {
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "")
	p.choose(write(t, "cut.mitm", sample[:len(sample)-10]))
	p.opened(sampleFlows - 1)
	p.wait("document.querySelector('#issues [role=alert]')?.textContent.includes('byte')")
}

func TestEmptyFile(t *testing.T) {
	p := open(t, "")
	p.choose(write(t, "empty.mitm", nil))
	p.opened(0)
	p.wait("document.body.innerText.toLowerCase().includes('no flows')")
	if n := p.eval("document.querySelectorAll('#issues [role=alert]').length"); n != "0" {
		t.Errorf("an empty file has %s problems", n)
	}
}

func TestDrop(t *testing.T) {
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.eval(`(() => {
		const bytes = Uint8Array.from(atob(%q), (c) => c.charCodeAt(0));
		const data = new DataTransfer();
		data.items.add(new File([bytes], 'dropped.mitm'));
		document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
	})()`, base64.StdEncoding.EncodeToString(sample))
	p.opened(sampleFlows)
}

func TestMissingURL(t *testing.T) {
	p := open(t, "#url=samples/nowhere.mitm")
	p.wait("document.querySelector('#issues [role=alert]')?.textContent.includes('404')")
	p.mu.Lock()
	p.errors = nil // the browser itself logs the 404
	p.mu.Unlock()
}

// Walking from flow to flow shows the body of each, not that of the one before.
func TestEachFlowShowsItsOwnBody(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&filter=~d%20cdn&tab=response")
	p.wait("document.querySelector('#flows [data-flow-id]')")
	for i, begins := range []string{":root", "const api", "<svg"} {
		p.do(chromedp.Click(chromedp.CSS(row(i))))
		p.wait("document.querySelector('#body')?.textContent.startsWith(%q)", begins)
	}
	p.do(chromedp.Click(chromedp.CSS(row(3))))
	p.wait("document.querySelector('#body img')?.naturalWidth == 160")
	teal := p.eval("document.querySelector('#body img').src")
	p.press(down)
	p.wait("document.querySelector('#body img')?.naturalWidth == 160 && document.querySelector('#body img').src != %q", teal)
	if n := p.eval("document.querySelectorAll('#body img').length"); n != "1" {
		t.Errorf("%s images are shown", n)
	}
}

// An address that names a flow but no session shows the start page.
func TestFlowWithoutSession(t *testing.T) {
	p := open(t, "#flow=nobody&tab=response")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.wait("document.querySelector('#detail').hidden || getComputedStyle(document.querySelector('#detail')).display == 'none'")
}

// However fast a person walks, the address is that of the last flow: browsers
// ignore changes of it that come too often.
func TestAddressKeepsUp(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.eval(`(() => {
		window.changes = 0;
		for (const method of ['pushState', 'replaceState']) {
			const change = history[method];
			history[method] = (...args) => { changes++; change.apply(history, args); };
		}
		for (let i = 0; i < 250; i++) {
			const key = i & 32 ? 'j' : 'k';
			document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
		}
		document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true, cancelable: true}));
	})()`)
	p.wait("location.hash.includes('flow=' + document.querySelector('#flows [role=row][aria-selected=true]')?.dataset.flowId)")
	if changes := evaluate[int](p, "changes"); changes == 0 || changes > 200 {
		t.Errorf("the address was changed %d times", changes)
	}
}

// Files that are chosen together are one session: what they have in common is
// listed once, and what contradicts is marked. Neither is a problem.
func TestSeveralFiles(t *testing.T) {
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(sample), `"trace": "a1b2c3d4"`, `"trace": "00000000"`, 1)
	p := open(t, "")
	p.choose(write(t, "one.mitm", sample), write(t, "two.mitm", []byte(changed)))
	p.opened(sampleFlows + 1)
	p.wait("document.querySelector('#issues').dataset.calm === ''")
	if text := p.eval("document.querySelector('#issues').innerText"); !strings.Contains(text, "2 notes") || !strings.Contains(text, "41 flows are in a file before") {
		t.Errorf("the notes are %q", text)
	}
	p.press(end)
	p.wait("document.querySelector('#flows .contested')")
}

// A HAR opens with what only a HAR says, and one that is cut as far as it goes.
func TestArchive(t *testing.T) {
	chrome, err := os.ReadFile("../../viewer/session/har/testdata/chrome.har")
	if err != nil {
		t.Fatal(err)
	}
	flows := strings.Count(string(chrome), "startedDateTime\"") - 1 // one is of the page
	p := open(t, "")
	p.choose(write(t, "chrome.har", chrome))
	p.opened(flows)
	p.do(chromedp.Click(chromedp.CSS(row(0))))
	p.wait("document.querySelector('#detail [role=tab][data-tab=timing]')")
	p.click("#detail [role=tab][data-tab=timing]")
	p.wait("/Waiting\\s+[\\d.]+ ms/.test(document.querySelector('#panel').innerText)")

	p.choose(write(t, "cut.har", chrome[:strings.LastIndex(string(chrome), "startedDateTime")+100]))
	p.opened(flows - 1)
	if text := p.eval("document.querySelector('#issues').innerText"); !strings.Contains(text, "the file is cut off") || !strings.Contains(text, "byte ") {
		t.Errorf("the cut is told as %q", text)
	}
}
