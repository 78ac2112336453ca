package filter_test

import (
	"strings"
	"testing"

	"flowpane/viewer/filter"
)

func TestBlankAt(t *testing.T) {
	for _, test := range []struct{ expr, blank, typed, op string }{
		{"^", "", "", ""},
		{"~^", "~", "~", ""},
		{"~c^", "~c", "~c", ""},
		{"~c ^", "", "", "c"},
		{"~c 40^", "40", "40", "c"},
		{"~c 4^04", "404", "4", "c"},
		{"~c 404 ^", "", "", ""},
		{"~q ^", "", "", ""},
		{"~q & ~d exa^ | ~s", "exa", "exa", "d"},
		{"!(~m ^)", "", "", "m"},
		{"!(~m PO^)", "PO", "PO", "m"},
		{"!~m^arked", "~marked", "~m", ""},
		{"shop ^", "", "", ""},
		{"sho^p", "shop", "sho", ""},
		{`~d "a b^`, `"a b`, "a b", "d"},
		{`~d "a\" b" ~t js^`, "js", "js", "t"},
		{`~d 'x' ^`, "", "", ""},
		{"~nothing ^", "", "", ""},
		{"a&b^", "a&b", "a&b", ""},
	} {
		cursor := strings.IndexByte(test.expr, '^')
		expr := strings.Replace(test.expr, "^", "", 1)
		b := filter.BlankAt(expr, cursor)
		if expr[b.From:b.To] != test.blank || b.Typed != test.typed || b.Op != test.op {
			t.Errorf("%s: %q with %q typed, of %q", test.expr, expr[b.From:b.To], b.Typed, b.Op)
		}
	}
	if b := filter.BlankAt("abc", 99); b.To != 3 || b.Typed != "abc" {
		t.Errorf("behind the end: %+v", b)
	}
}

// TestLiteral: what is made of a text finds that text.
func TestLiteral(t *testing.T) {
	for text, want := range map[string]string{
		"shop.example": "shop.example", "image/svg+xml": `image/svg\+xml`, "a b": `"a b"`, `a"b\`: `"a\"b\\\\"`, "~": `"~"`,
	} {
		arg := filter.Literal(text)
		if arg != want {
			t.Errorf("%q is %s, want %s", text, arg, want)
		}
		if ok, err := parse(t, "~u "+arg).Match(fake{url: "http://" + text + "/"}); !ok || err != nil {
			t.Errorf("%s does not find %q: %v", arg, text, err)
		}
	}
}

// TestLongLiteral: of a long text, and of one that no filter can say, the
// arguments still parse and find it.
func TestLongLiteral(t *testing.T) {
	long := strings.Repeat("\u20ac{1", 1<<18)
	for _, text := range []string{long, "a\xff\xfeb", "\xff", long + "\xff"} {
		url := "http://" + text
		for name, arg := range map[string]string{
			"literal": filter.Literal(text), "beginning": filter.Beginning(url), "exactly": filter.Exactly(url), "path": filter.Path(text, true), "media": filter.Media(url),
		} {
			if len(arg) > 5000 {
				t.Errorf("%s of %d bytes has %d", name, len(text), len(arg))
			}
			if ok, err := parse(t, "~u "+arg).Match(fake{url: url}); !ok || err != nil {
				t.Errorf("%s, %.40q, does not find %.40q: %v", name, arg, text, err)
			}
		}
	}
}

func FuzzBlankAt(f *testing.F) {
	for _, expr := range []string{"", "~c 404", `~d "a b`, "!(~m POST | shop)", `'\`} {
		f.Add(expr, len(expr)/2)
	}
	f.Fuzz(func(t *testing.T, expr string, cursor int) {
		b := filter.BlankAt(expr, cursor)
		if at := max(0, min(cursor, len(expr))); b.From > at || b.To < at || b.To > len(expr) || b.From < 0 || len(b.Typed) > at-b.From {
			t.Errorf("%q at %d: %+v", expr, cursor, b)
		}
	})
}
