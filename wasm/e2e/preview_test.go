//go:build !js

package e2e_test

import (
	"strings"
	"testing"
)

// hostile is a document that asks for much, of others and of the viewer's own
// host. HOST stands for the latter.
const hostile = `<!doctype html><html><head><base href="http://evil.example/">
<meta http-equiv=refresh content="0;url=HOST/evil-refresh"><link rel=stylesheet href="HOST/evil-css"><link rel=dns-prefetch href="//evil.example">
<link rel=preconnect href="http://evil.example"><link rel=prefetch href="HOST/evil-prefetch">
<style>@import "HOST/evil-import"; @font-face { font-family: evil; src: url(HOST/evil-font) } body { background: url(HOST/evil-background); font-family: evil; color: rgb(1, 2, 3) }</style>
<script>parent.evil = 1; fetch("HOST/evil-fetch"); alert(1)</script><script src="HOST/evil-script"></script></head>
<body onload="fetch('HOST/evil-onload')" background="HOST/evil-body"><p id=p>Shown text</p>
<img src="HOST/evil-img" onerror="parent.evil = 2" srcset="HOST/evil-srcset 2x"><img src=x onerror="parent.evil = 3">
<video src="HOST/evil-video" poster="HOST/evil-poster" autoplay></video><audio src="HOST/evil-audio" autoplay></audio>
<object data="HOST/evil-object"></object><embed src="HOST/evil-embed"><iframe src="HOST/evil-frame"></iframe><iframe srcdoc="<script>parent.parent.evil = 4</script><img src=HOST/evil-srcdoc>"></iframe>
<svg><image href="HOST/evil-svg"/><use href="HOST/evil-use#a"/><script>parent.evil = 5</script></svg>
<form action="HOST/evil-form"><input autofocus onfocus="parent.evil = 6"></form><a href="HOST/evil-link" ping="HOST/evil-ping">link</a>
<table background="HOST/evil-table"></table><input type=image src="HOST/evil-input"><track src="HOST/evil-track"></body></html>`

// TestPreview shows a hostile document, and an image of the same kind: neither
// asks for anything nor runs.
func TestPreview(t *testing.T) {
	html := strings.ReplaceAll(hostile, "HOST", address)
	svg := `<svg xmlns="http://www.w3.org/2000/svg"><image href="` + address + `/evil-1"/><script>parent.evil = 7</script><text y="20">Shown</text></svg>`
	p := showBody(t, exchanges{
		{path: "/page", contentType: "text/html", body: []byte(html)},
		{path: "/drawing", contentType: "image/svg+xml", body: []byte(svg)},
	}, 0)
	for n := range 2 {
		p.body(n)
		p.eval(`(() => { const view = document.querySelector('[aria-label="Show the body as"]'); view.value = 'preview'; view.dispatchEvent(new Event('change')) })()`)
		p.wait("document.querySelector('#body iframe')?.getAttribute('sandbox') === ''")
		if hash := p.eval("location.hash"); strings.Contains(hash, "preview") {
			t.Errorf("the address shows the preview: %s", hash)
		}
		p.eval("new Promise(done => setTimeout(done, 1500))")
		p.wait("window.evil === undefined")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	framed := 0
	for _, url := range p.requests {
		if strings.HasPrefix(url, "blob:") {
			framed++
		}
		if strings.Contains(url, "evil") {
			t.Errorf("the preview asked for %s", url)
		}
	}
	if framed < 2 {
		t.Errorf("%d frames were loaded", framed)
	}
	// What the policies refuse is told in the console: that is what they are for.
	p.errors = nil
}

// TestPlay plays a sound that was captured.
func TestPlay(t *testing.T) {
	samples := strings.Repeat("\x80", 8000) // a second of silence
	header := "RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00"
	p := showBody(t, exchanges{{path: "/a.wav", contentType: "audio/wav", body: []byte(header + samples)}}, 0)
	p.wait("document.querySelector('#body audio')?.duration == 1")
	p.wait("document.querySelector('#body').textContent.includes('Sample rate: 8000 Hz')")
}
