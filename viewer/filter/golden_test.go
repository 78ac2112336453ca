package filter_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"flowpane/viewer/filter"
	"flowpane/viewer/session/corpus"
)

// load reads a JSON file of the corpus.
func load(t *testing.T, name string, into any) {
	t.Helper()
	if err := json.Unmarshal(corpus.File(t, name), into); err != nil {
		t.Fatal(err)
	}
}

// tree writes a node as the vectors do: ["and", …], ["c", 200], ["q"].
func tree(n filter.Node) any {
	list := func(op string, nodes []filter.Node) any {
		l := []any{op}
		for _, x := range nodes {
			l = append(l, tree(x))
		}
		return l
	}
	switch n := n.(type) {
	case *filter.And:
		return list("and", n.X)
	case *filter.Or:
		return list("or", n.X)
	case *filter.Not:
		return []any{"not", tree(n.X)}
	case *filter.Term:
		switch kinds[n.Op] {
		case filter.IntArg:
			v, _ := strconv.ParseFloat(n.Arg, 64)
			return []any{n.Op, v}
		case filter.RegexArg:
			return []any{n.Op, n.Arg}
		}
		return []any{n.Op}
	}
	return nil
}

var kinds = func() map[string]filter.Arg {
	m := map[string]filter.Arg{}
	for _, op := range filter.Operators() {
		m[op.Code] = op.Arg
	}
	return m
}()

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// accepted are the expressions of the vectors that mitmproxy refuses and this
// package reads on purpose.
var accepted = map[string]string{
	"!(a b)":    `["not",["and",["u","a"],["u","b"]]]`,
	"(a b) | c": `["or",["and",["u","a"],["u","b"]],["u","c"]]`,
	"a | (b c)": `["or",["u","a"],["and",["u","b"],["u","c"]]]`,
	"(~q)":      `["q"]`,
	"(~q | ~s)": `["or",["q"],["s"]]`,
	"!(~q)":     `["not",["q"]]`,
}

func TestVectors(t *testing.T) {
	var vectors []struct {
		Expr string
		Tree any
		Desc string
	}
	load(t, "golden/vectors/filter_parse.json", &vectors)
	var trees, errs, extended int
	for _, v := range vectors {
		f, err := filter.Parse(v.Expr)
		want, isExtended := accepted[v.Expr]
		switch {
		case v.Tree != nil:
			trees++
			want = marshal(t, v.Tree)
		case isExtended:
			extended++
		default:
			errs++
			if err == nil {
				t.Errorf("%q: parsed to %s, not refused", v.Expr, marshal(t, tree(f.Root())))
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", v.Expr, err)
			continue
		}
		if got := marshal(t, tree(f.Root())); got != want {
			t.Errorf("%q: tree %s, want %s", v.Expr, got, want)
		}
		if v.Desc != "" && f.Describe() != v.Desc {
			t.Errorf("%q: %q, want %q", v.Expr, f.Describe(), v.Desc)
		}
		checkRoundTrip(t, f)
	}
	if trees != 202 || errs != 42 || extended != 6 {
		t.Errorf("%d trees, %d errors, %d extensions", trees, errs, extended)
	}
}

func TestGoldenDescriptions(t *testing.T) {
	var golden struct {
		Results []struct {
			Expr     string
			Describe *string `json:"describe_head"`
		}
	}
	load(t, "golden/filters.json", &golden)
	var described, refused int
	for _, g := range golden.Results {
		f, err := filter.Parse(g.Expr)
		switch {
		case g.Expr == "((~s))":
			if err != nil {
				t.Errorf("%q: %v", g.Expr, err)
			}
		case g.Describe == nil:
			refused++
			if err == nil {
				t.Errorf("%q: parsed to %s", g.Expr, f)
			}
		case err != nil:
			t.Errorf("%q: %v", g.Expr, err)
		default:
			described++
			if f.Describe() != *g.Describe {
				t.Errorf("%q: %q, want %q", g.Expr, f.Describe(), *g.Describe)
			}
		}
	}
	if described != 128 || refused != 35 {
		t.Errorf("%d described, %d refused", described, refused)
	}
}
