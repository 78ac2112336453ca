package redact_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/redact"
)

// gzipped returns a text compressed by gzip.
func gzipped(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// zstandard returns a text compressed by zstd.
func zstandard(t *testing.T, text string) string {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	return string(z.EncodeAll([]byte(text), nil))
}

// TestCutOff: bodies that are compressed, do not say so, and end too early. What
// can be decoded of them is without what is secret, and ends with what stands for
// the rest; a Watch finds what would be in it.
func TestCutOff(t *testing.T) {
	const s, most = "hunterhuntress", 1 << 20
	random := rand.New(rand.NewPCG(1, 2))
	var noise strings.Builder
	for noise.Len() < 300<<10 { // more than a block of zstd
		fmt.Fprintf(&noise, "%d\n", random.Uint64())
	}
	for _, c := range []struct{ kind, begin, body string }{
		{"gzip", `{"user":"bob","password":"` + s, gzipped(t, `{"user":"bob","password":"`+s+`"}`+noise.String())},
		{"zstd", `{"user":"bob","password":"` + s, zstandard(t, `{"user":"bob","password":"`+s+`"}`+noise.String())},
		{"gzip", "", gzipped(t, `{"password":"`+s+`"}`)},
		{"zstd", "", zstandard(t, `{"password":"`+s+`"}`)},
		{"gzip", "1 is a number", gzipped(t, "1 is a number of many\n"+noise.String())},
	} {
		cut := c.body[:len(c.body)-20]
		if plain, err := flow.Decode([]byte(cut), c.kind, most); err == nil || !strings.HasPrefix(string(plain), c.begin) {
			t.Fatalf("%s: %v, %.50q is no test", c.kind, err, plain)
		}
		plain, err := flow.Decode([]byte(bodyOf(t, "", cut)), c.kind, most)
		if err != nil {
			t.Errorf("%s: %v", c.kind, err)
		}
		if got := string(plain); strings.Contains(got, s) || !strings.Contains(got, "redacted-") || c.begin != "" && !strings.HasPrefix(got, c.begin[:12]) {
			t.Errorf("%s: %.50q", c.kind, got)
		}
		r := redact.New(redact.Policy{Values: []string{s}})
		f := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Content: []byte(cut)}}
		var leak *redact.LeakError
		if err := r.Watch().Flow(f, nil); strings.Contains(c.begin, s) && !errors.As(err, &leak) {
			t.Errorf("%s: the watch says %v", c.kind, err)
		}
	}
	vast := gzipped(t, strings.Repeat(" ", 64<<20)+s)
	if got := bodyOf(t, "", vast); !strings.HasPrefix(got, "redacted-body: application/gzip") {
		t.Errorf("what is too large is %.50q", got)
	}
}

// TestMembers: what is compressed in several members behind each other, of which a
// browser shows all and mitmproxy the first, and what is behind the last.
func TestMembers(t *testing.T) {
	const s, most = "hunterhuntress", 1 << 20
	first, second := gzipped(t, `{"a":1}`), gzipped(t, `{"password":"`+s+`"}`)
	f := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Headers: fields([]string{"Content-Encoding", "gzip"}), Content: []byte(first + second)}}
	encoded := string(redacted(t, f).Response.Content)
	for _, got := range []string{encoded, bodyOf(t, "", first+second), bodyOf(t, "", first+first+second)} {
		rest, found := strings.CutPrefix(got, first)
		if !found {
			t.Fatalf("the first member is %q", got)
		}
		plain, err := flow.Decode([]byte(strings.TrimPrefix(rest, first)), "gzip", most)
		if err != nil || !strings.HasPrefix(string(plain), `{"password":"redacted-`) {
			t.Errorf("the last member is %q: %v", plain, err)
		}
	}
	for _, encoding := range []string{"gzip, identity", "gzip,", "x-gzip , ", "identity, gzip"} {
		f.Response.Headers, f.Response.Content = fields([]string{"Content-Encoding", encoding}), []byte(first+second)
		if got := string(redacted(t, f).Response.Content); !strings.HasPrefix(got, first) || strings.Contains(got, second) {
			t.Errorf("%q: %q", encoding, got)
		}
	}
	for _, body := range []string{gzipped(t, first+second), gzipped(t, first) + gzipped(t, second)} {
		f.Response.Headers, f.Response.Content = fields([]string{"Content-Encoding", "gzip, gzip"}), []byte(body)
		got, err := flow.DecodeAll(redacted(t, f).Response.Content, "gzip, gzip", most)
		if err != nil || !strings.HasPrefix(string(got), `{"a":1}`) || !strings.Contains(string(got), "redacted-rest") {
			t.Errorf("of two encodings: %q, %v", got, err)
		}
	}
	if got := bodyOf(t, "", first+`password="`+s+`"`); !strings.HasPrefix(got, first+`password="redacted-`) {
		t.Errorf("what is behind the member is %q", got)
	}
	clean := strings.Repeat(first, 3) + "behind"
	if got := bodyOf(t, "", clean); got != clean {
		t.Errorf("members without secrets are %q", got)
	}
	r := redact.New(redact.Policy{Values: []string{s}})
	var leak *redact.LeakError
	for _, body := range []string{first + second, first + first + s} {
		f := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Content: []byte(body)}}
		if err := r.Watch().Flow(f, nil); !errors.As(err, &leak) {
			t.Errorf("%q: the watch says %v", body, err)
		}
	}
	vast := first + gzipped(t, strings.Repeat(" ", 64<<20)+s)
	if got, found := strings.CutPrefix(bodyOf(t, "", vast), first); !found || !strings.HasPrefix(got, "redacted-body: application/gzip") {
		t.Errorf("behind the first member, what is too large is %.50q", got)
	}
}
