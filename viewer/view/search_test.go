package view

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

// TestSearch asks filters on URLs of several chunks of them: all together they
// say what each says alone, but for flows that were removed or have no marker where
// those are wanted.
func TestSearch(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	l := NewList(nil)
	for n := range 9000 {
		host := pick("shop.example", "api.shop.example", "straße.example", "k.example", "cart")
		path := pick("/", "/cart", "/api/CART?id=", "/ſhop/", "/K", "*", "", "/"+strings.Repeat("long/", 60)) + pick("", "77", fmt.Sprint(n), "é")
		s := flow.Summary{Kind: flowpb.Kind_HTTP, Host: host, PrettyHost: host, Path: path, SearchableURL: n%50 > 0}
		s.URL = "https://" + host + path
		s.PrettyURL = s.URL
		switch n % 70 {
		case 0:
			s.PrettyURL = host + ":443" // as of CONNECT
		case 1:
			s.PrettyURL = "https://" + host + ":8443" + path
		}
		if n%7 == 0 {
			s.Flags |= flow.FlagMarked
		}
		l.append(searchKey(n), &s)
	}
	for n := 0; n < 9000; n += 11 {
		l.Remove(searchKey(n))
	}
	c := &l.columns
	if len(c.texts.full) < 5 {
		t.Fatalf("%d chunks", len(c.texts.full))
	}
	for _, expr := range []string{
		"cart", "shop", "example/cart", "e/", "//shop", "77", "=77", "long/long", "K", "straße", "é", "8443/", ":443", "none of them",
		"shop|cart", "!cart", "cart | 443", "~http & shop", "~all cart", `cart\d*$`, `^https://k.*7`, "s.*7$", "example$", "cart & 77",
	} {
		f, err := filter.Parse(expr)
		if err != nil {
			t.Fatal(expr, err)
		}
		scanned := func(markedOnly bool) bitmap {
			x := newScan(selection{spec: Spec{Filter: f, MarkedOnly: markedOnly}}, nil, new(answers))
			if err := x.advance(c, nil); err != nil {
				t.Fatal(err)
			}
			return x.set(c.n)
		}
		shown, marked, found := scanned(false), scanned(true), 0
		var alone subject
		for row := range c.n {
			alone.is(c, row)
			want, err := f.Match(&alone)
			if err != nil {
				t.Fatal(err)
			}
			if want = want && row%11 != 0; want {
				found++
			}
			if got, gotMarked := shown.has(uint32(row)), marked.has(uint32(row)); got != want || gotMarked != (want && row%7 == 0) {
				url, _ := alone.URL()
				t.Fatalf("%s of row %d, %q: %v, and %v of marked ones; want %v", expr, row, url, got, gotMarked, want)
			}
		}
		if (found == 0) != (expr == "none of them") {
			t.Errorf("%s is in %d", expr, found)
		}
	}
}

func searchKey(n int) string { return fmt.Sprintf("a key as long as that of no UUID %d", n) }
