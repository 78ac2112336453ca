package store

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
)

// TestMemFile compares a file in memory with a slice, across sectors.
func TestMemFile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var f memFile
	var want []byte
	for i := range 400 {
		offset, n := r.Int64N(5*sectorSize), r.IntN(2*sectorSize)
		switch i % 5 {
		case 0:
			if err := f.Truncate(offset); err != nil {
				t.Fatal(err)
			}
			want = want[:min(int(offset), len(want))]
		default:
			p := bytes.Repeat([]byte{byte(i)}, n)
			if m, err := f.WriteAt(p, offset); m != n || err != nil {
				t.Fatalf("wrote %d of %d: %v", m, n, err)
			}
			if grow := int(offset) + n - len(want); grow > 0 {
				want = append(want, make([]byte, grow)...)
			}
			copy(want[offset:], p)
		}
		if size, err := f.Size(); size != int64(len(want)) || err != nil {
			t.Fatalf("step %d: size %d, want %d, %v", i, size, len(want), err)
		}
		got := make([]byte, len(want)+10)
		if m, err := f.ReadAt(got, 0); m != len(want) || err != io.EOF || !bytes.Equal(got[:m], want) {
			t.Fatalf("step %d: read %d of %d bytes that differ, %v", i, m, len(want), err)
		}
		if at := offset % int64(len(want)+1); at < int64(len(want)) {
			p := make([]byte, min(n, len(want)-int(at)))
			if _, err := f.ReadAt(p, at); err != nil || !bytes.Equal(p, want[at:int(at)+len(p)]) {
				t.Fatalf("step %d: bytes at %d differ, %v", i, at, err)
			}
		}
	}
}
