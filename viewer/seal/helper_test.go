package seal

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"

	"flowpane/viewer/blob"
)

// random returns n bytes, the same ones each time.
func random(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// sealed returns plain as a sealed file with chunks of a size, and its key. It
// is written in pieces of many lengths.
func sealed(t testing.TB, plain []byte, size int) ([]byte, Key) {
	t.Helper()
	var file bytes.Buffer
	w, err := newWriter(t.Context(), &file, nil, size)
	if err != nil {
		t.Fatal(err)
	}
	for step := 1; len(plain) > 0; step = step*3%7001 + 1 {
		n, err := w.Write(plain[:min(step, len(plain))])
		if err != nil {
			t.Fatal(err)
		}
		plain = plain[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), w.Key()
}

// unsealed returns all that can be read of a sealed file.
func unsealed(t testing.TB, file []byte, key Key) ([]byte, error) {
	t.Helper()
	src, err := Open(t.Context(), blob.Bytes(file), key, nil)
	if err != nil {
		return nil, err
	}
	return blob.ReadAll(src)
}

// counted is a Source that counts its reads, and says what to read at once.
type counted struct {
	blob.Source
	reads []int
}

func (c *counted) ReadAt(p []byte, offset int64) (int, error) {
	c.reads = append(c.reads, len(p))
	return c.Source.ReadAt(p, offset)
}

type countedBlocks struct{ counted }

func (*countedBlocks) Blocks() (size, run int) { return 64 << 10, 4 }

// A written file is one of testdata.
type written struct{ path, key string }

var (
	usual = written{"testdata/written.flowpane", "xy_ogon84hZL5JwLH3gwcQ4120bFItoWavIS_D9-RcpwNiyD"}
	small = written{"testdata/small.flowpane", "BqKoNzfYZNTzjisHEOHPGU65c73BNAnhiSDNt0KJWTeqXHdo"} // with chunks of minChunk
)

// smallSize is how much plaintext small has.
const smallSize = 3*minChunk + 50

func (w written) read(t testing.TB) ([]byte, Key) {
	t.Helper()
	file, err := os.ReadFile(w.path)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKey(w.key)
	if err != nil {
		t.Fatal(err)
	}
	return file, key
}
