package content

import (
	"context"
	"strings"
	"testing"
)

func TestURLEncoded(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"&&":                       "",
		"a":                        "a: ''\n",
		"=":                        "'': ''\n",
		"a=b=c":                    "a: b=c\n",
		"a=1&b=2&a=3&a=4":          "a:\n- '1'\n- '3'\n- '4'\nb: '2'\n",
		"a=&a=1&a=":                "a:\n- ''\n- '1'\n- ''\n",
		"a;b=1":                    "a;b: '1'\n",
		"a+b=c%20d%2b%26%3D":       "a b: c d+&=\n",
		"%":                        "'%': ''\n",
		"a=%4":                     "a: '%4'\n",
		"a=%4g%g4%%41%Ff":          "a: '%4g%g4%A\\xff'\n",
		"\xff\x00":                 `\xff\x00: ''` + "\n",
		"a=caf%C3%A9%0D%0A\\":      `a: caf\xc3\xa9\r\n\\` + "\n",
		"b=" + `%22x%22&a={"k":1}`: "b: '\"x\"'\na: '{\"k\":1}'\n",
	} {
		if got := shown(urlencodedView(), Metadata{}, in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	form := Describe("application/x-www-form-urlencoded; charset=UTF-8")
	if v := choose(form, []byte("a")); v.Name != "url-encoded" {
		t.Errorf("auto takes %s", v.Name)
	}
	if v := choose(form, nil); v.Name != "text" {
		t.Errorf("auto takes %s for nothing", v.Name)
	}
}

// TestManyFields: a body of any size takes bounded memory, and time by its
// length alone.
func TestManyFields(t *testing.T) {
	_, r, note := Render(context.Background(), "url-encoded", Metadata{}, []byte(strings.Repeat("a&", 100_000)))
	if strings.Count(r.Text, "\n") != 100_001 || note != "" {
		t.Errorf("%d bytes, %q", len(r.Text), note)
	}
	if _, _, note := Render(context.Background(), "url-encoded", Metadata{}, []byte(strings.Repeat("&", maxValues))); note == "" {
		t.Error("there is no bound")
	}
}
