package main

import (
	"strings"
	"testing"
)

func TestGrants(t *testing.T) {
	for text, want := range map[string]grants{
		"/sessions/public/=https://viewer.example": {{"/sessions/public/", "https://viewer.example"}},
		"/sessions/a b=c.mitm=http://[::1]:8080":   {{"/sessions/a b=c.mitm", "http://[::1]:8080"}},
		"/=*":                                      {{"/", "*"}},
		"/x=https://xn--bcher-kva.example:81":      {{"/x", "https://xn--bcher-kva.example:81"}},
		"":                                         nil,
		"/x":                                       nil,
		"x=*":                                      nil,
		"=*":                                       nil,
		"/x=":                                      nil,
		"/x=null":                                  nil,
		"/x=viewer.example":                        nil,
		"/x=//viewer.example":                      nil,
		"/x=ftp://viewer.example":                  nil,
		"/x=https://":                              nil,
		"/x=https://viewer.example/":               nil,
		"/x=https://viewer.example/a":              nil,
		"/x=https://viewer.example?":               nil,
		"/x=https://viewer.example#":               nil,
		"/x=https://me@viewer.example":             nil,
		"/x=https://Viewer.example":                nil,
		"/x=HTTPS://viewer.example":                nil,
		"/x=https://viewer.example:":               nil,
		"/x=https://viewer.example:443":            nil,
		"/x=http://viewer.example:80":              nil,
		"/x=https://*.example":                     nil,
		"/x=https://viewer.example\r\nX: 1":        nil,
		"/x=https://a.example https://b.test":      nil,
		"/x=https://viewer.exam\x00ple":            nil,
	} {
		var g grants
		err := g.add(text)
		if (err == nil) != (want != nil) || len(g) != len(want) || len(g) > 0 && g[0] != want[0] {
			t.Errorf("%q: %v, %v, want %v", text, g, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), "https://viewer.example") && !strings.Contains(err.Error(), "path") {
			t.Errorf("%q: %v says not what is right", text, err)
		}
	}
}

func TestParse(t *testing.T) {
	var errs strings.Builder
	o, err := parse([]string{"-log", "-cors", "/a=*", "-cors", "/b/=https://viewer.example", "-addr", "[::1]:1", "x", "y"}, &errs)
	if err != nil || errs.Len() != 0 {
		t.Fatalf("%v, %s", err, errs.String())
	}
	if !o.log || o.open || o.addr != "[::1]:1" || len(o.cors) != 2 || strings.Join(o.paths, " ") != "x y" {
		t.Errorf("options %+v", o)
	}
	if _, err := parse([]string{"-cors", "/a"}, &errs); err == nil || !strings.Contains(errs.String(), "path=origin") {
		t.Errorf("%v, %s", err, errs.String())
	}
}
