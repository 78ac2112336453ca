//go:build !js

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A regex that would never end is given up, said so, and the page stays at hand.
func TestHopelessRegex(t *testing.T) {
	entry := `{"startedDateTime":"2026-11-23T10:00:00Z","time":1,"request":{"method":"GET","url":"http://a.example/%d","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},` +
		`"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":3001,"mimeType":"text/plain","text":%q},"redirectURL":"","headersSize":-1,"bodySize":3001},"cache":{},"timings":{"send":0,"wait":1,"receive":0}}`
	var entries []string
	for i := range 20 {
		entries = append(entries, fmt.Sprintf(entry, i, strings.Repeat("a", 3000)+"b"))
	}
	path := filepath.Join(t.TempDir(), "long.har")
	if err := os.WriteFile(path, []byte(`{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":[`+strings.Join(entries, ",")+`]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.choose(path)
	p.opened(20)
	p.filter(`~b "(a+)+$(?!x)"`)
	p.wait("document.querySelector('#status').textContent.includes('takes too long')")
	p.filter("~c 200")
	p.shows(20)
}
