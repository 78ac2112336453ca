package filter_test

import (
	"strings"
	"testing"

	"flowpane/viewer/filter"
)

// regexCases are answers of Python's re with the flags of mitmproxy. Each regex
// is asked of the text as a URL ("u"), a body ("b"), a header block ("h") or a
// method ("m").
var regexCases = []struct {
	op, regex, text string
	want            bool
}{
	{"b", `\x00\xff`, "a\x00\xffb", true},
	{"b", `\x00\xff`, "a\x00\xc3\xbf", false},
	{"b", `\xff`, "\u00ff", false},
	{"b", `\xc3\xbf`, "\u00ff", true},
	{"b", `^.\xff.$`, "a\xffb", true},
	{"b", `a.b`, "a\u00e9b", false},
	{"b", `a..b`, "a\u00e9b", true},
	{"b", `a[^x]b`, "a\u00e9b", false},
	{"b", "[\u00e0-\u00e9]", "\u00c3", true},
	{"b", "[\u00e0-\u00e9]", "\xb0", true},
	{"b", "[\u00e0-\u00e9]", "\xc4", false},
	{"b", "\u00e9+x", "\u00e9\xa9\xa9x", true},
	{"b", "\u00c9", "\u00e9", false},
	{"u", "\u00c9", "\u00e9", true},
	{"b", `\xe9`, "\xc9", false},
	{"b", `[\xe9]`, "\xc9", false},
	{"b", `k`, "\u212a", false},
	{"b", `[k]`, "\u212a", false},
	{"u", `k`, "\u212a", true},
	{"u", `ask`, "a\u017f\u212a", true},
	{"u", `ask`, "ASK", true},
	{"u", `i`, "\u0130", true},
	{"u", `WiFi`, "w\u0131f\u0130", true},
	{"u", "\u0131", "I", true},
	{"u", `[h-j]x`, "\u0131x", true},
	{"u", `[^i]`, "\u0131", false},
	{"u", `(?-i:i)`, "I", false},
	{"b", `\w`, "\u00e9", false},
	{"u", `\w`, "\u00e9", true},
	{"u", `^\W$`, "\u0301", true},
	{"u", `[^\W_]`, "_", false},
	{"u", `[^\W_]`, "\u0663", true},
	{"u", `\d`, "\u0663", true},
	{"b", `\d`, "\u0663", false},
	{"u", `\s`, "\u2003", true},
	{"u", `a\sb`, "a\x1fb", true},
	{"b", `a\sb`, "a\x1fb", false},
	{"b", `a\sb`, "a\vb", true},
	{"b", `[\S]`, "\v", false},
	{"u", `[\s\S]x`, "\nx", true},
	{"u", `[\S-]`, " -", true},
	{"b", `[\D]`, "123", false},
	{"b", `[\D]`, "\xff", true},
	{"b", `[\W]`, "_", false},
	{"b", `x\b`, "x\u00e9", true},
	{"u", `a.b`, "a\nb", false},
	{"b", `a.b`, "a\nb", true},
	{"b", `(?-s:a.b)`, "a\nb", false},
	{"m", `a.b`, "a\nb", false},
	{"b", `^b`, "a\nb", false},
	{"b", `(?m)^b`, "a\nb", true},
	{"h", `^b:`, "a: 1\r\nB: 2\r\n", true},
	{"h", `1$`, "a: 1\r\nB: 2\r\n", false},
	{"h", `1\r$`, "a: 1\r\nB: 2\r\n", true},
	{"h", `(?-m:^B)`, "a: 1\r\nB: 2\r\n", false},
	{"b", `a$`, "a\n", true},
	{"b", `a$`, "a\n\n", false},
	{"b", `a\Z`, "a\n", false},
	{"b", `a\Z`, "xA", true},
	{"b", `^$`, "\n", true},
	{"b", `^$`, "", true},
	{"b", `^$`, "x", false},
	{"u", `/(a|b$)`, "/b\n", true},
	{"b", `\Aa`, "ba", false},
	{"b", `a{,2}b`, "b", true},
	{"b", `^a{,2}b`, "aaab", false},
	{"b", `^a{2,}b`, "aaab", true},
	{"b", `a{x}`, "A{x}", true},
	{"b", `a{}`, "a{}", true},
	{"b", `a{1`, "a{1", true},
	{"b", `^a(?#no)+b`, "aab", true},
	{"b", `[[:alpha:]]`, "a]", true},
	{"b", `[[:alpha:]]`, "a", false},
	{"b", `[]a]`, "]", true},
	{"b", `[^]a]`, "]", false},
	{"b", `[a-]`, "-", true},
	{"b", `[A-C]`, "b", true},
	{"b", `(?-i:[A-C])`, "b", false},
	{"b", `[X-b]`, "y", true},
	{"b", `[\b]`, "\b", true},
	{"b", `\101\0\08`, "a\x00\x008", true},
	{"b", `\.\/\-\_`, "./-_", true},
	{"u", `\u00e9\x41`, "\u00c9a", true},
	{"u", `\U0001f600`, "\U0001f600", true},
	{"b", `(?P<name>a)(?:b)(c)`, "ABC", true},
	{"b", `(?i)needle`, "NEEDLE", true},
	{"m", `(?#c)(?s)(?i)a.b`, "A\nB", true},
	{"b", `(?s-i:Foo)`, "foo", false},
	{"b", `|`, "", true},
	{"b", `needle|`, "hay", true},
	{"b", `a?needle`, "needle", true},
	{"b", `foo+bar`, "FOOOBAR", true},
	{"b", `foo*bar`, "fobar", true},
	{"b", `fooX{0}bar`, "foobar", true},
	{"b", `foobar*`, "fooba", true},
	{"b", `lorem.*dolor`, "Lorem\xff\nDolor", true},
	{"b", `lorem.*dolor`, "Dolor Lorem", false},
}

// quoter writes a regex for use in double quotes.
var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`)

func TestRegex(t *testing.T) {
	for _, c := range regexCases {
		flow := fake{kind: filter.HTTP, url: c.text, method: c.text}
		flow.heads[filter.Request] = c.text
		flow.bodies[filter.Request] = []string{c.text}
		f := parse(t, "~"+c.op+` "`+quoter.Replace(c.regex)+`"`)
		if got, err := f.Match(flow); got != c.want || err != nil {
			t.Errorf("%s %q in %q: %v, %v", c.op, c.regex, c.text, got, err)
		}
	}
}

func TestRegexRefused(t *testing.T) {
	const yet = " in a regex is not supported yet"
	cases := []struct{ op, regex, msg string }{
		{"b", `(a)?(?(1)b|c)`, "a conditional" + yet},
		{"b", `(a{1000}){1000}`, "repetition of this size" + yet},
		{"b", `a{99999999999}`, "a repeat count over 2147483647" + yet},
		{"b", `(?P=x)`, `invalid regex: unknown group name "x"`},
		{"b", `(?P=x`, "invalid regex: missing ), unterminated name"},
		{"b", `(?=a`, "invalid regex: missing ), unterminated subpattern"},
		{"b", `(?x) a`, "the flag x" + yet},
		{"u", `(?a)a`, "the flag a" + yet},
		{"u", `\N{BULLET}`, "a character's name" + yet},
		{"u", `\ud800`, "half a surrogate pair" + yet},
		{"b", `(a)(b)\3`, "invalid regex: invalid group reference 3"},
		{"b", `a(?i)b`, "invalid regex: global flags not at the start of the expression"},
		{"b", `(?z)a`, "invalid regex: unknown flag"},
		{"b", `(?i-i:a)`, "invalid regex: bad inline flags: flag turned on and off"},
		{"b", `(?u)a`, "invalid regex: bad inline flags: cannot use u in a regex for bytes"},
		{"b", `(?-a:a)`, "invalid regex: bad inline flags: cannot turn off flags a, u and L"},
		{"b", `(?-:a)`, "invalid regex: missing flag"},
		{"b", `(?)`, "invalid regex: unknown extension ?)"},
		{"b", `(a`, "invalid regex: missing ), unterminated subpattern"},
		{"b", strings.Repeat("(", 300) + strings.Repeat(")", 300), "invalid regex: groups nested too deeply"},
		{"b", `[\w-`, "invalid regex: unterminated character set"},
		{"b", `[a`, "invalid regex: unterminated character set"},
		{"b", `[\`, "invalid regex: bad escape (end of pattern)"},
		{"b", `a(?#`, "invalid regex: missing ), unterminated comment"},
		{"b", `(?P<`, "invalid regex: missing >, unterminated name"},
		{"b", `(?`, "invalid regex: unexpected end of pattern"},
		{"b", `(?i`, "invalid regex: missing flag, : or )"},
		{"b", `(?i-)a`, "invalid regex: missing flag"},
		{"b", `(?-i-s:a)`, "invalid regex: missing :"},
		{"b", `(?L)a`, "the flag L" + yet},
		{"b", `(a)\12`, "invalid regex: invalid group reference 12"},
		{"b", `a)`, "invalid regex: unbalanced parenthesis"},
		{"b", `(?P<1>a)`, `invalid regex: bad group name "1"`},
		{"b", `(?P<a>)(?P<a>)`, `invalid regex: redefinition of group name "a"`},
		{"b", `^*`, "invalid regex: nothing to repeat"},
		{"b", `\b+`, "invalid regex: nothing to repeat"},
		{"b", `|*`, "invalid regex: nothing to repeat"},
		{"b", `{2}`, "invalid regex: nothing to repeat"},
		{"b", `a**`, "invalid regex: multiple repeat"},
		{"b", `a{2}{3}`, "invalid regex: multiple repeat"},
		{"b", `a{3,2}`, "invalid regex: min repeat greater than max repeat"},
		{"b", `[z-a]`, "invalid regex: bad character range"},
		{"b", `[\w-z]`, "invalid regex: bad character range"},
		{"b", `[a-\w]`, "invalid regex: bad character range"},
		{"b", `\u0041`, `invalid regex: bad escape \u`},
		{"b", `\pL`, `invalid regex: bad escape \p`},
		{"b", `\Qa\E`, `invalid regex: bad escape \Q`},
		{"b", `[\8]`, `invalid regex: bad escape \8`},
		{"b", `\x4`, "invalid regex: incomplete escape"},
		{"b", `\xgg`, "invalid regex: incomplete escape"},
		{"u", `\U00110000`, "invalid regex: bad escape: no such character"},
		{"b", `\777`, "invalid regex: octal escape value outside of range 0-0o377"},
	}
	for _, c := range cases {
		_, err := filter.Parse("~" + c.op + ` "` + quoter.Replace(c.regex) + `"`)
		e, ok := err.(*filter.Error)
		if !ok || e.Msg != c.msg {
			t.Errorf("%s %q: %v", c.op, c.regex, err)
		}
	}
}
