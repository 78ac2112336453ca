package content

import (
	"context"
	"strings"
	"testing"
)

// formBody returns a form of parts that are written with "\n" for line breaks.
func formBody(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--B\r\n" + strings.ReplaceAll(p, "\n", "\r\n") + "\r\n")
	}
	return b.String() + "--B--\r\n"
}

func TestMultipart(t *testing.T) {
	const named = `Content-Disposition: form-data; name="a"`
	for _, test := range []struct{ name, body, want string }{
		{"nothing", "", ""},
		{"no part", "--B--", ""},
		{"field", formBody(named + "\n\n1"), "a: '1'\n"},
		{"same name", formBody(named+"\n\n1", named+"\n\n", named+"\n\n2"), "a:\n- '1'\n- ''\n- '2'\n"},
		{"other header first", formBody("X: y\n" + named + "\n\n1"), "a: '1'\n"},
		{"line breaks", formBody(named + "\n\none\ntwo \n\n\tthree\n"), "a: |\n  one\n  two \n\n  \tthree\n"},
		{"last line open", formBody(named + "\n\n one\ntwo"), "a: |2-\n   one\n  two\n"},
		{"in a list", formBody(named+"\n\n1", named+"\n\n2\n3"), "a:\n- '1'\n- |-\n  2\n  3\n"},
		{"letters", formBody(named + "\n\ncafé"), "a: café\n"},
		{"bytes", formBody(named + "\n\n\xffé"), `a: \xff\xc3\xa9` + "\n"},
		{"control characters", formBody(named + "\n\n\x00\na\\b"), `a: \x00\r\na\\b` + "\n"},
		{"lone carriage return", formBody(named + "\n\n1\r2"), `a: 1\r2` + "\n"},
		{"file", formBody(named + "; filename=\"x.bin\"\nContent-Type: application/octet-stream\n\n\x00\n"),
			"a:\n  filename: x.bin\n  type: application/octet-stream\n  size: 3\n  content: \\x00\\r\\n\n"},
		{"no file chosen", formBody(named + "; filename=\"\"\n\n"), "a:\n  filename: ''\n  size: 0\n  content: ''\n"},
		{"json", formBody(named + "\nContent-Type: application/json\n\n{\"k\":[1]}"),
			"a:\n  type: application/json\n  size: 9\n  content: |-\n    {\n        \"k\": [\n            1\n        ]\n    }\n"},
		{"bad json", formBody(named + "\nContent-Type: application/json\n\n{"), "a:\n  type: application/json\n  size: 1\n  content: '{'\n"},
		{"charset", formBody(named + "\nContent-Type: text/plain; charset=latin-1\n\n\xe9"), "a:\n  type: text/plain; charset=latin-1\n  size: 1\n  content: é\n"},
		{"no name", formBody("Content-Disposition: form-data\n\n1", "\n2", ""), "'':\n- '1'\n- '2'\n- ''\n"},
		{"names", formBody(`CONTENT-DISPOSITION: form-data; x; Name = "a;\"b\\c\d" ;z=1; filename=y.txt` + "\n\n1"),
			"a;\"b\\c\\d:\n  filename: y.txt\n  size: 1\n  content: '1'\n"},
		{"extended name", formBody(`Content-Disposition: form-data; name=a; filename*=utf-8''%e2%82%ac.txt; filename="x.txt"` + "\n\n1"),
			"a:\n  filename: €.txt\n  size: 1\n  content: '1'\n"},
		{"open quotes", formBody(`Content-Disposition: form-data; name="a` + "\n\n1"), "a: '1'\n"},
		{"preamble, epilogue", "x --B\r\n--B \r\n" + named + "\r\n\r\n1\r\n--B--\r\n--B\r\n\r\n2\r\n--B--", "a: '1'\n"},
		{"like the boundary", formBody(named + "\n\n--Bx\n--\n -- --B"), "a: |-\n  --Bx\n  --\n   -- --B\n"},
		{"bare line feeds", "--B\n" + named + "\n\n1\n2\n--B--", "a: |-\n  1\n  2\n"},
		{"cut off", "--B\r\n" + named + "\r\n\r\n1\r\n2", "a: |-\n  1\n  2\n"},
		{"cut off in its headers", "--B\r\n" + named, "a: ''\n"},
	} {
		if got := shown(multipartView(), Describe("multipart/form-data; boundary=B"), test.body); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

func TestMultipartBoundary(t *testing.T) {
	body := formBody("Content-Disposition: form-data; name=a\n\n1")
	for contentType, want := range map[string]string{
		`multipart/form-data; boundary="B"`: "a: '1'\n",
		"multipart/form-data":               "a: '1'\n",
		"":                                  "a: '1'\n",
		"multipart/form-data; boundary=C":   "",
	} {
		if got := shown(multipartView(), Describe(contentType), body); got != want {
			t.Errorf("%q: %q", contentType, got)
		}
	}
	if got := shown(multipartView(), Metadata{}, "x"); got != "[there is no boundary]" {
		t.Errorf("no boundary: %q", got)
	}
	if v := choose(Describe("multipart/form-data"), []byte(body)); v.Name != "multipart form" {
		t.Errorf("auto takes %s", v.Name)
	}
}

func TestMultipartBounds(t *testing.T) {
	head := "Content-Disposition: form-data; name=a\n"
	got := shown(multipartView(), Metadata{}, formBody(head+"\n"+strings.Repeat("\xff", 5000)))
	if strings.Count(got, `\xff`) != maxBinary || !strings.Contains(got, "  # the first 1024 bytes\n") {
		t.Errorf("%d bytes: %.100q", len(got), got)
	}
	deep := head + "Content-Type: application/json\n\n" + strings.Repeat("[", 1000) + strings.Repeat("]", 1000)
	parts := make([]string, 100)
	for i := range parts {
		parts[i] = deep
	}
	if got := shown(multipartView(), Metadata{}, formBody(parts...)); got != "["+errTooLong.Error()+"]" {
		t.Errorf("deep: %.100q", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := multipartView().Render(ctx, Metadata{}, []byte(formBody("\n1"))); err == nil {
		t.Error("cancelled without an error")
	}
}
