package flow_test

import (
	"fmt"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

func text(pairs []flow.Pair) (s string) {
	for _, p := range pairs {
		s += fmt.Sprintf("%s=%s;", p.Name, p.Value)
	}
	return s
}

func TestQuery(t *testing.T) {
	for url, want := range map[string]string{
		"/":                          "",
		"/?":                         "",
		"/?a=1&b=two&a=":             "a=1;b=two;a=;",
		"https://x/?a=b%20c+d#e?f=g": "a=b c d;",
		"/?%C3%A9=%ff&c%zz=%4":       "é=%ff;c%zz=%4;",
		"/?a&&=b":                    "a=;=b;",
	} {
		if got := text(flow.Query([]byte(url))); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
}

func TestCookies(t *testing.T) {
	field := func(name, value string) *flowpb.HTTPHeader {
		return &flowpb.HTTPHeader{Name: []byte(name), Value: []byte(value)}
	}
	if got := text(flow.Cookies([]*flowpb.HTTPHeader{field("Cookie", "a=1; b = 2 ;;c"), field("cookie", "a=x=y")})); got != "a=1;b=2;c=;a=x=y;" {
		t.Error(got)
	}
	set := flow.SetCookies([]*flowpb.HTTPHeader{field("Set-Cookie", "x=1; Path=/; HttpOnly;; Max-Age = 5; path=/no"), field("set-cookie", "empty")})
	if len(set) != 2 || text(set[0].Attributes) != "Path=/;HttpOnly=;Max-Age=5;path=/no;" || string(set[1].Name) != "empty" {
		t.Errorf("%+v", set)
	}
	if path, ok := set[0].Attribute("path"); !ok || string(path) != "/" {
		t.Errorf("path %s", path)
	}
	if _, ok := set[0].Attribute("secure"); ok {
		t.Error("secure")
	}
}
