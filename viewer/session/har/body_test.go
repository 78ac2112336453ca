package har

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// TestBodies: the bytes of a text, short and long, in memory and in pieces.
func TestBodies(t *testing.T) {
	for _, test := range []struct {
		contentType, encoding, text, want string
	}{
		{"text/html", "", `a\"\\\/\b\f\n\r\té☃😀`, "a\"\\/\b\f\n\r\té☃😀"},
		{"text/html", "", `\u00e9\ud83d\ude00\ud83dx\udc80\ude00\uD800`, "é😀\xed\xa0\xbdx\x80\xed\xb8\x80\xed\xa0\x80"},
		{"text/html", "", `\ud83d\u0041\u12\q\u`, "\xed\xa0\xbdA\\u12\\q\\u"},
		{"text/plain", "", `café`, "caf\xe9"},
		{"text/plain", "", `caf\u00e9`, "caf\xe9"},
		{"text/plain", "", `café☃`, "café☃"},
		{"", "", `\u00ff`, "\xff"},
		{"text/plain; charset=windows-1252", "", `€`, "\x80"},
		{"text/plain; charset=gb2312", "", `中`, "\xd6\xd0"},
		{"text/plain; charset=utf-16be", "", `é`, "\x00\xe9"},
		{"text/plain; charset=koi8-r", "", `中`, "中"},
		{"text/plain; charset=nonesuch", "", `é`, "é"},
		{"text/plain; charset=windows-1252", "", `\udc80€`, "\x80€"},
		{"text/plain", "base64", `QUI=`, "AB"},
		{"text/plain", "base64", `QUI`, "AB"},
		{"text/plain", "base64", `QU\u0049=`, "AB"},
		{"text/plain", "base64", `Q\nU \r\nI`, "AB"},
		{"text/plain", "base64", `+\/-_`, "\xfb\xff\xbf"},
		{"text/plain", "base64", `QQ==QQ==`, "AA"},
		{"text/plain", "base64", ``, ""},
		{"text/plain", "", ``, ""},
	} {
		for _, copies := range []int{1, 1 + maxInline, 1 + maxWhole} {
			if test.want == "" && copies > 1 {
				continue
			}
			headers := `[]`
			if test.contentType != "" {
				headers = `[{"name":"Content-Type","value":"` + test.contentType + `"}]`
			}
			// The text of a charset stays in it if the copies are ASCII.
			filler, decoded := "x", "x"
			if test.encoding != "" {
				filler, decoded = "eHh4", "xxx"
			}
			text := strings.Repeat(filler, copies) + test.text
			want := strings.Repeat(decoded, copies) + test.want
			if test.contentType == "text/plain; charset=utf-16be" {
				want = strings.ReplaceAll(want, "x", "\x00x")
			}
			r, f := one(t, `"request":{"method":"GET","url":"/"},"response":{"status":200,"headers":`+headers+`,"content":{"encoding":"`+test.encoding+`","text":"`+text+`"}}`)
			got := bodyBytes(t, r, f.Response.Content, f.Response.Body)
			if string(got) != want {
				t.Errorf("%s %s, %d copies: %.60q, want %.60q", test.contentType, test.text, copies, got[min(len(got), max(0, copies-1)):], want[copies-1:])
			}
			if inline := f.Response.Content != nil; inline != (f.Response.Body.GetLength() <= maxInline) || !f.Response.Body.GetDecoded() {
				t.Errorf("%s: inline is %v, %d bytes", test.text, inline, f.Response.Body.GetLength())
			}
		}
	}
}

// TestPieces: a long body reads the same at every offset.
func TestPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, test := range []struct {
		base64        bool
		charset, unit string
	}{
		{false, charsetUTF8, `é\ud83d\ude00\"plain text ☃\u00e9`},
		{false, charsetLatin1, `é\u00ffplain`},
		{false, charsetLatin1, `é☃plain`},
		{true, charsetUTF8, `QUJDRE\/VGR\n0hJSktM\u0041`},
	} {
		inside := []byte(strings.Repeat(test.unit, 2*maxWhole/len(test.unit)))
		src, err := open(blob.Bytes(inside), test.base64, test.charset)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := src.(*pieced); !ok {
			t.Fatalf("%s is %T", test.unit, src)
		}
		want := appendText(nil, inside, test.base64)
		if !test.base64 {
			want = encode(want, test.charset)
		}
		if src.Size() != int64(len(want)) {
			t.Fatalf("%s: size %d, want %d", test.unit, src.Size(), len(want))
		}
		for range 200 {
			from := random.Int64N(src.Size())
			b := make([]byte, random.IntN(2*pieceLen))
			n, err := src.ReadAt(b, from)
			if end := from + int64(n); n < len(b) && (err != io.EOF || end != src.Size()) || !bytes.Equal(b[:n], want[from:end]) {
				t.Fatalf("%s: %d bytes at %d, %v", test.unit, n, from, err)
			}
		}
	}
}

// TestForeignBodies: references that no flow of this reader has are errors.
func TestForeignBodies(t *testing.T) {
	r := newReader(t.Context(), blob.Bytes(file(simple)))
	for _, ref := range []*flowpb.Body{
		{Encoding: new(flowpb.Body_RAW)},
		{Encoding: new(flowpb.Body_JSON)},
		{Encoding: new(flowpb.Body_JSON), Offset: new(uint64(1 << 40)), Length: new(uint64(9))},
		{Encoding: new(flowpb.Body_JSON), Offset: new(uint64(1 << 63)), Length: new(uint64(9))},
		{Encoding: new(flowpb.Body_JSON), Offset: new(uint64(5)), Length: new(uint64(1 << 63))},
		{Encoding: new(flowpb.Body_FILE), Offset: new(uint64(0))},
	} {
		if src, err := r.Body(ref); err == nil {
			t.Errorf("%v: %d bytes", ref, src.Size())
		}
	}
}
