package jsontext

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	const text = ` {"a": [1, -2.50e+3, {}, []], "a": "\u00e9\ud83d\ude00\n\"\\\/", "": [true, false, null]} `
	var got []string
	r := NewReader([]byte(text))
	for {
		token, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, token.Text())
	}
	if joined := strings.Join(got, " "); joined != "{ a [ 1 -2.50e+3 { } [ ] ] a é😀\n\"\\/  [ true false null ] }" {
		t.Errorf("%q", joined)
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "byte 0: the text ends too soon",
		"[1":                            "byte 2: the text ends too soon",
		"[1 2]":                         `byte 3: unexpected "2"`,
		"[1,]":                          `byte 3: unexpected "]"`,
		`{"a" 1}`:                       `byte 5: unexpected "1"`,
		`{"a": 1,}`:                     `byte 8: unexpected "}"`,
		"{1: 2}":                        `byte 1: unexpected "1"`,
		"01":                            `byte 0: unexpected "0"`,
		"tru":                           `byte 0: unexpected "t"`,
		`"a`:                            `byte 0: unexpected "\""`,
		`"\x"`:                          `byte 0: unexpected "\""`,
		"1 1":                           `byte 2: unexpected "1"`,
		"[}":                            `byte 1: unexpected "}"`,
		"\xff":                          `byte 0: unexpected "\xff"`,
		strings.Repeat("[", MaxDepth+1): "byte 10000: nested too deeply",
	} {
		r := NewReader([]byte(text))
		var err error
		for err == nil {
			_, err = r.Next()
		}
		if err.Error() != want {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
		if _, again := r.Next(); again != err {
			t.Errorf("%.20q: then %v", text, again)
		}
	}
}

func TestValue(t *testing.T) {
	r := NewReader([]byte(` [1, {"b": [2]}] `))
	if value, err := r.Value(); string(value) != `[1, {"b": [2]}]` || err != nil {
		t.Errorf("%s, %v", value, err)
	}
	if value, err := r.Value(); value != nil || err != io.EOF {
		t.Errorf("%s, %v", value, err)
	}
}

// FuzzReader compares with encoding/json: what is valid, what strings say, and
// how it is indented.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{`{"a": [1, 2.5e3, "\u00e9\/\ud83d\ude00", null], "a": {}}`, `"\ud800\u0041"`, "[[],{}]", "[x", "-0", "\"\xff\"", `"a\tb"`, "[1,]", "{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		valid := json.Valid(data)
		if Valid(data) != valid && len(data) < MaxDepth {
			t.Fatalf("valid %v", !valid)
		}
		if !valid {
			return
		}
		var text string
		if token, err := NewReader(data).Next(); err == nil && token.Kind == String && json.Unmarshal(data, &text) == nil {
			if token.Text() != text {
				t.Fatalf("%q, want %q", token.Text(), text)
			}
			var again string
			if err := json.Unmarshal(AppendQuote(nil, text), &again); err != nil || again != text {
				t.Fatalf("quoted %q, %v", again, err)
			}
		}
		var want bytes.Buffer
		if json.Indent(&want, data, "", "  ") != nil {
			return
		}
		if got, err := Indent(data, "  "); err != nil || !bytes.Equal(got, bytes.TrimSpace(want.Bytes())) {
			t.Fatalf("%s, want %s", got, want.Bytes())
		}
	})
}
