package view

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/viewer/filter"
)

// An Aide examines flows of the session elsewhere: on another processor.
type Aide interface {
	// Examine finds out what [Examine] would of the flows in some rows, of
	// those that it has. Findings count by places among rows.
	Examine(ctx context.Context, f *filter.Filter, rows []uint32) ([]Finding, error)
}

const (
	// aidAfter is how long a filter is applied without help: most take less.
	aidAfter = 250 * time.Millisecond
	// aidFor is how long an aide is to be busy with the rows that it gets at a
	// time. When all rows are known, what it has in hand then is lost.
	aidFor = 200 * time.Millisecond
	// firstAid is how many rows it gets at first.
	firstAid = 128
	// probed is how many rows are looked at between two yields.
	probed = 10_000
)

// An aid is the help that a watch gets. The rows that are not looked at yet are
// divided into stretches: the watch goes through the first, each aide through
// one of its own, in the order of the file, because that is how files are read
// best. What aides find out is known when the watch comes there.
type aid struct {
	view    *View
	filter  *filter.Filter
	columns *columns
	stop    context.CancelFunc
	aides   sync.WaitGroup

	mu        sync.Mutex
	probe     *filter.Scan
	row       subject // for probe
	stretches []*stretch
	done      int // rows that aides are through with
}

// A stretch is rows that one goes through: those before begin he has done.
type stretch struct{ begin, end int }

// help gives rows of c that are not looked at yet to aides.
func (w *watch) help(ctx context.Context, c *columns) *aid {
	ctx, stop := context.WithCancel(ctx)
	a := &aid{
		view: w.view, filter: w.spec.Filter, columns: c, stop: stop,
		stretches: []*stretch{{w.looked, c.n}},
	}
	a.probe, a.row = a.filter.Scan(), subject{loader: elsewhere{}, answers: w.subject.answers}
	for _, aide := range w.view.Aides() {
		a.aides.Go(func() { a.run(ctx, aide) })
	}
	return a
}

// end ends the help, and returns when nobody helps any more.
func (a *aid) end() {
	if a != nil {
		a.stop()
		a.aides.Wait()
	}
}

// reached says that the watch is through with the rows before row, and returns
// how many are known behind that.
func (a *aid) reached(row int) int {
	if a == nil {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.stretches {
		s.begin = max(s.begin, min(row, s.end))
	}
	return min(a.done, a.columns.n-row)
}

// run has one aide examine rows until there are none.
func (a *aid) run(ctx context.Context, aide Aide) {
	own := new(stretch)
	for size := firstAid; ctx.Err() == nil; {
		rows, passed := a.take(own, size)
		switch {
		case passed == 0 && a.divide(own):
			continue
		case passed == 0:
			return
		case len(rows) == 0:
			a.view.yield()
		default:
			began := time.Now()
			found, err := aide.Examine(ctx, a.filter, rows)
			if err != nil {
				return // the watch comes there
			}
			a.note(rows, found)
			if took := time.Since(began); took < aidFor/2 {
				size *= 2
			} else if took > 2*aidFor {
				size = max(size/2, 1)
			}
		}
		a.mu.Lock()
		a.done += passed
		a.mu.Unlock()
	}
}

// divide makes own the second half of the longest stretch. It is false where
// that is too short to be divided.
func (a *aid) divide(own *stretch) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stretches = slices.DeleteFunc(a.stretches, func(s *stretch) bool { return s == own })
	longest := slices.MaxFunc(a.stretches, func(s, t *stretch) int { return (s.end - s.begin) - (t.end - t.begin) })
	if longest.end-longest.begin < 2*firstAid {
		return false
	}
	own.begin, own.end = (longest.begin+longest.end)/2, longest.end
	longest.end = own.begin
	a.stretches = append(a.stretches, own)
	return true
}

// take returns the next rows of a stretch that have to be examined, up to size,
// and how many rows it passed: there may be none among those. At the end of the
// stretch it passes none.
func (a *aid) take(own *stretch, size int) (rows []uint32, passed int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for ; own.begin < own.end && len(rows) < size && passed < probed; own.begin++ {
		if passed++; a.undecided(own.begin) {
			rows = append(rows, uint32(own.begin))
		}
	}
	return rows, passed
}

// undecided reports whether a row has to be loaded to know whether the filter
// holds.
func (a *aid) undecided(row int) bool {
	if a.columns.removed.has(uint32(row)) {
		return false
	}
	a.row.is(a.columns, row)
	_, err := a.probe.Match(&a.row)
	return errors.Is(err, errElsewhere)
}

// note takes in what was found out, unless a row was changed meanwhile: it may
// be one of these.
func (a *aid) note(rows []uint32, found []Finding) {
	a.view.mu.Lock()
	defer a.view.mu.Unlock()
	if len(a.view.list.columns.changed) != len(a.columns.changed) {
		return
	}
	for _, f := range found {
		set := a.view.list.answers.of(f.Condition)
		for i, row := range rows {
			if holds, asked := f.Of(i); asked {
				set.note(row, holds)
			}
		}
	}
}

// elsewhere is a Loader that has nothing.
type elsewhere struct{}

var errElsewhere = errors.New("view: the flow has to be loaded")

func (elsewhere) Flow(string) (*flowpb.Flow, error)        { return nil, errElsewhere }
func (elsewhere) Raw([]byte, *flowpb.Body) ([]byte, error) { return nil, errElsewhere }
func (elsewhere) Walk() Loader                             { return elsewhere{} }
