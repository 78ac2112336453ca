package view

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/flow"
)

// orders are all orders and what they compare.
var orders = map[Order]func(a, b *flow.Summary) int{
	ByTime:         func(a, b *flow.Summary) int { return cmp.Compare(a.Created, b.Created) },
	ByMethod:       func(a, b *flow.Summary) int { return strings.Compare(a.Method, b.Method) },
	ByURL:          func(a, b *flow.Summary) int { return strings.Compare(a.URL, b.URL) },
	BySize:         func(a, b *flow.Summary) int { return cmp.Compare(a.OrderSize, b.OrderSize) },
	ByStart:        func(a, b *flow.Summary) int { return cmp.Compare(a.Start, b.Start) },
	ByDuration:     func(a, b *flow.Summary) int { return cmp.Compare(a.Duration, b.Duration) },
	ByStatus:       func(a, b *flow.Summary) int { return cmp.Compare(a.Status, b.Status) },
	ByHost:         func(a, b *flow.Summary) int { return strings.Compare(a.PrettyHost, b.PrettyHost) },
	ByPath:         func(a, b *flow.Summary) int { return strings.Compare(a.Path, b.Path) },
	ByType:         func(a, b *flow.Summary) int { return strings.Compare(a.ContentType, b.ContentType) },
	ByRequestSize:  func(a, b *flow.Summary) int { return cmp.Compare(a.RequestSize, b.RequestSize) },
	ByResponseSize: func(a, b *flow.Summary) int { return cmp.Compare(a.ResponseSize, b.ResponseSize) },
	ByVersion:      func(a, b *flow.Summary) int { return strings.Compare(a.Version, b.Version) },
	ByMarker:       func(a, b *flow.Summary) int { return strings.Compare(a.Marker, b.Marker) },
	ByComment:      func(a, b *flow.Summary) int { return strings.Compare(a.Comment, b.Comment) },
	ByError:        func(a, b *flow.Summary) int { return strings.Compare(a.Error, b.Error) },
}

// random returns a summary whose columns often repeat, in an order of its own
// each.
func random(r *rand.Rand) flow.Summary {
	text := func() string { return []string{"", "a", "ab", "b", "Z", "é"}[r.IntN(6)] }
	number := func() int64 { return []int64{-1, 0, 1, 255, 256, 1 << 40, -1 << 40}[r.IntN(7)] }
	return flow.Summary{
		Method: text(), URL: text() + text(), Path: text() + text(), PrettyHost: text(), ContentType: text(),
		Version: text(), Marker: text(), Comment: text(), Error: text(),
		OrderSize: number(), Start: number(), Duration: number(), Status: int32(number()), RequestSize: number(), ResponseSize: number(),
		Created: []float64{0, math.Copysign(0, -1), 1.5, -1.5, math.Inf(1), math.Inf(-1), 1e300, 1792485000.25}[r.IntN(8)],
	}
}

// TestOrdersAreStable holds the law: each order, reached in one step or while
// rows come in, is what a stable sort makes of the file.
func TestOrdersAreStable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for order, compare := range orders {
		var c columns
		var all []flow.Summary
		var want, whole, stepwise []uint32
		for i := range 500 {
			s := random(r)
			all = append(all, s)
			c.append(fmt.Sprint(i), &s)
			want, whole = append(want, uint32(i)), append(whole, uint32(i))
			if i%37 == 0 || i == 499 {
				o, err := order.over(&c)
				if err != nil {
					t.Fatal(err)
				}
				var fresh []uint32
				for j := len(stepwise); j <= i; j++ {
					fresh = append(fresh, uint32(j))
				}
				stepwise = o.merge(stepwise, fresh)
			}
		}
		slices.SortStableFunc(want, func(a, b uint32) int { return compare(&all[a], &all[b]) })
		o, err := order.over(&c)
		if err != nil {
			t.Fatal(err)
		}
		o.sort(whole)
		if !slices.Equal(whole, want) || !slices.Equal(stepwise, want) {
			t.Errorf("by %s: not what a stable sort makes of it", order)
		}
	}
	if len(orders) != 16 {
		t.Errorf("%d orders are tested", len(orders))
	}
}

// TestOrderFloat: numbers order floats, and what is none comes first.
func TestOrderFloat(t *testing.T) {
	ordered := []float64{math.Inf(-1), -1e300, -1, -math.SmallestNonzeroFloat64, 0, math.SmallestNonzeroFloat64, 1, 1.5, 1e300, math.Inf(1)}
	for i := 1; i < len(ordered); i++ {
		if orderFloat(ordered[i-1]) >= orderFloat(ordered[i]) {
			t.Errorf("%v is not before %v", ordered[i-1], ordered[i])
		}
	}
	if orderFloat(math.Copysign(0, -1)) != orderFloat(0) || orderFloat(math.NaN()) >= orderFloat(math.Inf(-1)) {
		t.Error("zeros differ, or what is no number is not first")
	}
}
