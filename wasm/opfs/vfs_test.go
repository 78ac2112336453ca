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
	vfs.Register(name, &fileVFS{database: d.files[0], journal: d.files[1], log: &logHandle{handle: d.files[2]}})
	return store.Options{VFS: name, Name: "any"}, func() { vfs.Unregister(name) }
}

// outcome is what a writer was told of a store, or a reader finds in it.
type outcome struct {
	stored              int // flows
	complete, annotated bool
}

// write stores all batches on d and then says something of the first flow, as
// far as d lets. It returns what it did, and what stopped it.
func write(t *testing.T, d *disk) (o outcome, err error) {
	options, unmount := mount(t, d)
	defer unmount()
	s, err := store.Open(context.Background(), options)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.AddSource(store.Source{Name: "dump", Format: "mitm", Size: 1}); err != nil {
		return o, err
	}
	for i := range batches * batch {
		key, f := sample(i)
		s.Put(key, f, store.Index{Number: int64(i)})
		if i%batch != batch-1 {
			continue
		}
		n, err := s.Flush(context.Background(), batch)
		o.stored += n
		if err != nil {
			return o, err
		}
	}
	err = s.Finish(context.Background())
	if o.complete = err == nil; o.complete {
		err = s.Annotate(0, store.Annotation{Comment: new("look")})
		o.annotated = err == nil
	}
	return o, err
}

// read returns what the store of d has. The flows must be the first ones.
func read(t *testing.T, what string, d *disk) (o outcome) {
	t.Helper()
	options, unmount := mount(t, d)
	defer unmount()
	s, err := store.Open(context.Background(), options)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if o.stored, err = s.Len(); err != nil {
		t.Fatal(err)
	}
	for i := range o.stored {
		key, want := sample(i)
		if got, err := s.Get(key); err != nil || !bytes.Equal(got.Append(nil), want.Append(nil)) {
			t.Fatalf("%s: of %d flows, flow %d is %v, %v", what, o.stored, i, got, err)
		}
	}
	sources, sourcesErr := s.Sources()
	annotations, err := s.Annotations()
	if err = errors.Join(err, sourcesErr, s.Close()); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	checkIntegrity(t, what, options.VFS)
	o.complete = len(sources) == 1 && sources[0].Complete
	if o.complete && o.stored != batches*batch {
		t.Fatalf("%s: complete with %d flows", what, o.stored)
	}
	first, _ := sample(0)
	o.annotated = annotations[first].Comment != nil
	return o
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
// store is there with all that was acknowledged, and perhaps with what was being
// written.
func TestKill(t *testing.T) {
	for limit := 1; ; limit++ {
		d := &disk{limit: limit}
		told, err := write(t, d)
		what := fmt.Sprint("killed after ", limit, " changes")
		found := read(t, what, d.killed())
		if found.stored != told.stored && found.stored != told.stored+batch ||
			told.complete && !found.complete || told.annotated && !found.annotated {
			t.Fatalf("%s: told %+v, found %+v", what, told, found)
		}
		if err == nil {
			if !found.complete || !found.annotated || limit < 80 {
				t.Errorf("%d changes are all, and found is %+v", limit, found)
			}
			return
		}
		if !errors.Is(err, errDead) {
			t.Fatalf("%s: %v", what, err)
		}
	}
}

// TestPowerCut does the same to the machine. Some of the last batches may be
// lost, but nothing once the store is finished.
func TestPowerCut(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for limit := 1; ; limit++ {
		d := &disk{limit: limit}
		told, err := write(t, d)
		what := fmt.Sprint("cut after ", limit, " changes")
		found := read(t, what, d.cut(r))
		if found.stored%batch != 0 || found.stored > told.stored+batch ||
			told.complete && !found.complete || told.annotated && !found.annotated {
			t.Fatalf("%s: told %+v, found %+v", what, told, found)
		}
		if err == nil {
			return
		}
	}
}

// TestClose leaves a file that is whole by itself.
func TestClose(t *testing.T) {
	d := new(disk)
	if _, err := write(t, d); err != nil {
		t.Fatal(err)
	}
	if len(d.files[1].now) != 0 || len(d.files[2].now) != 0 {
		t.Errorf("a journal of %d bytes and a log of %d are left", len(d.files[1].now), len(d.files[2].now))
	}
	alone := &disk{files: []*diskFile{{now: d.files[0].now}, {}, {}}}
	for _, f := range alone.files {
		f.disk = alone
	}
	if got, want := read(t, "alone", alone), (outcome{batches * batch, true, true}); got != want {
		t.Errorf("alone it has %+v, want %+v", got, want)
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
