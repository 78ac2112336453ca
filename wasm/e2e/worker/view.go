//go:build js

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
	"flowpane/viewer/view"
)

// looks are what is asked of a view: an order, or a filter.
var looks = []struct {
	name string
	spec view.Spec
}{
	{"size", view.Spec{Order: view.BySize}},
	{"status", view.Spec{Order: view.ByStatus}},
	{"host", view.Spec{Order: view.ByHost}},
	{"url", view.Spec{Order: view.ByURL}},
	{"literal", view.Spec{Filter: parsed("~u cart")}},
	{"regex", view.Spec{Filter: parsed(`~u products.*9$`)}},
}

func parsed(text string) *filter.Filter {
	f, err := filter.Parse(text)
	if err != nil {
		panic(err)
	}
	return f
}

// looked fills a view with so many rows, and returns for each of looks how many
// milliseconds its rows take, the best of some: the first are run by code that a
// browser has not compiled well.
func looked(rows int) (answer string) {
	const times = 7
	v := view.New(nil, 0, func() {})
	for i := range rows {
		key, s := row(i)
		v.Append(key, &s)
	}
	v.Complete()
	var words []string
	for _, look := range looks {
		best := time.Hour
		for range times {
			show(v, view.Spec{})
			began := time.Now()
			show(v, look.spec)
			best = min(best, time.Since(began))
		}
		words = append(words, look.name, strconv.FormatFloat(best.Seconds()*1000, 'f', 2, 64))
	}
	return strings.Join(words, " ")
}

// show returns when a view shows what spec says.
func show(v *view.View, spec view.Spec) {
	ctx, done := context.WithCancel(context.Background())
	v.Watch(ctx, spec, func(s *viewerpb.View) {
		if !s.Busy {
			done()
		}
	})
}

var random = rand.New(rand.NewPCG(1, 2))

// row returns a flow as a browser makes many: 300 hosts, a few types, a path of
// its own.
func row(i int) (key string, s flow.Summary) {
	r := random
	host := "host" + strconv.Itoa(r.IntN(300)) + ".example.com"
	path := "/products/" + strconv.Itoa(r.IntN(1e6)) + "?session=" + strconv.Itoa(i)
	if i%20 == 0 {
		path = "/cart" + path
	}
	contentType := []string{"text/html; charset=utf-8", "application/json", "image/png", "text/css"}[r.IntN(4)]
	start := 1.7925e9 + float64(i)/100
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", r.Uint32(), i), flow.Summary{
		Kind: flowpb.Kind_HTTP, Flags: flow.FlagResponse | flow.FlagTLS,
		Method: "GET", RawMethod: "GET", Scheme: "https", Host: host, PrettyHost: host, Path: path,
		URL: "https://" + host + path, PrettyURL: "https://" + host + path, SearchableURL: true,
		Version: "HTTP/2.0", Status: []int32{200, 200, 200, 304, 404}[r.IntN(5)],
		ContentType: contentType, ContentTypes: [][]byte{[]byte(contentType)},
		ResponseSize: r.Int64N(1e6), OrderSize: r.Int64N(1e6),
		Created: start, Start: int64(start * 1e9), Duration: r.Int64N(1e9),
	}
}
