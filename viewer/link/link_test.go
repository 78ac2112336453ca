package link_test

import (
	"reflect"
	"testing"

	"flowpane/viewer/link"
)

var pairs = []struct {
	fragment string
	link     link.Link
}{
	{"", link.Link{}},
	{"url=samples/shop.mitm", link.Link{URLs: []string{"samples/shop.mitm"}}},
	{"url=a&url=https://example.com/b%3Fc%3D1%26d", link.Link{URLs: []string{"a", "https://example.com/b?c=1&d"}}},
	{"url=session.flowpane&key=aA_-9&flow=1", link.Link{URLs: []string{"session.flowpane"}, Key: "aA_-9", Flow: "1"}},
	{"local=7&filter=~u%20/api%20%26%20%21~c%20404&order=-size&flow=4f2c~2&tab=response&view=json",
		link.Link{Local: "7", Filter: "~u /api & !~c 404", Order: "-size", Flow: "4f2c~2", Tab: "response", View: "json"}},
	{"s=1-_AZaz09&flow=4f2c", link.Link{Session: "1-_AZaz09", Flow: "4f2c"}},
	{"filter=%22gr%C3%BCn%22%20%2B%20%25", link.Link{Filter: `"grün" + %`}},
	{"filter=%FF%00", link.Link{Filter: "\xff\x00"}},
}

func TestParse(t *testing.T) {
	for _, p := range pairs {
		// A plain "?" is right as well, though "%3F" is what a person may paste.
		for _, prefix := range []string{"", "#"} {
			if got := link.Parse(prefix + p.fragment); !reflect.DeepEqual(got, p.link) {
				t.Errorf("Parse(%q) = %+v, want %+v", prefix+p.fragment, got, p.link)
			}
		}
		if got := link.Parse(p.link.String()); !reflect.DeepEqual(got, p.link) {
			t.Errorf("Parse(%q) = %+v, want %+v", p.link.String(), got, p.link)
		}
	}
}

func TestString(t *testing.T) {
	l := link.Link{URLs: []string{"s/a b.mitm"}, Filter: "~q & 'x'", Order: "-time", Flow: "f", Tab: "t", View: "v"}
	const want = "url=s/a%20b.mitm&filter=~q%20%26%20%27x%27&order=-time&flow=f&tab=t&view=v"
	if got := l.String(); got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
}

func TestParseForgives(t *testing.T) {
	for _, p := range []struct {
		fragment string
		want     link.Link
	}{
		{"#", link.Link{}},
		{"&&=&x", link.Link{}},
		{"url=&url=", link.Link{}},
		{"later=1&flow=a", link.Link{Flow: "a"}},
		{"flow=a&flow=b", link.Link{Flow: "a"}},
		{"filter=100%&tab=%4&view=%zz", link.Link{Filter: "100%", Tab: "%4", View: "%zz"}},
		{"filter=a=b", link.Link{Filter: "a=b"}},
		{"filter=a+b", link.Link{Filter: "a+b"}},
		{"filter=grün", link.Link{Filter: "grün"}},
	} {
		if got := link.Parse(p.fragment); !reflect.DeepEqual(got, p.want) {
			t.Errorf("Parse(%q) = %+v, want %+v", p.fragment, got, p.want)
		}
	}
}

func FuzzLink(f *testing.F) {
	for _, p := range pairs {
		f.Add(p.fragment)
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		l := link.Parse(fragment)
		s := l.String()
		for i := range len(s) {
			if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '#' {
				t.Fatalf("%q is not a plain fragment", s)
			}
		}
		if again := link.Parse(s); !reflect.DeepEqual(again, l) {
			t.Fatalf("%q: %+v became %+v", fragment, l, again)
		}
	})
}
