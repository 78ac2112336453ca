package har

import (
	"bytes"
	"context"
	"errors"
	"io"
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
