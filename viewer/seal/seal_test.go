package seal

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/iotest"

	"flowpane/viewer/blob"
)

// What is written is read again, at any place.
func TestReadsWhatWasWritten(t *testing.T) {
	for _, size := range []int{minChunk, 3000, chunkSize} {
		for _, n := range []int{0, 1, size - 1, size, size + 1, 2 * size, 7*size + 5} {
			plain := random(n)
			file, key := sealed(t, plain, size)
			if chunks := max(1, (n+size-1)/size); len(file) != headerSize+n+chunks*Overhead {
				t.Errorf("%d bytes in chunks of %d: sealed they are %d", n, size, len(file))
			}
			src, err := Open(t.Context(), blob.Bytes(file), key, nil)
			if err != nil || src.Size() != int64(n) {
				t.Fatalf("%d bytes in chunks of %d: %v", n, size, err)
			}
			if err := iotest.TestReader(io.NewSectionReader(src, 0, src.Size()), plain); err != nil {
				t.Errorf("%d bytes in chunks of %d: %v", n, size, err)
			}
		}
	}
}

func TestReadsAnywhere(t *testing.T) {
	plain := random(23*minChunk + 77)
	file, key := sealed(t, plain, minChunk)
	src, err := Open(t.Context(), blob.Bytes(file), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		at, n := r.IntN(len(plain)+10), r.IntN(6*minChunk)
		p := make([]byte, n)
		read, err := src.ReadAt(p, int64(at))
		want := plain[min(at, len(plain)):min(at+n, len(plain))]
		if !bytes.Equal(p[:read], want) || (err == io.EOF) != (read < n) || err != nil && err != io.EOF {
			t.Fatalf("%d bytes at %d: %d, %v", n, at, read, err)
		}
	}
	if n, err := src.ReadAt(make([]byte, 5), -1); n != 0 || err == nil || err == io.EOF {
		t.Errorf("at -1: %d, %v", n, err)
	}
}

func TestReadsAtTheSameTime(t *testing.T) {
	plain := random(9*minChunk + 5)
	file, key := sealed(t, plain, minChunk)
	src, err := Open(t.Context(), blob.Bytes(file), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for seed := range uint64(8) {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, 1))
			for range 300 {
				at := r.IntN(len(plain))
				p := make([]byte, min(r.IntN(3*minChunk), len(plain)-at))
				if n, err := src.ReadAt(p, int64(at)); err != nil || !bytes.Equal(p[:n], plain[at:at+len(p)]) {
					t.Errorf("%d bytes at %d: %d, %v", len(p), at, n, err)
				}
			}
		})
	}
	all.Wait()
}

// Each flipped bit is noticed, and nothing is given out that was not written.
func TestEachBitCounts(t *testing.T) {
	plain := random(2*minChunk + 100)
	file, key := sealed(t, plain, minChunk)
	for bit := range 8 * len(file) {
		damaged := bytes.Clone(file)
		damaged[bit/8] ^= 1 << (bit % 8)
		got, err := unsealed(t, damaged, key)
		if err == nil || !bytes.HasPrefix(plain, got) {
			t.Fatalf("bit %d: %d bytes, %v", bit, len(got), err)
		}
		var e *DamageError
		switch chunk := int64(bit/8-headerSize) / (minChunk + Overhead); {
		case bit/8 < len(magic):
			if err != ErrNotSealed {
				t.Fatalf("bit %d of the magic: %v", bit, err)
			}
		case bit/8 == atVersion && damaged[atVersion] > version:
			if err != ErrNewer {
				t.Fatalf("version %d: %v", damaged[atVersion], err)
			}
		case !errors.As(err, &e), bit/8 < headerSize && e.Chunk != -1,
			bit/8 >= headerSize && (e.Chunk != chunk || e.Offset != headerSize+chunk*(minChunk+Overhead) || e.Last != (chunk == 2)):
			t.Fatalf("bit %d: %v", bit, err)
		case bit/8 >= headerSize && chunk < 2 && len(got) != int(chunk)*minChunk:
			t.Fatalf("bit %d: %d bytes in front of the damage", bit, len(got))
		}
	}
}

// A file that was cut off opens nowhere, and one that is longer neither.
func TestEachLengthCounts(t *testing.T) {
	plain := random(2*minChunk + 100)
	file, key := sealed(t, plain, minChunk)
	for n := range file {
		got, err := unsealed(t, file[:n], key)
		var e *DamageError
		if len(got) > 0 || n >= len(magic) && !errors.As(err, &e) || n < len(magic) && err != ErrNotSealed {
			t.Fatalf("%d bytes of the file: %d, %v", n, len(got), err)
		}
		if n >= headerSize && !e.Last {
			t.Fatalf("%d bytes of the file: %v", n, err)
		}
	}
	for _, more := range [][]byte{{0}, make([]byte, Overhead), file[headerSize:], file[headerSize : headerSize+minChunk+Overhead], random(5 * minChunk)} {
		if got, err := unsealed(t, append(slices.Clip(file), more...), key); err == nil || len(got) > 0 {
			t.Errorf("%d bytes more: %d, %v", len(more), len(got), err)
		}
	}
}

// Chunks count where they were written, and in the file they were written to.
func TestEachPlaceCounts(t *testing.T) {
	plain := random(5 * minChunk)
	file, key := sealed(t, plain, minChunk)
	other, otherKey := sealed(t, plain, minChunk)
	const long = minChunk + Overhead
	chunk := func(file []byte, i int) []byte { return file[headerSize+i*long:][:long] }
	damage := func(what string, chunk int64, change func(damaged []byte)) {
		t.Helper()
		damaged := bytes.Clone(file)
		change(damaged)
		got, err := unsealed(t, damaged, key)
		var e *DamageError
		if !errors.As(err, &e) || e.Chunk != chunk || e.Last != (chunk == 4) || !bytes.HasPrefix(plain, got) {
			t.Errorf("%s: %d bytes, %v", what, len(got), err)
		}
	}
	damage("two chunks changed places", 1, func(d []byte) { copy(chunk(d, 1), chunk(file, 3)); copy(chunk(d, 3), chunk(file, 1)) })
	damage("a chunk stands twice", 2, func(d []byte) { copy(chunk(d, 2), chunk(file, 1)) })
	damage("a chunk is another file's", 2, func(d []byte) { copy(chunk(d, 2), chunk(other, 2)) })
	damage("the last chunk is another", 4, func(d []byte) { copy(chunk(d, 4), chunk(file, 3)) })
	damage("the last chunk is within", 3, func(d []byte) { copy(chunk(d, 3), chunk(file, 4)) })

	// The salt and the prefix of one under the sum of the other.
	forged := bytes.Clone(file)
	copy(forged, other[:headerSize])
	for _, k := range []Key{key, otherKey} {
		if got, err := unsealed(t, forged, k); err == nil || len(got) > 0 {
			t.Errorf("the header of another file: %d bytes, %v", len(got), err)
		}
	}
	for _, at := range []int{atPrefix, atSalt, atCheck, atChunk + 3} {
		edited := header(file[:headerSize])
		edited[at] ^= 4
		binary.BigEndian.PutUint32(edited[atSum:], sum(edited[:atSum]))
		forged := append(edited[:], file[headerSize:]...)
		if got, err := unsealed(t, forged, key); err == nil || len(got) > 0 {
			t.Errorf("byte %d of the header and its sum: %d bytes, %v", at, len(got), err)
		}
	}
}

func TestWrongKey(t *testing.T) {
	file, key := sealed(t, random(100), minChunk)
	for i := range key {
		wrong := key
		wrong[i] ^= 1
		if got, err := unsealed(t, file, wrong); err != ErrWrongKey || len(got) > 0 {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	// Of a damaged file too the key is known to be right.
	file[len(file)-1] ^= 1
	if _, err := unsealed(t, file, Key{}); err != ErrWrongKey {
		t.Errorf("a wrong key of a damaged file: %v", err)
	}
}

// No two files have anything in common, were their contents the same.
func TestKeysAndNoncesAreFresh(t *testing.T) {
	seen := map[string]bool{}
	note := func(what string, b []byte) {
		t.Helper()
		if seen[string(b)] {
			t.Errorf("%s %x was seen before", what, b)
		}
		seen[string(b)] = true
	}
	for range 50 {
		file, key := sealed(t, random(3*minChunk), minChunk)
		h := header(file[:headerSize])
		note("key", key[:])
		note("salt", h[atSalt:atCheck])
		note("check", h[atCheck:atChunk])
		for i := range uint32(3) {
			note("nonce", h.nonce(i, i == 2))
			note("chunk", file[headerSize+int(i)*(minChunk+Overhead):][:minChunk])
		}
		note("nonce", h.nonce(2, false))
	}
}

// The format is what the package comment says: this reads it by that alone.
func TestTheFormatIsAsDescribed(t *testing.T) {
	plain := random(2*65536 + 1000)
	file, key := sealed(t, plain, chunkSize)
	if got := decrypt(t, file, key); !bytes.Equal(got, plain) {
		t.Errorf("%d bytes of %d", len(got), len(plain))
	}
}

func decrypt(t *testing.T, file []byte, key Key) (plain []byte) {
	t.Helper()
	head, rest := file[:64], file[64:]
	if string(head[:17]) != "Flowpane sealed\n\x01" || binary.BigEndian.Uint32(head[56:]) != 65536 {
		t.Fatalf("the header is %q", head)
	}
	check, err1 := hkdf.Key(sha256.New, key[:], head[24:40], "flowpane seal 1 check", 16)
	secret, err2 := hkdf.Key(sha256.New, key[:], head[24:40], "flowpane seal 1 chunks", 32)
	block, err3 := aes.NewCipher(secret)
	gcm, err4 := cipher.NewGCM(block)
	if err := errors.Join(err1, err2, err3, err4); err != nil || !bytes.Equal(check, head[40:56]) {
		t.Fatal(err, check)
	}
	for number := byte(0); len(rest) > 0; number++ {
		chunk := rest[:min(len(rest), 65536+16)]
		rest = rest[len(chunk):]
		nonce := append(bytes.Clone(head[17:24]), 0, 0, 0, number, 0)
		if len(rest) == 0 {
			nonce[11] = 1
		}
		var err error
		if plain, err = gcm.Open(plain, nonce, chunk, head); err != nil {
			t.Fatalf("chunk %d: %v", number, err)
		}
	}
	return plain
}

// Files of the first version open for ever.
func TestOpensWhatWasWrittenOnce(t *testing.T) {
	for _, w := range []struct {
		written
		size int
	}{{usual, 70_000}, {small, smallSize}} {
		file, key := w.read(t)
		if got, err := unsealed(t, file, key); err != nil || !bytes.Equal(got, random(w.size)) {
			t.Errorf("%s: %d bytes, %v", w.path, len(got), err)
		}
	}
}

// A file that could not be written is not made whole, and says why each time.
func TestWriterFails(t *testing.T) {
	full := errors.New("the disk is full")
	for room := range 4 {
		w, err := newWriter(t.Context(), &narrow{room, full}, nil, minChunk)
		if err == nil {
			_, err = w.Write(random(2*minChunk + 1))
		}
		if err == nil {
			err = w.Close()
		}
		if !errors.Is(err, full) {
			t.Errorf("with room for %d pieces: %v", room, err)
		}
		if _, again := w.Write([]byte{1}); !errors.Is(again, full) {
			t.Errorf("a write afterwards: %v", again)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	w, err := NewWriter(ctx, io.Discard, nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := w.Close(); !errors.Is(err, context.Canceled) {
		t.Errorf("when cancelled: %v", err)
	}
	if w, err = NewWriter(t.Context(), io.Discard, nil); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte{1}); err == nil || w.Close() == nil {
		t.Error("a closed file is written to")
	}
}

// narrow is a Writer that takes so many pieces.
type narrow struct {
	room int
	err  error
}

func (n *narrow) Write(p []byte) (int, error) {
	if n.room == 0 {
		return 0, n.err
	}
	n.room--
	return len(p), nil
}

// Errors of the file beneath are not taken for damage.
func TestSourceFails(t *testing.T) {
	file, key := sealed(t, random(5*minChunk), minChunk)
	under := &broken{Source: blob.Bytes(file)}
	src, err := Open(t.Context(), under, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	under.err = blob.ErrGone
	if n, err := src.ReadAt(make([]byte, 10), 0); n != 0 || !errors.Is(err, blob.ErrGone) {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := Open(t.Context(), under, key, nil); !errors.Is(err, blob.ErrGone) {
		t.Errorf("Open: %v", err)
	}
	under.err = nil
	ctx, cancel := context.WithCancel(t.Context())
	if src, err = Open(ctx, under, key, nil); err != nil {
		t.Fatal(err)
	}
	cancel()
	if n, err := src.ReadAt(make([]byte, 10), 0); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("when cancelled: %d, %v", n, err)
	}
}

type broken struct {
	blob.Source
	err error
}

func (b *broken) ReadAt(p []byte, offset int64) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	return b.Source.ReadAt(p, offset)
}

// What is read in blocks takes one read of the file for each run of them, and
// what is read again none.
func TestReadsAreFew(t *testing.T) {
	plain := random(20 * chunkSize)
	file, key := sealed(t, plain, chunkSize)
	under := &countedBlocks{counted{Source: blob.Bytes(file)}}
	src, err := Open(t.Context(), under, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{headerSize, chunkSize + Overhead}; !slices.Equal(under.reads, want) {
		t.Errorf("Open reads %d, want %d", under.reads, want)
	}
	under.reads = nil
	cache := blob.NewCache(src, 4096, 512)
	page := make([]byte, 4096)
	for at := int64(0); at < 7*chunkSize; at += 4096 {
		if _, err := cache.ReadAt(page, at); err != nil || !bytes.Equal(page, plain[at:at+4096]) {
			t.Fatal(err)
		}
	}
	const one = chunkSize + Overhead
	if want := []int{one, 2 * one, 4 * one}; !slices.Equal(under.reads, want) {
		t.Errorf("reads of %d bytes, want %d", under.reads, want)
	}

	plainSource := &counted{Source: blob.Bytes(file)}
	src, err = Open(t.Context(), plainSource, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := src.(blob.Blocked); ok {
		t.Error("blocks are preferred, of a file that prefers none")
	}
	plainSource.reads = nil
	for range 100 { // in four places at a time
		for _, at := range []int64{0, 3, 6, 9} {
			if _, err := src.ReadAt(page, at*chunkSize+100); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(plainSource.reads) != 4 {
		t.Errorf("%d reads of four chunks", len(plainSource.reads))
	}
}
