package content

import (
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	const text = "{\n    \"a \\\" b\": \"x: \\\\\",\n    \"n\": [-1.5e3, 0, true, null, NaN],\n    \"\u00e9\": \"cut"
	var got []string
	for token := range Tokens("json", text) {
		got = append(got, string("?nsdw"[token.Kind])+text[token.Begin:token.End])
	}
	want := `n"a \" b"|s"x: \\"|n"n"|d-1.5e3|d0|wtrue|wnull|wNaN|n"é"|s"cut`
	if joined := strings.Join(got, "|"); joined != want {
		t.Errorf("%s, want %s", joined, want)
	}
	for range Tokens("text", text) {
		t.Error("text has tokens")
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("{\"a\": 1}")
	f.Add("\"\\")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for token := range Tokens("json", text) {
			if token.Begin < last || token.End <= token.Begin || token.End > len(text) {
				t.Fatalf("%+v after %d of %d", token, last, len(text))
			}
			last = token.End
		}
	})
}
