package view

import (
	"cmp"
	"iter"
	"math/bits"
	"slices"
)

// sort sorts rows that are in the order of the files.
func (o *ordering) sort(rows []uint32) {
	if o.key == nil {
		o.sortTexts(rows, 0)
		return
	}
	keyed := make([]keyedRow, len(rows))
	sorted := true
	for i, r := range rows {
		keyed[i] = keyedRow{o.key(r), r}
		sorted = sorted && (i == 0 || keyed[i-1].key <= keyed[i].key)
	}
	if !sorted { // by time, they are as a rule
		keyed = radixSort(keyed)
		for i, k := range keyed {
			rows[i] = k.row
		}
	}
	if o.text != nil {
		for from, to := range runs(keyed) {
			o.sortTexts(rows[from:to], 0)
		}
	}
}

type keyedRow struct {
	key uint64
	row uint32
}

// runs goes through the longest runs of equal keys, but not those of one row.
func runs(rows []keyedRow) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from := 0
		for i := 1; i <= len(rows); i++ {
			if i < len(rows) && rows[i].key == rows[from].key {
				continue
			}
			if i-from > 1 && !yield(from, i) {
				return
			}
			from = i
		}
	}
}

// width is how many bytes of a text a key holds. The eighth says how many more
// there are, up to one more than those.
const width = 7

// few rows are sorted by comparing them.
const few = 64

// sortTexts sorts rows, which are in the order of the files, by their texts,
// the first bytes of which are all the same: by the next few bytes as a number,
// and then each group that is equal in them by what follows.
func (o *ordering) sortTexts(rows []uint32, same int) {
	if len(rows) < few {
		slices.SortStableFunc(rows, o.compareText)
		return
	}
	keyed := make([]keyedRow, len(rows))
	for {
		for i, r := range rows {
			head, tail := o.text(r)
			keyed[i] = keyedRow{textKey(head, tail, same), r}
		}
		keyed = radixSort(keyed)
		if keyed[0].key != keyed[len(keyed)-1].key {
			break
		}
		if keyed[0].key&0xff <= width {
			return // all end here
		}
		same += width
	}
	for i, k := range keyed {
		rows[i] = k.row
	}
	for from, to := range runs(keyed) {
		if keyed[from].key&0xff > width {
			o.sortTexts(rows[from:to], same+width)
		}
	}
}

// textKey is a number that is ordered as the text from a byte on, as far as
// some bytes go.
func textKey(head, tail string, from int) uint64 {
	if from >= len(head) {
		head, tail, from = tail, "", from-len(head)
	}
	head = head[from:]
	if len(head) >= 8 {
		_ = head[7]
		return uint64(head[0])<<56 | uint64(head[1])<<48 | uint64(head[2])<<40 | uint64(head[3])<<32 |
			uint64(head[4])<<24 | uint64(head[5])<<16 | uint64(head[6])<<8 | (width + 1)
	}
	var key uint64
	n := 0
	for _, part := range [2]string{head, tail} {
		for i := 0; i < len(part) && n < width; i, n = i+1, n+1 {
			key |= uint64(part[i]) << (56 - 8*n)
		}
	}
	if len(head)+len(tail) > width {
		n = width + 1
	}
	return key | uint64(n)
}

// radixSort sorts rows by their keys, some bits at a time from the lowest.
// Equal keys keep their order. It uses a second slice, and returns that or the
// first.
func radixSort(rows []keyedRow) []keyedRow {
	if len(rows) < few {
		slices.SortStableFunc(rows, func(a, b keyedRow) int { return cmp.Compare(a.key, b.key) })
		return rows
	}
	low, high := rows[0].key, rows[0].key
	for _, r := range rows {
		low, high = min(low, r.key), max(high, r.key)
	}
	if low == high {
		return rows
	}
	digit := 8
	if len(rows) > 1<<14 {
		digit = 11
	}
	other := make([]keyedRow, len(rows))
	counts := make([]int, 1<<digit)
	for shift := 0; shift < bits.Len64(high-low); shift += digit {
		if pass(rows, other, counts, low, shift) {
			rows, other = other, rows
		}
	}
	return rows
}

// pass sorts rows into other by some bits of how far their keys are from low,
// unless those are the same in all.
func pass(rows, other []keyedRow, counts []int, low uint64, shift int) bool {
	clear(counts)
	mask := uint64(len(counts) - 1)
	for i := range rows {
		counts[(rows[i].key-low)>>shift&mask]++
	}
	if counts[(rows[0].key-low)>>shift&mask] == len(rows) {
		return false
	}
	at := 0
	for i, n := range counts {
		counts[i] = at
		at += n
	}
	for _, r := range rows {
		digit := (r.key - low) >> shift & mask
		other[counts[digit]] = r
		counts[digit]++
	}
	return true
}

// merge adds rows, which are in the order of the files and not among sorted,
// to sorted. What sorted holds stays as it is: it may be on screen. Rows that
// come after all others are put behind it where there is room, so that only
// one holder of a slice may merge into it.
func (o *ordering) merge(sorted, rows []uint32) []uint32 {
	if len(rows) == 0 {
		return sorted
	}
	o.sort(rows)
	if len(sorted) == 0 || o.compare(sorted[len(sorted)-1], rows[0]) < 0 {
		return append(sorted, rows...)
	}
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

// search returns where in sorted a row is or would be, and whether it is there.
func (o *ordering) search(sorted []uint32, row uint32) (int, bool) {
	return slices.BinarySearchFunc(sorted, row, o.compare)
}
