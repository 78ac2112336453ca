package redact_test

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/redact"
)

// TestLarge redacts a mebibyte of what looks like the begin of a secret again
// and again, with a secret behind it. Work that grows faster than the text takes
// longer than tests may.
func TestLarge(t *testing.T) {
	const size = 1 << 20
	random := make([]byte, size*3/4)
	source := rand.NewChaCha8([32]byte{1})
	source.Read(random)
	texts := map[string]string{"base64url": `{"data":"` + base64.RawURLEncoding.EncodeToString(random) + `","password":"`}
	for _, unit := range []string{
		"a=", "a:", "1.", "e.", "a-", "sk-", "//a:", "a@", "<a", "<a><![CDATA[", "ey-", "eyJh-", "ey.", "eyJhbGciOiJub25lIn0-", "ghp_-",
		"?a=%25", "?a=", "&password=password", "password=", "password:", "'password':", "=\"\\", "%25", "&#1;%5c", "QUFB", "1:", "-----BEGIN ", "xx", "?token=",
		"Bearer ", "Bearer abcdef12345678 ", "Authorization: Bearer", "\"Cookie:", "\nCookie:a=b;", " password=", `{"token":`, `{"token":{"type":"string"},`, `[{"token":{"type":`, "data:{\n", "?a=%2525", "?a=%252525%26",
	} {
		texts[unit] = strings.Repeat(unit, size/len(unit)) + "\n" + `{"password":"`
	}
	const secret = "Zq7wXPl4nted"
	for name, text := range texts {
		for _, keep := range [][]string{nil, {redact.Fields, redact.URLs}} {
			f := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Content: []byte(text + secret + `"}`)}}
			out, err := redact.New(redact.Policy{Keep: keep}).Flow(f, nil)
			if err != nil {
				t.Fatal(err)
			}
			if keep == nil && bytes.Contains(out.Response.Content, []byte(secret)) {
				t.Errorf("%q: the secret behind it is still there", name)
			}
		}
	}
}
