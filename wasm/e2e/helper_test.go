//go:build !js

package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestLongSearch searches bodies for longer than one engine does alone, and
// changes its mind on the way.
func TestLongSearch(t *testing.T) {
	const copies = 600
	sample, err := os.ReadFile(filepath.Join("..", "..", "static", "samples", "shop.mitm"))
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.choose(write(t, "long.mitm", bytes.Repeat(sample, copies)))
	p.opened(copies * sampleFlows)
	p.filter("~b no-such-text-anywhere")
	p.wait("document.querySelector('#status').textContent.includes('so far')")
	p.filter("~bs stars & ~m POST")
	p.shows(2 * copies)
	p.filter("~b no-such-text-anywhere")
	p.shows(0)
}
