//go:build !js

package e2e_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// held opens the viewer, whose page program does not arrive before the
// returned function is called.
func held(t *testing.T) (p *page, release func()) {
	t.Helper()
	p = open(t, "")
	paused := make(chan fetch.RequestID, 1)
	err := chromedp.Listen(p.ctx, func(ev any) {
		if ev, ok := ev.(*fetch.EventRequestPaused); ok {
			paused <- ev.RequestID
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	patterns := []*fetch.RequestPattern{{URLPattern: "*page.*wasm"}}
	if _, err := chromedp.Call(p.ctx, fetch.Enable, fetch.EnableParams{Patterns: patterns}); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Reload())
	var id fetch.RequestID
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	select {
	case id = <-paused:
	case <-ctx.Done():
		t.Fatal("the page's program is not asked for")
	}
	return p, func() {
		t.Helper()
		if _, err := chromedp.Call(p.ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id}); err != nil {
			t.Fatal(err)
		}
	}
}

// Who is quicker than the page is served as soon as it is there.
func TestFilesBeforeThePage(t *testing.T) {
	sample, err := filepath.Abs("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("chosen", func(t *testing.T) {
		p, release := held(t)
		p.do(chromedp.SetUploadFiles(chromedp.CSS("#open"), []string{sample}))
		release()
		p.opened(sampleFlows)
	})
	t.Run("dropped", func(t *testing.T) {
		p, release := held(t)
		taken := p.eval(`(() => {
			const files = new DataTransfer();
			files.items.add(new File(['4:oops'], 'dropped.mitm'));
			return !document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));
		})()`)
		if taken != "true" {
			t.Error("the browser would have opened the file itself")
		}
		release()
		p.wait("document.querySelector('#issues').innerText.includes('dropped.mitm')")
	})
}
