//go:build !js

package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// site builds wasm/e2e/worker, once, and serves it where the worker's script
// looks for the engine.
var site = sync.OnceValues(func() (*httptest.Server, error) {
	dir, err := os.MkdirTemp("", "flowpane-worker-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "worker.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-gcflags=github.com/ncruces/go-sqlite3-wasm/v6=-B",
		"-o", binary, "flowpane/wasm/e2e/worker")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><link rel=icon href=data:,><title>worker</title>")
	})
	for name, path := range map[string]string{
		"engine.wasm":  binary,
		"worker.js":    "../../static/worker.js",
		"reader.js":    "../../static/reader.js",
		"wasm_exec.js": filepath.Join(strings.TrimSpace(string(goroot)), "lib/wasm/wasm_exec.js"),
	} {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", map[string]string{".wasm": "application/wasm", ".js": "text/javascript"}[filepath.Ext(name)])
			w.Write(content)
		})
	}
	return httptest.NewServer(mux), nil
})

// hire defines hire(), which starts a worker whose answers gather in its said.
const hire = `window.hire = () => {
	const channel = new MessageChannel(), worker = new Worker('worker.js');
	worker.postMessage({port: channel.port2}, [channel.port2]);
	const w = {
		said: [],
		ask(words) { w.said = []; channel.port1.postMessage(new TextEncoder().encode(words)); },
		kill() { worker.terminate(); },
		hears: (start) => w.said.find((words) => words.startsWith(start)) ?? '',
		answer: () => w.hears('done') || w.hears('error') || w.hears('gone'),
	};
	channel.port1.onmessage = ({data}) => w.said.push(data ? new TextDecoder().decode(data) : 'gone');
	return w;
}`

// workshop opens a page that has workers, in the profile of the browser: a
// private window keeps files in memory.
func workshop(t testing.TB) *page {
	t.Helper()
	s, err := site()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser)
	p := &page{TB: t, ctx: ctx, site: s.URL}
	p.close = sync.OnceFunc(func() {
		p.check()
		cancel()
	})
	t.Cleanup(p.close)
	if err := chromedp.Listen(ctx, p.event); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate(s.URL))
	p.eval(hire)
	return p
}

// hire starts a worker, which the page calls name.
func (p *page) hire(name string) {
	p.Helper()
	p.eval("window.%s = hire()", name)
}

// ask has a worker carry out a command and returns its answer.
func (p *page) ask(name, format string, args ...any) string {
	p.Helper()
	p.eval("%s.ask(%s)", name, quote(fmt.Sprintf(format, args...)))
	p.wait("%s.answer()", name)
	return p.eval("%s.answer()", name)
}

// crash ends the process of the page, and with it its workers.
func (p *page) crash() {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	crashed := make(chan struct{})
	err := chromedp.Listen(p.ctx, func(ev any) {
		if _, ok := ev.(*inspector.EventTargetCrashed); ok {
			close(crashed)
		}
	})
	if err != nil {
		p.Fatal(err)
	}
	go chromedp.Call(ctx, cdppage.Crash, cdp.Empty{}) // nobody is left to answer
	select {
	case <-crashed:
	case <-ctx.Done():
		p.Fatal("the page does not crash")
	}
}
