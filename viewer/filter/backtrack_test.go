package filter_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"flowpane/viewer/filter"
)

// backtrackCases are what RE2 cannot do, in bodies, which are bytes, and in URLs,
// which are text, with what python3's re answers.
var backtrackCases = []struct {
	op, regex, text string
	want            bool
}{
	{"b", `foo(?=bar)`, "FOOBAR", true}, {"b", `foo(?=bar)`, "foobaz", false}, {"b", `foo(?!bar)`, "foobar foobaz", true}, {"b", `foo(?!bar)`, "foobar", false},
	{"b", `(?<=a)b`, "ab", true}, {"b", `(?<=a)b`, "cb", false}, {"b", `(?<!a)b`, "ab", false}, {"b", `(?<!a)b`, "cb", true},
	{"b", `(a|b)x\1`, "axa", true}, {"b", `(a|b)x\1`, "axb", false}, {"b", `(?P<q>['"]).*?(?P=q)`, `say "it's"`, true}, {"b", `(?P<q>['"])[^'"]*(?P=q)`, `"a'`, false},
	{"b", `(a)(b)\2\1`, "abba", true}, {"b", `(?:x)(a)\1`, "xaa", true}, {"b", `(a)\1(?=1)`, "aa1", true},
	{"b", `(?>a*)a`, "aaa", false}, {"b", `a*+a`, "aaa", false}, {"b", `a*+b`, "aaab", true}, {"b", `(?>ab|a)c`, "ac", true},
	{"b", `a{1001}`, strings.Repeat("a", 1000), false}, {"b", `a{1001}`, strings.Repeat("A", 1001), true},
	{"b", `a$\n`, "a\n", true}, {"b", `a$\Z`, "a\n", false}, {"b", `a$\Z`, "a", true}, {"b", `(a$)+`, "ba", true}, {"b", `(?:a|$)b`, "ab", true},
	{"hq", `^x$(?=\n)`, "a\nx\nb", true}, {"b", `^x(?=$)`, "a\nx", false},
	{"b", `\bfoo\b(?!x)`, "a foo.", true}, {"b", `\bfoo\b(?!x)`, "afoo", false}, {"b", `\Boo(?!x)`, "foo", true},
	{"b", `\bfoo(?!x)`, "\xe9foo", true}, {"u", `\bfoo(?!x)`, "éfoo", false}, // bytes know ASCII letters alone
	{"b", `é(?!x)`, "É", false}, {"b", `É(?!x)`, "É", true}, {"u", `é(?!x)`, "É", true}, {"b", `[à-é](?!x)`, "\xc9", false},
	{"u", `\w(?=ß)`, "aß", true}, {"b", `\xff(?=\x00)`, "\xff\x00", true}, {"u", `k(?!x)`, "\u212a", true}, {"b", `.(?=b)`, "\nb", true}, {"u", `.(?=b)`, "\nb", false},
}

func TestBacktracking(t *testing.T) {
	for _, c := range backtrackCases {
		flow := fake{url: c.text}
		flow.heads[filter.Request] = c.text
		flow.bodies[filter.Request] = []string{c.text}
		f := parse(t, "~"+c.op+` "`+quoter.Replace(c.regex)+`"`)
		if got, err := f.Match(flow); got != c.want || err != nil {
			t.Errorf("%s %q in %q: %v, %v", c.op, c.regex, c.text, got, err)
		}
	}
}

// TestBacktrackingIsGivenUp: a regex that would take longer than the universe
// lasts ends within two seconds, and then at once for all other flows.
func TestBacktrackingIsGivenUp(t *testing.T) {
	f := parse(t, `~b "(a+)+$(?!x)"`)
	long := fake{bodies: [3][]string{filter.Request: {strings.Repeat("a", 5000) + "b"}}}
	began, asked := time.Now(), 0
	ok, err := f.Match(long)
	if took := time.Since(began); ok || err == nil || !strings.Contains(err.Error(), "takes too long") || took > 2*time.Second {
		t.Errorf("%v, %v after %v", ok, err, took)
	}
	scan := f.Scan()
	for range 100 {
		if ok, again := scan.Match(faceted{long, 1, &asked, nil}); ok || !errors.Is(again, err) {
			t.Errorf("%v, %v", ok, again)
		}
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("a hundred flows after %v", took)
	}
	short := fake{bodies: [3][]string{filter.Request: {"aaa"}}}
	if ok, err := f.Match(short); !ok || err != nil {
		t.Errorf("of a short text: %v, %v", ok, err)
	}
}
