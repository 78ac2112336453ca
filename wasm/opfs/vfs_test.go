package opfs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"flowpane/proto/flowpb"
	"flowpane/viewer/store"
)

const (
	batches = 5
	batch   = 9
)

// sample is a flow that takes up a third of a page.
func sample(i int) (key string, f *flowpb.Flow) {
	key = fmt.Sprintf("%08x", uint32(i)*2654435761)
	return key, &flowpb.Flow{
		Id:         []byte(key),
		ClientConn: &flowpb.ClientConnection{Id: fmt.Append(nil, "client", i/5), Mitmcert: bytes.Repeat([]byte("c"), 1500)},
		Request:    &flowpb.HTTPRequest{Content: bytes.Repeat([]byte{byte(i)}, 5000)},
	}
}

// mount registers a VFS on the three files of a disk, new ones if it has none.
func mount(t *testing.T, d *disk) (options store.Options, unmount func()) {
	if d.files == nil {
		d.file()
		d.file()
		d.file()
	}
	name := fmt.Sprintf("%s %p", t.Name(), d)
	vfs.Register(name, &fileVFS{database: d.files[0], journal: d.files[1], log: d.files[2]})
	return store.Options{VFS: name, Name: "any"}, func() { vfs.Unregister(name) }
}

// write stores all batches on d, as far as it lets. It returns how many flows
// it was told are stored, whether all of them are, and what stopped it.
func write(t *testing.T, d *disk) (stored int, finished bool, err error) {
	options, unmount := mount(t, d)
	defer unmount()
	s, err := store.Open(context.Background(), options)
	if err != nil {
		return 0, false, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.AddSource(store.Source{Name: "dump", Format: "mitm", Size: 1}); err != nil {
		return 0, false, err
	}
	for i := range batches * batch {
		key, f := sample(i)
		s.Put(key, f, store.Index{Number: int64(i)})
		if i%batch != batch-1 {
			continue
		}
		n, err := s.Flush(context.Background(), batch)
		stored += n
		if err != nil {
			return stored, false, err
		}
	}
	err = s.Finish(context.Background())
	return stored, err == nil, err
}

// read opens the store of d, and returns how many flows it has, which must be
// the first ones, and whether it says that they are all.
func read(t *testing.T, what string, d *disk) (stored int, complete bool) {
	t.Helper()
	options, unmount := mount(t, d)
	defer unmount()
	s, err := store.Open(context.Background(), options)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if stored, err = s.Len(); err != nil {
		t.Fatal(err)
	}
	for i := range stored {
		key, want := sample(i)
		if got, err := s.Get(key); err != nil || !bytes.Equal(got.Append(nil), want.Append(nil)) {
			t.Fatalf("%s: of %d flows, flow %d is %v, %v", what, stored, i, got, err)
		}
	}
	sources, err := s.Sources()
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	checkIntegrity(t, what, options.VFS)
	return stored, len(sources) == 1 && sources[0].Complete
}

func checkIntegrity(t *testing.T, what, vfs string) {
	t.Helper()
	conn, err := sqlite3.Open("file:any?vfs=" + url.PathEscape(vfs))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stmt, _, err := conn.Prepare("PRAGMA integrity_check")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	if !stmt.Step() || stmt.ColumnText(0) != "ok" {
		t.Fatalf("%s: integrity_check: %s, %v", what, stmt.ColumnText(0), stmt.Err())
	}
}

// TestKill ends the program after each change that it makes to its files. The
// store is there with every batch that was acknowledged, and perhaps the one
// that was being written.
func TestKill(t *testing.T) {
	for limit := 1; ; limit++ {
		d := &disk{limit: limit}
		acknowledged, finished, err := write(t, d)
		stored, complete := read(t, fmt.Sprint("stopped after ", limit, " changes"), d.killed())
		if stored != acknowledged && stored != acknowledged+batch {
			t.Fatalf("killed after %d changes: %d flows were acknowledged, %d are there", limit, acknowledged, stored)
		}
		if finished && !complete || complete && stored != batches*batch {
			t.Fatalf("killed after %d changes: finished %v, but complete is %v with %d flows", limit, finished, complete, stored)
		}
		if err == nil {
			if !complete || limit < 100 {
				t.Errorf("%d changes are all, and complete is %v", limit, complete)
			}
			return
		}
		if !errors.Is(err, errDead) {
			t.Fatalf("killed after %d changes: %v", limit, err)
		}
	}
}

// TestPowerCut does the same to the machine. Some of the last batches may be
// lost, but nothing once the store is finished.
func TestPowerCut(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for limit := 1; ; limit++ {
		d := &disk{limit: limit}
		acknowledged, finished, err := write(t, d)
		stored, complete := read(t, fmt.Sprint("cut after ", limit, " changes"), d.cut(r))
		if stored%batch != 0 || stored > acknowledged+batch {
			t.Fatalf("cut after %d changes: %d flows were acknowledged, %d are there", limit, acknowledged, stored)
		}
		if finished && !complete || complete && stored != batches*batch {
			t.Fatalf("cut after %d changes: finished %v, but complete is %v with %d flows", limit, finished, complete, stored)
		}
		if err == nil {
			return
		}
	}
}

// TestClose leaves a file that is whole by itself.
func TestClose(t *testing.T) {
	d := new(disk)
	if _, _, err := write(t, d); err != nil {
		t.Fatal(err)
	}
	if len(d.files[1].now) != 0 || len(d.files[2].now) != 0 {
		t.Errorf("a journal of %d bytes and a log of %d are left", len(d.files[1].now), len(d.files[2].now))
	}
	alone := &disk{files: []*diskFile{{now: d.files[0].now}, {}, {}}}
	for _, f := range alone.files {
		f.disk = alone
	}
	if stored, complete := read(t, "alone", alone); stored != batches*batch || !complete {
		t.Errorf("alone it has %d flows, complete %v", stored, complete)
	}
	if version := d.files[0].now[18]; version != 1 {
		t.Errorf("the file has write version %d: a log is missed", version)
	}
}

// TestOneConnection keeps a second connection away from a database that is
// open: the handles of the files are the only lock there is.
func TestOneConnection(t *testing.T) {
	options, unmount := mount(t, new(disk))
	defer unmount()
	for range 2 {
		s, err := store.Open(context.Background(), options)
		if err != nil {
			t.Fatal(err)
		}
		if other, err := store.Open(context.Background(), options); !errors.Is(err, sqlite3.CANTOPEN) {
			t.Errorf("a second one: %v, %v", other, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
