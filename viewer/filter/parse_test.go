package filter_test

import (
	"strings"
	"testing"

	"flowpane/viewer/filter"
)

func checkRoundTrip(t *testing.T, f *filter.Filter) {
	t.Helper()
	text := f.String()
	again, err := filter.Parse(text)
	if err != nil {
		t.Errorf("%q was printed and does not parse: %v", text, err)
		return
	}
	if !filter.Equal(f.Root(), again.Root()) {
		t.Errorf("%q parses to another tree: %q", text, again.Describe())
	}
	if again.String() != text {
		t.Errorf("%q prints as %q", text, again.String())
	}
}

var printCases = []struct{ expr, want string }{
	{"needle", "~u needle"},
	{"a b | c", "~u a & (~u b | ~u c)"},
	{"a b c&d", "~u a & ~u b & ~u c&d"},
	{"(a & b) & c", "(~u a & ~u b) & ~u c"},
	{"((a)) | (b | c)", "~u a | (~u b | ~u c)"},
	{"!!~q", "!!~q"},
	{"!(a ~q)", "!(~u a & ~q )"},
	{"!(a !~q)|b", "!(~u a & !~q ) | ~u b"},
	{"(~s | (~q & ~e))", "~s | (~q & ~e )"},
	{"!((~s | (~q & ~e)))", "!(~s | (~q & ~e ))"},
	{"~c 00404", "~c 404"},
	{"~c 0", "~c 0"},
	{"~c 123456789012345678901234567890", "~c 123456789012345678901234567890"},
	{"''", `~u ""`},
	{`'a"b'`, `~u "a\"b"`},
	{`"two words"`, `~u "two words"`},
	{`~b \x00|\d`, `~b \x00|\d`},
	{`~b "\\x00 "`, `~b "\\x00 "`},
	{`"\n\t\r\f\0\q"`, `~u "\n\t\r\f\0q"`},
	{"~u &", "~u &"},
	{"a &", "~u a & ~u &"},
	{"(a |)", "~u a & ~u |"},
	{"~m !", "~m !"},
	{"~d caf\u00e9", "~d caf\u00e9"},
	{"a\u00a0b", "~u \"a\u00a0b\""},
	{"(a\tb)c", "(~u a & ~u b) & ~u c"},
}

func TestString(t *testing.T) {
	for _, c := range printCases {
		f := parse(t, c.expr)
		if got := f.String(); got != c.want {
			t.Errorf("%q prints as %q, want %q", c.expr, got, c.want)
		}
		checkRoundTrip(t, f)
	}
}

var errorCases = []struct {
	expr       string
	marked     string // the part from Pos to End
	pos        int
	msg        string
	incomplete bool
}{
	{"", "", 0, "empty filter expression", true},
	{"  ", "  ", 0, "empty filter expression", true},
	{"~", "~", 0, "the name of an operator must follow ~", true},
	{"~s ~", "~", 3, "the name of an operator must follow ~", true},
	{"foo~", "~", 3, "the name of an operator must follow ~", true},
	{"~ q", "~", 0, "the name of an operator must follow ~ directly", false},
	{"~mark", "~mark", 0, "unknown operator ~mark", true},
	{"~mark x", "~mark", 0, "unknown operator ~mark", false},
	{"a ~foo", "~foo", 2, "unknown operator ~foo", false},
	{"~mGET", "~mGET", 0, "unknown operator ~mGET", false},
	{"~comment", "~comment", 0, "~comment needs a regex", true},
	{"~c200", "~c", 0, "~c must be followed by a space", false},
	{"~q~s", "~q", 0, "~q must be followed by a space", false},
	{"~q&~s", "~q", 0, "~q must be followed by a space", false},
	{"~q(a)", "~q", 0, "~q must be followed by a space", false},
	{"~u)", "~u", 0, "~u must be followed by a space", false},
	{"~b", "~b", 0, "~b needs a regex", true},
	{"a (~b ", "~b ", 3, "~b needs a regex", true},
	{"(~b )", "~b ", 1, "~b needs a regex", false},
	{"~u ~q", "~u ", 0, "~u needs a regex", false},
	{"~m (GET|POST)", "~m ", 0, "~m needs a regex, in quotes if it has parentheses", false},
	{"~c", "~c", 0, "~c needs a number", true},
	{"~c '200'", "~c ", 0, "~c needs a number", false},
	{"~c -1", "~c ", 0, "~c needs a number", false},
	{"~c \uff12", "~c ", 0, "~c needs a number", false},
	{"a 'foo", "'foo", 2, "the closing quote is missing", true},
	{`"foo\`, `"foo\`, 0, "the closing quote is missing", true},
	{"'a\nb'", "'a", 0, `a line ends inside quotes; write \n for a line break`, false},
	{"'a\\\nb'", `'a\`, 0, `a line ends inside quotes; write \n for a line break`, false},
	{"a (b", "(", 2, `"(" without ")"`, true},
	{"!(", "(", 1, `"(" without ")"`, true},
	{"a)", ")", 1, `")" without "("`, false},
	{")", ")", 0, `")" where a filter should be`, false},
	{"a ( )", "( )", 2, "nothing between the parentheses", false},
	{"\u00e9 ~h [", "[", 6, "invalid regex: unterminated character set", true},
	{"~h '['", "'['", 3, "invalid regex: unterminated character set", false},
	{"~h [ a", "[", 3, "invalid regex: unterminated character set", false},
	{`~u \`, `\`, 3, "invalid regex: bad escape (end of pattern)", true},
	{`foo\ bar`, `foo\`, 0, "invalid regex: bad escape (end of pattern)", false},
	{"~u *", "*", 3, "invalid regex: nothing to repeat", false},
	{`~d "(a)(?(1)b)"`, `"(a)(?(1)b)"`, 3, "a conditional in a regex is not supported yet", false},
	{"a\xff", "a\xff", 0, "not valid UTF-8", false},
	{strings.Repeat("(", 201) + "a", "(", 200, "nested too deeply", false},
	{strings.Repeat("!", 300) + "a", "!", 200, "nested too deeply", false},
}

func TestErrors(t *testing.T) {
	for _, c := range errorCases {
		_, err := filter.Parse(c.expr)
		e, ok := err.(*filter.Error)
		if !ok {
			t.Errorf("%q: error %v", c.expr, err)
			continue
		}
		marked := c.expr[e.Pos:e.End]
		if e.Pos != c.pos || marked != c.marked || e.Msg != c.msg || e.Incomplete != c.incomplete {
			t.Errorf("%q: %d %q %q incomplete %v", c.expr, e.Pos, marked, e.Msg, e.Incomplete)
		}
	}
}

func TestErrorText(t *testing.T) {
	_, err := filter.Parse("a ~foo")
	if err == nil || err.Error() != "filter: byte 2: unknown operator ~foo" {
		t.Error(err)
	}
}

func TestDeepButAllowed(t *testing.T) {
	expr := strings.Repeat("(", 200) + "~q" + strings.Repeat(")", 200)
	if got := parse(t, expr).String(); got != "~q" {
		t.Error(got)
	}
}

func TestPositions(t *testing.T) {
	const expr = `a !( ~c 200 | "b" )`
	root := parse(t, expr).Root().(*filter.And)
	not := root.X[1].(*filter.Not)
	or := not.X.(*filter.Or)
	cases := []struct {
		node filter.Node
		want string
	}{
		{root, expr}, {root.X[0], "a"}, {not, `!( ~c 200 | "b" )`}, {or, `( ~c 200 | "b" )`},
		{or.X[0], "~c 200"}, {or.X[1], `"b"`},
	}
	for _, c := range cases {
		if got := expr[c.node.Pos():c.node.End()]; got != c.want {
			t.Errorf("%T covers %q, want %q", c.node, got, c.want)
		}
	}
}

func TestOperatorsAreInOrder(t *testing.T) {
	ops := filter.Operators()
	if len(ops) != 46 {
		t.Errorf("%d operators", len(ops))
	}
	for i, op := range ops {
		if i > 0 && ops[i-1].Code >= op.Code {
			t.Errorf("%s stands after %s", op.Code, ops[i-1].Code)
		}
		arg := map[filter.Arg]string{filter.NoArg: "", filter.RegexArg: " x", filter.IntArg: " 1", filter.CompareArg: " >2000", filter.NameArg: " x", filter.PathArg: " x"}[op.Arg]
		f := parse(t, "~"+op.Code+arg)
		if f.Cost() != op.Cost || op.Help == "" {
			t.Errorf("~%s: cost %d, help %q", op.Code, f.Cost(), op.Help)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range printCases {
		f.Add(c.expr)
	}
	for _, c := range errorCases {
		f.Add(c.expr)
	}
	for _, c := range matchCases {
		for _, expr := range append(c.yes[:len(c.yes):len(c.yes)], c.no...) {
			f.Add(expr)
		}
	}
	for _, c := range regexCases {
		f.Add(`~b "` + quoter.Replace(c.regex) + `"`)
		f.Add("~u " + c.regex)
	}
	for _, c := range backtrackCases {
		f.Add(`~b "` + quoter.Replace(c.regex) + `"`)
	}
	for expr := range comparisonCases {
		f.Add(expr)
	}
	flow := response()
	f.Fuzz(func(t *testing.T, expr string) {
		parsed, err := filter.Parse(expr)
		if err != nil {
			e := err.(*filter.Error)
			if e.Pos < 0 || e.Pos > e.End || e.End > len(expr) || e.Msg == "" {
				t.Errorf("%q: error at %d to %d: %q", expr, e.Pos, e.End, e.Msg)
			}
			return
		}
		checkRoundTrip(t, parsed)
		if _, err := parsed.Match(flow); err != nil && !strings.Contains(err.Error(), "takes too long") {
			t.Error(err)
		}
	})
}
