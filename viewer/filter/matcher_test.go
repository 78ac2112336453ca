package filter

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestFind compares the search with the obvious one, over few letters so that
// near misses are many.
func TestFind(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = "abABkK\xff\xc3@`"[rnd.IntN(10)]
		}
		return b
	}
	hits := 0
	for range 20000 {
		text, hay := lower(draw(rnd.IntN(5))), draw(rnd.IntN(20))
		n := newNeedle(text)
		want := bytes.Contains(lower(hay), text)
		if find(n, hay) != want || find(n, string(hay)) != want {
			t.Fatalf("%q in %q: not %v", text, hay, want)
		}
		if want {
			hits++
		}
	}
	if hits < 2000 || hits > 18000 {
		t.Errorf("%d hits prove little", hits)
	}
}

func lower(b []byte) []byte {
	b = bytes.Clone(b)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] += 0x20
		}
	}
	return b
}

func TestFindLongNeedle(t *testing.T) {
	long := strings.Repeat("abcdefghij", 60)
	n := newNeedle([]byte(long))
	if !find(n, "xx"+strings.ToUpper(long)+"yy") || find(n, long[1:]+"b") {
		t.Error("a needle longer than the skip table counts is not found where it is, or found where it is not")
	}
}

// The literal is what makes searches fast, so what is taken for one is fixed.
func TestLiteral(t *testing.T) {
	cases := []struct {
		regex   string
		mode    mode
		literal string
		exact   bool
		engine  bool // RE2 is compiled
	}{
		{`Needle`, bodyMode, "needle", true, false},
		{``, bodyMode, "", true, false},
		{`a\.b\x00`, bodyMode, "a.b\x00", true, false},
		{`caf` + "\u00e9", bodyMode, "caf\u00e9", true, false},
		{`caf` + "\u00e9", textMode, "caf", false, true},
		{`api/v2`, textMode, "api/v2", true, true}, // i has kin
		{`shop`, textMode, "shop", true, true},
		{`cart`, textMode, "cart", true, false},
		{`ab+cde?fgh`, bodyMode, "fgh", false, true},
		{`abc{2}d`, bodyMode, "abc", false, true},
		{`"id":\s*\d+`, bodyMode, `"id":`, false, true},
		{`^host: x`, headMode, "host: x", false, true},
		{`GET|POST`, byteMode, "get post", true, false},
		{`ad|`, bodyMode, "ad ", true, false},
		{`GET|^P.ST`, byteMode, "get st", false, true},
		{`js|cart`, textMode, "js cart", true, true},
		{`a|b|(c)`, bodyMode, "a b ", false, true},
		{`(abc)d`, bodyMode, "d", false, true},
		{`(?-i:abc)d`, bodyMode, "d", false, true},
	}
	for _, c := range cases {
		m, err := newMatcher(c.regex, c.mode)
		if err != nil {
			t.Errorf("%q: %s", c.regex, err.msg)
			continue
		}
		var texts []string
		for _, n := range m.literals {
			texts = append(texts, string(n.text))
		}
		literal := strings.Join(texts, " ")
		if literal != c.literal || m.exact != c.exact || (m.re != nil) != c.engine {
			t.Errorf("%q: literal %q, exact %v, engine %v", c.regex, literal, m.exact, m.re != nil)
		}
	}
}

// BenchmarkBody searches 1 MB for what is not there. The engine's own speed is
// that of "plain RE2".
func BenchmarkBody(b *testing.B) {
	text := bytes.Repeat([]byte(`{"id": 12345, "name": "Lorem ipsum dolor sit amet", "tags": ["a", "b"]},`+"\n"), 14000)
	binary := bytes.Clone(text)
	for i := 50; i < len(binary); i += 97 {
		binary[i] = byte(128 + i%128)
	}
	cases := []struct {
		name, regex string
		body        []byte
	}{
		{"literal", "needle", text},
		{"literal of 2", "zq", text},
		{"literal in binary", "needle", binary},
		{"bytes in binary", `\x00\xff`, binary},
		{"required literal", `needle\d+`, text},
		{"regex", `"[xyz]\d\d`, text},
		{"regex in binary", `"[xyz]\d\d`, binary},
		{"alternatives", `needle|haystack`, text},
		{"alternatives in binary", `needle|haystack`, binary},
	}
	for _, c := range cases {
		m, err := newMatcher(c.regex, bodyMode)
		if err != nil {
			b.Fatal(err.msg)
		}
		b.Run(c.name, func(b *testing.B) { search(b, c.body, m.inBytes) })
	}
	re := regexp.MustCompile(`(?is)needle`)
	b.Run("plain RE2", func(b *testing.B) { search(b, text, re.Match) })
}

func search(b *testing.B, body []byte, match func([]byte) bool) {
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if match(body) {
			b.Fatal("found what is not there")
		}
	}
}

// BenchmarkURL asks a short literal of 1,000 URLs, as typing in the filter box does.
func BenchmarkURL(b *testing.B) {
	urls := make([]string, 1000)
	for i := range urls {
		urls[i] = "https://www.shop.test/catalogue/item-" + strings.Repeat("7", i%10) + "?page=2"
	}
	for _, regex := range []string{"needle", "checkout", `/cart/\d+$`, `js|css`, `(js|css)$`} {
		m, err := newMatcher(regex, textMode)
		if err != nil {
			b.Fatal(err.msg)
		}
		b.Run(regex, func(b *testing.B) {
			for b.Loop() {
				for _, url := range urls {
					inText(m, url)
				}
			}
		})
	}
}

// BenchmarkNew is what each keystroke costs before any flow is asked.
func BenchmarkNew(b *testing.B) {
	for _, expr := range []string{"~u needle & ~c 200", `~u "[\\W_]ad\\w+"`} {
		b.Run(expr, func(b *testing.B) {
			for b.Loop() {
				if _, err := Parse(expr); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
