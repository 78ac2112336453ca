package engine_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
)

// files is where the tests' sources lie: contents by name.
type files map[string][]byte

func (f files) open(_ context.Context, s *viewerpb.Source) (blob.Source, error) {
	b, ok := f[s.Name]
	if !ok {
		return nil, errors.New(s.Name + ": no such file")
	}
	return blob.Bytes(b), nil
}

// dial returns an engine over files, behind the same boundary as in the
// browser: whatever passes it was encoded and decoded.
func dial(t testing.TB, f files) api.API {
	t.Helper()
	e := engine.New(engine.Config{Source: f.open})
	page, worker := api.NewPipe()
	t.Cleanup(func() { page.Close() })
	go api.Serve(context.Background(), worker, e)
	client, err := api.Dial(page)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// opened is an engine with names of f open, and what it said of reading them.
func opened(t testing.TB, f files, names ...string) (api.API, *viewerpb.Progress) {
	t.Helper()
	e := dial(t, f)
	var sources []*viewerpb.Source
	for _, n := range names {
		sources = append(sources, &viewerpb.Source{Name: n})
	}
	last := new(viewerpb.Progress)
	err := e.Open(t.Context(), sources, func(p *viewerpb.Progress) {
		p.Issues = append(last.Issues, p.Issues...)
		last = p
	})
	if err != nil {
		t.Fatal(err)
	}
	if !last.Complete || last.BytesRead != last.BytesTotal {
		t.Errorf("the last progress is %+v", last)
	}
	return e, last
}

// show watches until the view is up to date.
func show(t testing.TB, e api.API, w *viewerpb.Watch) *viewerpb.View {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last *viewerpb.View
	err := e.Watch(ctx, w, func(v *viewerpb.View) {
		if last = v; !v.Busy {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%s: %v", w.Filter, err)
	}
	return last
}

// rows returns every row of the view, asked for in windows.
func rows(t testing.TB, e api.API) []*viewerpb.Row {
	t.Helper()
	var all []*viewerpb.Row
	for {
		window, err := e.Rows(t.Context(), uint64(len(all)), 300)
		if err != nil {
			t.Fatal(err)
		}
		if len(window.Rows) == 0 {
			return all
		}
		all = append(all, window.Rows...)
	}
}

// sample is the session that the page offers.
func sample(t testing.TB) files {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "static", "samples", "shop.mitm"))
	if err != nil {
		t.Fatal(err)
	}
	return files{"shop": b}
}

func TestNothingOpen(t *testing.T) {
	e := dial(t, nil)
	if v := show(t, e, &viewerpb.Watch{}); v.Shown != 0 || v.Total != 0 {
		t.Errorf("view = %+v", v)
	}
	if _, err := e.Flow(t.Context(), "nobody"); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("Flow = %v", err)
	}
	if l, err := e.Locate(t.Context(), "nobody"); err != nil || l.Index != -1 || l.Exists {
		t.Errorf("Locate = %+v, %v", l, err)
	}
}

func code(err error) viewerpb.Code {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return -1
}

func TestUnrecognisedFileLeavesTheSessionOpen(t *testing.T) {
	f := sample(t)
	f["garbage"] = []byte("\x01\x02 nothing that anyone wrote")
	e, _ := opened(t, f, "shop")
	before := show(t, e, &viewerpb.Watch{})
	err := e.Open(t.Context(), []*viewerpb.Source{{Name: "garbage"}}, func(*viewerpb.Progress) {})
	if code(err) != viewerpb.Code_UNREADABLE {
		t.Fatalf("Open = %v", err)
	}
	for _, part := range []string{"not a mitmproxy dump", "not a session database"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error lacks %q: %v", part, err)
		}
	}
	if after := show(t, e, &viewerpb.Watch{}); after.Total != before.Total || after.Total == 0 {
		t.Errorf("%d flows are open, there were %d", after.Total, before.Total)
	}
}

func TestEmptyFile(t *testing.T) {
	e, p := opened(t, files{"empty": {}}, "empty")
	if p.Flows != 0 || p.IssuesTotal != 0 {
		t.Errorf("progress = %+v", p)
	}
	if v := show(t, e, &viewerpb.Watch{}); v.Total != 0 {
		t.Errorf("view = %+v", v)
	}
}

func TestTruncatedFile(t *testing.T) {
	f := sample(t)
	_, whole := opened(t, f, "shop")
	f["cut"] = f["shop"][:len(f["shop"])-3]
	_, p := opened(t, f, "cut")
	if p.Flows != whole.Flows-1 || p.IssuesTotal != 1 || len(p.Issues) != 1 {
		t.Fatalf("progress = %+v, of %d flows", p, whole.Flows)
	}
	if i := p.Issues[0]; !strings.HasPrefix(i.Place, "byte ") || i.Source != "cut" {
		t.Errorf("issue = %+v", i)
	}
}

func body(t testing.TB, e api.API, key string, part viewerpb.Part, view string) *viewerpb.BodyWindow {
	t.Helper()
	w, err := e.Body(t.Context(), &viewerpb.GetBody{Key: key, Part: part, View: view})
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return w
}

func TestBadFilter(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	err := e.Watch(t.Context(), &viewerpb.Watch{Filter: "~m GET & ~nope"}, func(*viewerpb.View) {})
	var bad *api.Error
	if !errors.As(err, &bad) || bad.Code != viewerpb.Code_BAD_FILTER || bad.Pos != 9 || bad.End <= bad.Pos {
		t.Errorf("Watch = %#v", err)
	}
	check, err := e.CheckFilter(t.Context(), "~s & !~c 200")
	if err != nil || check.Description == "" {
		t.Errorf("CheckFilter = %+v, %v", check, err)
	}
	if check, err := e.CheckFilter(t.Context(), "  "); err != nil || check.Description != "all flows" {
		t.Errorf("CheckFilter of nothing = %+v, %v", check, err)
	}
}

func TestWatchOutlivesTheSession(t *testing.T) {
	e := dial(t, sample(t))
	states := make(chan *viewerpb.View, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go e.Watch(ctx, &viewerpb.Watch{}, func(v *viewerpb.View) { states <- v })
	first := <-states
	go e.Open(ctx, []*viewerpb.Source{{Name: "shop"}}, func(*viewerpb.Progress) {})
	for v := range states {
		if v.Revision <= first.Revision && v != first {
			t.Fatalf("revision %d after %d", v.Revision, first.Revision)
		}
		if v.Total > 0 && !v.Busy {
			return
		}
	}
}

func TestANewWatchEndsTheOneBefore(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	ended := make(chan error)
	known := make(chan bool, 100)
	go func() {
		ended <- e.Watch(context.Background(), &viewerpb.Watch{}, func(*viewerpb.View) { known <- true })
	}()
	<-known
	show(t, e, &viewerpb.Watch{Filter: "~m POST"})
	if err := <-ended; code(err) != viewerpb.Code_CANCELLED {
		t.Errorf("the Watch before ended with %v", err)
	}
}

// Every flow of the sample can be looked at from all sides.
func TestEveryFlowOpens(t *testing.T) {
	e, p := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{Order: "time"})
	all := rows(t, e)
	if len(all) != int(p.Flows) {
		t.Fatalf("%d rows of %d flows", len(all), p.Flows)
	}
	for _, r := range all {
		f, err := e.Flow(t.Context(), r.Key)
		if err != nil {
			t.Errorf("%s: %v", r.Key, err)
			continue
		}
		if f.Row.Key != r.Key || len(f.Sections) == 0 {
			t.Errorf("%s: detail %+v", r.Key, f)
		}
		for _, view := range []string{"auto", "text", "hex"} {
			for _, part := range []viewerpb.Part{viewerpb.Part_REQUEST, viewerpb.Part_RESPONSE} {
				w := body(t, e, r.Key, part, view)
				if uint64(len(w.Text)) > w.Total || w.Present && w.View == "" {
					t.Errorf("%s: window %+v", r.Key, w)
				}
			}
		}
		for i := range f.MessageCount {
			w, err := e.Body(t.Context(), &viewerpb.GetBody{Key: r.Key, Part: viewerpb.Part_MESSAGE, Index: i})
			if err != nil || !w.Present {
				t.Errorf("%s: message %d: %+v, %v", r.Key, i, w, err)
			}
		}
		_, err = e.Body(t.Context(), &viewerpb.GetBody{Key: r.Key, Part: viewerpb.Part_MESSAGE, Index: f.MessageCount})
		if code(err) != viewerpb.Code_NOT_FOUND {
			t.Errorf("%s: message %d of %d: %v", r.Key, f.MessageCount, f.MessageCount, err)
		}
	}
}

// A reading that is cancelled leaves what was read, and nobody waiting.
func TestCancelledOpen(t *testing.T) {
	f := sample(t)
	f["many"] = bytes.Repeat(f["shop"], 200)
	e := dial(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	err := e.Open(ctx, []*viewerpb.Source{{Name: "many"}}, func(p *viewerpb.Progress) {
		if p.Flows > 0 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("Open = %v", err)
	}
	if v := show(t, e, &viewerpb.Watch{}); v.Total == 0 || v.Busy {
		t.Errorf("view = %+v", v)
	}
}

// The second of two files opened at once is the one that stays.
func TestOpenWhileReading(t *testing.T) {
	f := sample(t)
	f["many"] = bytes.Repeat(f["shop"], 500)
	e := dial(t, f)
	began, ended := make(chan bool), make(chan error)
	go func() {
		var once sync.Once
		ended <- e.Open(t.Context(), []*viewerpb.Source{{Name: "many"}}, func(*viewerpb.Progress) { once.Do(func() { close(began) }) })
	}()
	<-began
	last := new(viewerpb.Progress)
	if err := e.Open(t.Context(), []*viewerpb.Source{{Name: "shop"}}, func(p *viewerpb.Progress) { last = p }); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; code(err) != viewerpb.Code_CANCELLED {
		t.Errorf("the first Open ended with %v", err)
	}
	if v := show(t, e, &viewerpb.Watch{}); v.Total != last.Flows {
		t.Errorf("%d flows, want the %d of the second file", v.Total, last.Flows)
	}
}

// Of several files those that can be opened are; the others are told.
func TestOneBadFileOfSeveral(t *testing.T) {
	f := sample(t)
	f["garbage"] = []byte("\x01\x02 nothing that anyone wrote")
	_, one := opened(t, f, "shop")
	_, p := opened(t, f, "garbage", "shop")
	if p.Flows != one.Flows || p.IssuesTotal != 1 || len(p.Issues) != 1 || p.Issues[0].Source != "garbage" {
		t.Errorf("progress = %+v", p)
	}
	e := dial(t, f)
	err := e.Open(t.Context(), []*viewerpb.Source{{Name: "garbage"}, {Name: "garbage"}}, func(*viewerpb.Progress) {})
	if code(err) != viewerpb.Code_UNREADABLE {
		t.Errorf("Open of nothing but garbage = %v", err)
	}
}

// A session may be replaced while its files are read, saved and looked at.
func TestReplacedWhileInUse(t *testing.T) {
	f := sample(t)
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(bytes.Repeat(f["shop"], 40)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f["packed"] = b.Bytes()
	e := dial(t, f)
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			e.Open(t.Context(), []*viewerpb.Source{{Name: "packed"}, {Name: "shop"}}, func(*viewerpb.Progress) {})
		})
		calls.Go(func() { e.Save(t.Context(), &viewerpb.Save{Target: "har"}, func(*viewerpb.Saved) {}) })
		calls.Go(func() { e.Losses(t.Context(), &viewerpb.CountLosses{Target: "mitm"}) })
		time.Sleep(3 * time.Millisecond)
	}
	calls.Wait()
	last := new(viewerpb.Progress)
	if err := e.Open(t.Context(), []*viewerpb.Source{{Name: "shop"}}, func(p *viewerpb.Progress) { last = p }); err != nil || last.Flows != 42 {
		t.Errorf("afterwards: %d flows, %v", last.Flows, err)
	}
}
