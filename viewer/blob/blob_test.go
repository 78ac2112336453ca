package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/iotest"

	"flowpane/viewer/blob"
)

// counted is a Source that counts its reads and may break.
type counted struct {
	blob.Source
	mu    sync.Mutex
	reads int
	bytes int64
	fail  error
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads++
	c.bytes += int64(len(p))
	if c.fail != nil {
		return 0, c.fail
	}
	return c.Source.ReadAt(p, off)
}

func random(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(b)
	return b
}

func TestSection(t *testing.T) {
	src := blob.Bytes([]byte("0123456789"))
	for _, test := range []struct {
		offset, n int64
		want      string
		ok        bool
	}{
		{0, 10, "0123456789", true},
		{3, 4, "3456", true},
		{10, 0, "", true},
		{3, 8, "", false},
		{-1, 2, "", false},
		{2, -1, "", false},
		{11, 0, "", false},
		{1, 1<<63 - 1, "", false},
	} {
		s, err := blob.Section(src, test.offset, test.n)
		if (err == nil) != test.ok {
			t.Errorf("Section(%d, %d): %v", test.offset, test.n, err)
			continue
		}
		if err != nil {
			continue
		}
		if b, err := blob.ReadAll(s); err != nil || string(b) != test.want {
			t.Errorf("Section(%d, %d) = %q, %v", test.offset, test.n, b, err)
		}
	}
}

func TestHead(t *testing.T) {
	for _, test := range []struct{ in, want string }{{"", ""}, {"ab", "ab"}, {"abcdef", "abc"}} {
		if b, err := blob.Head(blob.Bytes([]byte(test.in)), 3); err != nil || string(b) != test.want {
			t.Errorf("Head(%q) = %q, %v", test.in, b, err)
		}
	}
	if _, err := blob.Head(&counted{Source: blob.Bytes([]byte("abc")), fail: blob.ErrGone}, 3); !errors.Is(err, blob.ErrGone) {
		t.Errorf("Head of a lost file: %v", err)
	}
}

// all reads a stream by Peeks and Advances of every size.
func all(s *blob.Stream) ([]byte, error) {
	var out bytes.Buffer
	for step := 1; ; step = step*3%70_001 + 1 {
		b, err := s.Peek(step)
		out.Write(b)
		s.Advance(int64(len(b)))
		if err == io.EOF {
			return out.Bytes(), nil
		}
		if err != nil {
			return out.Bytes(), err
		}
	}
}

func TestStreamReadsAll(t *testing.T) {
	for _, size := range []int{0, 1, 4<<20 - 1, 4 << 20, 9<<20 + 5} {
		want := random(size)
		got, err := all(blob.NewStream(t.Context(), blob.Bytes(want)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes: got %d, %v", size, len(got), err)
		}
	}
}

func TestStreamPeeksBeyondAChunk(t *testing.T) {
	want := random(11 << 20)
	s := blob.NewStream(t.Context(), blob.Bytes(want))
	s.Advance(100)
	got, err := s.Peek(10 << 20)
	if err != nil || !bytes.Equal(got, want[100:100+10<<20]) {
		t.Fatalf("Peek = %d bytes, %v", len(got), err)
	}
	if s.Offset() != 100 {
		t.Errorf("Offset = %d after Peek", s.Offset())
	}
}

func TestStreamLeavesOutWhatIsPassedOver(t *testing.T) {
	src := &counted{Source: blob.Bytes(random(64 << 20))}
	s := blob.NewStream(t.Context(), src)
	if _, err := s.Peek(10); err != nil {
		t.Fatal(err)
	}
	s.Advance(60 << 20)
	if b, err := s.Peek(10); err != nil || len(b) != 10 {
		t.Fatalf("Peek = %d bytes, %v", len(b), err)
	}
	src.mu.Lock()
	defer src.mu.Unlock()
	if src.bytes > 16<<20 {
		t.Errorf("read %d bytes of a file of which 20 were looked at", src.bytes)
	}
}

// TestStreamReadsNothingTwice: what was passed over within the chunk that is
// read ahead does not have its rest read again.
func TestStreamReadsNothingTwice(t *testing.T) {
	want := random(40 << 20)
	for _, skip := range []int{1, 3 << 20, 4<<20 - 10, 4 << 20, 5 << 20} {
		src := &counted{Source: blob.Bytes(want)}
		s := blob.NewStream(t.Context(), src)
		for {
			at := int(s.Offset())
			b, err := s.Peek(10)
			if err == io.EOF {
				break
			}
			if err != nil || !bytes.Equal(b, want[at:at+10]) {
				t.Fatalf("passing over %d: %d bytes at %d, %v", skip, len(b), at, err)
			}
			s.Advance(int64(10 + skip))
		}
		src.mu.Lock()
		if src.bytes > int64(len(want)) {
			t.Errorf("passing over %d: %d bytes were read of %d", skip, src.bytes, len(want))
		}
		src.mu.Unlock()
	}
}

// BenchmarkStream looks at the heads of records whose bodies are passed over,
// as the reader of a dump does.
func BenchmarkStream(b *testing.B) {
	data := random(256 << 20)
	for _, test := range []struct {
		name string
		body int
	}{{"2MiB", 2 << 20}, {"5MiB", 5 << 20}, {"9MiB", 9 << 20}} {
		b.Run(test.name, func(b *testing.B) {
			src := &counted{Source: blob.Bytes(data)}
			for b.Loop() {
				s := blob.NewStream(b.Context(), src)
				for {
					if _, err := s.Peek(1000); err != nil {
						break
					}
					s.Advance(int64(1000 + test.body))
				}
			}
			src.mu.Lock()
			defer src.mu.Unlock()
			b.ReportMetric(float64(src.bytes)/float64(b.N)/float64(len(data)), "reads/byte")
		})
	}
}

func TestStreamEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := blob.NewStream(ctx, blob.Bytes(random(10)))
	cancel()
	if _, err := s.Peek(1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	gone := blob.NewStream(t.Context(), &counted{Source: blob.Bytes(random(10)), fail: blob.ErrGone})
	if _, err := gone.Peek(1); !errors.Is(err, blob.ErrGone) {
		t.Errorf("lost file: %v", err)
	}
	past := blob.NewStream(t.Context(), blob.Bytes(random(10)))
	past.Advance(20)
	if b, err := past.Peek(1); err != io.EOF || len(b) != 0 {
		t.Errorf("beyond the end: %d bytes, %v", len(b), err)
	}
}

// damaged is a Source that cannot be read from some byte on.
type damaged struct {
	blob.Source
	from int64
	err  error
}

func (d *damaged) ReadAt(p []byte, offset int64) (int, error) {
	if end := offset + int64(len(p)); end <= d.from {
		return d.Source.ReadAt(p, offset)
	}
	n, _ := d.Source.ReadAt(p[:max(0, d.from-offset)], offset)
	return n, d.err
}

// TestStreamShowsWhatIsInFrontOfDamage: to the last byte, wherever it begins.
func TestStreamShowsWhatIsInFrontOfDamage(t *testing.T) {
	want, broken := random(20<<20), errors.New("the disk is scratched")
	for _, from := range []int64{0, 1, 4<<20 - 1, 4 << 20, 4<<20 + 1, 9<<20 + 5, 20<<20 - 1} {
		got, err := all(blob.NewStream(t.Context(), &damaged{blob.Bytes(want), from, broken}))
		if err != broken || !bytes.Equal(got, want[:from]) {
			t.Errorf("damaged from %d on: got %d, %v", from, len(got), err)
		}
	}
}

func TestCacheReadsAsItsSource(t *testing.T) {
	want := random(1<<20 + 123)
	c := blob.NewCache(blob.Bytes(want), 4096, 20)
	if err := iotest.TestReader(io.NewSectionReader(c, 0, c.Size()), want); err != nil {
		t.Error(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		off, n := r.IntN(len(want)), r.IntN(20_000)
		p := make([]byte, n)
		got, err := c.ReadAt(p, int64(off))
		if wantN := min(n, len(want)-off); got != wantN || (err == io.EOF) != (wantN < n) || !bytes.Equal(p[:got], want[off:off+got]) {
			t.Fatalf("ReadAt(%d bytes, %d) = %d, %v", n, off, got, err)
		}
	}
}

func TestCacheReadsAhead(t *testing.T) {
	src := &counted{Source: blob.Bytes(random(1 << 20))}
	c := blob.NewCache(src, 4096, 512)
	page := make([]byte, 1024)
	for off := int64(0); off < c.Size(); off += int64(len(page)) {
		if _, err := c.ReadAt(page, off); err != nil {
			t.Fatal(err)
		}
	}
	// Runs of 1, 2, 4, 8 and then 16 blocks: 4 + 15.06 reads for 256 blocks.
	if src.reads != 20 {
		t.Errorf("%d reads of 1 MiB in order, want 20", src.reads)
	}
	if src.bytes != 1<<20 {
		t.Errorf("%d bytes read, want each once", src.bytes)
	}
}

func TestCacheRefusesNegativeOffsets(t *testing.T) {
	c := blob.NewCache(blob.Bytes(random(100)), 10, 20)
	if n, err := c.ReadAt(make([]byte, 5), -1); n != 0 || err == nil || err == io.EOF {
		t.Errorf("ReadAt = %d, %v", n, err)
	}
}

func TestCacheForgets(t *testing.T) {
	src := &counted{Source: blob.Bytes(random(1 << 20))}
	c := blob.NewCache(src, 1024, 16)
	b := make([]byte, 1)
	for i := range int64(40) {
		c.ReadAt(b, (39-i)*8*1024) // backwards: no reading ahead
	}
	before := src.reads
	c.ReadAt(b, 0)
	if src.reads != before {
		t.Error("the block used last was forgotten")
	}
	c.ReadAt(b, 39*8*1024)
	if src.reads != before+1 {
		t.Error("the block used longest ago was kept beyond the capacity")
	}
}

func TestCacheErrors(t *testing.T) {
	src := &counted{Source: blob.Bytes(random(8192)), fail: blob.ErrGone}
	c := blob.NewCache(src, 1024, 16)
	if _, err := c.ReadAt(make([]byte, 1), 0); !errors.Is(err, blob.ErrGone) {
		t.Errorf("error = %v", err)
	}
	src.fail = nil
	if _, err := c.ReadAt(make([]byte, 1), 0); err != nil {
		t.Errorf("after the file came back: %v", err)
	}
}

// A value that is longer than many chunks is not copied for each of them.
func TestStreamOfALongValue(t *testing.T) {
	const size = 100 << 20
	var before, after runtime.MemStats
	s := blob.NewStream(t.Context(), zeros(size))
	runtime.ReadMemStats(&before)
	for n := 1 << 20; n < size; n += 4 << 20 {
		if b, err := s.Peek(n); len(b) != n || err != nil {
			t.Fatalf("%d bytes, %v", len(b), err)
		}
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 10*size {
		t.Errorf("%d MB allocated for %d MB", used>>20, size>>20)
	}
}

// zeros is a Source of so many zero bytes.
type zeros int64

func (z zeros) Size() int64 { return int64(z) }

func (z zeros) ReadAt(p []byte, offset int64) (int, error) {
	n := int(min(int64(len(p)), int64(z)-offset))
	clear(p[:n])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// blocked counts the reads of a source that says what to read at once.
type blocked struct {
	blob.Source
	reads []int
}

func (b *blocked) Blocks() (size, run int) { return 100, 4 }

func (b *blocked) ReadAt(p []byte, offset int64) (int, error) {
	b.reads = append(b.reads, len(p))
	return b.Source.ReadAt(p, offset)
}

// TestCacheInPlaces: reads that go forward in two places at a time are read
// ahead in both, in the blocks that the source prefers, and never twice.
func TestCacheInPlaces(t *testing.T) {
	src := &blocked{Source: blob.Bytes(random(3000))}
	c := blob.NewCache(src, 4096, 512)
	for i := range int64(150) {
		for _, at := range []int64{10 * i, 1500 + 10*i} {
			if _, err := c.ReadAt(make([]byte, 10), at); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := []int{100, 100, 200, 200, 400, 400, 400, 400, 400, 400}
	if !slices.Equal(src.reads, want) {
		t.Errorf("reads of %d bytes, want %d", src.reads, want)
	}
}

// TestCacheReaches: what is asked for ahead takes one read, but for what is there
// at its ends; what cannot be read is an error of whoever meets it.
func TestCacheReaches(t *testing.T) {
	src := &blocked{Source: blob.Bytes(random(3000))}
	c := blob.NewCache(src, 4096, 512)
	read := func(at int64) error {
		_, err := c.ReadAt(make([]byte, 10), at)
		return err
	}
	for _, test := range []struct {
		offset, n int64
		reads     []int
	}{
		{1050, 400, []int{500}}, // blocks 10 to 14
		{1000, 500, nil},        // the same
		{950, 700, []int{800}},  // 9 to 16, as those in between are no matter
		{850, 150, []int{100}},  // 8, as 9 is there
		{2950, 500, []int{100}}, // the last
		{3000, 10, nil},         // beyond the end
		{-5, 100, nil},          // nowhere
		{200, 0, nil},           // nothing
	} {
		src.reads = nil
		c.Reach(test.offset, test.n)
		if !slices.Equal(src.reads, test.reads) {
			t.Errorf("%d bytes at %d take reads of %d bytes, want %d", test.n, test.offset, src.reads, test.reads)
		}
	}
	src.reads = nil
	for at := int64(800); at < 1700; at += 10 {
		if err := read(at); err != nil || len(src.reads) > 0 {
			t.Fatalf("byte %d: %v, after reads of %d bytes", at, err, src.reads)
		}
	}
	lost := blob.NewCache(&counted{Source: blob.Bytes(random(1000)), fail: blob.ErrGone}, 100, 10)
	lost.Reach(0, 500)
	if _, err := lost.ReadAt(make([]byte, 10), 0); !errors.Is(err, blob.ErrGone) {
		t.Errorf("lost file: %v", err)
	}
}
