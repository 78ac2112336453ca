//go:build !js

package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestFolder goes from the index of a folder to one within it, opens a session
// there whose name is hard to write in a link, and comes back.
func TestFolder(t *testing.T) {
	needsServer(t)
	sample, err := os.ReadFile(filepath.Join("..", "..", "static", "samples", "shop.mitm"))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "captures")
	for _, name := range []string{
		"of today.mitm", "<b>bold & \u202etxt.mitm",
		"a b#c/Märkte & 50%41 = ?.mitm", "a b#c/a-name-that-is-longer-than-any-phone-is-wide-and-has-no-blank-to-break-it-at.mitm",
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, sample, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	site, stop, err := start(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	p := tab(t, site, chromedp.WithNewBrowserContext())
	p.do(chromedp.Navigate(site + "sessions/captures/"))
	p.checkIndex("the index")
	p.follow("main a[href$='/']")
	p.checkIndex("a folder in it")
	within := p.eval("location.href")
	p.follow("main a[href*='rkte']")
	p.opened(sampleFlows)
	p.do(chromedp.Navigate(within))
	p.follow("nav a:last-of-type")
	p.follow("main a[href*='today']")
	p.opened(sampleFlows)
	p.close()
}

// follow goes where a link leads.
func (p *page) follow(selector string) {
	p.Helper()
	p.do(chromedp.Navigate(p.eval("document.querySelector(%q).href", selector)))
}

// checkIndex looks at an index wide and narrow, light and dark. It must have
// its style, fit the window and be accessible.
func (p *page) checkIndex(screen string) {
	p.Helper()
	_, err := exec.LookPath("npm")
	if err == nil {
		source, err := axe()
		if err != nil {
			p.Fatal(err)
		}
		evaluate[bool](p, source+"; true")
	}
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 390, 1440} {
			p.do(chromedp.EmulateViewport(width, 844))
			if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}); err != nil {
				p.Fatal(err)
			}
			p.drawn()
			if p.eval("getComputedStyle(document.querySelector('main li')).display") != "grid" {
				p.Errorf("%s has no style", screen)
			}
			if p.eval("document.documentElement.scrollWidth <= innerWidth") != "true" {
				p.Errorf("%s is wider than %d", screen, width)
			}
			if dark := p.eval("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"; dark != (theme == "dark") {
				p.Errorf("%s is dark: %v, wanted %s", screen, dark, theme)
			}
			if err == nil {
				p.accessible(screen + ", " + theme)
			}
		}
	}
}
