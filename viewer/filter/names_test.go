package filter_test

import (
	"errors"
	"testing"

	"flowpane/viewer/filter"
)

// TestNames asks for cookies and parameters by name, and for text anywhere.
func TestNames(t *testing.T) {
	f := fake{
		url: "https://shop.example/p?page=1&sort%5B0%5D=a;b&plain#x=1", comment: "look here", answered: true,
		heads:  [3]string{filter.Request: "Host: shop.example\r\nCookie: sid=1; theme=dark\r\ncookie: third=3\r\n", filter.Response: "Set-Cookie: lang=de; Path=/\r\nset-cookie: id=2\r\nX-Cookie: no=1\r\n"},
		bodies: [3][]string{filter.Request: {"first\nline"}, filter.Response: {"<b>second</b>"}},
	}
	for expr, want := range map[string]bool{
		"~cookie sid": true, "~cookie theme": true, "~cookie third": true, "~cookie lang": true, "~cookie id": true,
		"~cookie SID": false, "~cookie Path": false, "~cookie no": false, "~cookie si": false, `~cookie ""`: false,
		"~qs page": true, "~qs sort%5B0%5D": true, "~qs sort[0]": true, "~qs b": true, "~qs plain": true, "~qs x": false, "~qs pag": false,
		"~any SHOP": true, "~any look": true, "~any ^Host": true, "~any first.line": true, "~any second": true, "~any third=3": true, "~any nowhere": false,
		"~any ^line": false, "!~any nowhere & ~qs page": true,
	} {
		p := parse(t, expr)
		if got, err := p.Match(f); got != want || err != nil {
			t.Errorf("%s: %v, %v, want %v", expr, got, err, want)
		}
		if again := parse(t, p.String()); !filter.Equal(p.Root(), again.Root()) {
			t.Errorf("%s is written as %s", expr, p)
		}
	}
	stream := fake{kind: filter.TCP, bodies: f.bodies}
	for expr, want := range map[string]bool{"~any second": true, "~cookie sid": false, "~qs page": false} {
		if got, err := parse(t, expr).Match(stream); got != want || err != nil {
			t.Errorf("%s of a stream: %v, %v, want %v", expr, got, err, want)
		}
	}
	f.loadErr = errLoad
	for _, expr := range []string{"~cookie sid", "~any nowhere"} {
		if ok, err := parse(t, expr).Match(f); ok || !errors.Is(err, errLoad) {
			t.Errorf("%s of what cannot be loaded: %v, %v", expr, ok, err)
		}
	}
	if _, err := filter.Parse("~cookie"); err == nil || err.(*filter.Error).Msg != "~cookie needs a name" {
		t.Error(err)
	}
	if got := parse(t, "~cookie sid").Describe(); got != "has cookie sid" {
		t.Error(got)
	}
}
