package screen

import (
	"math"
	"testing"
)

func TestGeometrySmall(t *testing.T) {
	g := geometry{count: 100, height: 320}
	g.scrolled(48)
	if g.spacer() != 3200 || g.top() != 48 || g.y(5) != 160 {
		t.Errorf("spacer %v, top %v, y(5) %v", g.spacer(), g.top(), g.y(5))
	}
	if first, end := g.visible(); first != 1 || end != 12 {
		t.Errorf("visible %d to %d", first, end)
	}
	if first, end := g.window(); first != 0 || end != 16 {
		t.Errorf("window %d to %d", first, end)
	}
	for _, test := range []struct {
		row     int
		centred bool
		want    float64
	}{{3, false, 48}, {3, true, 48}, {0, false, 0}, {20, false, 21*32 - 320}, {20, true, 20*32 - 144}, {99, true, 3200 - 320}} {
		if got := g.reveal(test.row, test.centred); got != test.want {
			t.Errorf("reveal(%d, %v) = %v, want %v", test.row, test.centred, got, test.want)
		}
	}
	if g.page() != 9 {
		t.Errorf("page = %d", g.page())
	}
}

func TestGeometryOfFewRows(t *testing.T) {
	for _, count := range []int{0, 1, 10} {
		g := geometry{count: count, height: 320}
		g.scrolled(99)
		if first, end := g.window(); first != 0 || end != count || g.top() != 0 {
			t.Errorf("%d rows: window %d to %d, top %v", count, first, end, g.top())
		}
	}
	var g geometry // nothing has a size yet
	if first, end := g.window(); first != 0 || end != 0 || g.page() != 1 {
		t.Errorf("window %d to %d", first, end)
	}
}

// Beyond the greatest height of an element both ends can be reached, every row
// can be brought into sight, and rows stand where they are seen.
func TestGeometryScaled(t *testing.T) {
	for _, count := range []int{maxSpacer / RowHeight, maxSpacer/RowHeight + 1, 1_000_000, 20_000_000} {
		g := geometry{count: count, height: 800}
		if g.spacer() > maxSpacer {
			t.Fatalf("%d rows: a spacer of %v", count, g.spacer())
		}
		g.scrolled(g.spacer() - g.height)
		if _, end := g.visible(); end != count || math.Abs(g.y(count-1)+RowHeight-g.spacer()) > 0.01 {
			t.Errorf("%d rows: at the end %d is the last, its foot at %v of %v", count, end, g.y(count-1)+RowHeight, g.spacer())
		}
		for _, i := range []int{0, 1, count / 3, count/3 + 1, count - 2, count - 1} {
			g.place(g.reveal(i, false))
			y := g.y(i)
			if y < g.scroll-0.01 || y+RowHeight > g.scroll+g.height+0.01 {
				t.Errorf("%d rows: row %d is at %v, seen are %v to %v", count, i, y, g.scroll, g.scroll+g.height)
			}
			if first, end := g.visible(); i < first || i >= end {
				t.Errorf("%d rows: row %d is not among %d to %d", count, i, first, end)
			}
			if again := g.reveal(i, false); again != g.top() {
				t.Errorf("%d rows: row %d moves from %v to %v", count, i, g.top(), again)
			}
			if math.Abs(g.y(i+1)-g.y(i)-RowHeight) > 0.01 {
				t.Errorf("%d rows: rows are %v apart", count, g.y(i+1)-g.y(i))
			}
		}
	}
}

// TestGeometryScale: a place has one scroll position, and that the place again,
// to what a pixel of the scroll range is of the table.
func TestGeometryScale(t *testing.T) {
	for _, count := range []int{1000, maxSpacer/RowHeight + 1, 1_000_000, 20_000_000} {
		g := geometry{count: count, height: 800}
		pixel := g.maxTop() / g.maxScroll()
		before := -1.0
		for part := 0.0; part <= 1; part += 1.0 / 64 {
			top := part * g.maxTop()
			scroll := g.scrollFor(top)
			if again := g.topFor(scroll); math.Abs(again-top) > pixel {
				t.Errorf("%d rows: %v is scrolled to by %v, which is %v", count, top, scroll, again)
			}
			if scroll <= before {
				t.Errorf("%d rows: %v comes after %v", count, scroll, before)
			}
			before = scroll
		}
	}
}

// TestGeometrySteps turns the wheel in a table that no element is high enough for:
// each step is a step of that length, whatever the scale is, until the end is
// there, and so is each on the way back.
func TestGeometrySteps(t *testing.T) {
	for _, count := range []int{maxSpacer/RowHeight + 1000, 1_000_000, 20_000_000} {
		g := geometry{count: count, height: 800}
		for _, begin := range []float64{0, 0.5 * g.maxScroll(), g.maxScroll()} {
			for _, step := range []float64{53, -53, 900, -900} {
				g.scrolled(begin)
				for n := range 4000 {
					if n == 2000 {
						step = -step
					}
					top := g.top()
					want := clamp(top+step, 0, g.maxTop())
					if g.scrolled(g.scroll + step); math.Abs(g.top()-want) > 0.01 {
						t.Fatalf("%d rows, from %v on: step %d of %v leads from %v to %v", count, begin, n, step, top, g.top())
					}
					if g.slipped() {
						at := g.top()
						if g.place(at); g.top() != at || g.slipped() {
							t.Fatalf("%d rows: to set %v right leads to %v", count, at, g.top())
						}
					}
				}
			}
		}
	}
}

// TestGeometryGrows: rows that come below move nothing, and where so many are gone
// that the place is no more, the end is seen.
func TestGeometryGrows(t *testing.T) {
	g := geometry{count: 200_000, height: 800}
	g.scrolled(6_000_000)
	for _, count := range []int{240_000, 300_000, 1_000_000, 200_000, 100_000} {
		want := min(6_000_000, float64(count*RowHeight)-g.height)
		if g.count = count; g.slipped() {
			g.place(g.top())
		}
		first := int(want) / RowHeight
		if g.top() != want || g.y(first)-g.scroll != float64(first*RowHeight)-want {
			t.Errorf("%d rows: %v is seen, want %v", count, g.top(), want)
		}
	}
}
