package flow

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
)

var fox = []byte(strings.Repeat("the quick brown fox jumps over the lazy dog. ", 40))

// sample is fox in each content encoding.
func sample(t testing.TB) map[string][]byte {
	t.Helper()
	brotli, err := hex.DecodeString("1b0707888c946ee622d083a5ba905e13148d807c430b830d387048206f24bf41a715ce66c7e34485a560239c4aab3f4c0a0c")
	if err != nil {
		t.Fatal(err)
	}
	zstandard := func(w io.Writer) io.WriteCloser {
		e, err := zstd.NewWriter(w)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	return map[string][]byte{
		"br":   brotli,
		"gzip": compress(t, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }),
		"zlib": compress(t, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }),
		"bare": compress(t, bareDeflate),
		"zstd": compress(t, zstandard),
	}
}

func bareDeflate(w io.Writer) io.WriteCloser {
	d, _ := flate.NewWriter(w, flate.BestCompression)
	return d
}

func compress(t testing.TB, writer func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := writer(&b)
	if _, err := w.Write(fox); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestDecode(t *testing.T) {
	s := sample(t)
	named := join([]byte("\x1f\x8b\x08\x1e\x00\x00\x00\x00\x00\xff\x02\x00ab"+strings.Repeat("n", 600)+"\x00c\x00"), []byte{0, 0}, s["gzip"][10:])
	crc := header16(named[:len(named)-len(s["gzip"])+10-2])
	copy(named[len(named)-len(s["gzip"])+10-2:], crc)
	for _, test := range []struct {
		name, encoding string
		raw, want      []byte
	}{
		{"gzip", "gzip", s["gzip"], fox},
		{"case", "GZip", s["gzip"], fox},
		{"gzip with a long name", "gzip", named, fox},
		{"zlib as gzip", "gzip", s["zlib"], fox},
		{"second member", "gzip", join(s["gzip"], s["gzip"]), fox},
		{"trailing bytes", "gzip", join(s["gzip"], []byte("junk")), fox},
		{"deflate", "deflate", s["zlib"], fox},
		{"bare deflate", "deflate", s["bare"], fox},
		{"deflateraw", "deflateraw", s["bare"], fox},
		{"br", "br", s["br"], fox},
		{"zstd", "zstd", s["zstd"], fox},
		{"two frames", "zstd", join(s["zstd"], s["zstd"]), join(fox, fox)},
		{"identity", "identity", fox, fox},
		{"none", "None", fox, fox},
		{"empty gzip", "gzip", nil, []byte{}},
		{"empty br", "br", nil, []byte{}},
		{"empty zstd", "zstd", nil, []byte{}},
		{"empty deflate", "deflate", nil, []byte{}},
	} {
		got, err := Decode(test.raw, test.encoding, 1<<20)
		if err != nil || !bytes.Equal(got, test.want) {
			t.Errorf("%s: %d bytes, %v", test.name, len(got), err)
		}
	}
}

// header16 returns the checksum of a gzip header.
func header16(b []byte) []byte {
	var w bytes.Buffer
	z := gzip.NewWriter(&w)
	z.Write(b)
	z.Close()
	return w.Bytes()[w.Len()-8:][:2]
}

// TestRest: what is behind the end of compressed data, which is passed over.
func TestRest(t *testing.T) {
	var d Decoder
	for kind, encoding := range map[string]string{"gzip": "gzip", "zlib": "deflate", "bare": "deflate"} {
		raw := sample(t)[kind]
		decoded, err := d.Decode(join(raw, []byte("behind")), encoding, 1<<20)
		if err != nil || !bytes.Equal(decoded, fox) || string(d.Rest()) != "behind" {
			t.Errorf("%s: %q, %v, behind it %q", kind, decoded, err, d.Rest())
		}
		if _, err := d.Decode(raw, encoding, 1<<20); err != nil || len(d.Rest()) > 0 {
			t.Errorf("%s: %v, behind it %q", kind, err, d.Rest())
		}
		if _, err := d.Decode(raw[:len(raw)-2], "gzip", 1<<20); err == nil || d.Rest() != nil {
			t.Errorf("%s: %v, behind it %q", kind, err, d.Rest())
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	s := sample(t)
	for _, test := range []struct {
		name, encoding string
		raw            []byte
		want           error // nil: any
		decoded        bool  // all of fox, nevertheless
	}{
		{"unknown", "x-unknown", s["gzip"], ErrEncoding, false},
		{"two encodings", "gzip, br", s["gzip"], ErrEncoding, false},
		{"blank", " gzip", s["gzip"], ErrEncoding, false},
		{"codec of Python", "utf-8", s["gzip"], ErrEncoding, false},
		{"no gzip", "gzip", []byte("not gzip"), nil, false},
		{"one byte", "gzip", s["gzip"][:1], ErrTruncated, false},
		{"half a header", "gzip", s["gzip"][:9], ErrTruncated, false},
		{"half the data", "gzip", s["gzip"][:30], ErrTruncated, false},
		{"no checksum", "gzip", s["gzip"][:len(s["gzip"])-5], ErrTruncated, true},
		{"bad checksum", "gzip", join(s["gzip"][:len(s["gzip"])-1], []byte{9}), nil, true},
		{"no adler", "deflate", s["zlib"][:len(s["zlib"])-1], ErrTruncated, true},
		{"half of zlib", "deflate", s["zlib"][:30], ErrTruncated, false},
		{"half of br", "br", s["br"][:30], ErrTruncated, false},
		{"behind br", "br", join(s["br"], []byte{0}), nil, true},
		{"half of zstd", "zstd", s["zstd"][:30], ErrTruncated, false},
		{"no zstd", "zstd", []byte("not zstandard"), nil, false},
	} {
		got, err := Decode(test.raw, test.encoding, 1<<20)
		var decode *DecodeError
		switch {
		case !errors.As(err, &decode) || decode.Decoded != len(got) || decode.Encoding != test.encoding:
			t.Errorf("%s: %v", test.name, err)
		case test.want != nil && !errors.Is(err, test.want):
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		case !bytes.HasPrefix(fox, got):
			t.Errorf("%s: %q", test.name, got)
		case test.decoded != (len(got) == len(fox)):
			t.Errorf("%s: %d bytes", test.name, len(got))
		}
	}
}

func TestDecodeLimit(t *testing.T) {
	s := sample(t)
	for encoding, raw := range map[string][]byte{
		"gzip": s["gzip"], "deflate": s["bare"], "br": s["br"], "zstd": s["zstd"], "identity": fox,
	} {
		for limit := range []int{0, 1, 100, len(fox) - 1} {
			got, err := Decode(raw, encoding, limit)
			if !errors.Is(err, ErrLimit) || !bytes.Equal(got, fox[:limit]) {
				t.Errorf("%s within %d: %d bytes, %v", encoding, limit, len(got), err)
			}
		}
		if got, err := Decode(raw, encoding, len(fox)); err != nil || !bytes.Equal(got, fox) {
			t.Errorf("%s just within the limit: %d bytes, %v", encoding, len(got), err)
		}
	}
}

func TestContent(t *testing.T) {
	s := sample(t)
	for _, test := range []struct {
		name      string
		encodings []string
		raw, want []byte
	}{
		{"none", nil, s["gzip"], s["gzip"]},
		{"gzip", []string{"gzip"}, s["gzip"], fox},
		{"truncated gzip", []string{"gzip"}, s["gzip"][:len(s["gzip"])-9], fox},
		{"truncated deflate", []string{"deflate"}, s["zlib"][:30], s["zlib"][:30]},
		{"truncated br", []string{"br"}, s["br"][:30], s["br"][:30]},
		{"damaged", []string{"gzip"}, []byte("not gzip"), []byte("not gzip")},
		{"two headers", []string{"gzip", "br"}, s["gzip"], s["gzip"]},
		{"empty value", []string{""}, s["gzip"], s["gzip"]},
		{"absent", []string{"gzip"}, nil, nil},
	} {
		var h []*flowpb.HTTPHeader
		for _, e := range test.encodings {
			h = append(h, header("Content-Encoding", e)...)
		}
		in := &flowpb.Flow{Request: &flowpb.HTTPRequest{Headers: h}}
		out := &flowpb.Flow{Response: &flowpb.HTTPResponse{Headers: h}}
		if got := Content(in, Request, test.raw); !bytes.Equal(got, test.want) {
			t.Errorf("%s: request of %d bytes", test.name, len(got))
		}
		if got := Content(out, Response, test.raw); !bytes.Equal(got, test.want) {
			t.Errorf("%s: response of %d bytes", test.name, len(got))
		}
		out.Response.Body = &flowpb.Body{Decoded: new(true)}
		if got := Content(out, Response, test.raw); !bytes.Equal(got, test.raw) {
			t.Errorf("%s: decoded twice", test.name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	seeds := sample(f)
	if len(seeds) != 5 {
		f.Fatalf("%d seeds", len(seeds))
	}
	encodings := [...]string{"gzip", "deflate", "br", "zstd", "identity"}
	for _, raw := range seeds {
		for i := range encodings {
			f.Add(raw, byte(i))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte, which byte) {
		encoding := encodings[int(which)%len(encodings)]
		const limit = 1 << 16
		got, err := Decode(raw, encoding, limit)
		if len(got) > limit {
			t.Fatalf("%d bytes", len(got))
		}
		again, _ := Decode(raw, encoding, limit/2)
		if !bytes.HasPrefix(got, again) {
			t.Fatal("a smaller limit gives other bytes")
		}
		var decode *DecodeError
		if err != nil && !errors.As(err, &decode) {
			t.Fatalf("an error of another kind: %v", err)
		}
		if errors.Is(err, ErrLimit) && len(got) != limit {
			t.Fatalf("the limit after %d bytes", len(got))
		}
	})
}

// TestDecodeAll undoes chains, the last encoding first, and goes on with what a
// damaged one gives.
func TestDecodeAll(t *testing.T) {
	deflated := func(data []byte) []byte {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		w.Write(data)
		w.Close()
		return b.Bytes()
	}
	zipped := func(data []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(data)
		w.Close()
		return b.Bytes()
	}
	body := bytes.Repeat([]byte("words "), 1000)
	chain := zipped(deflated(body))
	for _, test := range []struct {
		raw       []byte
		encodings string
		want      []byte
		err       error
	}{
		{chain, "deflate, gzip", body, nil},
		{chain, "DEFLATE,, x-gzip", body, nil},
		{chain, "identity, deflate, gzip", body, nil},
		{body, "", body, nil},
		{chain[:len(chain)-4], "deflate, gzip", body, ErrTruncated},
		{chain, "gzip", deflated(body), nil},
		{chain, "flibble, gzip", nil, ErrEncoding},
		{chain, strings.Repeat("gzip,", 9), nil, ErrEncoding},
	} {
		got, err := DecodeAll(test.raw, test.encodings, 1<<20)
		if !bytes.Equal(got, test.want) || !errors.Is(err, test.err) {
			t.Errorf("%s: %d bytes, %v", test.encodings, len(got), err)
		}
	}
	if got, err := DecodeAll(chain, "deflate, gzip", 100); len(got) > 100 || !errors.Is(err, ErrLimit) && !errors.Is(err, ErrTruncated) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
