package view_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
	"flowpane/viewer/view"
)

// memory is a Loader over flows in memory. It counts, and may fail.
type memory struct {
	flows map[string]*flowpb.Flow
	loads int
	fail  error
}

func (m *memory) Flow(key string) (*flowpb.Flow, error) {
	m.loads++
	return m.flows[key], m.fail
}

func (m *memory) Walk() view.Loader { return m }

func (m *memory) Raw(content []byte, _ *flowpb.Body) ([]byte, error) { return content, m.fail }

// exchange is a GET or PUT as in mitmproxy's own tests of its view.
func exchange(method, path string, created float64, size int) *flowpb.Flow {
	return &flowpb.Flow{
		Id:               []byte(method + path),
		TimestampCreated: &created,
		Request: &flowpb.HTTPRequest{
			Method: []byte(method), Scheme: []byte("http"), Host: []byte("address"),
			Port: new(int32(80)), Path: []byte(path), HttpVersion: []byte("HTTP/1.1"),
			Headers: []*flowpb.HTTPHeader{{Name: []byte("header"), Value: []byte("qvalue")}},
			Content: make([]byte, size),
		},
	}
}

type session struct {
	*view.View
	memory
	keys flow.Keys
}

func newSession(flows ...*flowpb.Flow) *session {
	s := &session{memory: memory{flows: map[string]*flowpb.Flow{}}}
	s.View = view.New(&s.memory, 0, runtime.Gosched)
	for _, f := range flows {
		s.add(f)
	}
	return s
}

func (s *session) add(f *flowpb.Flow) {
	key, summary := s.keys.Next(string(f.Id)), flow.Summarize(f)
	s.flows[key] = f
	s.Append(key, &summary)
}

// watch runs a Watch until it is up to date, and returns its last state.
func (s *session) watch(t *testing.T, expr string, order view.Order, descending bool) *viewerpb.View {
	t.Helper()
	spec := view.Spec{Order: order, Descending: descending}
	if expr != "" {
		f, err := filter.Parse(expr)
		if err != nil {
			t.Fatal(err)
		}
		spec.Filter = f
	}
	ctx, cancel := context.WithCancel(t.Context())
	var last *viewerpb.View
	s.Complete()
	err := s.Watch(ctx, spec, func(v *viewerpb.View) {
		if last = v; !v.Busy {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return last
}

func (s *session) paths() string {
	var paths []string
	for _, r := range s.Rows(0, 1000).Rows {
		paths = append(paths, r.Path)
	}
	return strings.Join(paths, " ")
}

func four() *session {
	return newSession(
		exchange("get", "/3", 3, 10),
		exchange("PUT", "/1", 1, 40),
		exchange("GET", "/2", 2, 30),
		exchange("PUT", "/0", 4, 30),
	)
}

func TestOrders(t *testing.T) {
	for _, test := range []struct {
		order      view.Order
		descending bool
		want       string
	}{
		{view.ByFile, false, "/3 /1 /2 /0"},
		{view.ByFile, true, "/0 /2 /1 /3"},
		{view.ByTime, false, "/1 /2 /3 /0"},
		{view.ByTime, true, "/0 /3 /2 /1"},
		{view.ByMethod, false, "/3 /2 /1 /0"}, // equal rows stay in file order
		{view.ByMethod, true, "/0 /1 /2 /3"},
		{view.ByURL, false, "/0 /1 /2 /3"},
		{view.BySize, false, "/3 /2 /0 /1"},
		{view.BySize, true, "/1 /0 /2 /3"},
	} {
		s := four()
		state := s.watch(t, "", test.order, test.descending)
		if got := s.paths(); got != test.want {
			t.Errorf("%q descending %v: %s, want %s", test.order, test.descending, got, test.want)
		}
		if state.Shown != 4 || state.Total != 4 || state.Revision == 0 {
			t.Errorf("%q: state %+v", test.order, state)
		}
		for i, r := range s.Rows(0, 10).Rows {
			if l := s.Locate(r.Key); l.Index != int64(i) || !l.Exists {
				t.Errorf("%q: Locate(%s) = %+v, want %d", test.order, r.Key, l, i)
			}
		}
	}
}

func TestUnknownOrder(t *testing.T) {
	err := four().Watch(t.Context(), view.Spec{Order: "colour"}, func(*viewerpb.View) {})
	if err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("error = %v", err)
	}
}

func TestFilterOnColumnsLoadsNothing(t *testing.T) {
	s := four()
	state := s.watch(t, "~m get", view.ByTime, false)
	if got := s.paths(); got != "/2 /3" || state.Shown != 2 || state.Total != 4 {
		t.Errorf("shown %s, state %+v", got, state)
	}
	if s.loads != 0 {
		t.Errorf("%d flows were loaded for a filter on columns", s.loads)
	}
	if l := s.Locate("PUT/1"); l.Index != -1 || !l.Exists {
		t.Errorf("a hidden flow is at %+v", l)
	}
	if l := s.Locate("nobody"); l.Index != -1 || l.Exists {
		t.Errorf("an unknown flow is at %+v", l)
	}
	s.watch(t, "! ~m get", view.ByTime, false)
	if l := s.Locate("GET/2"); s.paths() != "/1 /0" || l.Near != 1 || l.Index != -1 || !l.Exists {
		t.Errorf("of %s, GET/2 is at %+v", s.paths(), l)
	}
}

func TestFilterOnHeadersLoadsWhatIsLeft(t *testing.T) {
	s := four()
	s.watch(t, "~hq header:.qvalue & ~m put", view.ByFile, false)
	if got := s.paths(); got != "/1 /0" {
		t.Errorf("shown %s", got)
	}
	if s.loads != 2 {
		t.Errorf("%d flows were loaded, want the 2 that are PUT", s.loads)
	}
}

func TestFailedLoadsAreCounted(t *testing.T) {
	s := four()
	s.fail = errors.New("file is gone")
	state := s.watch(t, "~b x | ~m get", view.ByFile, false)
	if state.Failed != 2 || state.Failure != "file is gone" || s.paths() != "/3 /2" {
		t.Errorf("state %+v, shown %s", state, s.paths())
	}
}

func TestRowsArriveWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSession()
		var states []*viewerpb.View
		ctx, cancel := context.WithCancel(context.Background())
		go s.Watch(ctx, view.Spec{Order: view.BySize}, func(v *viewerpb.View) { states = append(states, v) })
		synctest.Wait()
		var want []string
		for i := range 500 {
			s.add(exchange("GET", fmt.Sprintf("/%03d", i), float64(i), i*7919%500))
			if i%50 == 49 {
				s.Publish()
				synctest.Wait()
			}
		}
		s.Complete()
		synctest.Wait()
		cancel()
		synctest.Wait()
		last := states[len(states)-1]
		if last.Busy || last.Shown != 500 || len(states) != 12 {
			t.Errorf("%d states, the last %+v", len(states), last)
		}
		for i := 1; i < len(states); i++ {
			if states[i].Revision <= states[i-1].Revision {
				t.Fatalf("revision %d after %d", states[i].Revision, states[i-1].Revision)
			}
		}
		sizes := make([]int64, 0, 500)
		for _, r := range s.Rows(0, 1000).Rows {
			sizes = append(sizes, r.RequestSize)
			want = append(want, r.Path)
		}
		if !slices.IsSorted(sizes) || len(want) != 500 {
			t.Error("the order was lost while rows arrived")
		}
	})
}

func TestRowsAreClamped(t *testing.T) {
	s := four()
	s.watch(t, "", view.ByFile, false)
	for _, test := range []struct {
		from  uint64
		count uint32
		want  int
	}{{0, 2, 2}, {3, 9, 1}, {4, 1, 0}, {1 << 63, 1<<32 - 1, 0}, {0, 0, 0}} {
		if got := s.Rows(test.from, test.count); len(got.Rows) != test.want {
			t.Errorf("Rows(%d, %d) has %d rows, want %d", test.from, test.count, len(got.Rows), test.want)
		}
	}
}
