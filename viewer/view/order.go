package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// An Order is the name of an order: "" for the order of the files, one of the
// four of mitmproxy, or that of another column.
type Order string

// The orders. Rows that are equal stay in the order of the files; what is
// unknown or absent comes first.
const (
	ByFile   Order = ""
	ByTime   Order = "time"   // when the flow was created
	ByMethod Order = "method" // as shown
	ByURL    Order = "url"    // as requested, not the pretty one
	BySize   Order = "size"   // of both bodies, without WebSocket messages

	ByStart        Order = "start"
	ByDuration     Order = "duration"
	ByStatus       Order = "status" // of HTTP; for DNS the response code
	ByHost         Order = "host"   // as shown
	ByPath         Order = "path"
	ByType         Order = "type" // the media type of the response
	ByRequestSize  Order = "request-size"
	ByResponseSize Order = "response-size"
	ByVersion      Order = "version" // of HTTP
	ByMarker       Order = "marker"
	ByComment      Order = "comment"
	ByError        Order = "error"
)

// An ordering is an order over the rows of a snapshot.
type ordering struct {
	key  func(row uint32) uint64 // equal keys are equal rows
	text []string                // by row, in place of key
}

// over returns the ordering of the rows of c. It is nil for the order of the
// files.
//
// Columns of numbers and of strings that repeat are ordered by one number a
// row: a sort of 100,000 rows takes some milliseconds in a browser. URLs, paths
// and comments are compared as text, which takes ten times as long.
func (o Order) over(c *columns) (*ordering, error) {
	switch o {
	case ByFile:
		return nil, nil
	case ByTime:
		return &ordering{key: func(r uint32) uint64 { return orderFloat(c.created[r]) }}, nil
	case ByMethod:
		return c.bySymbol(c.method), nil
	case ByURL:
		return &ordering{text: c.url}, nil
	case BySize:
		return byNumber(c.orderSize), nil
	case ByStart:
		return byNumber(c.start), nil
	case ByDuration:
		return byNumber(c.duration), nil
	case ByStatus:
		return byNumber(c.status), nil
	case ByHost:
		return c.bySymbol(c.pretty), nil
	case ByPath:
		return &ordering{text: c.path}, nil
	case ByType:
		return c.bySymbol(c.mediaType), nil
	case ByRequestSize:
		return byNumber(c.reqSize), nil
	case ByResponseSize:
		return byNumber(c.respSize), nil
	case ByVersion:
		return c.bySymbol(c.version), nil
	case ByMarker:
		return c.bySymbol(c.marker), nil
	case ByComment:
		return &ordering{text: c.comment}, nil
	case ByError:
		return c.bySymbol(c.err), nil
	}
	return nil, fmt.Errorf("view: no order is called %q", string(o))
}

// byNumber is the ordering of a column of numbers.
func byNumber[T int32 | int64](column []T) *ordering {
	return &ordering{key: func(r uint32) uint64 { return uint64(int64(column[r])) ^ 1<<63 }}
}

// orderFloat returns a number that is ordered as f is. Both zeros are one, and
// what is no number comes first.
func orderFloat(f float64) uint64 {
	bits := math.Float64bits(f)
	switch {
	case f != f:
		return 0
	case f == 0:
		return 1 << 63
	case bits>>63 != 0:
		return ^bits
	}
	return bits | 1<<63
}

// bySymbol is the ordering of a column of strings that repeat: each is ranked
// once.
func (c *columns) bySymbol(column []symbol) *ordering {
	ranks := make([]uint32, len(c.names.texts))
	var used []symbol
	for _, s := range column[:c.n] {
		if ranks[s] == 0 {
			ranks[s] = 1
			used = append(used, s)
		}
	}
	slices.SortFunc(used, func(a, b symbol) int { return strings.Compare(c.names.text(a), c.names.text(b)) })
	for i, s := range used {
		ranks[s] = uint32(i)
	}
	return &ordering{key: func(r uint32) uint64 { return uint64(ranks[column[r]]) }}
}

// compare compares two rows; equal ones are in the order of the files.
func (o *ordering) compare(a, b uint32) int {
	var c int
	if o.text != nil {
		c = strings.Compare(o.text[a], o.text[b])
	} else {
		c = cmp.Compare(o.key(a), o.key(b))
	}
	if c == 0 {
		c = cmp.Compare(a, b)
	}
	return c
}

// sort sorts rows.
func (o *ordering) sort(rows []uint32) {
	if o.text != nil {
		slices.SortFunc(rows, o.compare)
		return
	}
	keyed := make([]keyedRow, len(rows))
	sorted := true
	for i, r := range rows {
		keyed[i] = keyedRow{o.key(r), r}
		sorted = sorted && (i == 0 || keyed[i-1].key <= keyed[i].key)
	}
	if sorted { // by time, as a rule
		return
	}
	for i, k := range radixSort(keyed) {
		rows[i] = k.row
	}
}

type keyedRow struct {
	key uint64
	row uint32
}

// radixSort sorts rows by their keys, byte by byte from the lowest. Equal keys
// keep their order. It uses a second slice, and returns that or the first.
func radixSort(rows []keyedRow) []keyedRow {
	var differ uint64
	for i := 1; i < len(rows); i++ {
		differ |= rows[i].key ^ rows[0].key
	}
	other := make([]keyedRow, len(rows))
	for shift := 0; shift < 64; shift += 8 {
		if differ>>shift&0xff == 0 {
			continue
		}
		var next [256]int
		for _, r := range rows {
			next[byte(r.key>>shift)]++
		}
		at := 0
		for i, n := range next {
			next[i] = at
			at += n
		}
		for _, r := range rows {
			i := byte(r.key >> shift)
			other[next[i]] = r
			next[i]++
		}
		rows, other = other, rows
	}
	return rows
}

// merge adds rows, which are in file order and come after all of sorted in it,
// to sorted. It returns a new slice: the old one may be on screen.
func (o *ordering) merge(sorted, rows []uint32) []uint32 {
	if o == nil || len(rows) == 0 {
		return append(sorted[:len(sorted):len(sorted)], rows...)
	}
	o.sort(rows)
	merged := make([]uint32, 0, len(sorted)+len(rows))
	for len(sorted) > 0 && len(rows) > 0 {
		if o.compare(sorted[0], rows[0]) <= 0 {
			merged = append(merged, sorted[0])
			sorted = sorted[1:]
		} else {
			merged = append(merged, rows[0])
			rows = rows[1:]
		}
	}
	return append(append(merged, sorted...), rows...)
}
