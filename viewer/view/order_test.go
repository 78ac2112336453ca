package view

import (
	"cmp"
	"fmt"
	"maps"
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
	ByClient:       func(a, b *flow.Summary) int { return strings.Compare(a.Client, b.Client) },
	ByServer:       func(a, b *flow.Summary) int { return strings.Compare(a.Server, b.Server) },
	ByScheme:       func(a, b *flow.Summary) int { return strings.Compare(a.Scheme, b.Scheme) },
	ByTLS:          func(a, b *flow.Summary) int { return cmp.Compare(a.Flags&flow.FlagTLS, b.Flags&flow.FlagTLS) },
	ByState:        func(a, b *flow.Summary) int { return slices.Compare(doneTo(a), doneTo(b)) },
}

// doneTo is what was done to a flow, the rarest first.
func doneTo(s *flow.Summary) (done []int) {
	for _, is := range []bool{s.Replay != "", s.Flags.Has(flow.FlagEdited), s.Flags.Has(flow.FlagIntercepted)} {
		done = append(done, map[bool]int{true: 1}[is])
	}
	return done
}

// random returns a summary whose columns often repeat, in an order of its own
// each.
func random(r *rand.Rand) flow.Summary {
	text := func() string { return []string{"", "a", "ab", "b", "Z", "é"}[r.IntN(6)] }
	number := func() int64 { return []int64{-1, 0, 1, 255, 256, 1 << 40, -1 << 40}[r.IntN(7)] }
	url, path := text()+text(), text()+text()
	if r.IntN(2) == 0 { // as URLs are
		path = "/" + path
		url += path
	}
	return flow.Summary{
		Method: text(), URL: url, PrettyURL: url, Path: path, PrettyHost: text(), ContentType: text(),
		Version: text(), Marker: text(), Comment: text(), Error: text(), Client: text(), Server: text(),
		Scheme: text(), Replay: text(), Flags: flow.Flags(r.IntN(256)),
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
	if names := slices.Sorted(maps.Keys(orders)); !slices.Equal(names, Orders()) {
		t.Errorf("%q are tested, %q exist", names, Orders())
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

// TestTextsAreSorted sorts many texts that begin alike, end early or hold zero
// bytes, in one part or two.
func TestTextsAreSorted(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"", "\x00", "a", "ab", "example", "example.com", "exampl\xff", "/products/details/"}
	var heads, tails []string
	var rows, want []uint32
	for i := range 5000 {
		head, tail := "", ""
		for range r.IntN(4) {
			head += pieces[r.IntN(len(pieces))]
		}
		for range r.IntN(5) {
			tail += pieces[r.IntN(len(pieces))]
		}
		heads, tails = append(heads, "https://"+head), append(tails, tail)
		rows, want = append(rows, uint32(i)), append(want, uint32(i))
	}
	slices.SortStableFunc(want, func(a, b uint32) int { return strings.Compare(heads[a]+tails[a], heads[b]+tails[b]) })
	o := &ordering{text: func(r uint32) (string, string) { return heads[r], tails[r] }}
	o.sort(rows)
	if !slices.Equal(rows, want) {
		t.Error("not what a stable sort makes of it")
	}
	for i := 1; i < len(rows); i++ {
		if o.compare(rows[i-1], rows[i]) >= 0 {
			t.Fatalf("%q is not before %q", heads[rows[i-1]]+tails[rows[i-1]], heads[rows[i]]+tails[rows[i]])
		}
	}
}

// TestURLsOfSites: what URLs begin with is ranked where that decides, and not
// where one beginning goes on in another.
func TestURLsOfSites(t *testing.T) {
	plain := []string{"http://a/x", "http://a.b/", "http://a:80/", "http://a/", "https://a/"}
	odd := append(slices.Clone(plain), "http://a/w", "http://a/y")
	for _, urls := range [][]string{plain, odd} {
		var c columns
		var rows []uint32
		for i, url := range urls {
			path := url[strings.LastIndex(url, "/"):]
			if i >= len(plain) {
				path = "elsewhere"
			}
			c.append(url, &flow.Summary{URL: url, PrettyURL: url, Path: path})
			rows = append(rows, uint32(i))
		}
		o, err := ByURL.over(&c)
		if err != nil {
			t.Fatal(err)
		}
		if ranked := o.key != nil; ranked != (len(urls) == len(plain)) {
			t.Errorf("%d URLs: ranked is %v", len(urls), ranked)
		}
		o.sort(rows)
		var got []string
		for _, r := range rows {
			got = append(got, urls[r])
		}
		if !slices.IsSorted(got) {
			t.Errorf("%q is not sorted", got)
		}
	}
}
