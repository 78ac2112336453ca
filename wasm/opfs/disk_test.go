package opfs

import (
	"errors"
	"io"
	"math/rand/v2"
	"slices"

	"github.com/ncruces/go-sqlite3"
)

var errDead = errors.New("the machine is off")

// A disk holds files that lose what was not flushed when the power is cut. It
// takes so many changes, and then nothing any more.
type disk struct {
	changes int // so far
	limit   int // 0 for none
	room    int // for the bytes of a file; 0 for no end of it
	files   []*diskFile
}

func (d *disk) file() *diskFile {
	f := &diskFile{disk: d}
	d.files = append(d.files, f)
	return f
}

// dead reports whether one change more is too many, and counts it.
func (d *disk) dead() bool {
	d.changes++
	return d.limit > 0 && d.changes > d.limit
}

// diskFile is a file as its writers see it, and as it is on the disk.
type diskFile struct {
	disk    *disk
	now     []byte
	flushed []byte
	pending []change // from flushed to now
}

// change is a write, or with no bytes a truncation.
type change struct {
	bytes  []byte
	offset int64
}

func (c change) apply(b []byte) []byte {
	if missing := c.offset + int64(len(c.bytes)) - int64(len(b)); missing > 0 {
		b = append(b, make([]byte, missing)...)
	}
	if len(c.bytes) == 0 {
		return b[:c.offset]
	}
	copy(b[c.offset:], c.bytes)
	return b
}

func (f *diskFile) change(c change) error {
	if f.disk.dead() {
		return errDead
	}
	f.now = c.apply(f.now)
	f.pending = append(f.pending, c)
	return nil
}

func (f *diskFile) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < int64(len(f.now)) {
		n = copy(p, f.now[offset:])
	}
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (f *diskFile) WriteAt(p []byte, offset int64) (int, error) {
	if f.disk.room > 0 && int(offset)+len(p) > f.disk.room {
		return 0, sqlite3.FULL
	}
	return len(p), f.change(change{slices.Clone(p), offset})
}

func (f *diskFile) Truncate(size int64) error { return f.change(change{nil, size}) }

func (f *diskFile) Size() (int64, error) { return int64(len(f.now)), nil }

func (f *diskFile) Flush() error {
	if f.disk.dead() {
		return errDead
	}
	f.flushed, f.pending = slices.Clone(f.now), nil
	return nil
}

// killed returns the files as the next finds them where only the program ended.
func (d *disk) killed() *disk {
	after := new(disk)
	for _, f := range d.files {
		b := slices.Clone(f.now)
		after.files = append(after.files, &diskFile{disk: after, now: b, flushed: slices.Clone(b)})
	}
	return after
}

// cut returns the files as the next finds them where the power went: of the
// changes that were not flushed some are there, and of some a part.
func (d *disk) cut(r *rand.Rand) *disk {
	after := new(disk)
	for _, f := range d.files {
		b := slices.Clone(f.flushed)
		for _, c := range f.pending {
			switch r.IntN(3) {
			case 0:
				c.bytes = c.bytes[:min(len(c.bytes), 512*r.IntN(32))]
				if len(c.bytes) > 0 {
					b = c.apply(b)
				}
			case 1:
				b = c.apply(b)
			}
		}
		after.files = append(after.files, &diskFile{disk: after, now: b, flushed: slices.Clone(b)})
	}
	return after
}
