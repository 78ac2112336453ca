package flow_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// TestFingerprint: what differs in one byte, wherever Fingerprint looks, has
// another fingerprint, and so has what differs in length alone.
func TestFingerprint(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 191, 192, 193, 4000} {
		text := []byte(strings.Repeat("a", n))
		seen := map[uint64]string{flow.Fingerprint(text): "as it is"}
		note := func(what string, text []byte) {
			sum := flow.Fingerprint(text)
			if before, ok := seen[sum]; ok {
				t.Errorf("%d bytes: %s has the fingerprint of %s", n, what, before)
			}
			seen[sum] = what
		}
		for i := range text {
			if n > 192 && i >= 96 && i < n-96 {
				continue
			}
			text[i] = 'b'
			note(fmt.Sprint("another byte ", i), text)
			text[i] = 'a'
		}
		note("one byte more", append(text, 'a'))
	}
}

// TestRecent: hosts that differ by a number, as many as there are in a large
// session, displace few of each other.
func TestRecent(t *testing.T) {
	var r flow.Recent[int]
	const hosts = 300
	name := func(i int) string { return fmt.Sprintf("host%d.example.com", i) }
	for i := range hosts {
		if s := r.At([]byte(name(i))); s.Text == name(i) {
			t.Fatalf("%s was there before", name(i))
		}
		*r.At([]byte(name(i))) = flow.Slot[int]{Text: name(i), Value: i}
	}
	kept := 0
	for i := range hosts {
		if s := r.At([]byte(name(i))); s.Text == name(i) {
			if s.Value != i {
				t.Errorf("%s has the value %d", name(i), s.Value)
			}
			kept++
		}
	}
	if kept < hosts*8/10 {
		t.Errorf("%d of %d hosts are remembered", kept, hosts)
	}
}

// TestRecentOfFew: who summarizes one flow takes no table for it.
func TestRecentOfFew(t *testing.T) {
	f := &flowpb.Flow{Request: &flowpb.HTTPRequest{Method: []byte("GET"), Host: []byte("a.example"), Headers: []*flowpb.HTTPHeader{{Name: []byte("host"), Value: []byte("a.example")}}}}
	result := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			flow.Summarize(f)
		}
	})
	if n := result.AllocedBytesPerOp(); n > 4096 {
		t.Errorf("a summary takes %d bytes", n)
	}
}

// TestSame compares texts of all lengths that are read in different ways, equal and
// with one byte that differs, wherever it is.
func TestSame(t *testing.T) {
	for n := range 100 {
		a, b := make([]byte, n), make([]byte, n)
		for i := range a {
			a[i], b[i] = byte(i), byte(i)
		}
		if !flow.Same(a, b) {
			t.Errorf("two of %d bytes are not the same", n)
		}
		if flow.Same(a, append(b[:n:n], 0)) || flow.Same(append(a[:n:n], 0), b) {
			t.Errorf("one of %d bytes is the same as a longer one", n)
		}
		for i := range b {
			b[i] ^= 0x80
			if flow.Same(a, b) {
				t.Errorf("two of %d bytes are the same, and differ at %d", n, i)
			}
			b[i] ^= 0x80
		}
	}
}

// BenchmarkSame compares what a connection takes in a dump.
func BenchmarkSame(b *testing.B) {
	one, other := bytes.Repeat([]byte("connection"), 300), bytes.Repeat([]byte("connection"), 300)
	b.SetBytes(int64(len(one)))
	for b.Loop() {
		if !flow.Same(one, other) {
			b.Fatal("not the same")
		}
	}
}
