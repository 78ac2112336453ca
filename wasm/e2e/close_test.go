//go:build !js

package e2e_test

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// answers gives the questions that the browser asks their answers, one after the
// other, and returns what was asked so far.
func (p *page) answers(yes ...bool) (asked func() []string) {
	p.Helper()
	var mu sync.Mutex
	var questions []string
	err := chromedp.Listen(p.ctx, func(ev any) {
		d, ok := ev.(*cdppage.EventJavascriptDialogOpening)
		if !ok {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		n := len(questions)
		questions = append(questions, string(d.Type)+": "+d.Message)
		go chromedp.Call(p.ctx, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: n < len(yes) && yes[n]})
	})
	if err != nil {
		p.Fatal(err)
	}
	return func() []string {
		p.forgive("a dialog: ")
		mu.Lock()
		defer mu.Unlock()
		return questions
	}
}

// A session is closed by the name of the program, and then the page is as it was at
// first. What was said of its flows is not lost unasked: neither so nor when the
// page is left.
func TestClose(t *testing.T) {
	sample, err := filepath.Abs("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "")
	if p.eval("document.querySelector('#home').disabled") != "true" {
		t.Error("nothing can be closed")
	}
	p.choose(sample)
	p.opened(sampleFlows)
	p.filter("~m POST")
	p.shows(10)
	p.click("#home")
	p.wait("document.documentElement.dataset.state == 'ready' && !document.querySelector('#start').hidden && location.hash == ''")
	if got := p.eval("document.querySelector('#filter').value"); got != "" {
		t.Errorf("the filter is %q", got)
	}

	p.choose(sample)
	p.opened(sampleFlows)
	p.click("#rows [data-flow-id]")
	p.press("m")
	p.wait("document.querySelector('#rows .marked')")
	asked := p.answers(false, false, true)
	p.click("#home")
	p.wait("document.documentElement.dataset.state == 'open'")
	if questions := asked(); len(questions) != 1 || !strings.HasPrefix(questions[0], "confirm: What you marked") {
		t.Fatalf("asked were %q", questions)
	}
	go p.eval("location.reload()")
	for len(asked()) < 2 {
		p.wait("true")
	}
	if questions := asked(); !strings.HasPrefix(questions[1], "beforeunload: ") {
		t.Errorf("asked were %q", questions)
	}
	p.wait("document.querySelector('#rows .marked')")
	p.click("#home")
	p.wait("document.documentElement.dataset.state == 'ready'")
	if questions := asked(); len(questions) != 3 {
		t.Errorf("asked were %q", questions)
	}
	p.eval("location.reload()") // unasked
	p.wait("document.documentElement.dataset.state == 'ready'")
	if questions := asked(); len(questions) != 3 {
		t.Errorf("asked were %q", questions)
	}
}
