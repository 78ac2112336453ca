package har

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// endless is a body of n bytes that are nowhere.
type endless struct {
	n    int64
	fill string
}

func (e endless) Size() int64 { return e.n }

func (e endless) ReadAt(b []byte, offset int64) (int, error) {
	at := int(offset % int64(len(e.fill)))
	for n := 0; n < len(b); at = 0 {
		n += copy(b[n:], e.fill[at:])
	}
	return len(b), nil
}

// TestWriteStreams writes bodies that are larger than what may be allocated,
// and whose characters lie across the chunks in which they are read.
func TestWriteStreams(t *testing.T) {
	const size = 24 << 20 // whole fills
	for _, test := range []struct {
		kind, fill, written string
	}{
		{"text/html", "aé→", "aé→"},
		{"text/html", "\xffabcde", ""},
		{"text/html; charset=latin1", "aéö\xe9", "aÃ©Ã¶é"},
	} {
		f := exchange()
		f.Response.Headers = fields("Content-Type", test.kind)
		f.Response.Body = &flowpb.Body{Offset: new(uint64(0))}
		c := capture{flows: []*flowpb.Flow{f}, bodies: map[uint64]blob.Source{0: endless{size, test.fill}}}
		var out counter
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := Writer.Write(context.Background(), &out, c); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 2<<20 {
			t.Errorf("%s: %d bytes were allocated for a body of %d", test.kind, grown, size)
		}
		want := len(test.written) * size / len(test.fill)
		if test.written == "" {
			want = size / 3 * 4
		}
		if got := out.n - want; got < 700 || got > 1000 {
			t.Errorf("%s: %d bytes were written for a body of %d", test.kind, out.n, want)
		}
	}
	var b bytes.Buffer
	w := &writer{ctx: context.Background(), out: &b, chunk: make([]byte, 7)}
	w.quoted(blob.Bytes([]byte("a→b→c→d\xffé\xe2\x86")), charsetUTF8)
	w.base64(blob.Bytes([]byte("0123456789")))
	if w.flush(0); b.String() != `"a→b→c→d\udcffé\udce2\udc86""MDEyMzQ1Njc4OQ=="` || w.err != nil {
		t.Errorf("in small chunks: %s, %v", b.Bytes(), w.err)
	}
}

// A counter counts what is written to it.
type counter struct{ n int }

func (c *counter) Write(b []byte) (int, error) {
	c.n += len(b)
	return len(b), nil
}

func TestWriteErrors(t *testing.T) {
	f := exchange()
	f.Response.Body = &flowpb.Body{Offset: new(uint64(1))}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	tcp := &flowpb.Flow{Kind: new(flowpb.Kind_TCP)}
	for _, test := range []struct {
		name, want string
		ctx        context.Context
		out        io.Writer
		c          capture
	}{
		{"no body", "har: entry 1: the response body: it is gone", context.Background(), io.Discard, capture{flows: []*flowpb.Flow{f}}},
		{"body that is cut", "har: entry 1: the response body: byte 2 of 9: unexpected EOF", context.Background(), io.Discard,
			capture{flows: []*flowpb.Flow{tcp, f}, bodies: map[uint64]blob.Source{1: cut{}}}},
		{"cancelled", "har: entry 1: context canceled", cancelled, io.Discard, capture{flows: []*flowpb.Flow{exchange()}}},
		{"flows", "har: entry 1: no more", context.Background(), io.Discard, capture{err: errors.New("no more"), flows: []*flowpb.Flow{exchange()}}},
		{"full disk", "har: io: read/write on closed pipe", context.Background(), closed(), capture{}},
	} {
		if err := Writer.Write(test.ctx, test.out, test.c); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

// TestWriteCancelled cancels the writing of a body.
func TestWriteCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := exchange()
	f.Response.Body = &flowpb.Body{Offset: new(uint64(1))}
	c := capture{flows: []*flowpb.Flow{f}, bodies: map[uint64]blob.Source{1: cancelling{endless{1 << 40, "x"}, cancel}}}
	if err := Writer.Write(ctx, io.Discard, c); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A cancelling body cancels the writing when it is half read.
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
