//go:build !js

package e2e_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// What finds violations of the rules for access: axe-core, of this version, which
// npm brings once and which is kept in the cache of the user.
const (
	axeVersion = "4.14.1"
	axeSum     = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
)

// axe returns the source of axe-core. Where there is no npm the test is skipped.
var axe = sync.OnceValues(func() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "flowpane", "axe-core-"+axeVersion)
	file := filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")
	source, err := os.ReadFile(file)
	if err != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		npm := exec.Command("npm", "install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@"+axeVersion)
		if out, err := npm.CombinedOutput(); err != nil {
			return "", &npmError{err, string(out)}
		}
		if source, err = os.ReadFile(file); err != nil {
			return "", err
		}
	}
	if sum := sha256.Sum256(source); hex.EncodeToString(sum[:]) != axeSum {
		return "", &npmError{os.ErrInvalid, file + " is another than was reviewed"}
	}
	return string(source), nil
})

type npmError struct {
	err error
	out string
}

func (e *npmError) Error() string { return "axe-core: " + e.err.Error() + ": " + e.out }

// accessible checks all of what is shown.
func (p *page) accessible(screen string) {
	p.Helper()
	found := evaluate[string](p, `(async () => {
		if (document.getAnimations().length) await Promise.allSettled(document.getAnimations().map(a => a.finished));
		const {violations} = await axe.run(document, {resultTypes: ['violations']});
		return JSON.stringify(violations.flatMap(v => v.nodes.map(n =>
			({Rule: v.id, Node: n.html.slice(0, 160), Summary: n.failureSummary}))));
	})()`)
	var list []struct{ Rule, Node, Summary string }
	if err := json.Unmarshal([]byte(found), &list); err != nil {
		p.Fatal(err)
	}
	for _, v := range list {
		p.Errorf("%s: %s: %s\n%s", screen, v.Rule, v.Node, v.Summary)
	}
}

// TestAccess goes through the screens in both themes, wide and narrow, and finds
// no violation in any.
func TestAccess(t *testing.T) {
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("axe-core needs npm")
	}
	source, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, theme   string
		width, height int64
		flows         []int // whose tabs are visited
	}{
		{"light", "light", 1440, 900, []int{0, 9, 18, 36}},
		{"dark", "dark", 1440, 900, []int{9}},
		{"narrow", "light", 390, 844, []int{9}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := open(t, "")
			p.do(chromedp.EmulateViewport(c.width, c.height))
			p.emulate("prefers-color-scheme", c.theme)
			p.wait("document.documentElement.dataset.state == 'ready'")
			evaluate[bool](p, source+"; true")
			visitScreens(p)
			for _, flow := range c.flows {
				visitTabs(p, flow)
			}
			p.filter("~websocket | ~tcp")
			p.shows(2)
			visitTabs(p, 0)
			visitTabs(p, 1)
		})
	}
}

// emulate lets the browser say of a media feature that it has a value.
func (p *page) emulate(feature, value string) {
	p.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: feature, Value: value}}}); err != nil {
		p.Fatal(err)
	}
}

// reachable fails unless a press in the middle of an element that is scrolled to
// is one on that: nothing lies on it, and it is not outside of the window.
func (p *page) reachable(selector string) {
	p.Helper()
	if p.eval(`(e => {
		e.scrollIntoView({block: 'nearest'});
		const box = e.getBoundingClientRect();
		return e.contains(document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2));
	})(document.querySelector(%q))`, selector) != "true" {
		p.Errorf("%s cannot be reached", selector)
	}
}

// visitScreens checks each screen that a person meets.
func visitScreens(p *page) {
	p.Helper()
	p.accessible("start")
	p.eval("location.hash = '#url=https://a.example/one.har&url=https://github.com/o/r/blob/main/two.har'")
	p.wait("document.querySelector('#consent').open")
	p.drawn()
	p.accessible("consent")
	p.press(escape)
	p.wait("!document.querySelector('#consent').open")
	locked, _ := sealBytes(p, []byte("a capture"))
	p.choose(write(p, "session.sealed", locked))
	p.wait("document.querySelector('#unlock').open")
	p.drawn()
	p.accessible("unlock")
	p.press(escape)
	p.wait("!document.querySelector('#unlock').open")
	p.choose(write(p, "other.bin", []byte("no capture")))
	p.wait("document.documentElement.dataset.state == 'failed' && document.querySelector('#issues').innerText.includes('other.bin')")
	p.accessible("not a capture")
	sample, err := filepath.Abs(filepath.Join("..", "..", "static", "samples", "shop.mitm"))
	if err != nil {
		p.Fatal(err)
	}
	p.choose(sample)
	p.opened(sampleFlows)
	p.drawn()
	p.accessible("table")

	dialog := func(screen, selector string, open func()) {
		p.Helper()
		open()
		p.wait("document.querySelector(%q).open", selector)
		p.drawn()
		p.accessible(screen)
		p.press(escape)
		p.wait("!document.querySelector(%q).open", selector)
	}
	dialog("commands", "#palette", func() { p.press("?") })
	dialog("overview", "#overview", func() {
		p.press("g")
		p.wait("document.querySelectorAll('#overview [data-group]').length > 1")
	})
	dialog("columns", "#columns", func() { p.press("c") })
	dialog("save", "#save", func() { p.click("#save-as") })
	dialog("secrets", "#save", func() {
		p.share("har")
		p.click("#secrets-more > summary")
		p.click("#secrets-where > summary")
		p.eval("document.querySelectorAll('#secrets-classes details').forEach(d => d.open = true)")
		p.wait("document.querySelector('#secrets-flows button').checkVisibility()")
		p.reachable("#save-start")
	})
	p.press("h")
	p.wait("!document.querySelector('#filters').hidden")
	p.accessible("kept filters")
	p.press(escape)

	p.filter("~")
	p.wait("!document.querySelector('#suggestions').hidden")
	p.accessible("suggestions")
	p.filter("~m (")
	p.wait("document.querySelector('#filter').ariaInvalid == 'true' && !document.querySelector('#filter-error').hidden")
	p.accessible("wrong filter")
	p.filter("~d nobody.is.called.so")
	p.shows(0)
	p.accessible("nothing matches")
	p.filter("~m POST & ~d pay")
	p.press(enter)
	p.wait("document.activeElement.matches('[role=row]')")
	dialog("link", "#save", func() {
		p.share("link")
		p.click("#save-start")
		p.wait("document.querySelector('#share-link').value || document.querySelector('#save-error').textContent")
		p.reachable("#share-copy")
	})
	p.filter("")
	p.shows(sampleFlows)

	p.click("%s", row(0))
	p.wait("!document.querySelector('#detail').hidden")
	p.click("#close-detail")
	p.wait("document.querySelector('#detail').hidden && document.activeElement.matches('[role=row]')")
	p.press("f")
	p.wait("!document.querySelector('#terms').hidden")
	p.accessible("terms")
	p.press(escape)
}

// visitTabs checks each tab of a flow.
func visitTabs(p *page, flow int) {
	p.Helper()
	p.eval("document.querySelector('#close-detail').click()")
	p.eval("document.querySelector('#flows').scrollTop = %d", 32*flow)
	p.click("%s", row(flow))
	p.wait("!document.querySelector('#detail').hidden")
	tabs := evaluate[int](p, "document.querySelectorAll('#tabs [role=tab]').length")
	for tab := range tabs {
		p.eval("document.querySelectorAll('#tabs [role=tab]')[%d].click()", tab)
		p.wait("document.querySelectorAll('#tabs [role=tab]')[%d].getAttribute('aria-selected') == 'true'", tab)
		p.drawn()
		p.accessible(p.eval("document.querySelectorAll('#tabs [role=tab]')[%d].textContent + ' of ' + document.querySelector('#detail-title').textContent", tab))
	}
}
