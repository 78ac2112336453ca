//go:build !js

package e2e_test

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"flowpane/proto/flowpb"
)

// manyFlows are more than an element of the page may be high.
const manyFlows = 300_000

// seenFrom is how many pixels the upper edge of what is seen of the table is below
// that of its first row, by a row that is there.
const seenFrom = `(() => {
	const edge = document.querySelector('#head').getBoundingClientRect().bottom;
	const row = document.elementFromPoint(200, edge + 100)?.closest('#rows [data-flow-id]');
	return row ? (row.ariaRowIndex - 2) * row.offsetHeight - (row.getBoundingClientRect().top - edge) : -1;
})()`

// TestLongTable scrolls where the scroll range is shorter than the table: steps
// are as long as they are, and both ends are reached.
func TestLongTable(t *testing.T) {
	var file []byte
	for n := range manyFlows {
		f := &flowpb.Flow{
			Id: fmt.Appendf(nil, "00000000-0000-4000-8000-%012d", n), Kind: new(flowpb.Kind_HTTP),
			Request: &flowpb.HTTPRequest{Method: []byte("GET"), Scheme: []byte("https"), Host: []byte("long.example"), Path: []byte("/")},
		}
		b := f.Append(nil)
		file = append(binary.AppendUvarint(file, uint64(len(b))), b...)
	}
	p := open(t, "")
	p.choose(write(t, "long.pb", file))
	p.opened(manyFlows)
	at := func(want float64) {
		t.Helper()
		if !p.hears(seenFrom + " == " + strconv.FormatFloat(want, 'f', -1, 64)) {
			t.Errorf("the table is seen from %s on, want %v", p.eval(seenFrom), want)
		}
	}
	at(0)
	p.eval("document.querySelector('#flows').scrollTop = 4_000_000")
	p.wait("%s > 4_500_000", seenFrom)
	from := evaluate[float64](p, seenFrom)
	for range 10 {
		p.eval("document.querySelector('#flows').scrollTop += 53")
		from += 53
		at(from)
	}
	p.press("j")
	page := evaluate[int](p, "Math.floor(document.querySelector('#flows').clientHeight / 32) - 2")
	for _, move := range []struct {
		key string
		to  int
	}{
		{kb.End, manyFlows - 1}, {kb.PageUp, manyFlows - 1 - page}, {kb.PageDown, manyFlows - 1},
		{kb.Home, 0}, {kb.PageDown, page}, {kb.PageUp, 0}, {kb.End, manyFlows - 1}, {kb.Home, 0},
	} {
		p.press(move.key)
		const on = `(e => [e.ariaRowIndex - 2, e.dataset.flowId?.slice(-12), e.tabIndex].join(' '))(document.activeElement)`
		if want := fmt.Sprintf("%d %012d 0", move.to, move.to); !p.hears(on + " == " + quote(want)) {
			t.Errorf("after %q the focus is on row %s, want %s", move.key, p.eval(on), want)
		}
	}
	// Where the row with the focus goes, the table has it, and then a row again.
	p.eval("location.hash = '#filter=~m NONE'")
	p.shows(0)
	p.wait("document.activeElement.id == 'flows'")
	p.eval("history.back()")
	p.shows(manyFlows)
	p.wait("document.activeElement.dataset.flowId")

	p.press(end)
	at(manyFlows*32 - evaluate[float64](p, "document.querySelector('#flows').clientHeight - document.querySelector('#head').offsetHeight"))
	p.eval("document.querySelector('#flows').scrollTop = 0")
	at(0)
}
