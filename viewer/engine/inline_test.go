package engine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/inline"
)

// openSource opens one source in an engine of its own, and returns what the
// reading said of it.
func openSource(t testing.TB, from *viewerpb.Source) (*Engine, *viewerpb.Progress) {
	t.Helper()
	e := New(Config{Helps: true, Source: func(_ context.Context, s *viewerpb.Source) (blob.Source, error) {
		b, err := os.ReadFile(s.Url)
		return blob.Bytes(b), err
	}})
	last := new(viewerpb.Progress)
	err := e.Open(t.Context(), []*viewerpb.Source{from}, func(p *viewerpb.Progress) {
		p.Issues = append(last.Issues, p.Issues...)
		last = p
	})
	if err != nil {
		t.Fatalf("%s: %v", name(from), err)
	}
	return e, last
}

func shop() *viewerpb.Source {
	return &viewerpb.Source{Url: filepath.Join("..", "..", "static", "samples", "shop.mitm")}
}

// linked returns the flows of scope as text.
func linked(t testing.TB, e *Engine, scope viewerpb.Scope, keys ...string) string {
	t.Helper()
	o, _ := e.session()
	text, err := inline.Text(t.Context(), o.chosen(scope, keys))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A session goes into a link and comes out of it: the same keys, what the table
// and the detail show, what was said of the flows, and all bodies.
func TestInlineLosesNothing(t *testing.T) {
	before, _ := openSource(t, shop())
	o, _ := before.session()
	keys := o.view.Keys(false)
	for i, key := range keys[:3] {
		marker, comment := ":odd:", "größer als "+key
		if _, err := before.Annotate(t.Context(), &viewerpb.Annotate{Key: key, Marker: &marker, Comment: &comment}); err != nil {
			t.Fatal(i, err)
		}
	}
	text := linked(t, before, viewerpb.Scope_ALL)
	t.Logf("%d flows take %d characters", len(keys), len(text))
	after, p := openSource(t, &viewerpb.Source{Name: "session in the link", Inline: text})
	if len(p.Issues) > 0 || p.Name != "session in the link" {
		t.Errorf("%q: %v", p.Name, p.Issues)
	}
	again, _ := after.session()
	if got := again.view.Keys(false); !slices.Equal(got, keys) {
		t.Fatalf("keys are %q, were %q", got, keys)
	}
	for _, key := range keys {
		sameFlow(t, before, after, key, true)
	}
	if linked(t, after, viewerpb.Scope_ALL) != text {
		t.Error("put into a link again it is another text")
	}
}

// sameFlow compares what is shown of a flow, with the sizes of its bodies if they
// are exact.
func sameFlow(t *testing.T, before, after *Engine, key string, exact bool) {
	t.Helper()
	was, err := before.Flow(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	is, err := after.Flow(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*viewerpb.Flow{was, is} {
		f.Row.Number = 0 // its place in the session
		for _, head := range []*viewerpb.Head{f.Request, f.Response} {
			if head != nil && head.Body != nil && !exact {
				head.Body.Size, f.Row.RequestSize, f.Row.ResponseSize = 0, 0, 0
			}
		}
	}
	if !bytes.Equal(is.Append(nil), was.Append(nil)) {
		t.Errorf("%s is\n%s\nwas\n%s", key, allOf(is), allOf(was))
	}
	asks := []*viewerpb.GetBody{{Part: viewerpb.Part_REQUEST}, {Part: viewerpb.Part_RESPONSE}}
	for i := range was.MessageCount {
		asks = append(asks, &viewerpb.GetBody{Part: viewerpb.Part_MESSAGE, Index: i})
	}
	for _, ask := range asks {
		ask.Key = key
		for _, ask.View = range []string{"auto", "hex"} {
			was, wasErr := before.Body(t.Context(), ask)
			is, isErr := after.Body(t.Context(), ask)
			if (wasErr == nil) != (isErr == nil) || wasErr == nil && (is.Present != was.Present || is.Text != was.Text || is.Note != was.Note || !bytes.Equal(is.Data, was.Data)) {
				t.Errorf("%v %s: %v, %v; was %v, %v", ask, ask.View, is, isErr, was, wasErr)
			}
		}
	}
}

// allOf returns what is shown of a flow, for people.
func allOf(f *viewerpb.Flow) string {
	text := fmt.Sprintf("%+v %+v %+v", f.Row, f.Request, f.Response)
	for _, s := range f.Sections {
		text += "\n" + s.Title
		for _, field := range s.Fields {
			text += fmt.Sprintf(" [%s: %s]", field.Name, field.Value)
		}
	}
	for _, p := range f.Phases {
		text += fmt.Sprintf("\n%+v", p)
	}
	return text
}

// One flow of the sample costs between a few hundred characters and two
// thousand.
func TestInlineOfOneFlow(t *testing.T) {
	e, _ := openSource(t, shop())
	o, _ := e.session()
	var sizes []int
	for _, key := range o.view.Keys(false) {
		text := linked(t, e, viewerpb.Scope_KEYS, key)
		sizes = append(sizes, len(text))
		if strings.Contains(key, "~") {
			continue // alone it is the first of its id
		}
		one, _ := openSource(t, &viewerpb.Source{Inline: text})
		sameFlow(t, e, one, key, true)
	}
	slices.Sort(sizes)
	t.Logf("characters: %d to %d, the median %d", sizes[0], sizes[len(sizes)-1], sizes[len(sizes)/2])
	if sizes[len(sizes)-1] > 3000 {
		t.Errorf("one flow takes up to %d characters", sizes[len(sizes)-1])
	}
}

// What is in the corpus opens from a link as from its file, if it fits.
func TestInlineCorpus(t *testing.T) {
	fit := 0
	var paths []string
	for _, glob := range []string{"captured/*", "har/*", "mitmproxy/*", "public/*"} {
		found, err := filepath.Glob(corpus.Path(t, glob))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil || info.IsDir() || info.Size() > 200<<10 {
			continue
		}
		e := New(Config{Helps: true, Source: func(context.Context, *viewerpb.Source) (blob.Source, error) {
			b, err := os.ReadFile(path)
			return blob.Bytes(b), err
		}})
		if e.Open(t.Context(), []*viewerpb.Source{{Name: path}}, func(*viewerpb.Progress) {}) != nil {
			continue
		}
		o, _ := e.session()
		text, err := inline.Text(t.Context(), o.chosen(viewerpb.Scope_ALL, nil))
		if err != nil {
			continue
		}
		fit++
		after, _ := openSource(t, &viewerpb.Source{Inline: text})
		again, _ := after.session()
		keys := o.view.Keys(false)
		if got := again.view.Keys(false); !slices.Equal(got, keys) {
			t.Errorf("%s: keys are %q, were %q", path, got, keys)
			continue
		}
		for _, key := range keys {
			// A body within JSON is as long as its text there, until it is read.
			sameFlow(t, e, after, key, o.files[0].format.Name != "har")
		}
	}
	t.Logf("%d files fit into a link", fit)
}
