package formats_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/formats"
)

// read returns all of a capture, which must be read without an issue.
func read(t testing.TB, b []byte) *session.List {
	t.Helper()
	src := blob.Bytes(b)
	f, err := session.Detect(src, formats.All())
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	l, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range l.Issues {
		t.Errorf("%s: %v", f.Name, i)
	}
	return l
}

func write(t testing.TB, target string, flows session.Flows) []byte {
	t.Helper()
	for _, w := range formats.Writers() {
		if w.Name != target {
			continue
		}
		var b bytes.Buffer
		if err := w.Write(context.Background(), &b, flows); err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		return b.Bytes()
	}
	t.Fatalf("nothing writes %s", target)
	return nil
}

// entries returns a HAR as it is written up to the end of its entries.
func entries(t testing.TB, har []byte) []byte {
	t.Helper()
	b, _, ok := bytes.Cut(har, []byte("\n],\"creator\":"))
	if !ok {
		t.Fatal("the HAR has no creator behind its entries")
	}
	return b
}

// TestNothingIsLostOnTheWay holds the law of conversions: what can hold
// everything changes nothing. A capture that is written as a target by way of
// a session database or a stream is the file that it is without the detour, to
// the byte.
func TestNothingIsLostOnTheWay(t *testing.T) {
	captures := map[string][]byte{}
	add := func(path string) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		captures[filepath.Base(path)] = b
	}
	add("../../../static/samples/shop.mitm")
	captures["shop.har"] = write(t, "har", read(t, captures["shop.mitm"]))
	t.Run("corpus", func(t *testing.T) {
		root := corpus.Dir(t)
		for _, name := range []string{
			"captured/versions/captured-v21.mitm", "captured/versions/captured-v05.mitm", "hybrid/session.sqlite", "har/playwright-embed.har",
			"public/micmro_PerfCascade__src_test-data_wpt_h2_www.filamentgroup.com.har",
		} {
			add(filepath.Join(root, name))
		}
	})
	for name, capture := range captures {
		t.Run(name, func(t *testing.T) {
			flows := read(t, capture)
			for _, target := range []string{"mitm", "har"} {
				direct := write(t, target, flows)
				for _, way := range []string{"sessiondb", "pbstream"} {
					detour, direct := write(t, target, read(t, write(t, way, flows))), direct
					if target == "har" && way == "pbstream" { // which loses what follows
						detour, direct = entries(t, detour), entries(t, direct)
					}
					if !bytes.Equal(detour, direct) {
						at := 0
						for at < min(len(detour), len(direct)) && detour[at] == direct[at] {
							at++
						}
						t.Errorf("as %s by way of %s: %d bytes, without %d; byte %d differs:\n%.300q\nwas\n%.300q", target, way,
							len(detour), len(direct), at, detour[max(at-100, 0):], direct[max(at-100, 0):])
					}
				}
			}
		})
	}
}
