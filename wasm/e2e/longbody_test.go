//go:build !js

package e2e_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session/mitm"
)

// exchanges are flows with a response each, to be written as a file.
type exchanges []exchange

type exchange struct {
	path, contentType, encoding string
	body                        []byte
}

func (list exchanges) All(context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		for i, x := range list {
			at, status := 1700000000+float64(i), int32(200)
			headers := []*flowpb.HTTPHeader{{Name: []byte("Content-Type"), Value: []byte(x.contentType)}}
			if x.encoding != "" {
				headers = append(headers, &flowpb.HTTPHeader{Name: []byte("Content-Encoding"), Value: []byte(x.encoding)})
			}
			f := &flowpb.Flow{
				Id: fmt.Appendf(nil, "00000000-0000-4000-8000-%012d", i),
				Request: &flowpb.HTTPRequest{
					Method: []byte("GET"), Scheme: []byte("http"), Host: []byte("a.example"), Path: []byte(x.path),
					HttpVersion: []byte("HTTP/1.1"), Content: []byte{}, TimestampStart: &at, TimestampEnd: &at,
				},
				Response: &flowpb.HTTPResponse{
					HttpVersion: []byte("HTTP/1.1"), StatusCode: &status, Reason: []byte("OK"), Headers: headers,
					Content: x.body, TimestampStart: &at, TimestampEnd: &at,
				},
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

func (list exchanges) Body(*flowpb.Body) (blob.Source, error) { panic("all bodies are inline") }

func (list exchanges) About(uint32) *flowpb.About { return nil }

// write writes the flows as a dump, and returns its path.
func (list exchanges) write(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bodies.mitm")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := mitm.Writer.Write(context.Background(), f, list); err != nil {
		t.Fatal(err)
	}
	return path
}

const needle = "in the haystack"

// longJSON returns a list of objects of about size bytes, the last but one of
// which holds the needle.
func longJSON(size int) []byte {
	var b bytes.Buffer
	b.WriteString("[")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `{"id": %d, "uuid": "%032x", "name": "some product", "price": %d.95, "active": true, "tags": ["a", "bc"], "owner": {"login": "someone", "url": "https://api.example.com/users/%d"}, "nothing": null}, `, i, i*i, i%500, i)
	}
	fmt.Fprintf(&b, `{"needle": %q}, 0]`, needle)
	return b.Bytes()
}

// bomb returns zero bytes, compressed.
func bomb(t testing.TB, megabytes int) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for range megabytes {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// showBody opens a file of exchanges, and then the body of one.
func showBody(t testing.TB, list exchanges, n int) *page {
	t.Helper()
	path := list.write(t)
	p := open(t, "")
	p.wait("document.documentElement.dataset.state == 'ready'")
	p.eval(stopwatch)
	p.choose(path)
	p.opened(len(list))
	p.body(n)
	return p
}

// body shows the response of a flow.
func (p *page) body(n int) {
	p.Helper()
	p.click("#rows [aria-rowindex=%q]", fmt.Sprint(n+2))
	p.click("#detail [data-tab=response]")
	p.wait("document.querySelector('#detail').dataset.flowId == '00000000-0000-4000-8000-%012d'", n)
	p.wait("document.querySelector('#body .body-line, #body .empty')")
}

// TestLongBody reads a JSON body of many windows: first lines, a line far away,
// a search through all of it, folding.
func TestLongBody(t *testing.T) {
	p := showBody(t, exchanges{{path: "/long.json", contentType: "application/json", body: longJSON(12 << 20)}}, 0)
	p.wait("/^of [0-9]{3},[0-9]{3}$/.test(document.querySelector('.tools .count').textContent)")
	if n := evaluate[int](p, "document.querySelectorAll('#body .body-line').length"); n > 1000 {
		t.Errorf("%d lines are drawn at first", n)
	}
	// More comes by itself when the end of what is there is in sight.
	lines := evaluate[int](p, "document.querySelectorAll('#body .body-line').length")
	p.eval("document.querySelector('#panel').scrollTop = 1e6")
	p.wait("document.querySelectorAll('#body .body-line').length > %d", lines)

	p.eval(`(() => { const find = document.querySelector('#find'); find.value = %q; find.dispatchEvent(new Event('input', {bubbles: true})) })()`, needle)
	p.wait("document.querySelector('.find .count').textContent == '1 found'")
	p.click(".find [aria-label^=Next]")
	p.wait("document.querySelector('.find .count').textContent == '1 of 1' && document.querySelector('#body').textContent.includes(%q)", needle)
	p.wait("(([hit]) => { const box = hit.getBoundingClientRect(); return box.top > 0 && box.bottom < innerHeight })([...CSS.highlights.get('hit-now')])")

	p.eval(`(() => { const line = document.querySelector('#line'); line.value = 400000; line.dispatchEvent(new Event('change', {bubbles: true})) })()`)
	p.wait("document.querySelector('.chunk')?.style.counterReset == 'line 399989'")
	p.eval("document.querySelector('#panel').scrollTop = 0")
	p.wait("parseInt(document.querySelector('.chunk')?.style.counterReset.slice(5)) < 399989")
	if n := evaluate[int](p, "document.querySelectorAll('*').length"); n > 5000 {
		t.Errorf("the document has %d elements", n)
	}

	p.eval("[...document.querySelectorAll('.tools button')].find(b => b.textContent == 'Fold').click()")
	p.wait("document.querySelector('#body .ellipsis')?.dataset.count == '⋯ 14'")
	p.eval("document.querySelectorAll('#body .fold')[1].focus()")
	p.press(right)
	p.wait("document.activeElement.matches('.fold[aria-expanded=true]') && document.querySelector('#body').textContent.includes('uuid')")
}

// TestBombs shows what is compressed a thousand times over: as far as a limit,
// and further when asked.
func TestBombs(t *testing.T) {
	p := showBody(t, exchanges{
		{path: "/bomb", contentType: "application/octet-stream", encoding: "gzip", body: bomb(t, 1<<10)},
		{path: "/small", contentType: "text/plain", body: []byte("small")},
	}, 0)
	p.wait("document.querySelector('.body .note').textContent.includes('the first 134217728 shown')")
	p.wait("document.querySelector('.body .note').textContent.includes('cut off: the text would be longer than 512 MB')")
	p.eval("(() => { const line = document.querySelector('#line'); line.value = 99999999; line.dispatchEvent(new Event('change', {bubbles: true})) })()")
	p.wait("[...document.querySelectorAll('.body .more')].some(b => !b.hidden && b.textContent == 'Show up to 512 MB')")
	p.body(1)
	p.wait("document.querySelector('#body').textContent == 'small'")
}

// BenchmarkBody shows a JSON body of 100 MB, and finds what is at its end.
func BenchmarkBody(b *testing.B) {
	list := exchanges{
		{path: "/small.json", contentType: "application/json", body: []byte("[]")},
		{path: "/long.json", contentType: "application/json", body: longJSON(100_000_000)},
	}
	for b.Loop() {
		p := showBody(b, list, 0)
		time.Sleep(choosing)
		p.eval("(() => { watch.longest = 0; watch.began = performance.now(); document.querySelector('#rows [aria-rowindex=\"3\"]').click() })()")
		p.wait("document.querySelectorAll('#body .body-line').length > 1")
		b.ReportMetric(evaluate[float64](p, "performance.now() - watch.began"), "first-lines-ms")
		p.wait("!document.querySelector('.tools .count').textContent.includes('so far')")
		b.ReportMetric(evaluate[float64](p, "performance.now() - watch.began"), "all-lines-ms")
		p.eval(`(() => { watch.began = performance.now(); const find = document.querySelector('#find'); find.value = %q; find.dispatchEvent(new Event('input', {bubbles: true})) })()`, needle)
		p.wait("document.querySelector('.find .count').textContent == '1 found'")
		b.ReportMetric(evaluate[float64](p, "performance.now() - watch.began"), "find-ms")
		p.eval("watch.began = performance.now()")
		p.click(".find [aria-label^=Next]")
		p.wait("document.querySelector('#body').textContent.includes(%q)", needle)
		b.ReportMetric(evaluate[float64](p, "performance.now() - watch.began"), "go-to-hit-ms")
		b.ReportMetric(evaluate[float64](p, "watch.longest"), "longest-task-ms")
		b.ReportMetric(rendererPeak(), "renderer-peak-MB")
		p.close()
	}
}

// TestInside goes from a form to a field, to what that encodes, and back.
func TestInside(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte(`{"user": {"note": "` + base64.StdEncoding.EncodeToString([]byte("words that nobody saw")) + `"}}`))
	p := showBody(t, exchanges{{path: "/", contentType: "application/x-www-form-urlencoded", body: []byte("id=1&data=" + url.QueryEscape(encoded))}}, 0)
	enter := func(step string) {
		p.wait("[...document.querySelectorAll('#inside option')].some(o => o.value == %q)", step)
		p.eval("(() => { const inside = document.querySelector('#inside'); inside.value = %q; inside.dispatchEvent(new Event('change')) })()", step)
	}
	enter("data")
	p.wait("document.querySelector('#body').dataset.view == 'json' && document.querySelector('#body').textContent.includes('\"note\"')")
	enter("user.note")
	p.wait("document.querySelector('#body').textContent == 'words that nobody saw'")
	p.click(".path button:last-of-type")
	p.wait("document.querySelector('#body').dataset.view == 'json'")
	p.click(".path button")
	p.wait("document.querySelector('#body').dataset.view == 'url-encoded'")
}
