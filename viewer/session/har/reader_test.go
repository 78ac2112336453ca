package har

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// file returns a HAR of entries.
func file(entries ...string) []byte {
	return []byte(`{"log":{"version":"1.2","entries":[` + strings.Join(entries, ",") + `]}}`)
}

// one returns the flow of an entry with these members, which has to be read
// without an issue.
func one(t *testing.T, members string) (session.Reader, *flowpb.Flow) {
	t.Helper()
	r, l, err := readAll(t, blob.Bytes(file(`{`+members+`}`)))
	if err != nil || len(l.Flows) != 1 || len(l.Issues) != 0 {
		t.Fatalf("%d flows, %v, %v", len(l.Flows), l.Issues, err)
	}
	return r, l.Flows[0]
}

const simple = `{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://a/"},"response":{"status":200}}`

func TestSniff(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", session.SniffLen)
	for _, test := range []struct{ head, want string }{
		{`{"log":{`, ""},
		{"\xef\xbb\xbf \r\n{ \"log\" : {", ""},
		{`{"x":[1,{"log":2}],"log":{`, ""},
		{`{"log":`, ""},
		{`cb_1$.x ( {"log":{`, ""},
		{long[:session.SniffLen], ""},
		{`{"log":[`, "its log is not an object"},
		{`{"log":null}`, "its log is not an object"},
		{`{}`, "its JSON object has no member log"},
		{`{`, "its JSON object has no member log"},
		{`{"a":{"log":{}}}`, "its JSON object has no member log"},
		{`[]`, "it does not begin with a JSON object"},
		{`log`, "it does not begin with a JSON object"},
		{`log[`, "it does not begin with a JSON object"},
		{"   ", "it does not begin with a JSON object"},
		{`12:3:abc,}`, "it does not begin with a JSON object"},
		{`{"a" 1}`, "byte 5: there is no :"},
		{"\xff\xfe{\x00", "it is UTF-16 text, and JSON is UTF-8"},
		{"\xfe\xff\x00{", "it is UTF-16 text, and JSON is UTF-8"},
		{strings.Repeat(`{"a":`, maxDepth+2), "byte 50006: values nest deeper than 10000"},
	} {
		got := ""
		if err := Format.Sniff([]byte(test.head)); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%.40q: %q, want %q", test.head, got, test.want)
		}
	}
}

// TestStructure: what is wrong with a file as a whole.
func TestStructure(t *testing.T) {
	for _, test := range []struct {
		file          string
		flows, issues int
		err, about    string
	}{
		{`{"log":{"entries":[]}}`, 0, 0, "", ""},
		{`{"log":{"entries":[` + simple + `],"pages":[ 1 ],"a\"b":null}}`, 1, 0, "", `{"pages":[1],"a\"b":null}`},
		{`{"log":{"entries":[` + simple + `,]}}`, 1, 0, "", ""},
		{`{"log":{"entries":[` + simple + `]},"x":1} `, 1, 0, "", ""},
		{`f({"log":{"entries":[` + simple + `]}});`, 1, 0, "", ""},
		{`{"log":{"entries":[` + simple + `]}}{}`, 1, 1, "", ""},
		{`{"log":{"entries":[` + simple + `]}`, 1, 1, "", ""},
		{`{"log":{"entries":[` + simple, 1, 1, "", ""},
		{`{"log":{"entries":[` + simple + `],"pages":[}}`, 1, 1, "", ""},
		{`{"log":{"entries":[` + simple + `],"pages":NaN}}`, 1, 1, "", `{"pages":null}`},
		{`{"log":{"entries":{}}}`, 0, 1, "", ""},
		{`{"log":{}}`, 0, 0, "har: its log has no entries", ""},
		{`{"log":1}`, 0, 0, "har: its JSON object has no member log", ""},
		{`{"log":{"a":1`, 0, 0, "har: byte 13: the file is cut off", ""},
		{`{"log":{"a" 1`, 0, 0, "har: byte 12: there is no :", ""},
		{`nothing`, 0, 0, "har: it does not begin with a JSON object", ""},
	} {
		r, l, err := readAll(t, blob.Bytes([]byte(test.file)))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if len(l.Flows) != test.flows || len(l.Issues) != test.issues || got != test.err {
			t.Errorf("%s: %d flows, %v, %q", test.file, len(l.Flows), l.Issues, got)
		}
		if about := string(r.About().GetHarLog()); about != test.about {
			t.Errorf("%s: about %s, want %s", test.file, about, test.about)
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("%s: after the end %v", test.file, err)
		}
	}
}

// TestCut: a file that ends too soon, at any byte, has all entries that are
// whole, and says where it ends.
func TestCut(t *testing.T) {
	long := strings.Replace(simple, `"request":{`, `"request":{"postData":{"text":"`+strings.Repeat("long", maxInline)+`"},`, 1)
	if long == simple {
		t.Fatal("the entry has no request to put a body in")
	}
	for _, second := range []string{strings.Replace(simple, "http://a/", "http://b/", 1), long} {
		testCut(t, second)
	}
}

func testCut(t *testing.T, second string) {
	whole := file(simple, second)
	ends := []int{bytes.Index(whole, []byte(second)) - 1, bytes.LastIndexByte(whole, ']')}
	for n := bytes.IndexByte(whole, '[') + 1; n < len(whole); n++ {
		_, l, err := readAll(t, blob.Bytes(whole[:n]))
		want := 0
		for _, end := range ends {
			if n >= end {
				want++
			}
		}
		if err != nil || len(l.Flows) != want || len(l.Issues) != 1 {
			t.Fatalf("%d bytes: %d flows, want %d; %v, %v", n, len(l.Flows), want, l.Issues, err)
		}
		if text := l.Issues[0].Error(); !strings.HasSuffix(text, "byte "+strconv.Itoa(n)+": the file is cut off") {
			t.Fatalf("%d bytes: %s", n, text)
		}
	}
}

// TestDamage: wherever a byte of an entry is lost or wrong, the entries around
// it are read.
func TestDamage(t *testing.T) {
	first, last := strings.Replace(simple, "http://a/", "http://first/", 1), strings.Replace(simple, "http://a/", "http://last/", 1)
	for i := range len(simple) {
		for _, damaged := range []string{simple[:i] + simple[i+1:], simple[:i] + "\x00" + simple[i+1:], simple[:i] + `"` + simple[i:], simple[:i] + "}" + simple[i:]} {
			_, l, err := readAll(t, blob.Bytes(file(first, damaged, damaged, last)))
			if err != nil || len(l.Flows) < 2 {
				t.Fatalf("%s: %d flows, %v, %v", damaged, len(l.Flows), l.Issues, err)
			}
			if a, b := l.Flows[0], l.Flows[len(l.Flows)-1]; string(a.Request.GetHost()) != "first" || string(b.Request.GetHost()) != "last" {
				t.Fatalf("%s: %q and %q, %v", damaged, a.Request.GetHost(), b.Request.GetHost(), l.Issues)
			}
		}
	}
}

// TestNesting: values as deep as allowed are kept, deeper ones are damage.
func TestNesting(t *testing.T) {
	for _, test := range []struct{ depth, flows, issues int }{{maxDepth, 3, 0}, {maxDepth + 1, 2, 1}, {1_000_000, 2, 1}} {
		deep := strings.Replace(simple, `"request"`, `"_x":`+strings.Repeat("[", test.depth)+strings.Repeat("]", test.depth)+`,"request"`, 1)
		_, l, err := readAll(t, blob.Bytes(file(simple, deep, simple)))
		if err != nil || len(l.Flows) != test.flows || len(l.Issues) != test.issues {
			t.Fatalf("depth %d: %d flows, %v, %v", test.depth, len(l.Flows), l.Issues, err)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := Format.Open(ctx, blob.Bytes(file(simple)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestURL(t *testing.T) {
	for _, test := range []struct {
		url, scheme, host, path string
		port                    int32
	}{
		{"http://a", "http", "a", "/", 80},
		{"HTTPS://A.b:8443?x#y", "https", "A.b", "/?x#y", 8443},
		{"https://u:p@h/@", "https", "h", "/@", 443},
		{"http://[::1]:81/x", "http", "::1", "/x", 81},
		{"http://[::1]", "http", "::1", "/", 80},
		{"http://h:99999/", "http", "h:99999", "/", 80},
		{"wss://h/c", "wss", "h", "/c", 0},
		{"data:,x//y", "data", "", ",x//y", 0},
		{"about:blank", "about", "", "blank", 0},
		{"/only/path", "", "", "/only/path", 0},
		{"1a://x", "", "", "1a://x", 0},
		{"", "", "", "", 0},
	} {
		_, f := one(t, `"request":{"method":"GET","url":"`+test.url+`"}`)
		r := f.Request
		if string(r.Scheme) != test.scheme || string(r.Host) != test.host || string(r.Path) != test.path || r.GetPort() != test.port || string(f.Har.Url) != test.url {
			t.Errorf("%s: %q, %q, %d, %q", test.url, r.Scheme, r.Host, r.GetPort(), r.Path)
		}
	}
}

func TestParseTime(t *testing.T) {
	for _, test := range []struct {
		text string
		want float64
	}{
		{"1970-01-01T00:00:00Z", 0},
		{"2000-02-29T12:34:56.789Z", 951827696.789},
		{"2000-03-01", 951868800},
		{"1999-12-31T23:59:60Z", 946684800},
		{"2009-07-24T19:20:30.45+01:00", 1248459630.45},
		{"2009-07-24 19:20:30,45+0100", 1248459630.45},
		{"2009-07-24t18:20:30.450000999z", 1248459630.45},
		{"2009-07-24T14:20-04", 1248459600},
		{" 2009-07-24T18:20 ", 1248459600},
		{"1969-12-31T23:59:59.5Z", -0.5},
		{"1600-01-01T00:00:00Z", -11676096000},
	} {
		if got, ok := parseTime(test.text); !ok || got != test.want {
			t.Errorf("%s: %v, %v, want %v", test.text, got, ok, test.want)
		}
	}
	for _, text := range []string{"", "2009", "2009-13-01", "2009-07-00", "2009-07-24T", "2009-07-24T1:00", "2009-07-24T18:20:30+", "2009-07-24T18:20Zx", "24.7.2009", "2009-07-24T18:61"} {
		if got, ok := parseTime(text); ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestTimes: each time is known only if what it depends on is.
func TestTimes(t *testing.T) {
	const base = 1767225600 // of simple
	for _, test := range []struct {
		members                string
		requestEnd, start, end float64 // after base; 0 is absent
	}{
		{`"time":4000,"timings":{"blocked":500,"dns":-1,"connect":250,"ssl":200,"send":250,"wait":1000,"receive":1000}`, 1, 2, 4},
		{`"timings":{"send":1000,"wait":1000,"receive":1000}`, 1, 2, 3},
		{`"timings":{"send":1000,"wait":-1,"receive":1000}`, 1, 0, 0},
		{`"timings":{"wait":1000,"receive":1000}`, 0, 0, 0},
		{`"time":2000`, 0, 0, 2},
		{`"time":-1`, 0, 0, 0},
		{`"time":null`, 0, 0, 0},
	} {
		_, f := one(t, strings.Trim(simple, "{}")+"},"+test.members)
		for _, time := range []struct {
			name string
			got  *float64
			want float64
		}{
			{"request end", f.Request.TimestampEnd, test.requestEnd},
			{"response start", f.Response.TimestampStart, test.start},
			{"response end", f.Response.TimestampEnd, test.end},
		} {
			if (time.got != nil) != (time.want != 0) || time.got != nil && *time.got != base+time.want {
				t.Errorf("%s: %s %v, want %v", test.members, time.name, time.got, time.want)
			}
		}
		if f.Request.GetTimestampStart() != base {
			t.Errorf("%s: start %v", test.members, f.Request.GetTimestampStart())
		}
	}
}

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

// TestPlaces: what is wrong within an entry is told by its number, what is
// wrong between two by the byte.
func TestPlaces(t *testing.T) {
	const head = `{"log":{"entries":[`
	between := strconv.Itoa(len(head) + len(simple))
	for _, test := range []struct {
		file  string
		flows int
		want  string
	}{
		{head + simple, 1, "byte " + between + ": the file is cut off"},
		{head + simple + simple + `]}}`, 2, "byte " + between + ": there is neither , nor ]"},
		{head + simple + `,{"a" 1}]}}`, 1, "entry 2: byte " + strconv.Itoa(len(head)+len(simple)+6) + ": there is no :"},
		{head + simple + `,{"request":1}]}}`, 1, "entry 2: request: it is the number 1, and not shown"},
	} {
		_, l, err := readAll(t, blob.Bytes([]byte(test.file)))
		if err != nil || len(l.Flows) != test.flows || len(l.Issues) == 0 || l.Issues[0].Error() != test.want {
			t.Errorf("%s: %d flows, %v, %v, want %s", test.file, len(l.Flows), l.Issues, err, test.want)
		}
	}
}

// TestBrokenSearch: an error of the source while the next entry is searched
// for is final.
func TestBrokenSearch(t *testing.T) {
	damaged := file(simple, `{"a" 1`+strings.Repeat(" ", 2*len(simple)))
	_, l, err := readAll(t, broken{blob.Bytes(damaged)})
	if !errors.Is(err, errBroken) || len(l.Flows) != 1 {
		t.Errorf("%d flows, %v, %v", len(l.Flows), l.Issues, err)
	}
}
