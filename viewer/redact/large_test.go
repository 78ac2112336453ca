package redact_test

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/redact"
)

// TestLarge redacts a quarter of a mebibyte of what looks like the begin of a secret again
// and again, with a secret behind it. Work that grows faster than the text takes
// longer than tests may, by minutes.
func TestLarge(t *testing.T) {
	const size, less = 1 << 18, 1 << 16
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
	for _, unit := range []string{
		"<token>", "<token></x>", "<a token='", "<a b=\"<a c='", "<name>token</name>", "a%40b.test ", "a&#64;b.test\\u0040", "%3Dtoken%3A", "\\u0040%", "//a@", "://a@b ", "hooks.slack.com/services/", ".com/", "1.1.1.1.", "/1.2.3.4",
		"\"1.2.3.4\":", "_eyJh", "_ghp_", ";a=1", "?;token", "&a;b", "{a(pin:1", "pw=a ", "\npw=a", "<!-- pw=", "0ghp_",
	} {
		texts[unit] = strings.Repeat(unit, less/len(unit)) + "\n" + `{"password":"`
	}
	branching, chain := "", ""
	escape := strings.NewReplacer("%", "%25", ";", "%3B")
	for range 40 {
		branching = "http://x/?q=1;a=" + escape.Replace(branching)
	}
	for range 200 {
		chain = "1;a=" + escape.Replace(chain)
	}
	texts["a form in a form"], texts["a chain of them"] = "z="+escape.Replace(branching)+"\n"+`{"password":"`, "z="+escape.Replace(chain)+"\n"+`{"password":"`
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

// TestLargeBinary is TestLarge for what is no text.
func TestLargeBinary(t *testing.T) {
	const size = 1 << 18
	const secret = "Zq7wXPl4nted12345"
	for _, unit := range []string{
		"\n\x02\n\x00", "\x12\x01\xff", "\x81\xa1a", "\x91", "\x9f", "\xa1\x61a", "\x81", "\xbf\x61a", "\x00\x04MQTT\x05\xc6\x00\x00\x00", "\x07in-addr\x04arpa", "\x01" + "1", "\x00\x00\x00\x00\x01a", "\x00\x01\x00\x01", "\x01password\x01", "\x01{",
	} {
		body := strings.Repeat(unit, size/len(unit)) + "\x00\xff\x08password\x11" + secret + "\x00"
		for _, kind := range []string{"", "application/dns-message", "application/cbor"} {
			f := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Headers: fields([]string{"Content-Type", kind}), Content: []byte(body)}}
			out, err := redact.New(redact.Policy{}).Flow(f, nil)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(out.Response.Content, []byte(secret)) {
				t.Errorf("%q: the secret behind it is still there", unit)
			}
		}
	}
}

// TestLargePacked is TestLarge for what is compressed: many members, and members of
// members.
func TestLargePacked(t *testing.T) {
	many := strings.Repeat(gzipped(t, ""), 20_000)
	deep := gzipped(t, strings.Repeat(gzipped(t, strings.Repeat(" ", 8<<20)), 100))
	for _, body := range []string{many, deep} {
		f := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Content: []byte(body)}}
		out, err := redact.New(redact.Policy{}).Flow(f, nil)
		if err != nil || len(out.Response.Content) == 0 {
			t.Errorf("%d bytes: %v", len(body), err)
			continue
		}
		plain, _ := flow.Decode(out.Response.Content, "gzip", 1<<30)
		if gone := bytes.Contains(plain, []byte("redacted-body: application/gzip")); gone != (body == deep) {
			t.Errorf("%d bytes: what is too much is gone: %v", len(body), gone)
		}
	}
}
