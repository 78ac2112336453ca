package content

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
)

// tokenOf returns a token of parts.
func tokenOf(parts ...string) string {
	for i, part := range parts {
		parts[i] = base64.RawURLEncoding.EncodeToString([]byte(part))
	}
	return strings.Join(parts, ".")
}

func TestJWT(t *testing.T) {
	const (
		head   = "# not verified: anyone can make a token that says this\n\nheader: {\n    \"alg\": \"HS256\"\n}\n\n"
		header = `{"alg":"HS256"}`
	)
	for _, test := range []struct{ name, body, want string }{
		{"example of RFC 7519", "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" +
			".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ" +
			".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
			"# not verified: anyone can make a token that says this\n\nheader: {\n    \"typ\": \"JWT\",\n    \"alg\": \"HS256\"\n}\n\n" +
				"claims: {\n    \"iss\": \"joe\",\n    \"exp\": 1300819380,  # 2011-03-22 18:43:00 UTC\n    \"http://example.com/is_root\": true\n}\n\nsignature: 32 bytes\n"},
		{"times", tokenOf(header, `{"iat":1.5,"nbf":"1","exp":-1,"updated_at":1e99,"a":{"exp":0},"auth_time":0}`, ""),
			head + "claims: {\n    \"iat\": 1.5,  # 1970-01-01 00:00:01 UTC\n    \"nbf\": \"1\",\n    \"exp\": -1,\n    \"updated_at\": 1e99,\n" +
				"    \"a\": {\n        \"exp\": 0\n    },\n    \"auth_time\": 0  # 1970-01-01 00:00:00 UTC\n}\n\nsignature: none\n"},
		{"blanks and padding", " \n" + tokenOf(header, "{}", "x") + "==\n", head + "claims: {}\n\nsignature: 1 bytes\n"},
		{"detached", tokenOf(header, "", "x"), head + "payload: none\n\nsignature: 1 bytes\n"},
		{"text", tokenOf(header, "café", "x"), head + "payload: café\n\nsignature: 1 bytes\n"},
		{"bytes", tokenOf(header, "\xff\x00", "x"), head + `payload: \xff\x00` + "\n\nsignature: 1 bytes\n"},
		{"encrypted", tokenOf(`{"alg":"dir","enc":"A128GCM"}`, "", "abc", "data", "tag!"),
			"# not verified, nor decrypted\n\nheader: {\n    \"alg\": \"dir\",\n    \"enc\": \"A128GCM\"\n}\n\n" +
				"encrypted key: none\ninitialization vector: 3 bytes\nciphertext: 4 bytes\ntag: 4 bytes\n"},
		{"two parts", tokenOf(header, "{}"), "[a token has 3 or 5 parts]"},
		{"six parts", tokenOf(header, "", "", "", "", ""), "[a token has 3 or 5 parts]"},
		{"no Base64", tokenOf(header, "{}") + ".a+b", "[part 3: this is no Base64url]"},
		{"no header", tokenOf("{", "{}", ""), "[header: the text ends too soon]"},
	} {
		if got := shown(jwtView(), Metadata{}, test.body); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

func TestTokensAreKnown(t *testing.T) {
	token := tokenOf(`{"alg":"none"}`, "{}", "")
	for _, test := range []struct{ contentType, body, want string }{
		{"application/jwt", "x", "jwt"},
		{"application/jose", "x", "jwt"},
		{"application/at+jwt", "x", "jwt"},
		{"application/jwt", "", "text"},
		{"", token + "\n", "jwt"},
		{"text/plain", token, "jwt"},
		{"application/octet-stream", tokenOf(`{"alg":"dir"}`, "", "", "", ""), "jwt"},
		{"application/json", token, "json"},
		{"", tokenOf(`{"typ":"JWT"}`, "{}", ""), "text"},
		{"", token + ".x", "text"},
		{"", token + "!", "text"},
		{"", "eyJ", "text"},
		{"", token + strings.Repeat("A", tokenMax), "text"},
	} {
		if v := choose(Describe(test.contentType), []byte(test.body)); v.Name != test.want {
			t.Errorf("%.100q as %q: %s", test.body, test.contentType, v.Name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := jwtView().Render(ctx, Metadata{}, []byte(token)); err == nil {
		t.Error("cancelled without an error")
	}
}
