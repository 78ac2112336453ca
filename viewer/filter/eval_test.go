package filter_test

import (
	"errors"
	"testing"

	"flowpane/viewer/filter"
)

func parse(t testing.TB, expr string) *filter.Filter {
	t.Helper()
	f, err := filter.Parse(expr)
	if err != nil {
		t.Fatalf("Parse(%q): %v", expr, err)
	}
	return f
}

func with(f fake, change func(*fake)) fake {
	change(&f)
	return f
}

// The flows are mitmproxy's own test flows and the answers those of its
// test_flowfilter.py.
var matchCases = []struct {
	name    string
	flow    fake
	yes, no []string
}{
	{"request", request(), []string{
		"~all", "~http", "~q", "~h qvalue", "~h header", "~h 'header: qvalue'", "~hq 'header: qvalue'", "~hq ^CONTENT-LENGTH:",
		"~b content", "~bq content", `~b ""`, "~m get", "~m GET", "~d address", "~u address", "~u address:22/path", "address", "!~s",
		"~q & ! ~s | ~e", "~u nope | (~q ~http)",
	}, []string{
		"~tcp", "~websocket", "~s", "~t content", `~t ""`, "~marked", "~h nonexistent", "~hq 'header-request: svalue'", "~hs 'header: qvalue'",
		`~hs ""`, "~b nonexistent", "~bq message", "~bs content", "~bs message", "~m post", "~d none", "~u moo/path", "~c 200", "~a", "~e",
		"~hq qvalue$", "~u a b",
	}},
	{"odd method", with(request(), func(f *fake) { f.method = "oink" }), []string{"~m OINK"}, []string{"~m get"}},
	{"no request", fake{kind: filter.HTTP}, []string{"~q"}, []string{"~u ''", "~h ''", "~b ''"}},
	{"response", response(), []string{
		"~s", "~c 200", "~c 0200", "~h 'header-response: svalue'", "~hs 'header-response: svalue'", "~hq 'header: qvalue'", "~b message",
		"~bs message", "~bq content", "~c 200 & ~h head", "(~c 200 & ~h head) & ~b content", "~c 200 | ~h nohead", "~c 201 | ~h head",
		"(~c 201 | ~h nohead) | ~s", "! ~c 201", "!~c 201 !~c 202",
	}, []string{
		"~q", "~a", "~c 201", "~c 99999999999999999999999", "~bq nomatch", "~bs nomatch", "~bs content", "~hq 'header-response: svalue'",
		"~hs 'header: qvalue'", "~c 200 & ~h nohead", "(~c 200 & ~h head) & ~b nonexistent", "~c 201 | ~h nohead",
		"(~c 201 | ~h nohead) | ~q", "! ~c 200", "!~c 201 !~c 200",
	}},
	{"error", failure(), []string{"~e", "~q", "~http"}, []string{"~s", "!~e"}},
	{"marked", with(request(), func(f *fake) { f.marked = true }), []string{"~marked"}, nil},
	{"script", with(response(), func(f *fake) { f.types[filter.Response] = []string{"text/plain", "text/javascript"} }),
		[]string{"~a", "~t javascript", "~t JAVA", "~t ^text/plain$"}, []string{"~t json"}},
	{"font", with(response(), func(f *fake) { f.types[filter.Response] = []string{"xx-font/foo"} }), []string{"~a"}, nil},
	{"loud image", with(response(), func(f *fake) { f.types[filter.Response] = []string{"IMAGE/PNG"} }), []string{"~t image"}, []string{"~a"}},
	{"script sent", with(response(), func(f *fake) { f.types[filter.Request] = []string{"text/json"} }), []string{"~t json"}, []string{"~a"}},
	{"connect", with(request(), func(f *fake) { f.pretty = "shop.test" }), []string{"~d ^shop", "~d ^address"}, []string{"~d host"}},
	{"foreign body", with(response(), func(f *fake) {
		f.bodies[filter.Response] = []string{"яч测试ॐللهθεόςלוהים神하나님Äÿ"}
	}),
		[]string{"~bs яч", "~bs 测试", "~bs ॐ", "~bs لله", "~bs θεός", "~bs לוהים", "~bs 神", "~bs 하나님", "~bs Äÿ", "~b ^я"}, []string{"~bs ЯЧ", "~bs äÿ", "~bq я"}},
	{"question", question(), []string{"~q", "~u dns.google", "~b dns.google", "~bq dns.google", "!~s"},
		[]string{"~http", "~tcp", "~s", "~e", "~bs dns.google", "~u whatever", "~d dns", "~c 200", "~m ''", "~h ''"}},
	{"answer", answer(), []string{"~s", "~b 8.8.8.8", "~bs 8.8.8.8", "~bq dns.google", "~bs dns.google"}, []string{"~q", "~bq 8.8.8.8", "~c 200", "~a"}},
	{"tcp", stream(filter.TCP), []string{"~tcp", "~b hello", "~b me", "~bq hello", "~bs me", "~b hello & ~b me", "!~s", "!~q"},
		[]string{"~http", "~websocket", "~bq me", "~bs hello", "~q", "~s", "~e", "~h ''", "~hq ''", "~hs ''", "~t ''", "~c 200", "~d ''", "~m ''", "~u ''", "~b hello.*me"}},
	{"failed tcp", with(stream(filter.TCP), func(f *fake) { f.failed = true }), []string{"~e"}, nil},
	{"udp", stream(filter.UDP), []string{"~b hello", "~bs me"}, []string{"~tcp", "~http", "~q", "~s", "~u ''"}},
	{"websocket", websocket(), []string{"~websocket", "~http", "~d example.com", "~u example.com/ws", "~b hello", "~b me", "~bq hello", "~bs me", "~c 101"},
		[]string{"~tcp", "~d none", "~u moo/path", "~bq me", "~bs hello", "~b nonexistent", "~m ws"}},
	{"unknown kind", with(fake{kind: 99}, func(f *fake) { f.failed = true }), []string{"~all", "~e"},
		[]string{"~http", "~tcp", "~q", "~s", "~u ''", "~b ''", "~h ''", "~websocket", "~a"}},
}

func TestMatch(t *testing.T) {
	for _, c := range matchCases {
		check := func(expr string, want bool) {
			got, err := parse(t, expr).Match(c.flow)
			if err != nil || got != want {
				t.Errorf("%s: %s = %v, %v; want %v", c.name, expr, got, err, want)
			}
		}
		for _, expr := range c.yes {
			check(expr, true)
		}
		for _, expr := range c.no {
			check(expr, false)
		}
	}
}

func TestCheapConditionsComeFirst(t *testing.T) {
	cases := []struct {
		expr  string
		cost  filter.Cost
		loads int
	}{
		{"~u nothing", filter.Columns, 0},
		{"~t x ~a", filter.Columns, 0},
		{"~h header", filter.Heads, 1},
		{"~b content & ~u nothing", filter.Bodies, 0},
		{"~b content | ~u address", filter.Bodies, 0},
		{"!(~b content | ~hq header)", filter.Bodies, 1},
		{"~b content & ~hq nothing", filter.Bodies, 1},
		{"~b content (~hq header | ~bq other)", filter.Bodies, 2},
	}
	for _, c := range cases {
		flow, loads := request(), 0
		flow.loads = &loads
		f := parse(t, c.expr)
		if _, err := f.Match(flow); err != nil {
			t.Errorf("%s: %v", c.expr, err)
		}
		if loads != c.loads || f.Cost() != c.cost {
			t.Errorf("%s: %d loads, cost %d; want %d, %d", c.expr, loads, f.Cost(), c.loads, c.cost)
		}
	}
}

func TestMatchReturnsErrorsOfTheSubject(t *testing.T) {
	flow := request()
	flow.loadErr = errLoad
	for _, expr := range []string{"~b x", "!~b x", "~h x", "~b x & ~q", "~b x | ~s"} {
		if ok, err := parse(t, expr).Match(flow); ok || !errors.Is(err, errLoad) {
			t.Errorf("%s = %v, %v", expr, ok, err)
		}
	}
	if ok, err := parse(t, "~b x | ~q").Match(flow); !ok || err != nil {
		t.Errorf("a decided filter loaded: %v, %v", ok, err)
	}
}
