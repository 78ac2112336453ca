package mitm

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session/corpus"
)

// decodeValue reads b as one tnetstring of any type.
func decodeValue(b []byte) (*flowpb.Value, error) {
	d := newDecoder()
	e, rest, _ := d.scan(b, 0)
	v := d.value(e)
	if d.err == nil && len(rest) > 0 {
		return v, errors.New("more than one element")
	}
	return v, d.err
}

// plain returns v in the types of tnet.
func plain(v *flowpb.Value) any {
	switch {
	case v.Bytes != nil:
		return v.Bytes
	case v.Text != nil:
		return string(v.Text)
	case v.Integer != nil:
		return json.Number(v.Integer)
	case v.Number != nil:
		return *v.Number
	case v.Boolean != nil:
		return *v.Boolean
	case v.List != nil:
		list := []any{}
		for _, item := range v.List.Items {
			list = append(list, plain(item))
		}
		return list
	case v.Dict != nil:
		pairs := dict{}
		for _, p := range v.Dict.Pairs {
			pairs = append(pairs, plain(p.Key), plain(p.Value))
		}
		return pairs
	}
	return nil
}

func TestTnetstring(t *testing.T) {
	deep := "0:]"
	for range 49 {
		deep = strconv.Itoa(len(deep)) + ":" + deep + "]"
	}
	for _, test := range []struct {
		in   string
		want any
	}{
		{"0:~", nil},
		{"4:true!", true},
		{"5:12345#", json.Number("12345")},
		{"2:+7#", json.Number("+7")},
		{"005:hello,", []byte("hello")},
		{"19:this is unicode ★;", "this is unicode ★"},
		{"0:}", dict{}},
		{"0:]", []any{}},
		{"0:;", ""},
		{"18:3:0.1^3:0.2^3:0.3^]", []any{0.1, 0.2, 0.3}},
		{"13:3:inf^4:-inf^]", []any{math.Inf(1), math.Inf(-1)}},
		{"5:1e999^", math.Inf(1)},
		{"51:5:hello,39:11:12345678901#4:this,4:true!0:~4:\x00\x00\x00\x00,]}",
			dict{[]byte("hello"), []any{json.Number("12345678901"), []byte("this"), true, nil, []byte("\x00\x00\x00\x00")}}},
		{"14:1:1#0:~1:1#0:~}", dict{json.Number("1"), nil, json.Number("1"), nil}},
		{deep, nested(49)},
		{tnet(strings.Repeat("9", 400)), strings.Repeat("9", 400)},
	} {
		v, err := decodeValue([]byte(test.in))
		if err != nil {
			t.Errorf("%q: %v", test.in, err)
			continue
		}
		same(t, test.in, fmt.Sprintf("%#v", plain(v)), fmt.Sprintf("%#v", test.want))
	}
	if v, err := decodeValue([]byte("3:nan^")); err != nil || !math.IsNaN(v.GetNumber()) {
		t.Errorf("nan: %v, %v", v, err)
	}
}

func nested(levels int) any {
	if levels == 0 {
		return []any{}
	}
	return []any{nested(levels - 1)}
}

func TestBadTnetstring(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", "its length is beyond what is there"},
		{"12", "its length is beyond what is there"},
		{":,", "missing or invalid length"},
		{"-1:a,", "missing or invalid length"},
		{"1000000000000:a,", "absurdly long"},
		{"3:ab,", "its length is beyond what is there"},
		{"1:a?", "unknown tag '?'"},
		{"16:0123456789abcdef@", "unknown tag '@'"},
		{"1:x~", "null with a value"},
		{"4:True!", "neither true nor false"},
		{"3:1.5#", "not an integer"},
		{"0:#", "not an integer"},
		{"1:-#", "not an integer"},
		{"3:0x1^", "not a number"},
		{"0:^", "not a number"},
		{"8:infinity^", "not a number"},
		{"2:\xff\xfe;", "text that is not UTF-8"},
		{"4:1:k,}", "a key without a value"},
		{"51:11:12345678901#4:this,8:true!0:~,4:true!0:]4:\x00,~}", "its length is beyond what is there"},
	} {
		v, err := decodeValue([]byte(test.in))
		if err == nil || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("%q: %v, %v, want %q", test.in, v, err, test.want)
		}
	}
}

func TestDepth(t *testing.T) {
	for _, levels := range []int{maxDepth - 1, maxDepth} {
		_, err := decodeValue([]byte(tnet(nested(levels))))
		if (levels < maxDepth) != (err == nil) || err != nil && !errors.Is(err, errDepth) {
			t.Errorf("%d levels: %v", levels+1, err)
		}
	}
}

// TestTnetstringVectors reads what mitmproxy wrote, and refuses what it
// refuses.
func TestTnetstringVectors(t *testing.T) {
	type vector struct {
		B64   []byte
		Value json.RawMessage
		Error string
	}
	var good, bad []vector
	for name, into := range map[string]*[]vector{"tnetstring.json": &good, "tnetstring_bad.json": &bad} {
		if err := json.Unmarshal(corpus.File(t, "golden/vectors/"+name), into); err != nil {
			t.Fatal(err)
		}
	}
	if len(good) != 19 || len(bad) != 17 {
		t.Fatalf("%d good vectors, %d bad ones", len(good), len(bad))
	}
	for _, v := range append(good, bad...) {
		got, err := decodeValue(v.B64)
		if (err != nil) != (v.Error != "") {
			t.Errorf("%q: %v, mitmproxy says %q", v.B64, err, v.Error)
		}
		if err == nil && v.Error == "" {
			same(t, fmt.Sprintf("%q", v.B64), canonical(t, jsonable(plain(got))), canonical(t, v.Value))
		}
	}
}

// jsonable returns v as the vectors write it: bytes as base64, dicts as
// objects.
func jsonable(v any) any {
	switch v := v.(type) {
	case []byte:
		return map[string]string{"b64": base64.StdEncoding.EncodeToString(v)}
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, jsonable(item))
		}
		return out
	case dict:
		out := map[string]any{}
		for i := 0; i < len(v); i += 2 {
			out[fmt.Sprintf("%s", v[i])] = jsonable(v[i+1])
		}
		return out
	}
	return v
}

// canonical returns JSON with its keys sorted and its numbers as Go has them.
func canonical(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	var out any
	if err := d.Decode(&out); err != nil {
		t.Fatal(err)
	}
	b, _ = json.Marshal(out)
	return string(b)
}

// TestDecimals: numbers are those that the library reads, to the last bit, by
// the short way wherever they are times.
func TestDecimals(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := []string{
		"0", "1", "1.5", "0.5", "00.5", ".5", "5.", "-1.5", "1e5", "1..5", "1.5.", "", "9007199254740993", "9007199254740992.5", "1.00000011920928955078125",
		"9999999999999999999", "18446744073709551615", "18446744073709551616", "1844674407370955161.5", "1.0000000000000000001", "1717999999.9832351",
		"1.0000000000000002220", "1.000000000000000111", "1.000000000000000112", "4503599627370496.5", "4503599627370497.5", "9223372036854775807.5",
	}
	for range 20000 {
		seconds := random.Float64() * 4e9
		texts = append(texts, strconv.FormatFloat(seconds, 'f', -1, 64), strconv.FormatFloat(seconds, 'f', random.IntN(12), 64),
			strconv.FormatUint(random.Uint64(), 10), fmt.Sprintf("%d.%d", random.Uint64()>>random.IntN(64), random.Uint64()>>random.IntN(64)))
	}
	short := 0
	for _, text := range texts {
		got, ok := parseDecimal([]byte(text))
		if !ok {
			continue
		}
		short++
		if want, err := strconv.ParseFloat(text, 64); err != nil || got != want {
			t.Errorf("%q is %v, want %v, %v", text, got, want, err)
		}
	}
	if short < len(texts)/2 {
		t.Errorf("%d of %d the short way", short, len(texts))
	}
	if _, ok := parseDecimal([]byte("1717999999.9832351")); !ok {
		t.Error("a time takes the long way")
	}
}
