package view

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

// sizes are how many rows benchmarks work on.
var sizes = []int{100_000, 1_000_000}

// A generator makes flows of a session as browsers leave it: 300 hosts, some
// types, URLs of 40 to 60 bytes.
type generator struct {
	random *rand.Rand
	types  [][][]byte
	n      int
}

func newGenerator() *generator {
	g := &generator{random: rand.New(rand.NewPCG(1, 2))}
	for _, t := range []string{"text/html; charset=utf-8", "application/json", "image/png", "text/css", "application/javascript"} {
		g.types = append(g.types, [][]byte{[]byte(t)})
	}
	return g
}

func (g *generator) next() (key string, s flow.Summary) {
	r := g.random
	g.n++
	key = fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", r.Uint32(), r.Uint32N(1<<16), r.Uint32N(1<<12), r.Uint32N(1<<12), r.Uint64N(1<<48))
	host := "host" + strconv.Itoa(r.IntN(300)) + ".example.com"
	path := "/products/" + strconv.Itoa(r.IntN(1e6)) + "?session=" + strconv.Itoa(g.n)
	types := g.types[r.IntN(len(g.types))]
	start := 1.7925e9 + float64(g.n)/100
	return key, flow.Summary{
		Kind: flowpb.Kind_HTTP, Flags: flow.FlagResponse | flow.FlagTLS,
		Method: "GET", RawMethod: "GET", Scheme: "https", Host: host, PrettyHost: host, Path: path,
		URL: "https://" + host + path, PrettyURL: "https://" + host + path, SearchableURL: true,
		Version: "HTTP/2.0", Status: []int32{200, 200, 200, 304, 404}[r.IntN(5)],
		ContentType: string(types[0]), ContentTypes: types,
		ResponseSize: r.Int64N(1e6), OrderSize: r.Int64N(1e6),
		Created: start + r.Float64(), Start: int64(start * 1e9), Duration: r.Int64N(1e9),
	}
}

func filled(n int) *View {
	v, g := New(nil, 0, func() {}), newGenerator()
	for range n {
		key, s := g.next()
		v.Append(key, &s)
	}
	v.Complete()
	return v
}

// BenchmarkAppend tells what a row takes of memory, the index of keys
// included, and of time.
func BenchmarkAppend(b *testing.B) {
	for _, n := range sizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var bytes float64
			for range b.N {
				b.StopTimer()
				g := newGenerator()
				keys, summaries := make([]string, 1000), make([]flow.Summary, 1000)
				before := heap()
				v := New(nil, 0, func() {})
				for range n / len(keys) {
					for i := range keys {
						keys[i], summaries[i] = g.next()
					}
					b.StartTimer()
					for i := range keys {
						v.Append(keys[i], &summaries[i])
					}
					b.StopTimer()
				}
				bytes = float64(heap()-before) / float64(n)
				runtime.KeepAlive(v)
			}
			b.ReportMetric(bytes, "bytes/row")
			b.ReportMetric(float64(b.Elapsed())/float64(b.N*n), "ns/row")
		})
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkOrder orders all rows from scratch.
func BenchmarkOrder(b *testing.B) {
	for _, n := range sizes {
		c := &filled(n).list.columns
		file := make([]uint32, c.n)
		for i := range file {
			file[i] = uint32(i)
		}
		for _, order := range []Order{ByTime, BySize, ByStatus, ByHost, ByURL, ByPath} {
			b.Run(fmt.Sprintf("%s/%d", order, n), func(b *testing.B) {
				for b.Loop() {
					o, err := order.over(c)
					if err != nil {
						b.Fatal(err)
					}
					o.sort(slices.Clone(file))
				}
			})
		}
	}
}

// BenchmarkFilter filters all rows.
func BenchmarkFilter(b *testing.B) {
	for _, n := range sizes {
		v := filled(n)
		for _, expr := range []string{"~m put", "~d host1", "~t json", "~c 404 | ~e", "~u DETAILS", "~u =77", "~u products", "~u products.*9$", `host[0-9]+\.example`, "~t json ~u 99"} {
			f, err := filter.Parse(expr)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/%d", expr, n), func(b *testing.B) {
				for b.Loop() {
					v.list.shown = selection{}
					ctx, cancel := context.WithCancel(b.Context())
					v.Watch(ctx, Spec{Filter: f}, func(s *viewerpb.View) {
						if !s.Busy {
							cancel()
						}
					})
				}
			})
		}
	}
}

// BenchmarkLocate finds a row in a view by URL.
func BenchmarkLocate(b *testing.B) {
	v := filled(sizes[1])
	l := &v.list
	if err := l.SetOrder(ByURL); err != nil {
		b.Fatal(err)
	}
	key := l.Key(l.Len() / 3)
	for b.Loop() {
		if v.Locate(key).Index != int64(l.Len()/3) {
			b.Fatal("not found")
		}
	}
}
