package mitm

import (
	"context"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// TestWalkSparsely: who walks to a few flows of a large file reads little of it,
// and who walks to all reads each byte about once.
func TestWalkSparsely(t *testing.T) {
	const flows, body = 200, 200_000
	var dump strings.Builder
	var places []session.Place
	for range flows {
		at := int64(dump.Len())
		dump.WriteString(tnet(httpDict("id", []byte{}, []byte(strings.Repeat("body ", body/5)))))
		places = append(places, session.Place{Offset: at, Length: int64(dump.Len()) - at})
	}
	walk := func(step int) (bytes int) {
		src := &counting{Source: blob.Bytes([]byte(dump.String()))}
		r := newReader(context.Background(), src, maxWhole)
		w := session.Walk(r)
		for i := 0; i < flows; i += step {
			f, err := w.At(places[i])
			if err != nil {
				t.Fatal(err)
			}
			b, err := w.Bytes(f.Response.Body)
			if err != nil || len(b) != body || !strings.HasPrefix(string(b), "body body") {
				t.Fatalf("%d bytes, %v", len(b), err)
			}
		}
		return int(src.bytes.Load())
	}
	if n := walk(50); n > 4*700_000 {
		t.Errorf("%d bytes read for 4 flows of %d", n, body)
	}
	if n := walk(1); n > dump.Len()*5/4 {
		t.Errorf("%d bytes read for all of %d", n, dump.Len())
	}
}
