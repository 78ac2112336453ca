package filter_test

import (
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/filter"
)

func TestWhy(t *testing.T) {
	flow := fake{
		url: "https://api.example/products?id=7", host: "203.0.113.5", pretty: "api.example", method: "POST",
		status: 404, answered: true, comment: "look here", marker: ":red_circle:", version: "HTTP/2.0", sni: "api.example",
		metadata: "mode: regular\nuser: zoë", peer: "192.0.2.9:443", ips: []string{"203.0.113.5", "127.0.0.1"},
		addresses: [3]string{1: "127.0.0.1:50000", 2: "203.0.113.5:443"},
		types:     [3][]string{1: {"application/json"}, 2: {"text/html"}},
		heads:     [3]string{1: "Accept: */*\r\nCookie: session=1\r\n", 2: "Server: shop/4.2\r\nAge: 3\r\n"},
		bodies:    [3][]string{1: {`{"name": "Zoë"}`}, 2: {"<p>not\nfound</p>\xff"}},
	}
	for expr, want := range map[string]string{
		`products`:                   `~u products: URL: https://api.example/[products]?id=7`,
		`~d api`:                     `~d api: host: [api].example`,
		`~d 203`:                     `~d 203: host: [203].0.113.5`,
		`~m post`:                    `~m post: method: [POST]`,
		`~t html`:                    `~t html: response content type: text/[html]`,
		`~tq json`:                   `~tq json: request content type: application/[json]`,
		`~comment here`:              `~comment here: comment: look [here]`,
		`~marker red`:                `~marker red: marker: :[red]_circle:`,
		`~version 2`:                 `~version 2: version: HTTP/[2].0`,
		`~meta zo.`:                  `~meta zo.: metadata: mode: regular user: [zoë]`,
		`~src 50000`:                 `~src 50000: client: 127.0.0.1:[50000]`,
		`~peer 192`:                  `~peer 192: server: [192].0.2.9:443`,
		`~dst 443`:                   `~dst 443: server: 203.0.113.5:[443]`,
		`~ip 127`:                    `~ip 127: address: [127].0.0.1`,
		`~sni api`:                   `~sni api: server name: [api].example`,
		`~h "session=\\d"`:           `~h session=\d: request headers: Accept: */*  Cookie: [session=1]`,
		`~hs ^age`:                   `~hs ^age: response headers: Server: shop/4.2  [Age]: 3`,
		`~b ZOË`:                     ``,
		`~b Zoë`:                     `~b Zoë: request body: {"name": "[Zoë]"}`,
		`~bs "not.found"`:            `~bs not.found: response body: <p>[not found]</p>` + "\uFFFD",
		`~b "n.t(?=.found)"`:         `~b "n.t(?=.found)": response body: <p>[not] found</p>` + "\uFFFD",
		`~any shop/`:                 `~any shop/: response headers: Server: [shop/]4.2  Age: 3`,
		`~any zo`:                    `~any zo: request body: {"name": "[Zo]ë"}`,
		`~c 404`:                     `~c 404: : []`,
		`~q | ~m POST`:               `~m POST: method: [POST]`,
		`!~m GET & ~m POST & !~q`:    `~m POST: method: [POST]`,
		`!(!~m POST) & (~c 1 | api)`: `~m POST: method: [POST]; ~u api: URL: https://[api].example/products?id=7`,
	} {
		f, err := filter.Parse(expr)
		if err != nil {
			t.Fatal(err)
		}
		reasons, err := f.Why(flow)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
		}
		var got []string
		for _, r := range reasons {
			got = append(got, r.Condition+": "+r.Place+": "+r.Before+"["+r.Hit+"]"+r.After)
		}
		if got := strings.Join(got, "; "); got != want {
			t.Errorf("%s\n got %s\nwant %s", expr, got, want)
		}
	}
	broken := fake{loadErr: errLoad, url: "x"}
	f, _ := filter.Parse("x & ~b y")
	if _, err := f.Why(broken); err != errLoad {
		t.Errorf("error = %v", err)
	}
}

func TestMarks(t *testing.T) {
	const text = "Needle and needle\n{\"price\": 12.50,\n\"wärme\": \"ÄÖ\"}\nlast"
	for _, test := range []struct {
		expr string
		side filter.Side
		want []string
	}{
		{"~b needle", filter.Request, []string{"Needle", "needle"}},
		{"~bs needle", filter.Request, nil},
		{"~bq needle & !~b price", filter.Request, []string{"Needle", "needle"}},
		{`~b "\\d+" | ~any last`, filter.Response, []string{"12", "50", "last"}},
		{"~b wärme", filter.Response, []string{"wärme"}},
		{`~b "^.$"`, filter.Response, nil},
		{`~b "(?<=12.)\\d+"`, filter.Response, []string{"50"}},
		{"~b x*", filter.Response, nil},
		{"~u needle", filter.Response, nil},
	} {
		f, err := filter.Parse(test.expr)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if m := f.Marks(test.side); m != nil {
			for begin, end := range m.In(text) {
				got = append(got, text[begin:end])
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.expr, got, test.want)
		}
	}
	for text, want := range map[string]int{"EDLE": 2, "12.5": 1, "1..5": 0, "": 0} {
		m, err := filter.MarksOf(text, false)
		n := 0
		for range m.In("Needle needle 12.50") {
			n++
		}
		if err != nil || n != want {
			t.Errorf("%q is found %d times, want %d; %v", text, n, want, err)
		}
	}
	if m, err := filter.MarksOf("1..5", true); err != nil || len(slices.Collect(firsts(m, "12.50 1xx5"))) != 2 {
		t.Errorf("regex: %v", err)
	}
	if _, err := filter.MarksOf("a(", true); err == nil || err.Error() != "filter: byte 0: "+err.(*filter.Error).Msg {
		t.Errorf("error = %v", err)
	}
}

func firsts(m *filter.Marks, text string) func(func(int) bool) {
	return func(yield func(int) bool) {
		for begin := range m.In(text) {
			if !yield(begin) {
				return
			}
		}
	}
}

// TestLocateFar finds what stands far behind.
func TestLocateFar(t *testing.T) {
	body := strings.Repeat("x", 3<<20) + "<needle 42>" + strings.Repeat("y", 1<<20)
	f, err := filter.Parse(`~b "[a-z]+ \\d+>" & ~b "need.{1,3} 4"`)
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := f.Why(fake{bodies: [3][]string{1: {body}}})
	if err != nil || len(reasons) != 2 || reasons[0].Hit != "needle 42>" || reasons[1].Hit != "needle 4" {
		t.Errorf("%+v, %v", reasons, err)
	}
}
