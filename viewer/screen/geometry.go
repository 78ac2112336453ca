package screen

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

// A geometry maps scroll positions to rows. While all rows fit below
// maxSpacer, a pixel scrolled is a pixel moved. Beyond that, the ends of the
// scroll range are still the ends of the table, and a row stands where it is
// seen at the present scroll position.
type geometry struct {
	count   int     // rows
	height  float64 // of the visible part, without the header
	scroll  float64 // present scroll position
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

// maxTop and maxScroll are the greatest values of top and scroll.
func (g geometry) maxTop() float64    { return max(g.total()-g.height, 0) }
func (g geometry) maxScroll() float64 { return max(g.spacer()-g.height, 0) }

// top returns how far the upper edge of the visible part is below the first
// row's, were there no limit to the height of the spacer.
func (g geometry) top() float64 {
	if g.maxScroll() == 0 {
		return 0
	}
	return clamp(g.scroll, 0, g.maxScroll()) * (g.maxTop() / g.maxScroll())
}

// scrollFor returns the scroll position that gives top.
func (g geometry) scrollFor(top float64) float64 {
	if g.maxTop() == 0 {
		return 0
	}
	return clamp(top, 0, g.maxTop()) * (g.maxScroll() / g.maxTop())
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

// reveal returns the scroll position nearest to the present one at which row i
// is seen whole; centred, the one at which it is in the middle unless it is
// seen already.
func (g geometry) reveal(i int, centred bool) float64 {
	top, at := g.top(), float64(i)*g.rowHeight()
	if at >= top && at+g.rowHeight() <= top+g.height {
		return g.scroll
	}
	switch {
	case centred:
		top = at - (g.height-g.rowHeight())/2
	case at < top:
		top = at
	default:
		top = at + g.rowHeight() - g.height
	}
	return g.scrollFor(top)
}

func clamp(x, low, high float64) float64 { return max(low, min(x, high)) }
