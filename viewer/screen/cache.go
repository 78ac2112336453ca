package screen

import "flowpane/proto/viewerpb"

// pageRows is how many rows are asked for and kept together.
const pageRows = 32

// keptPages is how many pages are kept.
const keptPages = 96

// A cache holds the rows last seen, so that scrolling back does not flash.
type cache struct {
	pages map[int]*page
	zone  Zone
	shown []int // columns
}

// show makes the rows have other columns.
func (c *cache) show(columns []int) {
	c.shown = columns
	for _, p := range c.pages {
		clear(p.rows[:])
	}
}

// A page holds the rows from index number*pageRows on.
type page struct {
	came     []*viewerpb.Row
	rows     [pageRows]*Row // made when they are first looked at
	revision uint64
}

// row returns the row at index i, or nil if it is not here. It may be of an
// older revision.
func (c *cache) row(i int) *Row {
	p, n := c.pages[i/pageRows], i%pageRows
	if p == nil || n >= len(p.came) {
		return nil
	}
	if p.rows[n] == nil {
		p.rows[n] = newRow(p.came[n], c.zone, c.shown)
	}
	return p.rows[n]
}

// came returns the row at index i as it came. It is one that row returns.
func (c *cache) came(i int) *viewerpb.Row { return c.pages[i/pageRows].came[i%pageRows] }

// fresh reports whether the row at index i is known as of revision.
func (c *cache) fresh(i int, revision uint64) bool {
	p := c.pages[i/pageRows]
	return p != nil && p.revision >= revision
}

// find returns the index of the row with key among rows first to end that are
// known as of revision, or -1.
func (c *cache) find(key string, first, end int, revision uint64) int {
	for i := first; i < end; i++ {
		p, n := c.pages[i/pageRows], i%pageRows
		if p != nil && n < len(p.came) && p.came[n].Key == key && p.revision >= revision {
			return i
		}
	}
	return -1
}

// missing returns the pages that must be asked for so that rows first to end
// are known as of revision, as a range of rows; count 0 is none.
func (c *cache) missing(first, end int, revision uint64) (from, count int) {
	if first >= end {
		return 0, 0
	}
	low, high := -1, -1
	for n := first / pageRows; n <= (end-1)/pageRows; n++ {
		if p := c.pages[n]; p == nil || p.revision < revision {
			if low < 0 {
				low = n
			}
			high = n + 1
		}
	}
	if low < 0 {
		return 0, 0
	}
	return low * pageRows, (high - low) * pageRows
}

// put keeps the answer to a request for count rows from index from on, both
// whole pages. Rows that did not come are known not to be there. Pages that are
// here as of a later revision stay.
func (c *cache) put(from, count int, revision uint64, rows []*viewerpb.Row) {
	if c.pages == nil {
		c.pages = map[int]*page{}
	}
	for ; count > 0; from, count = from+pageRows, count-pageRows {
		n := min(pageRows, len(rows))
		if p := c.pages[from/pageRows]; p == nil || p.revision <= revision {
			c.pages[from/pageRows] = &page{revision: revision, came: rows[:n]}
		}
		rows = rows[n:]
	}
}

// trim forgets all pages but those nearest to row i, at most keep.
func (c *cache) trim(i, keep int) {
	for len(c.pages) > keep {
		farthest, distance := 0, -1
		for n := range c.pages {
			if d := max(n-i/pageRows, i/pageRows-n); d > distance {
				farthest, distance = n, d
			}
		}
		delete(c.pages, farthest)
	}
}
