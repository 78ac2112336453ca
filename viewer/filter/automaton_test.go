package filter

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestAutomaton compares automata with package regexp, in texts of few
// characters that the regexes are about.
func TestAutomaton(t *testing.T) {
	regexes := []string{
		``, `a`, `^a`, `a$`, `^$`, `\Aab\Z`, `ab|b$`, `(a|b)*c`, `a.c`, `[^a]b`, `a{2,3}b?`, `\ba`, `a\b`, `\Ba\B`, `\b`,
		`\w+\s`, `\W`, `\d`, `^a|b$`, `(?m)^a$`, `(?m)^$`, `(?s)a.b`, `(?:^a)*b`, `.*`, `.+\n`, `a(b|$)`, `é`, `[^\x00-\x7f]`, `(?m)a$\n^b`,
	}
	random := rand.New(rand.NewPCG(5, 6))
	hits, misses := 0, 0
	for _, mode := range []mode{textMode, byteMode, headMode, bodyMode} {
		for _, regex := range regexes {
			translated, bad := translate(regex, mode)
			if bad != nil {
				continue // what it may not say in this mode
			}
			a, re := newAutomaton(translated.re2), regexp.MustCompile(translated.re2)
			if a == nil {
				t.Fatalf("%s has no automaton", regex)
			}
			for range 500 {
				text := make([]byte, random.IntN(8))
				for i := range text {
					text[i] = "abAB_1 c\n.\xc3\xa9"[random.IntN(12)]
				}
				if !mode.bytes() && !isASCII(text) {
					continue
				}
				want := re.MatchReader(&byteRunes{text})
				if accepts(a, text) != want || accepts(a, string(text)) != want {
					t.Fatalf("%s in %q: not %v", translated.re2, text, want)
				}
				if want {
					hits++
				} else {
					misses++
				}
			}
		}
	}
	if hits < 10_000 || misses < 10_000 {
		t.Errorf("%d hits and %d misses prove little", hits, misses)
	}
}

// FuzzAutomaton compares the automaton of any regex with package regexp.
func FuzzAutomaton(f *testing.F) {
	found := 0
	for _, regex := range []string{`a(b|$)`, `(?m)a$\n^b`, `[^a]b`, `\ba\b`, `é+|^$`, `(?i)ab{2,3}`} {
		for _, text := range []string{"ab", "xa\nb", "é", "", "ABB"} {
			f.Add(regex, []byte(text))
			if regexp.MustCompile(regex).MatchString(text) {
				found++
			}
		}
	}
	if found < 6 {
		f.Fatalf("%d seeds hold", found)
	}
	f.Fuzz(func(t *testing.T, regex string, text []byte) {
		if len(regex) > 60 || len(text) > 200 {
			return
		}
		for _, mode := range []mode{textMode, byteMode, headMode, bodyMode} {
			translated, bad := translate(regex, mode)
			if bad != nil || !mode.bytes() && !isASCII(text) {
				continue
			}
			re, err := regexp.Compile(translated.re2)
			if err != nil {
				continue // one that backtracks
			}
			a := newAutomaton(translated.re2)
			if a == nil {
				continue // too large
			}
			if want := re.MatchReader(&byteRunes{text}); accepts(a, text) != want || accepts(a, string(text)) != want {
				t.Errorf("%s in %q: not %v", translated.re2, text, want)
			}
		}
	})
}

func TestNoAutomatonIsHuge(t *testing.T) {
	for _, regex := range []string{`(?s)a.{20}b`, `a{600}`, strings.Repeat("(a|b)", 400)} {
		if a := newAutomaton(regex); a != nil {
			t.Errorf("%.20s: %d states", regex, len(a.atEnd))
		}
		x, bad := newMatcher(regex, byteMode)
		text := strings.Repeat("ab", 400)
		if bad != nil || x.inBytes([]byte(text)) != regexp.MustCompile(regex).MatchString(text) {
			t.Errorf("%.20s: without automaton it finds something else, %v", regex, bad)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	const text = "https://host123.example.com/products/123456?session=77101"
	for _, regex := range []string{`products/.*9$`, `host[0-9]+\.example`, `DETAILS`} {
		x, _ := newMatcher(regex, textMode)
		b.Run(regex, func(b *testing.B) {
			for b.Loop() {
				inText(x, text)
			}
		})
	}
}

func BenchmarkNewMatcher(b *testing.B) {
	for _, regex := range []string{`products/.*9$`, `\w+@\w+\.(com|org|net)`, `a.{20}b`} {
		b.Run(regex, func(b *testing.B) {
			for b.Loop() {
				newMatcher(regex, bodyMode)
			}
		})
	}
}
