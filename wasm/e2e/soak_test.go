//go:build !js

package e2e_test

import (
	"bytes"
	"cmp"
	"os"
	"strconv"
	"testing"
	"time"
)

// TestSoak opens, filters, browses and closes sessions in one tab, and holds what
// the page and its engine have afterwards to what they had at the start.
// $FLOWPANE_SOAK is how many sessions; where it is not set they are few.
//
// The start is after some sessions: a program of Go takes memory until that is
// twice or thrice what it uses, and WebAssembly gives none back. Of that, few
// sessions tell little, and nothing of what Go holds of JavaScript: that goes when Go
// collects its garbage, which it does every few sessions. So what it has held for many
// of them counts.
func TestSoak(t *testing.T) {
	const few = 12
	sessions, err := strconv.Atoi(cmp.Or(os.Getenv("FLOWPANE_SOAK"), strconv.Itoa(few)))
	if err != nil || sessions < few {
		t.Fatalf("FLOWPANE_SOAK is no number from %d on", few)
	}
	warm, looks, part := sessions/4, max(8, sessions/2), 10
	if sessions < 100 {
		part = 1
	}
	files := soakFiles(t)
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	halves := []*half{p.half(p.ctx, "page"), p.half(p.engine(), "engine")}
	for n := range warm + sessions {
		p.soak(files[n%len(files)])
		time.Sleep(pace)
		for _, h := range halves {
			if n >= warm {
				h.look()
			}
		}
	}
	for _, h := range halves {
		h.grows(looks, part)
		h.releases()
	}
	if got := len(p.workers()); got != 2 {
		t.Errorf("%d workers are there; the engine and what reads files for it are 2", got)
	}
}

// pace is how long nothing happens between two sessions: a browser takes no more than
// 200 changes of an address in ten seconds, which are those of a dozen sessions.
const pace = 250 * time.Millisecond

// A soakFile is a session to open: by a link, or as a file that a person chooses.
type soakFile struct {
	link, path string
	copies     int // of the sample in it
}

func soakFiles(t *testing.T) []soakFile {
	t.Helper()
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	const copies = 4
	return []soakFile{
		{link: "#url=samples/shop.mitm", copies: 1},
		{path: write(t, "several.mitm", bytes.Repeat(sample, copies)), copies: copies},
		{path: packed(t, copies), copies: copies},
	}
}

// soak is a session from its opening to its end. Of a file that was chosen the
// end is that another is opened.
func (p *page) soak(f soakFile) {
	p.Helper()
	if f.link == "" {
		p.choose(f.path)
	} else {
		p.eval("location.hash = %q", f.link)
	}
	p.opened(f.copies * sampleFlows)
	p.filter("~m POST")
	p.shows(f.copies * 10)
	for _, index := range []int{1, 4} {
		p.click("%s", row(index))
		for _, tab := range []string{"request", "response"} {
			p.click("[data-tab=%s]", tab)
			p.wait("document.querySelector('#body')?.textContent")
		}
	}
	p.filter("")
	p.shows(f.copies * sampleFlows)
	if f.link != "" {
		p.eval("location.hash = ''")
		p.wait("document.documentElement.dataset.state == 'ready'")
	}
}
