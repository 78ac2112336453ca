package mitm_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session/mitm"
)

// endless is a body of n bytes that are nowhere.
type endless int64

func (e endless) Size() int64 { return int64(e) }

func (e endless) ReadAt(b []byte, offset int64) (int, error) {
	for i := range b {
		b[i] = byte('a' + (offset+int64(i))%26)
	}
	return len(b), nil
}

// A sum counts what is written to it, and keeps its beginning.
type sum struct {
	n    int64
	head []byte
}

func (s *sum) Write(b []byte) (int, error) {
	s.n += int64(len(b))
	s.head = append(s.head, b[:min(len(b), 100-len(s.head))]...)
	return len(b), nil
}

// TestWriteStreams writes bodies that are larger than what may be allocated.
func TestWriteStreams(t *testing.T) {
	const size = 48 << 20
	f := exchange("a")
	f.Response.Body = &flowpb.Body{Offset: new(uint64(1))}
	f.Request.Content, f.Request.Body = nil, f.Response.Body
	inline := exchange("b")
	inline.Response.Content = bytes.Repeat([]byte("inline"), size/6)
	var out sum
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := mitm.Writer.Write(context.Background(), &out, capture{flows: []*flowpb.Flow{f, inline}, bodies: map[uint64]blob.Source{1: endless(size)}})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
		t.Errorf("%d bytes were allocated for bodies of %d", grown, 3*size)
	}
	length, _, _ := strings.Cut(string(out.head), ":")
	if n, err := strconv.Atoi(length); err != nil || n < 2*size || out.n < 3*size || out.n > 3*size+8<<10 {
		t.Errorf("%d bytes were written, of a record of %s: %v", out.n, length, err)
	}
}

// TestWriteLongBodies: bodies of every length around those of chunks and
// buffers come back.
func TestWriteLongBodies(t *testing.T) {
	c := capture{bodies: map[uint64]blob.Source{}}
	for i, size := range []int{0, 1, 63, 64, 65, 4095, 4096, 4097, 65535, 65537, 262143, 262144, 262145, 524289} {
		body := make([]byte, size)
		if _, err := endless(size).ReadAt(body, 0); err != nil {
			t.Fatal(err)
		}
		c.bodies[uint64(i)] = blob.Bytes(body)
		f := exchange(strconv.Itoa(size))
		f.Request.Content, f.Response.Body = body, &flowpb.Body{Offset: new(uint64(i))}
		c.flows = append(c.flows, f)
	}
	law(t, c, tally{})
}

func TestWriteErrors(t *testing.T) {
	f := exchange("a")
	f.Response.Body = &flowpb.Body{Offset: new(uint64(1))}
	whole := exchange("b")
	whole.Response = nil
	stream := &flowpb.Flow{Kind: new(flowpb.Kind_TCP), Messages: []*flowpb.Message{{Body: &flowpb.Body{Offset: new(uint64(1))}}}}
	background := context.Background()
	cancelled, cancel := context.WithCancel(background)
	cancel()
	for _, test := range []struct {
		name, want string
		ctx        context.Context
		out        io.Writer
		c          capture
	}{
		{"no body", "mitm: flow 2: the response body: it is gone", background, io.Discard, capture{flows: []*flowpb.Flow{whole, f}}},
		{"no message", "mitm: flow 1: a message: it is gone", background, io.Discard, capture{flows: []*flowpb.Flow{stream}}},
		{"cut body", "mitm: flow 1: the response body: byte 2 of 9: unexpected EOF", background, io.Discard,
			capture{flows: []*flowpb.Flow{f}, bodies: map[uint64]blob.Source{1: cut{}}}},
		{"cancelled", "mitm: flow 1: context canceled", cancelled, io.Discard, capture{flows: []*flowpb.Flow{whole}}},
		{"flows", "mitm: flow 1: no more", background, io.Discard, capture{err: errors.New("no more")}},
		{"full disk at the end", "mitm: io: read/write on closed pipe", background, closed(), capture{flows: []*flowpb.Flow{whole}}},
		{"full disk", "mitm: flow 1: the response body: io: read/write on closed pipe", background, closed(),
			capture{flows: []*flowpb.Flow{f}, bodies: map[uint64]blob.Source{1: endless(1 << 20)}}},
	} {
		if err := mitm.Writer.Write(test.ctx, test.out, test.c); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

// TestWriteCancelled cancels the writing within a body.
func TestWriteCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := exchange("a")
	c := capture{flows: []*flowpb.Flow{f}, bodies: map[uint64]blob.Source{1: cancelling{1 << 40, cancel}}}
	if err := mitm.Writer.Write(ctx, io.Discard, c); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A cancelling body cancels the writing when some of it is read.
type cancelling struct {
	endless
	cancel func()
}

func (c cancelling) ReadAt(b []byte, offset int64) (int, error) {
	if offset > 1<<20 {
		c.cancel()
	}
	return c.endless.ReadAt(b, offset)
}

// cut is a body that has fewer bytes than it says.
type cut struct{}

func (cut) Size() int64 { return 9 }

func (cut) ReadAt(b []byte, offset int64) (int, error) { return copy(b, "ab"), io.EOF }

func closed() io.Writer {
	r, w := io.Pipe()
	if err := r.Close(); err != nil {
		panic(err)
	}
	return w
}

// BenchmarkWrite writes HTTP flows as real captures have them: 12 headers,
// certificates, and bodies of a few KB in the file that they were read from.
func BenchmarkWrite(b *testing.B) {
	const flows = 2000
	var c capture
	for i := range flows {
		f := exchange("c5b1a2f0-1111-4222-8333-" + strconv.Itoa(100000000000+i))
		f.Metadata = nil
		f.ServerConn.Common.CertificateList = [][]byte{[]byte(strings.Repeat(pem, 40)), []byte(strings.Repeat(pem, 20))}
		for n := range 10 {
			f.Response.Headers = append(f.Response.Headers, fields("x-header-"+strconv.Itoa(n), strings.Repeat("v", 5*n))...)
		}
		f.Response.Content = bytes.Repeat([]byte("body "), i%2000)
		c.flows = append(c.flows, f)
	}
	dump := mitm.WrittenDump(b, c)
	l := list(b, mitm.Format, dump)
	b.SetBytes(int64(len(dump)))
	b.ReportAllocs()
	for b.Loop() {
		if err := mitm.Writer.Write(context.Background(), io.Discard, l); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*flows)/b.Elapsed().Seconds(), "flows/s")
}
