package engine

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
)

// documentOf returns a document that is complete, of pieces of a few lines.
func documentOf(text string) *document {
	d := newDocument(func() {})
	for piece := range slices.Chunk(slices.Collect(strings.SplitAfterSeq(text, "\n")), 3) {
		d.add("json", strings.Join(piece, ""))
	}
	d.finish(about{view: "json"}, "", nil)
	return d
}

// randomText returns lines of random indents, some of which are blank.
func randomText(random *rand.Rand) string {
	var b strings.Builder
	depth := 0
	for i := range random.IntN(40) {
		depth = max(0, depth+random.IntN(4)-2)
		if random.IntN(8) > 0 {
			fmt.Fprintf(&b, "%*sline %d", 2*depth, "", i)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// visible returns the places of lines that are not hidden, in the plainest way.
func visible(text string, foldFrom int, folded []uint64) (places []int) {
	at, hiddenBy := 0, -1 // the indent of the line that hides
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		next := slices.IndexFunc(lines[i+1:], func(line string) bool { return indent(line) >= 0 })
		if width := indent(line); hiddenBy < 0 || width >= 0 && width <= hiddenBy {
			hiddenBy = -1
			places = append(places, at)
			if width >= 0 && next >= 0 && indent(lines[i+1+next]) > width && slices.Contains(folded, uint64(at)) != (foldFrom > 0 && width >= foldFrom) {
				hiddenBy = width
			}
		}
		at += len(line)
	}
	return places
}

// TestWindows is the law that windows forwards and backwards go through all the
// lines that are not hidden.
func TestWindows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		text := randomText(random)
		if text == "" {
			continue
		}
		get := &viewerpb.GetBody{FoldFrom: uint32(random.IntN(6))}
		at := 0
		for line := range strings.SplitAfterSeq(text, "\n") {
			if random.IntN(6) == 0 && indent(line) >= 0 {
				get.Folded = append(get.Folded, uint64(at))
			}
			at += len(line)
		}
		doc, count := documentOf(text), 1+random.IntN(5)
		want := visible(text, int(get.FoldFrom), get.Folded)
		var got []int
		r := doc.reader(context.Background(), get)
		for at := 0; r.has(at); {
			spans, _, next := r.forward(at, math.MaxInt, count, 1<<20)
			for _, s := range spans {
				got = append(got, s.begin)
			}
			at = next
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q, %v: forwards %v, want %v", text, get, got, want)
		}
		if len(get.Folded) > 0 && get.FoldFrom > 0 {
			continue // indents that are not regular: see below
		}
		got = nil
		for to := len(text); to > 0; {
			at := r.backward(to, count, 1<<20)
			spans, _, _ := r.forward(at, to, math.MaxInt, 1<<20)
			for _, s := range slices.Backward(spans) {
				got = append(got, s.begin)
			}
			if to = at; len(spans) == 0 {
				break
			}
		}
		if slices.Reverse(got); !slices.Equal(got, want) {
			t.Fatalf("%q, %v: backwards %v, want %v", text, get, got, want)
		}
	}
}

const folding = `{
    "a": {
        "b": [
            1,
            2
        ]
    },
    "c": []
}`

func TestFolds(t *testing.T) {
	doc := documentOf(folding)
	at := func(part string) uint64 {
		return uint64(strings.LastIndexByte(folding[:strings.Index(folding, part)], '\n') + 1)
	}
	for _, test := range []struct {
		from   uint32
		folded []uint64
		want   string
		hidden []uint32
	}{
		{0, nil, folding, []uint32{0, 0, 0}},
		{1, nil, "{\n    \"a\": {\n    },\n    \"c\": []\n}", []uint32{0, 4}},
		{0, []uint64{0}, "{\n}", []uint32{7}},
		{1, []uint64{at(`"a"`)}, "{\n    \"a\": {\n        \"b\": [\n        ]\n    },\n    \"c\": []\n}", []uint32{0, 0, 2}},
		{0, []uint64{at(`"b"`)}, "{\n    \"a\": {\n        \"b\": [\n        ]\n    },\n    \"c\": []\n}", []uint32{0, 0, 2}},
	} {
		r := doc.reader(context.Background(), &viewerpb.GetBody{FoldFrom: test.from, Folded: test.folded})
		w := new(viewerpb.BodyWindow)
		spans, folds, next := r.forward(0, math.MaxInt, 100, 1<<20)
		r.fill(w, spans, folds, next)
		if w.Text != test.want || !slices.Equal(w.FoldHidden, test.hidden) || w.Next != uint64(len(folding)) || w.Line != 1 {
			t.Errorf("%v: %s %v", test, w.Text, w.FoldHidden)
		}
		for to, seen := len(folding), ""; ; {
			at := r.backward(to, 1, 1<<20)
			spans, folds, next := r.forward(at, to, 100, 1<<20)
			r.fill(w, spans, folds, next)
			if seen, to = w.Text+seen, at; at == 0 {
				if seen != test.want {
					t.Errorf("%v backwards: %s", test, seen)
				}
				break
			}
		}
	}
}

// TestLongLine cuts a line that has no room, between characters.
func TestLongLine(t *testing.T) {
	text := "a\n" + strings.Repeat("é", 100) + "\nb"
	r := documentOf(text).reader(context.Background(), &viewerpb.GetBody{})
	var seen string
	for at := 0; r.has(at); {
		w := new(viewerpb.BodyWindow)
		spans, folds, next := r.forward(at, math.MaxInt, 100, 25)
		r.fill(w, spans, folds, next)
		if len(w.Text) > 25 || w.Continues != (at > 2 && at < 203) || strings.ToValidUTF8(w.Text, "!") != w.Text {
			t.Errorf("at %d: %q", at, w.Text)
		}
		seen, at = seen+w.Text, next
	}
	if seen != text {
		t.Errorf("forwards %q", seen)
	}
	seen = ""
	for to := len(text); to > 0; {
		w := new(viewerpb.BodyWindow)
		at := r.backward(to, 100, 25)
		spans, folds, next := r.forward(at, to, 100, 25)
		if r.fill(w, spans, folds, next); next != to || w.Text == "" || strings.ToValidUTF8(w.Text, "!") != w.Text {
			t.Fatalf("from %d to %d: %q", at, to, w.Text)
		}
		seen, to = w.Text+seen, at
	}
	if seen != text {
		t.Errorf("backwards %q", seen)
	}
}

// TestWaitForLines reads a document while it is made.
func TestWaitForLines(t *testing.T) {
	d := newDocument(func() {})
	go func() {
		for i := range 100 {
			d.add("text", fmt.Sprintf("line %d\n", i))
		}
		d.finish(about{}, "", nil)
	}()
	r := d.reader(context.Background(), &viewerpb.GetBody{})
	if spans, _, _ := r.forward(r.lineBefore(95), math.MaxInt, 100, 1<<20); len(spans) != 100-(95-linesBefore) || r.count() != 100 {
		t.Errorf("%d of %d lines", len(spans), r.count())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r := newDocument(func() {}).reader(ctx, &viewerpb.GetBody{}); r.has(0) || r.err == nil {
		t.Error("a cancelled reader has lines")
	}
}

// TestHits finds what lines hide, and counts it.
func TestHits(t *testing.T) {
	doc := documentOf(strings.Repeat("x\n  xx\n  x\n", 10))
	get := &viewerpb.GetBody{Find: "x", Folded: []uint64{0}}
	f := lookFor(asked{find: get.Find})
	r := doc.reader(context.Background(), get)
	if at, ok := f.place(r, 4); at != 9 || !ok {
		t.Errorf("hit 4 at %d", at)
	}
	w := new(viewerpb.BodyWindow)
	spans, folds, next := r.forward(0, math.MaxInt, 3, 1<<20)
	r.fill(w, spans, folds, next)
	f.mark(w, r, spans)
	if w.Text != "x\nx\n  xx\n" || !slices.Equal(w.Hits, []uint32{0, 1, 1, 1, 1, 1, 1, 1, 2, 3, 6, 7, 7, 8}) || w.HitsBefore != 0 {
		t.Errorf("%q %v", w.Text, w.Hits)
	}
	if at, ok := f.place(r, 1000); at != 9*11+9 || !ok || len(f.begin) != 40 {
		t.Errorf("the last hit at %d of %d", at, len(f.begin))
	}
}
