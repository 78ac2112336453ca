package engine

import (
	"reflect"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/view"
)

// The first rows come with each view until it is known whole, if they are asked for,
// and later they do not: who follows a session may look at another part of it.
func TestRowsComeWithView(t *testing.T) {
	for _, want := range []uint32{0, 3} {
		synctest.Test(t, func(t *testing.T) {
			e := New(Config{})
			o := newOpen(&e.config, 0)
			more := func() {
				for range 2 {
					o.view.Append(strconv.Itoa(o.view.Len()), &flow.Summary{Kind: flowpb.Kind_HTTP, Method: "GET", Path: "/"})
				}
				o.view.Publish()
			}
			more()
			var views []*viewerpb.View
			go e.watchOne(t.Context(), o, view.Spec{Order: view.ByURL, Descending: true}, want, func(v *viewerpb.View) { views = append(views, v) })
			for step, then := range []func(){more, o.view.Complete, more, func() {}} {
				synctest.Wait()
				v := views[len(views)-1]
				if whole := step >= 2; len(views) != step+1 || v.Busy == whole {
					t.Fatalf("after step %d there are %d views, the last busy %v", step, len(views), v.Busy)
				}
				rows, known := o.rows(0, want).Rows, v.GetRows().GetRows()
				if step > 2 {
					rows = nil
				}
				if len(known) != len(rows) || len(rows) > 0 && (v.Rows.Revision < v.Revision || !reflect.DeepEqual(known, rows)) {
					t.Errorf("%d rows with view %d, want %d", len(known), step, len(rows))
				}
				then()
			}
			e.Close(t.Context())
		})
	}
}

// What is said of a filter waits for its rows, but not for long.
func TestRowsFirst(t *testing.T) {
	for name, after := range map[string]time.Duration{"at once": 0, "soon": rowsFirstFor / 2, "never": time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := New(Config{})
				if _, err := e.CheckFilter(t.Context(), "a"); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				_, viewed, done := e.takeWatch(t.Context())
				time.AfterFunc(after, viewed)
				if _, err := e.Complete(t.Context(), "~", 1); err != nil {
					t.Fatal(err)
				}
				if took, want := time.Since(began), min(after, rowsFirstFor); took != want {
					t.Errorf("it took %v, want %v", took, want)
				}
				done()
				if e.CheckFilter(t.Context(), "a"); time.Since(began) != min(after, rowsFirstFor) {
					t.Error("it waits for a Watch that has ended")
				}
				e.Close(t.Context())
			})
		})
	}
}
