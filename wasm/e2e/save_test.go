//go:build !js

package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// downloads lets the page save files, and returns the folder they go to.
func (p *page) downloads() string {
	p.Helper()
	dir := p.TempDir()
	c := chromedp.FromContext(p.ctx)
	_, err := chromedp.Call(p.ctx, cdp.SetDownloadBehavior, cdp.SetDownloadBehaviorParams{
		Behavior: cdp.SetDownloadBehaviorBehaviorAllow, BrowserContextID: c.BrowserContextID, DownloadPath: dir,
	})
	if err != nil {
		p.Fatal(err)
	}
	return dir
}

// saved waits until a file is saved and returns its path.
func (p *page) saved(dir, name string) string {
	p.Helper()
	path := filepath.Join(dir, name)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			return path
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	p.Fatalf("%s was not saved; there is %q", name, files)
	return ""
}

// saveAs opens the dialog, chooses a kind of file and waits until it is known
// what such a file cannot hold. What the dialog says before it is drawn again is
// of the kind chosen before.
func (p *page) saveAs(target string) {
	p.Helper()
	p.press("s")
	p.wait("document.querySelector('#save').open")
	p.wait("document.querySelector('#save-targets input[value=%s]')", target)
	p.click("#save-targets input[value=%s]", target)
	p.drawn()
	p.wait("/lost|cannot/.test(document.querySelector('#save-summary').textContent)")
}

// startSave saves all that is there, secrets too.
func (p *page) startSave() {
	p.Helper()
	p.click("#secrets-in")
	p.wait("document.querySelector('#secrets-summary').hasAttribute('data-warning')")
	p.click("#save-start")
}

// What is saved is a file that opens again, in every format that there is.
func TestSaveAs(t *testing.T) {
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		target, name, begins string
		flows                int
	}{
		{"mitm", "shop.mitm", string(sample), sampleFlows},
		{"har", "shop.har", `{"log":{"version":"1.2"`, 37},
		{"sessiondb", "shop.flowpane.sqlite", "SQLite format 3\x00", sampleFlows},
		{"pbstream", "shop.pb", "", sampleFlows},
	} {
		t.Run(test.target, func(t *testing.T) {
			p := open(t, "#url=samples/shop.mitm")
			p.opened(sampleFlows)
			dir := p.downloads()
			p.saveAs(test.target)
			if losses := p.eval("document.querySelector('#save-losses').innerText"); strings.Contains(losses, "left out") != (test.flows < sampleFlows) {
				t.Errorf("the losses are %q", losses)
			}
			p.startSave()
			path := p.saved(dir, test.name)
			p.wait("!document.querySelector('#save').open")
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(b, []byte(test.begins)) {
				t.Errorf("%s begins with %.60q", test.name, b)
			}
			p.choose(path)
			p.wait("document.querySelector('#name').textContent == %q", test.name)
			p.opened(test.flows)
			if issues := p.eval("document.querySelector('#issues').hidden"); issues != "true" {
				t.Errorf("%s has problems: %s", test.name, p.eval("document.querySelector('#issues').innerText"))
			}
		})
	}
}

// What is shown is saved alone; Escape closes the dialog and keys in it do not
// reach the table behind it.
func TestSaveWhatIsShown(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&filter=~m%20POST")
	p.wait("document.documentElement.dataset.state == 'open'")
	p.shows(10)
	dir := p.downloads()
	p.saveAs("sessiondb")
	p.press("j")
	if key := p.selected(); key != "" {
		t.Errorf("a key in the dialog selected %s", key)
	}
	p.press(escape)
	p.wait("!document.querySelector('#save').open")
	p.saveAs("sessiondb")
	if scope := p.eval("document.querySelector('#save-shown').checked"); scope != "true" {
		t.Error("what is shown is not what is saved")
	}
	p.startSave()
	p.choose(p.saved(dir, "shop.flowpane.sqlite"))
	p.filter("")
	p.opened(10)
}
