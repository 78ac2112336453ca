//go:build !js

package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// focused names what has the focus: by its id, by the tab or the column that it
// is, or "row" and the place of the row.
func (p *page) focused() string {
	p.Helper()
	return p.eval(`(e => e == document.body ? 'body' : e.id ? '#' + e.id : e.role == 'row' ? 'row ' + (e.ariaRowIndex - 2) :
		e.closest('[data-column]')?.dataset.column ?? (e.ariaLabel || e.textContent.trim()))(document.activeElement)`)
}

// tabs presses Tab until the focus is somewhere, and fails unless it came by what
// is wanted. A focus that cannot be seen fails too; that of the chooser of files
// is on its label.
func (p *page) tabs(want ...string) {
	p.Helper()
	var came []string
	for range want {
		p.press(kb.Tab)
		at := p.focused()
		came = append(came, at)
		if at != "#open" && p.eval("getComputedStyle(document.activeElement).outlineStyle") == "none" {
			p.Errorf("the focus on %s cannot be seen", at)
		}
	}
	if !slices.Equal(came, want) {
		p.Errorf("Tab goes\n%s, want\n%s", strings.Join(came, " · "), strings.Join(want, " · "))
	}
}

// TestKeyboard does what people come for without a mouse: it opens the sample,
// filters, reads a flow and its body, marks it, sorts, and looks at a part of the
// session. It says where Tab goes on the way.
func TestKeyboard(t *testing.T) {
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.tabs("#filter", "#filters-toggle", "#open", "#choose", "Open the sample session")
	p.press(enter)
	p.opened(sampleFlows)
	at := func(want string) {
		t.Helper()
		p.drawn()
		if got := p.focused(); got != want {
			t.Errorf("the focus is on %s, want %s", got, want)
		}
	}
	p.wait("document.activeElement.matches('[role=row]')")
	at("row 0")
	p.press("/")
	at("#filter")
	p.press(strings.Split("~m POST", "")...)
	p.press(enter)
	p.shows(10)
	at("row 0")
	p.press(down, down) // the first selects where one is
	at("row 1")
	p.press(enter)
	p.wait("!document.querySelector('#detail').hidden")
	at("#tab-request")
	p.press(right)
	at("#tab-response")
	p.press(kb.ArrowLeft)
	p.wait("document.querySelector('#body').ariaBusy == 'false' && document.querySelector('#line').checkVisibility()") // its tools come with it
	p.tabs("#panel", "Sort by name", "Copy Headers (6)", "Filter by this Host", "Filter by this User-Agent", "Filter by this Accept",
		"Filter by this Accept-Encoding", "Filter by this Content-Type", "Filter by this Content-Length",
		"Show the body as", "#find", "Regular expression", "#line", "Wrap", "Copy", "Save", "#body")
	marked := p.eval("document.querySelectorAll('#rows .marked').length")
	p.press("m")
	p.wait("document.querySelectorAll('#rows .marked').length != %s", marked)
	at("#body")
	p.press(escape)
	p.wait("document.querySelector('#detail').hidden")
	at("row 1")

	// Dialogs give the focus back to where it was.
	for key, selector := range map[string]string{"s": "#save", "c": "#columns", "?": "#palette"} {
		p.press(key)
		p.wait("document.querySelector(%q).open && document.querySelector(%q).contains(document.activeElement)", selector, selector)
		p.press(escape)
		p.wait("!document.querySelector(%q).open", selector)
		at("row 1")
	}
	p.press(kb.Tab)
	at("#choose-columns")
	p.shiftTab()
	at("row 1")
	for _, column := range []string{"duration", "size", "type", "path"} {
		p.shiftTab()
		at(column)
		if got := p.eval("document.querySelector('#tip:popover-open')?.textContent"); got != p.eval("document.activeElement.title") {
			t.Errorf("of %s it says %q", column, got)
		}
	}
	p.press(enter)
	if got := p.eval("document.querySelector('#tip').checkVisibility()"); got != "false" {
		t.Error("what a heading says of itself stays")
	}
	p.wait("document.querySelector('#head [data-column=path]').ariaSort == 'ascending'")
	for _, column := range []string{"host", "status", "method", "time", "number", "#timeline-plot"} {
		p.shiftTab()
		at(column)
	}
	p.press(kb.Home, enter)
	p.wait("document.querySelector('#filter').value.startsWith('~m POST ~time =')")
	p.press(escape)
	p.wait("document.querySelector('#filter').value == '~m POST'")
}

// shiftTab goes back by one.
func (p *page) shiftTab() {
	p.Helper()
	p.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
}
