//go:build !js

package e2e_test

import (
	"os"
	"testing"
)

// Of a file that is changed, or removed, while it is open, what was read stays, and
// the page says why there is no more.
func TestFileGone(t *testing.T) {
	const times = 800 // more than is kept of a file
	const gone = "the file changed or went away since it was opened: open it again to read more of it"
	for name, lose := range map[string]func(path string) error{
		"changed": func(path string) error { return os.WriteFile(path, []byte("another"), 0o600) },
		"removed": os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "some.mitm", repeatSample(t, times))
			p := open(t, "")
			p.choose(path)
			p.opened(times * sampleFlows)
			if err := lose(path); err != nil {
				t.Fatal(err)
			}
			p.click("#rows [aria-rowindex='5']")
			p.wait("document.querySelector('#detail').textContent.includes(%s)", quote(gone))
			p.filter("~m POST")
			p.wait("/^[0-9,]+ of 33,600 flows$/.test(document.querySelector('#status').textContent)")
			p.filter("~b stars")
			p.wait("document.querySelector('#status').textContent.includes('the filter could not be applied to') && document.querySelector('#status').textContent.endsWith(%s)", quote(gone))
			p.choose(write(t, "other.mitm", repeatSample(t, 1)))
			p.opened(2)
			p.filter("")
			p.opened(sampleFlows)
		})
	}
}
