package screen

import "math"

// RowHeight is the height of a row of the flow table, in CSS pixels, and
// CompactHeight that of one where many are to be seen.
const (
	RowHeight     = 32
	CompactHeight = 24
)

// maxSpacer is the greatest height of the element that stands for all rows.
// Browsers cap the height of an element at 16 million pixels and more; beyond
// this the scroll range is scaled instead.
const maxSpacer = 8_000_000

// overscan is how many rows are drawn beyond the visible ones on either side.
const overscan = 4

// In a range that is scaled, the ends are not: this many pixels at either are as
// many of the table, so that the last of them can be gone step by step.
const unscaled = 100_000

// maxSlip is how far the scroll position may be from the one that the scale gives.
// To set it right breaks off what a browser is animating, so it is done seldom.
const maxSlip = unscaled / 2

// A geometry maps scroll positions to rows. While all rows fit below
// maxSpacer, a pixel scrolled is a pixel moved. Beyond that a step of the wheel is
// still that, and only who drags the scroll bar goes by the scale; the ends of the
// scroll range are the ends of the table, and a row stands where it is seen at the
// present scroll position.
type geometry struct {
	count   int     // rows
	height  float64 // of the visible part, without the header
	scroll  float64 // present scroll position
	at      float64 // what top was when the scroll position came to be
	compact bool    // rows are CompactHeight high
}

func (g geometry) rowHeight() float64 {
	if g.compact {
		return CompactHeight
	}
	return RowHeight
}

func (g geometry) total() float64  { return float64(g.count) * g.rowHeight() }
func (g geometry) spacer() float64 { return min(g.total(), maxSpacer) }

// scaled reports whether the scroll range is shorter than the table.
func (g geometry) scaled() bool { return g.total() > maxSpacer }

// maxTop and maxScroll are the greatest values of top and scroll.
func (g geometry) maxTop() float64    { return max(g.total()-g.height, 0) }
func (g geometry) maxScroll() float64 { return max(g.spacer()-g.height, 0) }

// top returns how far the upper edge of the visible part is below the first
// row's, were there no limit to the height of the spacer.
func (g geometry) top() float64 { return clamp(g.at, 0, g.maxTop()) }

// scrolled takes in a scroll position that a person has brought about.
func (g *geometry) scrolled(to float64) {
	to = clamp(to, 0, g.maxScroll()) // a browser may go over an end, and come back
	by, from := to-g.scroll, g.top()
	g.scroll = to
	switch {
	case to == 0 || to == g.maxScroll() || !g.scaled():
		g.at = g.topFor(to)
	case math.Abs(by) <= 1.5*g.height: // less than a pixel of a scroll bar
		g.at = from + by
	default:
		g.at = g.topFor(to)
	}
}

// place brings top about.
func (g *geometry) place(top float64) {
	g.at = clamp(top, 0, g.maxTop())
	g.scroll = g.scrollFor(g.at)
}

// slipped reports whether the scroll position is so far from the one that top has
// by the scale that it is to be set right. Near an end that is sooner, since the
// rest of the way must fit in.
func (g geometry) slipped() bool {
	want := g.scrollFor(g.top())
	if !g.scaled() {
		return g.scroll != want
	}
	left := min(want, g.maxScroll()-want)
	return math.Abs(g.scroll-want) > min(left/2, maxSlip)
}

// topFor returns the value of top that a scroll position has by the scale, and
// scrollFor the scroll position for a value of top.
func (g geometry) topFor(scroll float64) float64 { return rescale(scroll, g.maxScroll(), g.maxTop()) }
func (g geometry) scrollFor(top float64) float64 { return rescale(top, g.maxTop(), g.maxScroll()) }

// rescale maps a place in a range to one in another, in whole pixels where it is
// not the same: letters between pixels are blurred.
func rescale(x, from, to float64) float64 {
	x = clamp(x, 0, from)
	switch {
	case from == to || x <= unscaled:
		return x
	case x >= from-unscaled:
		return to - (from - x)
	}
	return math.Round(unscaled + (x-unscaled)*(to-2*unscaled)/(from-2*unscaled))
}

// y returns where row i is to be placed in the spacer.
func (g geometry) y(i int) float64 {
	return float64(i)*g.rowHeight() - g.top() + clamp(g.scroll, 0, g.maxScroll())
}

// visible returns the rows that are seen, in part at least: first <= i < end.
func (g geometry) visible() (first, end int) {
	top := g.top()
	first = min(int(top/g.rowHeight()), g.count)
	end = min(int((top+g.height)/g.rowHeight())+1, g.count)
	return first, max(first, end)
}

// window returns the rows to draw.
func (g geometry) window() (first, end int) {
	first, end = g.visible()
	return max(first-overscan, 0), min(end+overscan, g.count)
}

// page returns how many rows a page key moves by.
func (g geometry) page() int { return max(int(g.height/g.rowHeight())-1, 1) }

// reveal returns the value of top nearest to the present one at which row i is
// seen whole; centred, the one at which it is in the middle unless it is seen
// already.
func (g geometry) reveal(i int, centred bool) float64 {
	top, at := g.top(), float64(i)*g.rowHeight()
	switch {
	case at >= top && at+g.rowHeight() <= top+g.height:
	case centred:
		top = at - (g.height-g.rowHeight())/2
	case at < top:
		top = at
	default:
		top = at + g.rowHeight() - g.height
	}
	return clamp(top, 0, g.maxTop())
}

func clamp(x, low, high float64) float64 { return max(low, min(x, high)) }
