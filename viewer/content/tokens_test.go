package content

import (
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	for _, test := range []struct{ view, text, want string }{
		{"json", "{\n    \"a \\\" b\": \"x: \\\\\",\n    \"n\": [-1.5e3, 0, true, null, NaN],\n    \"\u00e9\": \"cut",
			`n"a \" b"|s"x: \\"|n"n"|d-1.5e3|d0|wtrue|wnull|wNaN|n"é"|s"cut`},
		{"xml/html", "<!doctype html>\n<a href=\"x>y\" data-n='1' q>b = \"c\" </a><!-- <i> -->\n<br/>",
			`n<!doctype|whtml|n<a|whref|s"x>y"|wdata-n|s'1'|wq|n</a|c<!-- <i> -->|n<br`},
		{"css", "/* a */@media print {\na:hover {\n    color: #fff;\n    margin: 0 1.5px \"x\";\n}\n",
			`c/* a */|w@media|ncolor|d#fff|nmargin|d0|d1.5px|s"x"`},
		{"javascript", "// a\nconst f = function(x1) { return 'a\\'b' + `t\n` + 0x1f /* \" */ }",
			"c// a\n|wconst|wfunction|wreturn|s'a\\'b'|s`t\n`|d0x1f|c/* \" */"},
		{"protobuf", "1: 150  # !sint: 75\n2:\n- abc\n- '3': true\n  \"a: b\": !binary aff\n# note\n",
			`n1|d150|c# !sint: 75|n2|sabc|n'3'|wtrue|n"a: b"|w!binary|saff|c# note`},
		{"text", "{\"a\": 1}", ""},
	} {
		var got []string
		for token := range Tokens(test.view, test.text) {
			got = append(got, string("?nsdwc"[token.Kind])+test.text[token.Begin:token.End])
		}
		if joined := strings.Join(got, "|"); joined != test.want {
			t.Errorf("%s: %s, want %s", test.view, joined, test.want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, seed := range []string{"{\"a\": 1}", "\"\\", "<a b='c'>", "<!-", "a{b:c}\n    d: #", "- '", "a: \"", "!", "`x", "/*", "\n\n- - a:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, v := range All() {
			last := 0
			for token := range Tokens(v.Name, text) {
				if token.Begin < last || token.End <= token.Begin || token.End > len(text) {
					t.Fatalf("%s: %+v after %d of %d", v.Name, token, last, len(text))
				}
				last = token.End
			}
		}
	})
}
