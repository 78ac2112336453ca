package blob_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"flowpane/viewer/blob"
)

// TestArriving reads a download to its end while it comes.
func TestArriving(t *testing.T) {
	want := random(100_000)
	a := blob.NewArriving(len(want))
	go func() {
		for rest := want; len(rest) > 0; {
			n := copy(a.Room(), rest[:min(len(rest), 777)])
			a.Came(n)
			rest = rest[n:]
		}
		a.End(nil)
	}()
	if err := iotest.TestReader(io.NewSectionReader(a, 0, a.Size()), want); err != nil {
		t.Error(err)
	}
}

// TestArrivingWaits: what came is read at once, what did not is waited for.
func TestArrivingWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := blob.NewArriving(10)
		copy(a.Room(), "01234")
		a.Came(5)
		b := make([]byte, 5)
		if n, err := a.ReadAt(b, 0); n != 5 || err != nil || string(b) != "01234" {
			t.Errorf("%q, %v", b[:n], err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if n, err := a.ReadAt(b, 3); n != 5 || err != nil || string(b) != "34567" {
				t.Errorf("%q, %v", b[:n], err)
			}
		}()
		synctest.Wait()
		select {
		case <-done:
			t.Fatal("bytes were read that are not there")
		default:
		}
		copy(a.Room(), "567")
		a.Came(3)
		<-done
	})
}

// TestArrivingBreaksOff: what came before stays.
func TestArrivingBreaksOff(t *testing.T) {
	gone := errors.New("the cable was pulled")
	for _, test := range []struct{ end, want error }{{gone, gone}, {nil, io.ErrUnexpectedEOF}} {
		a := blob.NewArriving(10)
		copy(a.Room(), "0123456")
		a.Came(7)
		a.End(test.end)
		b := make([]byte, 5)
		if n, err := a.ReadAt(b, 2); n != 5 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if n, err := a.ReadAt(b, 4); !errors.Is(err, test.want) || !bytes.Equal(b[:n], []byte("456")) {
			t.Errorf("%q, %v, want %v", b[:n], err, test.want)
		}
		if n, err := a.ReadAt(b, 8); n != 0 || !errors.Is(err, test.want) {
			t.Errorf("%d, %v, want %v", n, err, test.want)
		}
		if n, err := a.ReadAt(b, 10); n != 0 || err != io.EOF {
			t.Errorf("%d, %v at the end", n, err)
		}
	}
}

// TestStreamOfArriving: a stream shows what came, and waits for the rest.
func TestStreamOfArriving(t *testing.T) {
	t.Run("alone", func(t *testing.T) {
		streamOf(t, func(a *blob.Arriving) blob.Source { return a })
	})
	t.Run("embedded", func(t *testing.T) {
		streamOf(t, func(a *blob.Arriving) blob.Source { return struct{ *blob.Arriving }{a} })
	})
}

func streamOf(t *testing.T, source func(*blob.Arriving) blob.Source) {
	synctest.Test(t, func(t *testing.T) {
		a := blob.NewArriving(10)
		s := blob.NewStream(t.Context(), source(a))
		for _, piece := range []string{"012", "3", "456789"} {
			copy(a.Room(), piece)
			a.Came(len(piece))
			if b, err := s.Peek(len(piece)); string(b) != piece || err != nil {
				t.Errorf("%q, %v, want %q", b, err, piece)
			}
			s.Advance(int64(len(piece)))
		}
		a.End(nil)
		if b, err := s.Peek(1); len(b) > 0 || err != io.EOF {
			t.Errorf("%q, %v at the end", b, err)
		}
	})
	a := blob.NewArriving(10)
	s := blob.NewStream(t.Context(), source(a))
	copy(a.Room(), "01234")
	a.Came(5)
	a.End(nil)
	if b, err := s.Peek(4); string(b) != "0123" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := s.Peek(6); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v of what did not come", err)
	}
}
