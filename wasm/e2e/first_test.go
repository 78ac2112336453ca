//go:build !js

package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
)

// unlike writes the sample, so many times over, as a packed session whose flows
// all differ in their ids. It returns those of the flows that were got with
// documents, in their order.
func unlike(t *testing.T, times int) (path string, pages []string) {
	t.Helper()
	sample, err := os.ReadFile("../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	var dump []byte
	own := list(t, sample).Flows
	for range times {
		shop := sample
		for _, f := range own {
			var id [16]byte
			binary.BigEndian.PutUint64(id[:], random.Uint64())
			binary.BigEndian.PutUint64(id[8:], random.Uint64())
			text := flow.AppendUUID(nil, id)
			shop = bytes.ReplaceAll(shop, f.Id, text)
			if s := flow.Summarize(f); s.Method == "GET" && s.ContentType == "text/html" {
				pages = append(pages, string(text))
			}
		}
		dump = append(dump, shop...)
	}
	path = filepath.Join(t.TempDir(), "many.flowpane.sqlite")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	writers := formats.Writers()
	i := slices.IndexFunc(writers, func(w session.Writer) bool { return w.Name == "sessiondb" })
	if err := writers[i].Write(t.Context(), w, list(t, dump)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path, pages
}

// list returns the flows of a dump.
func list(t *testing.T, dump []byte) *session.List {
	t.Helper()
	src := blob.Bytes(dump)
	format, err := session.Detect(src, formats.All())
	if err != nil {
		t.Fatal(err)
	}
	r, err := format.Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	l, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The flow that a link names is shown with its body, and the first rows are, by
// six requests for a small part of a packed session: the host answers no more of
// them before. The table then is as the link has it.
func TestRemoteFlowFirst(t *testing.T) {
	const times, most, mostBytes = 200, 6, 1 << 20
	path, pages := unlike(t, times)
	key := pages[len(pages)*9/10]
	f := newFar(t, path, 20*time.Millisecond, false)
	f.most, f.rest = most, make(chan struct{})
	p := openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/")+"&filter=~m%20GET&order=-size&tab=response&flow="+key)
	p.wait("document.querySelector('#rows [data-flow-id]') && document.querySelector('#detail [role=tab][aria-selected=true]')?.dataset.tab == 'response'")
	p.wait("document.querySelector('#body')?.textContent")
	body := p.eval("document.querySelector('#body').textContent")
	if state := p.eval("document.documentElement.dataset.state"); state != "reading" {
		t.Errorf("the session is %s already", state)
	}
	requests, read := f.asked()
	t.Logf("%d requests and %d bytes", requests, read)
	if requests > most || read > mostBytes {
		t.Errorf("shown with %d requests and %d bytes", requests, read)
	}
	close(f.rest)
	p.wait("document.documentElement.dataset.state == 'open' && document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
	p.wait("document.querySelector('#rows [role=row][aria-selected=true]')?.dataset.flowId == %q", key)
	for what, want := range map[string]string{
		"document.querySelector('#filter').value":                                      "~m GET",
		"document.querySelector('#head [data-column=size]').getAttribute('aria-sort')": "descending",
		"document.querySelector('#body').textContent":                                  body,
	} {
		if got := p.eval("%s", what); got != want {
			t.Errorf("%s is %q, want %q", what, got, want)
		}
	}
}
