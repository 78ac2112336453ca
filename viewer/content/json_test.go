package content

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"[]", "[]"},
		{" { } ", "{}"},
		{"[[],{}]", "[\n    [],\n    {}\n]"},
		{`{"a":{"b":[1]},"c":2}`, "{\n    \"a\": {\n        \"b\": [\n            1\n        ]\n    },\n    \"c\": 2\n}"},
		{`{"a":1,"a":2}`, "{\n    \"a\": 1,\n    \"a\": 2\n}"},
		{"1e3", "1e3"},
		{"-0.0", "-0.0"},
		{"1E+400", "1E+400"},
		{"12345678901234567890123", "12345678901234567890123"},
		{"0.1000000000000000055", "0.1000000000000000055"},
		{"[NaN,Infinity,-Infinity,true,false,null]", "[\n    NaN,\n    Infinity,\n    -Infinity,\n    true,\n    false,\n    null\n]"},
		{`"\u00e9\u0041\/\ud83d\ude00"`, `"éA/😀"`},
		{`"\u0022\u005c\u0000\u200b\u202e\n\t\\\""`, `"\u0022\u005c\u0000\u200b\u202e\n\t\\\""`},
		{`"\ud800\udc0g"`, ""},
		{`"\ud800x\udc00"`, `"\ud800x\udc00"`},
		{`"\ufffd"`, `"\ufffd"`},
		{`{"日本語": "日本語"}`, "{\n    \"日本語\": \"日本語\"\n}"},
		{"\xef\xbb\xbf{}", "{}"},
		{"\xff\xfe{\x00}\x00", "{}"},
		{"{\x00}\x00", "{}"},
		{"\x00{\x00}", "{}"},
		{"1\x00\x00\x00", "1"},
		{"\x00\x00\x001", "1"},
		{"\"\xff\"", `"\xff"`},
	} {
		_, r, note := Render(context.Background(), "json", Describe("application/json"), []byte(test.in))
		if r.Text != test.want || (note == "") != (test.want != "") {
			t.Errorf("%q: %q, want %q (%s)", test.in, r.Text, test.want, note)
		}
	}
	_, r, _ := Render(context.Background(), "json", Describe("application/json; charset=latin-1"), []byte("\"\xe9\""))
	if r.Text != `"é"` {
		t.Errorf("latin-1: %q", r.Text)
	}
}

func TestJSONErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "the text ends too soon",
		"{":                       "the text ends too soon",
		"[1":                      "the text ends too soon",
		`"a`:                      "the text ends too soon",
		`"\`:                      "the text ends too soon",
		"-":                       "byte 0: unexpected '-'",
		"[1,]":                    "byte 3: unexpected ']'",
		"{1:2}":                   "byte 1: unexpected '1'",
		`{"a" 2}`:                 "byte 5: unexpected '2'",
		`{"a":1]`:                 "byte 6: unexpected ']'",
		"[1}":                     "byte 2: unexpected '}'",
		"[1 2]":                   "byte 3: unexpected '2'",
		"{} x":                    "byte 3: unexpected 'x'",
		"01":                      "byte 0: unexpected '0'",
		"1.":                      "byte 0: unexpected '1'",
		"1e":                      "byte 0: unexpected '1'",
		"truex":                   "byte 4: unexpected 'x'",
		"é":                       "byte 0: unexpected 'é'",
		"\"a\nb\"":                "byte 2: unexpected '\\n'",
		`"\x"`:                    "byte 2: unexpected 'x'",
		strings.Repeat("[", 1001): "nested too deeply",
		strings.Repeat("[", 1000) + strings.Repeat("0,", 10000): "indented it would be too long",
	} {
		_, err := indentJSON(context.Background(), in)
		if err == nil || err.Error() != want {
			t.Errorf("%.20q: %v, want %q", in, err, want)
		}
	}
}

// FuzzJSON: what the standard library accepts is accepted, and says the same
// after indenting.
func FuzzJSON(f *testing.F) {
	seeds := []string{`{"a":[1,2.5e-3,"\u00e9\n",null,true],"b":{}}`, "[]", `"\ud83d\ude00"`, "-0", " [ 1 , {} ] "}
	if len(seeds) != 5 {
		f.Fatalf("%d seeds", len(seeds))
	}
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, err := indentJSON(context.Background(), in)
		if err != nil {
			if json.Valid([]byte(in)) && err.Error()[:4] == "byte" {
				t.Fatalf("valid JSON is refused: %v", err)
			}
			return
		}
		if again, err := indentJSON(context.Background(), out); err != nil || again != out {
			t.Fatalf("indented twice: %q, %v", again, err)
		}
		var before, after any
		if json.Unmarshal([]byte(in), &before) != nil {
			return // NaN and Infinity
		}
		if err := json.Unmarshal([]byte(out), &after); err != nil {
			t.Fatal(err)
		}
		x, _ := json.Marshal(before)
		if y, _ := json.Marshal(after); string(x) != string(y) {
			t.Fatalf("%s became %s", x, y)
		}
	})
}

func BenchmarkJSON(b *testing.B) {
	item := `{"id":12345,"name":"caf\u00e9 \"no\" 1","tags":["a","b","c"],"nested":{"x":1.5,"y":null}},`
	in := "[" + strings.Repeat(item, 1<<20/len(item)) + "0]"
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if _, err := indentJSON(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
}
