package opfs

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"flowpane/viewer/store"
)

// Through a logHandle a file is what it would be without, whatever is done to it.
func TestLogIsAFile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	d := new(disk)
	plain, under := d.file(), d.file()
	log := &logHandle{handle: under}
	written := int64(0)
	for i := range 20_000 {
		offset := written
		if r.IntN(5) == 0 {
			offset = r.Int64N(written + 1)
		}
		b := make([]byte, []int{frameHeader, frameHeader, 512, 512, 32}[r.IntN(5)])
		for i := range b {
			b[i] = byte(r.IntN(2) * r.IntN(256))
		}
		switch r.IntN(12) {
		case 0:
			offset = max(0, offset-r.Int64N(2000))
			want := make([]byte, 1+r.IntN(3000))
			got := make([]byte, len(want))
			n, err := plain.ReadAt(want, offset)
			if gotN, gotErr := log.ReadAt(got, offset); gotN != n || gotErr != err || !bytes.Equal(got, want) {
				t.Fatalf("%d: read %d bytes, %v, want %d, %v, or others", i, gotN, gotErr, n, err)
			}
		case 1:
			if err := errors.Join(plain.Truncate(offset), log.Truncate(offset)); err != nil {
				t.Fatal(err)
			}
			written = offset
		case 2:
			if err := log.Flush(); err != nil || !bytes.Equal(under.now, plain.now) {
				t.Fatalf("%d: flushed: %v", i, err)
			}
		default:
			_, err := plain.WriteAt(b, offset)
			n, logErr := log.WriteAt(b, offset)
			if err != nil || logErr != nil || n != len(b) {
				t.Fatal(n, err, logErr)
			}
			written = offset + int64(len(b))
		}
		size, _ := log.Size()
		if want, _ := plain.Size(); size != want {
			t.Fatalf("%d: %d bytes, want %d", i, size, want)
		}
	}
}

// A transaction that its log has no room for is given up, and the next is not
// worse for it.
func TestFullLog(t *testing.T) {
	d := new(disk)
	options, unmount := mount(t, d)
	defer unmount()
	s, err := store.Open(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	put := func(from, to int) error {
		for i := from; i < to; i++ {
			key, f := sample(i)
			s.Put(key, f, store.Index{Number: int64(i)})
		}
		_, err := s.Flush(context.Background(), to-from)
		return err
	}
	if err := put(0, batch); err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{100, 40_000, 300_000, 900_000} {
		d.room = len(d.files[2].now) + room
		if err := put(batch, 40*batch); !errors.Is(err, store.ErrFull) {
			t.Errorf("with room for %d bytes: %v", room, err)
		}
		if n, err := s.Len(); err != nil || n != 40*batch {
			t.Errorf("with room for %d bytes: %d flows, %v", room, n, err)
		}
	}
	d.room = 0
	if err := put(batch, 5*batch); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	unmount()
	if got := read(t, "after a full disk", d).stored; got != 40*batch {
		t.Errorf("%d flows are stored", got)
	}
}

// What a full disk has no room for may be cut off all the same.
func TestTruncateFullLog(t *testing.T) {
	d := &disk{room: 40}
	log := &logHandle{handle: d.file()}
	for _, b := range [][]byte{make([]byte, 32), make([]byte, frameHeader), make([]byte, 512)} {
		size, _ := log.Size()
		if _, err := log.WriteAt(b, size); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Truncate(20); err != nil || len(d.files[0].now) != 20 {
		t.Errorf("%d bytes are left, %v", len(d.files[0].now), err)
	}
	if size, _ := log.Size(); size != 20 {
		t.Errorf("the size is %d", size)
	}
}
