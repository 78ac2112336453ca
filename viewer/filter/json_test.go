package filter_test

import (
	"strings"
	"testing"

	"flowpane/viewer/filter"
)

func TestJSONPaths(t *testing.T) {
	f := fake{bodies: [3][]string{filter.Request: {"no json", `  {"query": "{ a }", "n": null}`}, filter.Response: {
		"\ufeff" + `{"data": {"items": [{"id": 7, "price": 9.90, "tags": ["new", "red"]}, {"id": 8}], "ok": true}, "error.code": 5, "big": 12345678901234567890}`,
		`[1, [2, {"deep": "x"}]]`, `{"cut": [1, 2`,
	}}}
	for expr, want := range map[string]bool{
		"~json data": true, "~json data.items": true, "~json data.items[0].id": true, "~json data.items[1].id": true, "~json data.items[2]": false,
		"~json data.items[0].id=7": true, "~json data.items[0].id=8": false, "~json data.items[*].id=8": true, "~json data.items[*].price=9.90": true,
		"~json data.items[*].price=9.9": false, "~json data.ok=true": true, "~json data.ok=false": false, "~json n=null": true, "~json n=": false,
		"~json *.ok": true, "~json data.*": true, "~json data.*[0].tags[1]=red": true, "~json $.data.ok": true, "~json items": false, "~json [1][1].deep=x": true,
		"~json [0]=1": true, "~json [0].x": false, "~json data[0]": false, "~json big=12345678901234567890": true, "~json cut[1]=2": true, "~json cut[2]": false,
		`~json "query={ a }"`: true, "~json data=x": false, "~json $": true, "~json error": false,
	} {
		p := parse(t, expr)
		if got, err := p.Match(f); got != want || err != nil {
			t.Errorf("%s: %v, %v, want %v", expr, got, err, want)
		}
		if again := parse(t, p.String()); !filter.Equal(p.Root(), again.Root()) {
			t.Errorf("%s is written as %s", expr, p)
		}
	}
	for expr, msg := range map[string]string{
		"~json": "~json needs a path, such as data.items[0].id", "~json a[": "the path has a [ without a ]", "~json a[x]": "a number or * must stand between [ and ]",
		"~json a[-1]": "a number or * must stand between [ and ]", "~json a..b": "the path has a step without a name", "~json a.": "the path ends in a dot",
	} {
		if _, err := filter.Parse(expr); err == nil || err.(*filter.Error).Msg != msg {
			t.Errorf("%s: %v, want %q", expr, err, msg)
		}
	}
}

// FuzzJSONPath looks into any text, by any path.
func FuzzJSONPath(f *testing.F) {
	f.Add("a[*].b=1", `{"a":[{"b":1}]}`)
	f.Add("*.x", `[[[`)
	f.Add("$", "")
	f.Fuzz(func(t *testing.T, path, body string) {
		if strings.ContainsAny(path, "()~'\" \t\r\n") {
			return
		}
		p, err := filter.Parse("~json " + path)
		if err != nil {
			return
		}
		if _, err := p.Match(fake{bodies: [3][]string{filter.Request: {body}}}); err != nil {
			t.Error(err)
		}
	})
}
