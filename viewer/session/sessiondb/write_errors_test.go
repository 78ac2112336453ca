package sessiondb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// changing are flows that differ each time but the first.
type changing struct {
	*inMemory
	turn  int
	later func([]*flowpb.Flow) []*flowpb.Flow
}

func (c *changing) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] {
	c.turn++
	l := c.List
	if c.turn > 1 {
		l.Flows = c.later(slices.Clone(l.Flows))
	}
	return l.All(ctx)
}

func TestFlowsThatChange(t *testing.T) {
	for name, later := range map[string]func([]*flowpb.Flow) []*flowpb.Flow{
		"fewer": func(l []*flowpb.Flow) []*flowpb.Flow { return l[1:] },
		"more":  func(l []*flowpb.Flow) []*flowpb.Flow { return append(l, l...) },
		"bodies": func(l []*flowpb.Flow) []*flowpb.Flow {
			return append([]*flowpb.Flow{{}}, l[1:]...)
		},
		"connections": func(l []*flowpb.Flow) []*flowpb.Flow {
			l[0] = new(*l[0])
			l[0].ClientConn = &flowpb.ClientConnection{Id: []byte("new")}
			return l
		},
		"larger": func(l []*flowpb.Flow) []*flowpb.Flow {
			l[0] = new(*l[0])
			l[0].Comment = make([]byte, 1<<20)
			return l
		},
	} {
		err := Writer.Write(context.Background(), io.Discard, &changing{inMemory: everything(), later: later})
		if !errors.Is(err, errChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// breaking are flows that end with an error.
type breaking struct{ *inMemory }

var errBroken = errors.New("broken")

func (b breaking) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		if yield(b.Flows[0], nil) {
			yield(nil, errBroken)
		}
	}
}

// failing takes so many bytes.
type failing struct{ left int }

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errBroken
	}
	return len(b), nil
}

func TestErrorsOfWriting(t *testing.T) {
	ctx := context.Background()
	if err := Writer.Write(ctx, io.Discard, breaking{everything()}); !errors.Is(err, errBroken) {
		t.Errorf("flows that break: %v", err)
	}
	size := len(packedFile(t, everything()))
	for left := 0; left < size; left += size / 7 {
		if err := Writer.Write(ctx, &failing{left}, everything()); !errors.Is(err, errBroken) {
			t.Errorf("a full disk after %d of %d bytes: %v", left, size, err)
		}
	}
	lost := everything()
	lost.bodies = lost.bodies[:5]
	err := Writer.Write(ctx, io.Discard, lost)
	if err == nil || !strings.Contains(err.Error(), "sessiondb: flow reference") || !strings.Contains(err.Error(), "body 5 of 5") {
		t.Errorf("a lost body: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := Writer.Write(cancelled, io.Discard, everything()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// cancelling cancels after so many bytes.
type cancelling struct {
	left   int
	cancel func()
	after  int
}

func (c *cancelling) Write(b []byte) (int, error) {
	if c.left -= len(b); c.left < 0 {
		c.cancel()
		c.after += len(b)
	}
	return len(b), nil
}

// large has a body of 100 MB.
type large struct{ *inMemory }

func (large) Body(b *flowpb.Body) (blob.Source, error) { return zeros(b.GetLength()), nil }

// zeros is a source of as many zeros.
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

func TestCancelsWithinABody(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m := &inMemory{}
	m.Flows = []*flowpb.Flow{{Request: &flowpb.HTTPRequest{Body: &flowpb.Body{Length: new(uint64(100 << 20))}}}}
	w := &cancelling{left: 1 << 20, cancel: cancel}
	if err := Writer.Write(ctx, w, large{m}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if w.after > 4<<20 {
		t.Errorf("%d bytes were written after the end", w.after)
	}
}

// TestMemory: bodies are streamed.
func TestMemory(t *testing.T) {
	m := &inMemory{}
	m.Flows = []*flowpb.Flow{{Request: &flowpb.HTTPRequest{Body: &flowpb.Body{Length: new(uint64(100 << 20))}}}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := Writer.Write(context.Background(), io.Discard, large{m}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 10<<20 {
		t.Errorf("%d bytes were allocated for a body of 100 MiB", n)
	}
}

// TestLosses: all but bodies that SQLite cannot hold is kept.
func TestLosses(t *testing.T) {
	for _, f := range everything().Flows {
		if losses := Writer.Losses(f); len(losses) > 0 {
			t.Errorf("flow %s: %q", f.Id, losses)
		}
	}
	m := &inMemory{}
	m.Flows = []*flowpb.Flow{
		{Kind: new(flowpb.Kind_HTTP), Response: &flowpb.HTTPResponse{Body: &flowpb.Body{Length: new(uint64(1e9))}}},
		{Kind: new(flowpb.Kind_TCP), Messages: []*flowpb.Message{{Body: &flowpb.Body{Length: new(uint64(5000))}}, {Body: &flowpb.Body{Length: new(uint64(1 << 40))}}}},
	}
	for i, f := range m.Flows {
		if losses := Writer.Losses(f); !slices.Equal(losses, []string{"bodies of more than 1 GB"}) {
			t.Errorf("flow %d: %q", i, losses)
		}
	}
	_, l := listed(t, packedFile(t, large{m}))
	if r := l.Flows[0].Response; r.Body != nil || r.Content != nil {
		t.Error("a body that cannot be held is there")
	}
	if list := l.Flows[1].Messages; len(list) != 2 || list[0].Body.GetLength() != 5000 || list[1].Body != nil {
		t.Errorf("messages %v", list)
	}
}

// TestLockPage: SQLite keeps a page at 1 GiB to itself.
func TestLockPage(t *testing.T) {
	var out bytes.Buffer
	p := &pages{ctx: context.Background(), w: &out, last: lockPage - 3}
	var page [writtenPage]byte
	page[0] = 1
	var got []uint32
	for range 3 {
		n, err := p.write(&page)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, n)
	}
	if want := []uint32{lockPage - 2, lockPage - 1, lockPage + 1}; !slices.Equal(got, want) {
		t.Errorf("pages %d, want %d", got, want)
	}
	if b := out.Bytes(); len(b) != 4*writtenPage || b[writtenPage] != 1 || b[2*writtenPage] != 0 || b[3*writtenPage] != 1 {
		t.Errorf("%d bytes", out.Len())
	}
	for _, test := range []struct{ last, count, want uint32 }{
		{1, 0, 1}, {1, 5, 6}, {lockPage - 3, 2, lockPage - 1}, {lockPage - 3, 3, lockPage + 1}, {lockPage - 1, 1, lockPage + 1}, {lockPage + 1, 4, lockPage + 5},
	} {
		if got := after(test.last, test.count); got != test.want {
			t.Errorf("%d after %d: %d, want %d", test.count, test.last, got, test.want)
		}
	}
}

// TestVarints compares with numbers worked out by hand.
func TestVarints(t *testing.T) {
	for v, want := range map[uint64]string{
		0: "\x00", 0x7f: "\x7f", 0x80: "\x81\x00", 0x3fff: "\xff\x7f", 0x4000: "\x81\x80\x00",
		1<<56 - 1: "\xff\xff\xff\xff\xff\xff\xff\x7f", 1 << 56: "\x80\xc0\x80\x80\x80\x80\x80\x80\x00",
		1<<64 - 1: "\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		if got := string(appendVarint(nil, v)); got != want {
			t.Errorf("%#x: %x, want %x", v, got, want)
		}
	}
}
