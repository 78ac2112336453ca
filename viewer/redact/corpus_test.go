package redact_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"path/filepath"
	"regexp"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/redact"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/formats"
)

// file are the flows of a file.
type file struct {
	list
	session.Reader
}

func (f file) Body(ref *flowpb.Body) (blob.Source, error) { return f.Reader.Body(ref) }

func (f file) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] { return f.list.All(ctx) }

func openFile(t testing.TB, src blob.Source) file {
	t.Helper()
	format, err := session.Detect(src, formats.All())
	if err != nil {
		t.Fatal(err)
	}
	r, err := format.Open(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	f := file{Reader: r}
	for {
		g, err := r.Next()
		var issue *session.Issue
		if errors.As(err, &issue) {
			continue
		}
		if err == io.EOF {
			return f
		}
		if err != nil {
			t.Fatal(err)
		}
		f.list = append(f.list, g)
	}
}

// TestCaptures redacts real captures. What was found is gone from each flow, all
// flows are there, and what is redacted already stays as it is.
func TestCaptures(t *testing.T) {
	names := []string{"captured/captured-8.1.1.mitm"}
	public, _ := filepath.Glob(filepath.Join(corpus.Dir(t), "public", "*.har"))
	for _, path := range public {
		if broken := regexp.MustCompile("not-json|not-valid|invalidHARFiles"); !broken.MatchString(path) {
			names = append(names, "public/"+filepath.Base(path))
		}
	}
	if len(names) < 60 {
		t.Fatalf("%d captures", len(names))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := openFile(t, blob.Bytes(corpus.File(t, name)))
			r := redact.New(redact.Policy{})
			over, err := r.Over(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			w := r.Watch()
			var once list
			changed := 0
			for g, err := range over.All(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				if err := w.Flow(g, f.Body); err != nil {
					t.Fatal(err)
				}
				for i, part := range flow.Bodies(g) {
					if was := flow.Bodies(f.list[len(once)])[i]; *part.Ref == nil && *was.Ref != nil {
						changed++
						if testing.Verbose() {
							b, _ := f.Body(*was.Ref)
							old, _ := blob.ReadAll(b)
							t.Logf("%s\n-%.600q\n+%.600q", f.list[len(once)].GetRequest().GetPath(), old, *part.Content)
						}
					}
				}
				once = append(once, g)
			}
			report := r.Report()
			t.Logf("%d of %d flows, %d bodies", report.Changed, report.Flows, changed)
			for _, found := range report.Found {
				t.Logf("%s %q: %d", found.Class, found.Name, found.Count)
			}
			if len(once) != len(f.list) {
				t.Errorf("%d flows, want %d", len(once), len(f.list))
			}
			again := redact.New(redact.Policy{})
			twice, err := again.Over(t.Context(), file{once, f.Reader})
			if err != nil {
				t.Fatal(err)
			}
			i := 0
			for g, err := range twice.All(t.Context()) {
				if err != nil || !bytes.Equal(g.Append(nil), once[i].Append(nil)) {
					t.Errorf("flow %d is another when it is redacted again: %v\n-%.3000q\n+%.3000q", i, err, once[i].Append(nil), g.Append(nil))
					break
				}
				i++
			}
		})
	}
}
