package har

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A drip is a Source that gives only a few bytes at a time, so that every
// token lies across two reads.
type drip struct {
	blob.Source
	n int
}

func (d drip) ReadAt(b []byte, offset int64) (int, error) {
	n, err := d.Source.ReadAt(b[:min(len(b), d.n)], offset)
	if n > 0 {
		err = nil
	}
	return n, err
}

// playwrightFolder has the files that testdata/playwright.har names, but one.
func playwrightFolder(src blob.Source) session.Folder {
	return zipFolder{src, map[string][]byte{"0a.txt": []byte("hello"), "1b.html": []byte("<p></p>")}}
}

// TestProducers reads a file as each producer writes it, whole and in drips.
func TestProducers(t *testing.T) {
	names, err := filepath.Glob("testdata/*.har*")
	names = slices.DeleteFunc(names, func(n string) bool { return filepath.Ext(n) == ".golden" })
	if err != nil || len(names) != 17 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := sniff(b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got := describe(t, playwrightFolder(blob.Bytes(b)), len(b))
		for _, n := range []int{1, 2, 3, 7, 64} {
			if dripped := describe(t, playwrightFolder(blob.Bytes(b)), n); dripped != got {
				t.Fatalf("%s, %d bytes at a time:\n%s\nwhole:\n%s", name, n, dripped, got)
			}
		}
		golden := name + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// describe writes down everything that a reader yields that gets n bytes at a
// time.
func describe(t testing.TB, src blob.Source, n int) string {
	t.Helper()
	var b strings.Builder
	r := newReader(t.Context(), src)
	r.decoder.stream = blob.NewStream(t.Context(), drip{src, n})
	l, err := session.ReadAll(r)
	for i, f := range l.Flows {
		fmt.Fprintf(&b, "flow %d\n", i+1)
		describeValue(&b, "  ", reflect.ValueOf(f).Elem())
		for _, body := range bodiesOf(f) {
			fmt.Fprintf(&b, "  = %q\n", bodyBytes(t, r, body.inline, body.ref))
		}
	}
	for _, issue := range l.Issues {
		fmt.Fprintf(&b, "issue: %v\n", issue)
	}
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	fmt.Fprintf(&b, "about: %s\n", r.About().GetHarLog())
	return b.String()
}

type bodyPart struct {
	inline []byte
	ref    *flowpb.Body
}

// bodiesOf returns the bodies of f that are in the file.
func bodiesOf(f *flowpb.Flow) []bodyPart {
	all := []bodyPart{
		{f.GetRequest().GetContent(), f.GetRequest().GetBody()},
		{f.GetResponse().GetContent(), f.GetResponse().GetBody()},
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		all = append(all, bodyPart{m.Content, m.Body})
	}
	var some []bodyPart
	for _, p := range all {
		if p.ref != nil {
			some = append(some, p)
		}
	}
	return some
}

// describeValue writes the fields of a message that are there.
func describeValue(b *strings.Builder, indent string, v reflect.Value) {
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Name, v.Field(i)
		switch x := field.Interface().(type) {
		case []byte:
			if x != nil {
				fmt.Fprintf(b, "%s%s %q\n", indent, name, x)
			}
			continue
		case []*flowpb.HTTPHeader:
			for _, h := range x {
				fmt.Fprintf(b, "%s%s %q %q\n", indent, name, h.Name, h.Value)
			}
			continue
		}
		switch field.Kind() {
		case reflect.Slice:
			for j := range field.Len() {
				fmt.Fprintf(b, "%s%s\n", indent, name)
				describeValue(b, indent+"  ", field.Index(j).Elem())
			}
		case reflect.Pointer:
			switch {
			case field.IsNil():
			case field.Elem().Kind() == reflect.Struct:
				fmt.Fprintf(b, "%s%s\n", indent, name)
				describeValue(b, indent+"  ", field.Elem())
			default:
				fmt.Fprintf(b, "%s%s %v\n", indent, name, field.Elem())
			}
		}
	}
}

// TestNoFolder: a file that lies alone says once that bodies are elsewhere.
func TestNoFolder(t *testing.T) {
	b, err := os.ReadFile("testdata/playwright.har")
	if err != nil {
		t.Fatal(err)
	}
	_, l, err := readAll(t, blob.Bytes(b))
	if err != nil || len(l.Flows) != 2 || len(l.Issues) != 1 {
		t.Fatal(err, len(l.Flows), l.Issues)
	}
	if got, want := l.Issues[0].Error(), `entry 1: request.postData._file: "0a.txt" is not at hand`; !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if f := l.Flows[0]; f.Response.Body != nil || f.Response.Content != nil || !bytes.Contains(f.Har.Response, []byte("1b.html")) {
		t.Errorf("%v, %s", f.Response.Body, f.Har.Response)
	}
}

// errBroken is what a source reports that breaks.
var errBroken = errors.New("the disk is gone")

type broken struct{ blob.Source }

func (b broken) ReadAt(p []byte, offset int64) (int, error) {
	if offset > 0 {
		return 0, errBroken
	}
	return b.Source.ReadAt(p[:len(p)/2], offset)
}

// TestBrokenSource: an error of the source is final, and what was read stands.
func TestBrokenSource(t *testing.T) {
	_, l, err := readAll(t, broken{blob.Bytes(benchFile(4, "x"))})
	if !errors.Is(err, errBroken) || len(l.Flows) == 0 || len(l.Issues) != 0 {
		t.Errorf("%v, %d flows, %v", err, len(l.Flows), l.Issues)
	}
}
