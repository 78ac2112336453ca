package engine_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
	"flowpane/viewer/store"
)

// A folder is a shelf in a directory.
type folder struct {
	dir string

	mu    sync.Mutex
	taken map[string]bool
}

func newFolder(t testing.TB) *folder { return &folder{dir: t.TempDir(), taken: map[string]bool{}} }

func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

type release func()

func (r release) Close() error { r(); return nil }

func (f *folder) Open(ctx context.Context, name string, create bool) (store.Options, io.Closer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := os.Stat(f.path(name)); err != nil && !create {
		return store.Options{}, nil, errors.New("no such session is kept")
	}
	if f.taken[name] {
		select { // as the browser's file system does
		case <-ctx.Done():
			return store.Options{}, nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
			return store.Options{}, nil, engine.ErrInUse
		}
	}
	f.taken[name] = true
	return store.Options{Name: f.path(name)}, release(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.taken, name)
	}), nil
}

func (f *folder) List() (list []engine.Shelved, err error) {
	entries, err := os.ReadDir(f.dir)
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && !strings.HasSuffix(e.Name(), "-wal") {
			list = append(list, engine.Shelved{Name: e.Name(), Size: info.Size(), Modified: info.ModTime()})
		}
	}
	return list, err
}

func (f *folder) Remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.taken[name] {
		return errors.New("it is open")
	}
	os.Remove(f.path(name) + "-wal")
	return os.Remove(f.path(name))
}

func (f *folder) Source(name string) (blob.Source, error) {
	b, err := os.ReadFile(f.path(name))
	return blob.Bytes(b), err
}

func (f *folder) Usage() (used, quota int64, persisted bool, err error) { return 5, 10, true, nil }

// withShelf returns an engine over files and a shelf.
func withShelf(t testing.TB, f files, shelf engine.Shelf) api.API {
	t.Helper()
	e := engine.New(engine.Config{Source: f.open, Shelf: shelf})
	page, worker := api.NewPipe()
	t.Cleanup(func() {
		e.Close(context.Background())
		page.Close()
	})
	go api.Serve(context.Background(), worker, e)
	client, err := api.Dial(page)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func openOne(t testing.TB, e api.API, s *viewerpb.Source) *viewerpb.Progress {
	t.Helper()
	last := new(viewerpb.Progress)
	if err := e.Open(t.Context(), []*viewerpb.Source{s}, func(p *viewerpb.Progress) {
		p.Issues = append(last.Issues, p.Issues...)
		last = p
	}); err != nil {
		t.Fatal(err)
	}
	return last
}

// keep keeps what is open, and returns what that is.
func keep(t testing.TB, e api.API) *viewerpb.Kept {
	t.Helper()
	var last *viewerpb.Kept
	if err := e.Keep(t.Context(), func(k *viewerpb.Kept) { last = k }); err != nil {
		t.Fatal(err)
	}
	return last
}

// sameSession compares rows and bodies of two engines.
func sameSession(t testing.TB, got, want api.API) {
	t.Helper()
	show(t, got, &viewerpb.Watch{})
	show(t, want, &viewerpb.Watch{})
	after, before := rows(t, got), rows(t, want)
	if len(after) != len(before) {
		t.Fatalf("%d flows, want %d", len(after), len(before))
	}
	for i, r := range after {
		if string(r.Append(nil)) != string(before[i].Append(nil)) {
			t.Errorf("row %d is %v, want %v", i, r, before[i])
		}
		for _, part := range []viewerpb.Part{viewerpb.Part_REQUEST, viewerpb.Part_RESPONSE} {
			a, b := body(t, got, r.Key, part, "hex"), body(t, want, r.Key, part, "hex")
			if a.Text != b.Text || a.Present != b.Present {
				t.Errorf("flow %d, %v: %.80q, want %.80q", i, part, a.Text, b.Text)
			}
		}
		f, err := got.Flow(t.Context(), r.Key)
		g, err2 := want.Flow(t.Context(), r.Key)
		if err != nil || err2 != nil || string(f.Append(nil)) != string(g.Append(nil)) {
			t.Errorf("flow %d: %v %v, want %v %v", i, f, err, g, err2)
		}
	}
}

// What is kept opens again without its file: in another engine, as an export,
// and with what was said of its flows before and after.
func TestKept(t *testing.T) {
	shelf := newFolder(t)
	f := sample(t)
	e := withShelf(t, f, shelf)
	openOne(t, e, &viewerpb.Source{Name: "shop"})
	show(t, e, &viewerpb.Watch{})
	first := rows(t, e)
	annotate(t, e, first[2].Key, new(":grapes:"), nil)
	k := keep(t, e)
	if k.Name != "shop" || !k.Complete || int(k.Flows) != len(first) || k.FlowsTotal != k.Flows || k.Size < 1000 || k.Problem != "" {
		t.Errorf("kept %v", k)
	}
	if err := e.Keep(t.Context(), func(*viewerpb.Kept) {}); err == nil || !strings.Contains(err.Error(), "kept already, as shop") {
		t.Errorf("a second time: %v", err)
	}
	annotate(t, e, first[3].Key, new("x"), new("note"))
	elsewhere, p := opened(t, files{"shop.sqlite": save(t, e, "sessiondb", viewerpb.Scope_ALL)}, "shop.sqlite")
	if len(p.Issues) > 0 {
		t.Errorf("the export has issues: %v", p.Issues)
	}
	again := withShelf(t, nil, shelf)
	if err := again.Open(t.Context(), []*viewerpb.Source{{Kept: "shop"}}, func(*viewerpb.Progress) {}); err == nil {
		t.Error("two have it open")
	}
	sameSession(t, elsewhere, e)
	want := rows(t, e)
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := openOne(t, again, &viewerpb.Source{Kept: "shop"}); len(p.Issues) > 0 || int(p.Flows) != len(want) || p.Format != "session kept in this browser" {
		t.Errorf("opened again: %v", p)
	}
	sameSession(t, again, elsewhere)
	annotate(t, again, first[2].Key, new(""), new("changed"))
	show(t, again, &viewerpb.Watch{Filter: "~comment ^changed$|^note$"})
	if got := rows(t, again); len(got) != 2 || got[0].Comment != "changed" || got[0].Marker != "" || got[1].Comment != "note" || got[1].Marker != "x" {
		t.Errorf("annotated are %v", got)
	}
	list, err := again.Kept(t.Context())
	if err != nil || len(list.Sessions) != 1 || list.Used != 5 || list.Quota != 10 || !list.Persisted || list.Sessions[0].Flows != uint64(len(want)) || !list.Sessions[0].Complete {
		t.Errorf("kept are %v, %v", list, err)
	}
	if err := again.RemoveKept(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	if list, err := again.Kept(t.Context()); err != nil || len(list.Sessions) != 0 {
		t.Errorf("after it was deleted: %v, %v", list, err)
	}
}

func annotate(t testing.TB, e api.API, key string, marker, comment *string) {
	t.Helper()
	row, err := e.Annotate(t.Context(), &viewerpb.Annotate{Key: key, Marker: marker, Comment: comment})
	if err != nil || marker != nil && row.Marker != *marker || comment != nil && row.Comment != *comment {
		t.Fatalf("annotated row %v, %v", row, err)
	}
	f, err := e.Flow(t.Context(), key)
	if err != nil || comment != nil && f.Comment != *comment {
		t.Errorf("annotated flow %v, %v", f, err)
	}
}

// What is said of a flow is filtered by, ordered by and saved.
func TestAnnotate(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	all := rows(t, e)
	for _, r := range all {
		annotate(t, e, r.Key, new(""), new(""))
	}
	annotate(t, e, all[1].Key, new(":default:"), nil)
	annotate(t, e, all[4].Key, nil, new("why?"))
	for filter, want := range map[string]string{"~marker ^:default:$": all[1].Key, "~comment why": all[4].Key} {
		show(t, e, &viewerpb.Watch{Filter: filter})
		if got := rows(t, e); len(got) != 1 || got[0].Key != want {
			t.Errorf("%s shows %v", filter, got)
		}
	}
	for _, target := range []string{"mitm", "sessiondb", "pbstream"} {
		again, _ := opened(t, files{"saved": save(t, e, target, viewerpb.Scope_ALL)}, "saved")
		show(t, again, &viewerpb.Watch{})
		if got := rows(t, again); got[1].Marker != ":default:" || got[4].Comment != "why?" || got[0].Marker != "" {
			t.Errorf("%s: %v, %v", target, got[1], got[4])
		}
	}
	if _, err := e.Annotate(t.Context(), &viewerpb.Annotate{Key: "nobody", Marker: new("x")}); err == nil || !strings.Contains(err.Error(), "no flow nobody") {
		t.Errorf("of no flow: %v", err)
	}
}

// A watch sees what is said of flows, and what is no longer.
func TestAnnotateWhileWatching(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	key := rows(t, e)[1].Key
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	shown := make(chan uint64, 100)
	go e.Watch(ctx, &viewerpb.Watch{Filter: "~marker ^x$"}, func(v *viewerpb.View) {
		if !v.Busy {
			shown <- v.Shown
		}
	})
	for _, step := range []struct {
		marker string
		want   uint64
	}{{"", 0}, {"x", 1}, {"", 0}} {
		annotate(t, e, key, &step.marker, nil)
		for n := range shown {
			if n == step.want {
				break
			}
		}
	}
}

// A Keep that is cancelled, or cannot read, leaves nothing behind.
func TestKeepFails(t *testing.T) {
	shelf := newFolder(t)
	e := withShelf(t, sample(t), shelf)
	openOne(t, e, &viewerpb.Source{Name: "shop"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Keep(ctx, func(*viewerpb.Kept) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	none := dial(t, sample(t))
	if err := none.Keep(t.Context(), func(*viewerpb.Kept) {}); err == nil || !strings.Contains(err.Error(), "nothing can be kept") {
		t.Errorf("without a shelf: %v", err)
	}
	if list, err := none.Kept(t.Context()); err != nil || list.Unavailable == "" {
		t.Errorf("without a shelf: %v, %v", list, err)
	}
	for range 2 { // names are unique
		keep(t, e)
		openOne(t, e, &viewerpb.Source{Name: "shop"})
	}
	list, err := e.Kept(t.Context())
	if err != nil || len(list.Sessions) != 2 || list.Sessions[0].Name != "shop" || list.Sessions[1].Name != "shop~2" {
		t.Errorf("%v, %v", list, err)
	}
}

// A kept session is not read beside other files: what is said of its flows would
// be stored of others.
func TestKeptAlone(t *testing.T) {
	shelf := newFolder(t)
	e := withShelf(t, sample(t), shelf)
	openOne(t, e, &viewerpb.Source{Name: "shop"})
	keep(t, e)
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := e.Open(t.Context(), []*viewerpb.Source{{Name: "shop"}, {Kept: "shop"}}, func(*viewerpb.Progress) {})
	if err == nil || !strings.Contains(err.Error(), "opened alone") {
		t.Errorf("beside a file: %v", err)
	}
	openOne(t, e, &viewerpb.Source{Kept: "shop"}) // nobody has it
}

// A session that was interrupted while it was kept opens as far as it goes, and
// says so.
func TestKeptPartly(t *testing.T) {
	shelf := newFolder(t)
	e := withShelf(t, sample(t), shelf)
	openOne(t, e, &viewerpb.Source{Name: "shop"})
	keep(t, e)
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Name: shelf.path("shop")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddSource(store.Source{Name: "more.mitm"}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	list, err := e.Kept(t.Context())
	if err != nil || list.Sessions[0].Complete || !strings.Contains(list.Sessions[0].Problem, "interrupted") {
		t.Errorf("%v, %v", list, err)
	}
	p := openOne(t, e, &viewerpb.Source{Kept: "shop"})
	if len(p.Issues) != 1 || !strings.Contains(p.Issues[0].Text, "more.mitm") || p.Flows == 0 {
		t.Errorf("%v", p)
	}
}

// stale is a shelf that does not list what others have put on it.
type stale struct{ *folder }

func (stale) List() ([]engine.Shelved, error) { return nil, nil }

// TestKeepBeside: of two tabs that keep a session by the same name, neither
// writes into what the other keeps, whether that is open or not.
func TestKeepBeside(t *testing.T) {
	shelf := newFolder(t)
	f := sample(t)
	for i, want := range []string{"shop", "shop~2", "shop~3"} {
		e := withShelf(t, f, stale{shelf})
		openOne(t, e, &viewerpb.Source{Name: "shop"})
		if k := keep(t, e); k.Name != want || !k.Complete {
			t.Errorf("kept %v, want %s", k, want)
		}
		if i == 0 {
			if err := e.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	again := withShelf(t, nil, shelf)
	if p := openOne(t, again, &viewerpb.Source{Kept: "shop"}); len(p.Issues) > 0 {
		t.Errorf("the first has issues: %v", p.Issues)
	}
}

// crammed is a shelf without room.
type crammed struct{ *folder }

func (s crammed) Open(ctx context.Context, name string, create bool) (store.Options, io.Closer, error) {
	if create {
		if err := os.WriteFile(s.path(name), nil, 0o600); err != nil {
			return store.Options{}, nil, err
		}
	}
	return store.Options{}, nil, store.ErrFull
}

// TestKeepWithoutRoom says what to do, and leaves nothing.
func TestKeepWithoutRoom(t *testing.T) {
	shelf := newFolder(t)
	e := withShelf(t, sample(t), crammed{shelf})
	openOne(t, e, &viewerpb.Source{Name: "shop"})
	err := e.Keep(t.Context(), func(*viewerpb.Kept) {})
	if err == nil || !strings.Contains(err.Error(), "Delete a kept session") {
		t.Errorf("Keep: %v", err)
	}
	if list, err := shelf.List(); err != nil || len(list) != 0 {
		t.Errorf("%v is left, %v", list, err)
	}
}

// cluttered is a shelf that gives nothing back.
type cluttered struct{ *folder }

func (cluttered) Remove(string) error { return errors.New("the disk is stuck") }

// filling is a Source of which nothing can be read once full is set: as if what
// it is copied to had no more room.
type filling struct {
	blob.Source
	full *atomic.Bool
}

func (f filling) ReadAt(p []byte, offset int64) (int, error) {
	if f.full.Load() {
		return 0, store.ErrFull
	}
	return f.Source.ReadAt(p, offset)
}

// TestKeepFillsUp says that nothing is left where that is so, and else why not.
func TestKeepFillsUp(t *testing.T) {
	for _, stuck := range []bool{false, true} {
		var full atomic.Bool
		folder, dump := newFolder(t), sample(t)
		shelf := engine.Shelf(folder)
		if stuck {
			shelf = cluttered{folder}
		}
		e := engine.New(engine.Config{Shelf: shelf, Source: func(ctx context.Context, s *viewerpb.Source) (blob.Source, error) {
			src, err := dump.open(ctx, s)
			return filling{src, &full}, err
		}})
		defer e.Close(t.Context())
		openOne(t, e, &viewerpb.Source{Name: "shop"})
		full.Store(true)
		err := e.Keep(t.Context(), func(*viewerpb.Kept) {})
		if err == nil {
			t.Fatal("it is kept")
		}
		list, _ := folder.List()
		if says := strings.Contains(err.Error(), "Nothing of it is kept"); says != (len(list) == 0) || says == stuck || !strings.Contains(err.Error(), "no more room in this browser") {
			t.Errorf("%d are left: %v", len(list), err)
		}
		if stuck && !strings.HasSuffix(err.Error(), ": the disk is stuck") {
			t.Errorf("Keep: %v", err)
		}
	}
}
