package archive

import (
	"context"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// TestPagesOfMany: the pages of several captures are one list, and what they
// say differently is said of each.
func TestPagesOfMany(t *testing.T) {
	about := func(log string) string { return linesMagic + "=" + log + "\nthe line of a capture\n" }
	l, err := read(t, zipOf(t,
		deflated("a.lines", about(`{"version":"1.2","creator":1,"pages":[]}`)), deflated("b.lines", about(`{"version":"1.2","pages":[{"id":1}],"x":2}`)),
		deflated("c.lines", about(`{"pages":[{"id":2}, {"id":3}],"creator":4,"version":"1.2"}`))))
	if want := `{"version":"1.2","pages":[{"id":1},{"id":2}, {"id":3}],"_logs":[{"creator":1},{"x":2},{"creator":4}]}`; err != nil || l.about != want {
		t.Errorf("about is %s, %v, want %s", l.about, err, want)
	}
}

// paged is the format of lines, whose flows belong to the page that their
// capture says last.
func paged() session.Format {
	f := lines
	f.Open = func(ctx context.Context, src blob.Source) (session.Reader, error) {
		r, err := lines.Open(ctx, src)
		if err != nil {
			return nil, err
		}
		return pagedReader{r.(*lineReader)}, nil
	}
	return f
}

type pagedReader struct{ *lineReader }

func (r pagedReader) Next() (*flowpb.Flow, error) {
	f, err := r.lineReader.Next()
	if f != nil {
		if _, page, ok := strings.Cut(string(r.text(f)), "page "); ok {
			f.Har = &flowpb.HAR{Pageref: []byte(page)}
		}
	}
	return f, err
}

func (r pagedReader) text(f *flowpb.Flow) []byte {
	src, _ := r.Body(f.Response.Body)
	b, _ := blob.ReadAll(src)
	return b
}

// TestPagesOfTheSameName: a flow belongs to the page of its own capture.
func TestPagesOfTheSameName(t *testing.T) {
	l, err := readWith(t, Format([]session.Format{paged()}), zipOf(t,
		deflated("a.lines", linesMagic+"="+`{"pages":[{"id":"p","n":1}, {"id":"p-2"}]}`+"\nthe first is of page p\n"),
		deflated("b.lines", linesMagic+"the first is of page p\nthen comes page q\n="+`{"pages":[{"n":2 ,"id": "\u0070"},{"id":"q"}]}`+"\n"),
		deflated("c.lines", linesMagic+"="+`{"pages":[{"id":"p"}]}`+"\nthe first is of page p\nthe second is of page p\n")))
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, f := range l.list.Flows {
		pages = append(pages, string(f.Har.Pageref))
	}
	if want := []string{"p", "p-3", "q", "p-4", "p-4"}; !slices.Equal(pages, want) {
		t.Errorf("flows are of pages %q, want %q", pages, want)
	}
	if want := `{"pages":[{"id":"p","n":1}, {"id":"p-2"},{"n":2,"id":"\u0070-3"},{"id":"q"},{"id":"p-4"}]}`; l.about != want {
		t.Errorf("about is %s, want %s", l.about, want)
	}
}

func TestTextOf(t *testing.T) {
	for value, want := range map[string]string{
		`""`: "", `" a "`: " a ", `"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t",
		`"\u00e4\ud83d\ude00\u00"`: "ä😀u00", `"\ud83d\u0041"`: "\ufffdA", `"\ud83d"`: "\ufffd",
	} {
		if got, ok := textOf([]byte(value)); !ok || got != want {
			t.Errorf("%s is %q, %t, want %q", value, got, ok, want)
		}
	}
	if _, ok := textOf([]byte("1")); ok {
		t.Error("a number is a text")
	}
}

func TestMergeLogs(t *testing.T) {
	for _, test := range []struct {
		logs []string
		want string
	}{
		{[]string{"damaged"}, "damaged"},
		{[]string{"damaged", "{}"}, "damaged"},
		{[]string{`{"a":1}`, `damaged`}, `{"a":1}`},
		{[]string{`{"a}\",:{":["]"] , "b" : "," }`, `{"b":2}`, `{}`, `{"c":[]}`}, `{"_logs":[{"a}\",:{":["]"],"b":","},{"b":2},{},{"c":[]}]}`},
		{[]string{`{"pages":[]}`, `{"pages": [1]}`, `{"pages":[]}`, `{"pages":[2]}`}, `{"pages":[1,2]}`},
		{[]string{`{"a"}`, `{"b":1}`}, `{"a"}`},
		{[]string{`{}`, `{"b":1}`}, `{"_logs":[{},{"b":1}]}`},
		{[]string{`{}`, `{}`}, `{}`},
		{[]string{`{ "a" : 1.0 }`}, `{ "a" : 1.0 }`},
		{[]string{`{"a":1.0}`, `{"a":2,"b":{"x": 1}}`}, `{"_logs":[{"a":1.0},{"a":2,"b":{"x": 1}}]}`},
		{[]string{`{"a":1,"b":2,"c":3}`, `{"c":3,"a":1,"b":4}`}, `{"a":1,"c":3,"_logs":[{"b":2},{"b":4}]}`},
		{[]string{`{"a":1}`, `{ "a" : 1 }`}, `{"a":1}`},
		{[]string{`{"pages":[{"id":"1"}]}`, `{"pages":0}`, `{"pages":[{"id":"2"}]}`}, `{"pages":[{"id":"1"},{"id":"2"}],"_logs":[{},{"pages":0},{}]}`},
	} {
		var logs [][]byte
		for _, log := range test.logs {
			logs = append(logs, []byte(log))
		}
		if got := string(mergeLogs(logs)); got != test.want {
			t.Errorf("%q is merged as %s, want %s", test.logs, got, test.want)
		}
	}
}
