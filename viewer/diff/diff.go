// Package diff compares two lists of lines.
package diff

// A Row is what stands beside each other in the two lists: the same line, a line
// and what it was changed into, or a line that the other list lacks.
type Row struct {
	Left, Right       string
	HasLeft, HasRight bool
}

// Same reports whether both sides have the line.
func (r Row) Same() bool { return r.HasLeft && r.HasRight && r.Left == r.Right }

// maxEdits bounds how many lines may differ before what is left is taken as one
// change: the time grows with its square.
const maxEdits = 1500

// Lines returns the rows of a and b, with as few differences as there can be, up
// to maxEdits of them. Lines that were changed stand beside what they were
// changed into, in order.
//
// Source: Eugene W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986.
func Lines(a, b []string) []Row {
	var rows []Row
	begin := 0
	for begin < len(a) && begin < len(b) && a[begin] == b[begin] {
		rows = append(rows, both(a[begin], b[begin]))
		begin++
	}
	end := 0
	for end < len(a)-begin && end < len(b)-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	rows = append(rows, middle(a[begin:len(a)-end], b[begin:len(b)-end])...)
	for ; end > 0; end-- {
		rows = append(rows, both(a[len(a)-end], b[len(b)-end]))
	}
	return rows
}

func both(left, right string) Row { return Row{left, right, true, true} }

// middle compares what has neither beginning nor end in common.
func middle(a, b []string) []Row {
	var rows []Row
	i, j := 0, 0
	for _, p := range common(a, b) {
		rows = append(rows, change(a[i:p.a], b[j:p.b])...)
		rows = append(rows, both(a[p.a], b[p.b]))
		i, j = p.a+1, p.b+1
	}
	return append(rows, change(a[i:], b[j:])...)
}

// change returns lines beside those that they were changed into.
func change(a, b []string) []Row {
	rows := make([]Row, max(len(a), len(b)))
	for i := range rows {
		if i < len(a) {
			rows[i].Left, rows[i].HasLeft = a[i], true
		}
		if i < len(b) {
			rows[i].Right, rows[i].HasRight = b[i], true
		}
	}
	return rows
}

// A place is a line that both lists have.
type place struct{ a, b int }

// common returns the places of a longest list of lines that both have, in order;
// none, if that takes too many edits.
func common(a, b []string) []place {
	// furthest[k+offset] is how far into a one gets on diagonal k, which is a-b.
	limit := min(len(a)+len(b), maxEdits)
	offset := limit + 1
	furthest := make([]int, 2*offset+1)
	var steps [][]int
	for d := 0; d <= limit; d++ {
		steps = append(steps, append([]int(nil), furthest[offset-d:offset+d+1]...))
		for k := -d; k <= d; k += 2 {
			x := furthest[offset+k-1] + 1
			if k == -d || k != d && furthest[offset+k-1] < furthest[offset+k+1] {
				x = furthest[offset+k+1]
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			furthest[offset+k] = x
			if x >= len(a) && x-k >= len(b) {
				return trace(steps, len(a), len(b))
			}
		}
	}
	return nil
}

// trace walks back from the ends of both lists, by how far one got in each step.
func trace(steps [][]int, x, y int) []place {
	var places []place
	for d := len(steps) - 1; d >= 0; d-- {
		at := func(k int) int { // as it was before step d
			if k < -d || k > d {
				return -1
			}
			return steps[d][k+d]
		}
		k := x - y
		before := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			before = k + 1
		}
		fromX := at(before)
		fromY := fromX - before
		if d == 0 {
			fromX, fromY = 0, 0
		}
		for x > fromX && y > fromY {
			x--
			y--
			places = append(places, place{x, y})
		}
		x, y = fromX, fromY
	}
	for i, j := 0, len(places)-1; i < j; i, j = i+1, j-1 {
		places[i], places[j] = places[j], places[i]
	}
	return places
}
