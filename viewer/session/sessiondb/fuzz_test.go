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

// small returns small databases, which have flows.
func small(t testing.TB) [][]byte {
	t.Helper()
	files := [][]byte{
		oddities(t),
		build(t, do("PRAGMA page_size = 512; PRAGMA encoding = 'UTF-16be'"), do(tables),
			flowRow("a", stored("a", 1, big[:600], none)), bodyOf("a", 2, big[:3000]), note("a", "tag", "x")),
		build(t, do("PRAGMA journal_mode = wal"), do(tables), flowRow("a", stored("a", 1, none, none))),
	}
	for _, name := range slices.Sorted(maps.Keys(layouts())) {
		files = append(files, build(t, append([]statement{do("PRAGMA page_size = 512")}, layouts()[name]...)...))
	}
	for i, file := range files {
		if flows, _ := readAll(t, file); flows == 0 {
			t.Fatalf("database %d has no flows", i)
		}
	}
	return files
}

// damaged returns a file with four bytes changed, and its end cut off.
func damaged(file []byte, at, cut int, change uint32) []byte {
	file = slices.Clone(file)
	for i := range 4 {
		file[(at+i)%len(file)] ^= byte(change >> (8 * i))
	}
	return file[:len(file)-cut%len(file)]
}

// TestDamage changes small databases everywhere: reading them ends, and never
// panics.
func TestDamage(t *testing.T) {
	for _, file := range small(t) {
		for at := range 100 {
			readAll(t, damaged(file, at, at*7, uint32(0xff00ff80)<<at))
		}
		for at := 100; at < len(file); at += 97 {
			readAll(t, damaged(file, at, 0, uint32(at)*2654435761))
		}
	}
}

// FuzzReader is TestDamage in any place and by any change.
func FuzzReader(f *testing.F) {
	files := small(f)
	for i := range files {
		f.Add(uint8(i), uint16(0), uint16(0), uint32(0))
		f.Add(uint8(i), uint16(18+i), uint16(i*7), uint32(0xff00ff80))
	}
	f.Fuzz(func(t *testing.T, number uint8, at, cut uint16, change uint32) {
		readAll(t, damaged(files[int(number)%len(files)], int(at), int(cut), change))
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
