package view

import (
	"cmp"
	"fmt"
	"slices"
)

// An Order is a name of an order: the four of mitmproxy, or "" for the order
// of the files.
type Order string

// The orders. Rows that are equal stay in the order of the files.
const (
	ByFile   Order = ""
	ByTime   Order = "time"   // when the flow was created
	ByMethod Order = "method" // as shown
	ByURL    Order = "url"    // as requested, not the pretty one
	BySize   Order = "size"   // of both bodies, without WebSocket messages
)

// compare returns the comparison of rows that o stands for, over the columns
// of a snapshot. nil means that rows are in order as they are.
func (o Order) compare(c *columns) (func(a, b uint32) int, error) {
	switch o {
	case ByFile:
		return nil, nil
	case ByTime:
		return func(a, b uint32) int { return cmp.Compare(c.created[a], c.created[b]) }, nil
	case ByMethod:
		return func(a, b uint32) int {
			return cmp.Compare(c.names.text(c.method[a]), c.names.text(c.method[b]))
		}, nil
	case ByURL:
		return func(a, b uint32) int { return cmp.Compare(c.url[a], c.url[b]) }, nil
	case BySize:
		return func(a, b uint32) int { return cmp.Compare(c.orderSize[a], c.orderSize[b]) }, nil
	}
	return nil, fmt.Errorf("view: no order is called %q", string(o))
}

// merge adds rows, which are in file order and come after all of sorted in it,
// to sorted. It returns a new slice: the old one may be on screen.
func merge(sorted, rows []uint32, compare func(a, b uint32) int) []uint32 {
	if compare == nil || len(rows) == 0 {
		return append(sorted[:len(sorted):len(sorted)], rows...)
	}
	slices.SortStableFunc(rows, compare)
	merged := make([]uint32, 0, len(sorted)+len(rows))
	for len(sorted) > 0 && len(rows) > 0 {
		if compare(sorted[0], rows[0]) <= 0 {
			merged = append(merged, sorted[0])
			sorted = sorted[1:]
		} else {
			merged = append(merged, rows[0])
			rows = rows[1:]
		}
	}
	return append(append(merged, sorted...), rows...)
}
