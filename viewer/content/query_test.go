package content

import "testing"

func TestQuery(t *testing.T) {
	for path, want := range map[string]string{
		"":                             "",
		"/":                            "",
		"/?":                           "",
		"/#?a=1":                       "",
		"/?a=1?2#b=3":                  "a: 1?2\n",
		"http://a/?a":                  "a: ''\n",
		"/s?q=caf%C3%A9&q=%e6%97%a5&é": "q:\n- café\n- 日\né: ''\n",
		"/?%ff=\xff%00":                `\xff: "\\xff\0"` + "\n",
	} {
		if got := shown(queryView(), Metadata{Request: true, Path: path}, ""); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
	for _, meta := range []Metadata{{Path: "/?a"}, {Path: "/?a", Request: true, Origin: WebSocket}} {
		if got := shown(queryView(), meta, ""); got != "[this is no HTTP request]" {
			t.Errorf("%+v: %q", meta, got)
		}
	}
}

func TestQueryIsTakenWithoutBody(t *testing.T) {
	for _, test := range []struct {
		meta Metadata
		body string
		want string
	}{
		{Metadata{Request: true, Path: "/?a"}, "", "query"},
		{Metadata{Request: true, Path: "/?a"}, "x", "text"},
		{Metadata{Request: true, Path: "/?&"}, "", "text"},
		{Metadata{Request: true, Path: "/"}, "", "text"},
		{Metadata{Path: "/?a"}, "", "text"},
		{Metadata{Request: true, Path: "/?a", Origin: WebSocket}, "", "text"},
	} {
		if v := choose(test.meta, []byte(test.body)); v.Name != test.want {
			t.Errorf("%+v, %q: %s", test.meta, test.body, v.Name)
		}
	}
}
