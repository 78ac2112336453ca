package view

import (
	"slices"

	"flowpane/viewer/filter"
)

// A Spec says what is shown, and in which order.
type Spec struct {
	Filter     *filter.Filter // nil shows all
	MarkedOnly bool           // of these, those with a marker
	Order      Order
	Descending bool // the same order read backwards, of equal rows too
}

// A selection is what a Spec makes of the rows looked at so far. It follows
// columns: each advance takes in what was added, changed and removed since the
// last.
type selection struct {
	spec  Spec
	order *ordering
	knows int      // rows that order can compare
	rows  []uint32 // that are shown, ascending; what it holds never changes

	looked   int // rows looked at, from 0
	changes  int // of columns.changed, taken in
	removals int // of columns, taken in

	failed  uint64 // rows that the filter could not tell of
	failure string // the first of these errors
}

// sameRows reports whether s and t show the same rows.
func (s *Spec) sameRows(t *Spec) bool {
	if s.MarkedOnly != t.MarkedOnly || (s.Filter == nil) != (t.Filter == nil) {
		return false
	}
	return s.Filter == t.Filter || filter.Equal(s.Filter.Root(), t.Filter.Root())
}

// reorder turns s into a selection by spec of the same rows, none of which is
// asked again. It reports whether it can be done: not where some could not be
// asked, which may be different now.
func (s *selection) reorder(c *columns, spec Spec) bool {
	if s.failed > 0 || !s.spec.sameRows(&spec) {
		return false
	}
	if s.order == nil || s.spec.Order != spec.Order {
		order, err := spec.Order.over(c)
		if err != nil {
			return false
		}
		rows := slices.AppendSeq(make([]uint32, 0, len(s.rows)), s.set(c.n).all())
		order.sort(rows)
		s.order, s.knows, s.rows = order, c.n, rows
	}
	s.spec = spec
	return true
}

// set returns the shown rows as a set.
func (s *selection) set(rows int) bitmap {
	set := newBitmap(rows)
	for _, r := range s.rows {
		set.set(r)
	}
	return set
}

// place returns the index at which a row of the view is on screen, for its
// index in ascending order; and back again.
func (s *selection) place(i int) int {
	if s.spec.Descending {
		return len(s.rows) - 1 - i
	}
	return i
}

// find returns the index of a row on screen, or where it would be.
func (s *selection) find(row uint32) (index int, shown bool) {
	if int(row) >= s.knows {
		return len(s.rows), false
	}
	i, shown := s.order.search(s.rows, row)
	if !shown && s.spec.Descending {
		i-- // it would be between i-1 and i
	}
	return s.place(i), shown
}

// block is how many rows are asked between two looks at the clock at most,
// which in a browser costs as much as a few rows of columns.
const block = 256

// A scan advances a selection. It remembers what the filter said of rows that
// are alike, for as long as columns only grow.
type scan struct {
	selection
	filter  *filter.Scan
	facet   filter.Facet
	needed  *search  // that URLs must pass; nil if there is none
	decides bool     // and that is all there is to it
	passing []uint32 // what passed of a block, for its memory
	known   []uint8  // answers by number of facet
	subject subject
	block   int
	loads   bool     // flows may have to be loaded
	found   []uint32 // matching rows that are not among those shown yet
}

func newScan(s selection, loader Loader, known *answers) *scan {
	x := &scan{selection: s, subject: subject{loader: loader, answers: known}, block: block}
	if f := s.spec.Filter; f != nil {
		x.filter, x.facet = f.Scan(), f.Facet()
		if n, decides := x.filter.URLNeedle(); n != nil {
			x.needed, x.decides = x.subject.searches.of(n), decides && !s.spec.MarkedOnly
		}
		if f.Cost() != filter.Columns {
			x.block, x.loads, x.subject.loader = 1, true, loader.Walk()
		}
	}
	return x
}

// advance takes in what is new in c. Now and then it calls pause, unless that
// is nil, and stops where it returns an error. What was found until then is
// taken in, and pause may ask for that with settle.
func (x *scan) advance(c *columns, pause func() error) error {
	order, err := x.spec.Order.over(c)
	if err != nil {
		return err
	}
	if pause == nil {
		pause = func() error { return nil }
	}
	x.drop(c)
	x.order, x.knows = order, c.n
	defer x.settle()
	for changed := range slices.Chunk(x.changedRows(c), x.block) {
		for _, row := range changed {
			x.subject.answers.forget(row)
			x.look(c, row)
		}
		if err := pause(); err != nil {
			return err // all that were changed will be dropped and asked again
		}
	}
	x.settle() // in the order of the files, these are before the others
	x.changes = len(c.changed)
	for x.looked < c.n {
		end := min(x.looked+x.block, c.n)
		x.lookAt(c, x.looked, end)
		x.looked = end
		if err := pause(); err != nil {
			return err
		}
	}
	return nil
}

// lookAt looks at the rows from one to before another.
func (x *scan) lookAt(c *columns, from, to int) {
	if x.needed != nil {
		for from < to {
			x.passing, from = x.needed.pass(x.passing[:0], c, from, to)
			for _, row := range x.passing {
				if x.decides && !c.removed.has(row) {
					if found, known := x.needed.in(c, int(row)); known && found {
						x.found = append(x.found, row)
						continue
					}
				}
				x.look(c, row)
			}
		}
		return
	}
	for row := from; row < to; row++ {
		x.look(c, uint32(row))
	}
}

func (x *scan) look(c *columns, row uint32) {
	if x.matches(c, row) {
		x.found = append(x.found, row)
	}
}

// settle puts the rows found so far among those shown.
func (x *scan) settle() {
	x.rows = x.order.merge(x.rows, x.found)
	x.found = nil
}

func (x *scan) matches(c *columns, row uint32) bool {
	if c.removed.has(row) || x.spec.MarkedOnly && !c.marked(int(row)) {
		return false
	}
	if x.filter == nil {
		return true
	}
	if x.facet == filter.Whole {
		return x.ask(c, row)
	}
	const unknown, no, yes = 0, 1, 2
	n := int(c.facet(int(row), x.facet))
	if n >= len(x.known) {
		x.known = append(x.known, make([]uint8, n+1-len(x.known))...)
	}
	if x.known[n] == unknown {
		if x.known[n] = no; x.ask(c, row) {
			x.known[n] = yes
		}
	}
	return x.known[n] == yes
}

// ask asks the filter.
func (x *scan) ask(c *columns, row uint32) bool {
	x.subject.is(c, int(row))
	ok, err := x.filter.Match(&x.subject)
	if err != nil {
		if x.failed == 0 {
			x.failure = err.Error()
		}
		x.failed++
	}
	return ok && err == nil
}

// changedRows returns the rows that were changed after they were looked at, in
// the order of the files.
func (x *scan) changedRows(c *columns) []uint32 {
	if x.changes == len(c.changed) {
		return nil
	}
	rows := slices.Clone(c.changed[x.changes:])
	rows = slices.DeleteFunc(rows, func(r uint32) bool { return int(r) >= x.looked })
	slices.Sort(rows)
	return slices.Compact(rows)
}

// drop takes out the rows that were removed, and those that were changed.
func (x *scan) drop(c *columns) {
	out := newBitmap(0)
	if x.removals != c.removals {
		out = slices.Clone(c.removed)
		x.removals = c.removals
	}
	for _, r := range x.changedRows(c) {
		out = out.grow(int(r) + 1)
		out.set(r)
	}
	if len(out) == 0 {
		return
	}
	rows := make([]uint32, 0, len(x.rows))
	for _, r := range x.rows {
		if !out.has(r) {
			rows = append(rows, r)
		}
	}
	x.rows = rows
}
