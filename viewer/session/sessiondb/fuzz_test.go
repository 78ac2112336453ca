package sessiondb

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// FuzzReader changes four bytes of small databases anywhere, and cuts them:
// reading them ends, and never panics.
func FuzzReader(f *testing.F) {
	seeds := [][]byte{
		oddities(f),
		build(f, do("PRAGMA page_size = 512; PRAGMA encoding = 'UTF-16be'"), do(tables),
			flowRow("a", stored("a", 1, big[:600], none)), bodyOf("a", 2, big[:3000]), note("a", "tag", "x")),
		build(f, do("PRAGMA journal_mode = wal"), do(tables), flowRow("a", stored("a", 1, none, none))),
	}
	for _, name := range slices.Sorted(maps.Keys(layouts())) {
		seeds = append(seeds, build(f, append([]statement{do("PRAGMA page_size = 512")}, layouts()[name]...)...))
	}
	for i, seed := range seeds {
		if flows, _ := readAll(f, seed); flows == 0 {
			f.Fatalf("seed %d has no flows", i)
		}
		f.Add(uint8(i), uint16(0), uint16(0), uint32(0))
		for at := range 100 {
			f.Add(uint8(i), uint16(at), uint16(at*7), uint32(0xff00ff80)<<at)
		}
		for at := 100; at < len(seed); at += 97 {
			f.Add(uint8(i), uint16(at), uint16(0), uint32(at)*2654435761)
		}
	}
	f.Fuzz(func(t *testing.T, seed uint8, at, cut uint16, change uint32) {
		file := append([]byte(nil), seeds[int(seed)%len(seeds)]...)
		for i := range 4 {
			file[(int(at)+i)%len(file)] ^= byte(change >> (8 * i))
		}
		readAll(t, file[:len(file)-int(cut)%len(file)])
	})
}

// FuzzContent reads a flow of any content.
func FuzzContent(f *testing.F) {
	seeds := [][]byte{stored("a", 1, none, big[:10]), stored("b", 0, nil, nil)}
	for _, seed := range seeds {
		f.Add(seed)
	}
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		requestStart(content)
		var flow flowpb.Flow
		if flow.Unmarshal(content) == nil {
			disown(&flow)
		}
	})
}

// readAll reads all flows and bodies of a file that may be damaged.
func readAll(t testing.TB, file []byte) (flows, issues int) {
	r, err := Open(context.Background(), blob.Bytes(file))
	if err != nil {
		return 0, 0
	}
	defer r.Close()
	for {
		f, err := r.Next()
		var issue *session.Issue
		switch {
		case err == io.EOF:
			return flows, issues
		case errors.As(err, &issue):
			if issues++; issues > len(file) {
				t.Fatal("more issues than bytes")
			}
			continue
		case err != nil:
			return flows, issues
		}
		if flows++; flows > len(file) {
			t.Fatal("more flows than bytes")
		}
		for _, ref := range []*flowpb.Body{f.GetRequest().GetBody(), f.GetResponse().GetBody()} {
			if src, err := r.Body(ref); err == nil && src.Size() <= 1e9 {
				_, _ = blob.ReadAll(src)
			}
		}
	}
}
