package content

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"testing"
)

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func base(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

const token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0."

func TestInside(t *testing.T) {
	const form, object = "application/x-www-form-urlencoded", "application/json"
	deep := `{"user": {"token": "` + token + `", "id": 7}, "list": ["plain words", "` + base(`{"a": 1, "b": 2}`) + `"], "odd name": "` + base(zipped("compressed words")) + `"}`
	for _, test := range []struct {
		contentType, body string
		want              []string // name, kind, media type and beginning of each
	}{
		{form, "a=1&b=two+words&a=" + url.QueryEscape(base(deep)), []string{"a|field||1", "b|field||two words", "a~2|Base64|application/json|" + deep[:9]}},
		{object, deep, []string{"user.token|JWT|application/jwt|" + token[:9], `list[1]|Base64|application/json|{"a": 1, `, `["odd name"]|Base64, gzip||compresse`}},
		{object, `"` + base("a text of some length") + `"`, nil},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"f\"\r\nContent-Type: text/css\r\n\r\na{}\r\n--b\r\nContent-Disposition: form-data; name=\"g\"\r\n\r\n[1, 2]\r\n--b--",
			[]string{"f|part|text/css|a{}", "g|JSON|application/json|[1, 2]"}},
		{"text/plain", base("<p>some markup</p>"), []string{"base64|Base64|text/html|<p>some m"}},
		{"text/plain", base64.RawURLEncoding.EncodeToString([]byte("some words??>>~~")), []string{"base64|Base64||some word"}},
		{"text/plain", hex.EncodeToString([]byte("hexadecimal words")), []string{"hex|Hex||hexadecim"}},
		{"text/plain", "%7B%22a%22%3A%20%22some%20words%22%7D", []string{`percent-encoded|Percent-encoded|application/json|{"a": "so`}},
		{"application/octet-stream", zipped(`{"a": 1}`), []string{`gzip|gzip|application/json|{"a": 1}`}},
		{"text/plain", "data:text/css;base64," + base("a{b:c}"), []string{"data url|Data URL|text/css|a{b:c}"}},
		{"text/plain", "data:text/css,a%7B%7D", []string{"data url|Data URL|text/css|a{}"}},
	} {
		meta, body := Describe(test.contentType), []byte(test.body)
		var got []string
		for _, s := range Inside(context.Background(), meta, body) {
			inner, innerMeta, err := Enter(context.Background(), meta, body, s.Name)
			if err != nil || len(inner) != s.Size {
				t.Errorf("%s: %d bytes, promised %d: %v", s.Name, len(inner), s.Size, err)
			}
			got = append(got, s.Name+"|"+s.Kind+"|"+innerMeta.MediaType+"|"+string(inner[:min(9, len(inner))]))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%.60s:\n%q, want\n%q", test.body, got, test.want)
		}
	}
	if _, _, err := Enter(context.Background(), Describe(form), []byte("a=1"), "b"); err == nil {
		t.Error("entered what is not there")
	}
}

// TestNothingInside is a table of what looks encoded and is not.
func TestNothingInside(t *testing.T) {
	for _, value := range []string{
		"", "short", "550e8400-e29b-41d4-a716-446655440000", "550e8400e29b41d4a716446655440000", "d41d8cd98f00b204e9800998ecf8427e",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "internationalization", "counterrevolutionaries", "TheQuickBrownFoxJumpsOverTheLazyDog1",
		"a sentence of some words, in English.", "https://example.com/path/to?a=b%20c&d", "/usr/share/doc/package/README", "1234567890123456", "2026-11-23T10:00:00.000Z",
		"application/vnd.example+json", "Mozilla/5.0 (X11; Linux x86_64)", "{not json}", "<3", "AAAAAAAAAAAAAAAAAAAAAAAA", "0000000000000000", "W/\"33a64df551425fcc55e4d42a148795d9\"",
		"sk_test_4eC39HqLyjWDarjtT1zdp7dc", "100% of 50%",
	} {
		if kind, _, decoded := decodeValue([]byte(value), maxOpened); kind != "" {
			t.Errorf("%q is taken for %s of %q", value, kind, decoded)
		}
	}
}

func FuzzInside(f *testing.F) {
	for _, seed := range []string{"a=1&a=%7B%7D", `{"a": ["` + base("some words of text") + `", {"b c": "[]"}]}`, base(zipped("words")), "data:,x", "--b\r\n\r\n1", token, "[[[[", `{"a"`} {
		f.Add(seed, "application/x-www-form-urlencoded")
		f.Add(seed, "multipart/form-data; boundary=b")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, body, contentType string) {
		meta, data := Describe(contentType), []byte(body)
		names := map[string]bool{}
		for i, s := range Inside(context.Background(), meta, data) {
			if names[s.Name] {
				t.Fatalf("%q comes twice", s.Name)
			}
			if names[s.Name] = true; i > 3 {
				continue
			}
			if inner, _, err := Enter(context.Background(), meta, data, s.Name); err != nil || len(inner) != s.Size {
				t.Fatalf("%q: %d bytes, promised %d: %v", s.Name, len(inner), s.Size, err)
			}
		}
	})
}
