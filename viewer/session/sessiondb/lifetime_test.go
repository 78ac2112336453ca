package sessiondb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

func TestCancel(t *testing.T) {
	file := oddities(t)
	ctx, cancel := context.WithCancel(context.Background())
	r, err := Open(ctx, blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var ref *flowpb.Body
	for ref.GetEncoding() != flowpb.Body_ROW {
		f, err := r.Next()
		if err == io.EOF {
			t.Fatal("no flow has a body row")
		}
		ref = f.GetResponse().GetBody()
	}
	cancel()
	if _, err := r.Next(); !errors.Is(err, context.Canceled) {
		t.Errorf("next: %v", err)
	}
	src, err := r.Body(ref)
	if err != nil {
		t.Fatalf("bodies are there until Close: %v", err)
	}
	if b, err := blob.ReadAll(src); string(b) != "second" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := Open(ctx, blob.Bytes(file)); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
}

func TestClose(t *testing.T) {
	l := list2018(t, oddities(t))
	ref := l.byID["twice"].Response.Body
	src, err := l.r.Body(ref)
	if err != nil {
		t.Fatal(err)
	}
	name := l.r.db.name
	if vfs.Find(name) == nil {
		t.Fatal("no VFS is registered")
	}
	if err := errors.Join(l.r.Close(), l.r.Close()); err != nil {
		t.Error(err)
	}
	if vfs.Find(name) != nil {
		t.Error("the VFS is still registered")
	}
	_, err1 := l.r.Body(ref)
	_, err2 := src.ReadAt(make([]byte, 1), 0)
	_, err3 := l.r.Next()
	for _, err := range []error{err1, err2, err3} {
		if !errors.Is(err, errClosed) {
			t.Errorf("after close: %v", err)
		}
	}
}

// broken is a Source whose reads fail once told so.
type broken struct {
	blob.Source
	fail error
}

func (b *broken) ReadAt(p []byte, offset int64) (int, error) {
	if b.fail != nil {
		return 0, b.fail
	}
	return b.Source.ReadAt(p, offset)
}

// TestGone tells of a file that went away by its own error.
func TestGone(t *testing.T) {
	file := build(t, do(tables), flowRow("a", stored("a", 1, none, none)), bodyOf("a", 2, bytes.Repeat(big, 1000)))
	src := &broken{Source: blob.Bytes(file)}
	r, err := Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := r.Body(&flowpb.Body{Encoding: new(flowpb.Body_ROW), Offset: new(uint64(1))})
	if err != nil {
		t.Fatal(err)
	}
	src.fail = blob.ErrGone
	if _, err := blob.ReadAll(b); !errors.Is(err, blob.ErrGone) {
		t.Errorf("%v, want %v", err, blob.ErrGone)
	}
}

// TestConcurrent reads bodies while flows are listed.
func TestConcurrent(t *testing.T) {
	file := oddities(t)
	l := list2018(t, file)
	r, err := Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var wg sync.WaitGroup
	for _, ref := range []*flowpb.Body{l.byID["twice"].Response.Body, l.byID["inline"].Response.Body, l.byID["inline"].Request.Body} {
		wg.Go(func() {
			for range 20 {
				src, err := r.Body(ref)
				if err != nil {
					t.Error(err)
					return
				}
				if b, err := blob.ReadAll(src); err != nil || uint64(len(b)) != ref.GetLength() {
					t.Errorf("%d bytes, %v", len(b), err)
				}
			}
		})
	}
	for err = nil; err != io.EOF; {
		_, err = r.Next()
	}
	wg.Wait()
}

// A session may be closed while its file is read.
func TestProgressAfterClose(t *testing.T) {
	r, err := Open(t.Context(), blob.Bytes(oddities(t)))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if p := r.Progress(); p <= 0 {
		t.Errorf("progress %d", p)
	}
	if _, err := r.Next(); err == nil || err == io.EOF {
		t.Errorf("Next = %v", err)
	}
}

// TestOpenGone: what a file says of why it cannot be read is not lost in
// SQLite, whichever of the first reads fails.
func TestOpenGone(t *testing.T) {
	file := oddities(t)
	for reads := 0; ; reads++ {
		src := &breaks{broken{Source: blob.Bytes(file)}, reads}
		r, err := Open(context.Background(), src)
		if err == nil {
			r.Close()
			if reads < 2 {
				t.Errorf("%d reads open a database", reads)
			}
			return
		}
		if !errors.Is(err, blob.ErrGone) {
			t.Errorf("after %d reads: %v, want %v", reads, err, blob.ErrGone)
		}
	}
}

// breaks is a Source that is broken after so many reads.
type breaks struct {
	broken
	reads int
}

func (b *breaks) ReadAt(p []byte, offset int64) (int, error) {
	if b.reads == 0 {
		b.fail = blob.ErrGone
	}
	b.reads--
	return b.broken.ReadAt(p, offset)
}
