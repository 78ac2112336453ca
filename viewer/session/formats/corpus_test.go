package formats_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/formats"
)

var update = flag.Bool("update", false, "write the golden files anew")

const golden = "testdata/corpus.golden"

// TestCorpus opens every capture of the corpus, by its content, and holds what
// became of it to a list: the format, how many flows and issues, and the first
// issue; or why it is refused.
func TestCorpus(t *testing.T) {
	root := corpus.Dir(t)
	var got strings.Builder
	files := 0
	for _, folder := range []string{"captured", "har", "hybrid", "mitmproxy", "public"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			files++
			fmt.Fprintf(&got, "%s: %s\n", filepath.ToSlash(name), outcome(b))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	expected := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got.String(), "\n") {
		if i >= len(expected) || line != expected[i] {
			t.Fatalf("line %d of %s:\n%s\nwant\n%s", i+1, golden, line, append(expected, "")[min(i, len(expected))])
		}
	}
	if files != len(expected)-1 {
		t.Errorf("%d files, want %d", files, len(expected)-1)
	}
}

// outcome says in a line what becomes of a capture.
func outcome(b []byte) string {
	src := blob.Bytes(b)
	f, err := session.Detect(src, formats.All())
	var unknown *session.Unrecognised
	if errors.As(err, &unknown) {
		return "refused: " + err.Error()
	}
	r, err := f.Open(context.Background(), src)
	if err != nil {
		return f.Name + " refused: " + err.Error()
	}
	defer r.Close()
	l, err := session.ReadAll(r)
	line := fmt.Sprintf("%s, %d flows", f.Name, len(l.Flows))
	if n := len(l.Issues); n > 0 {
		line += fmt.Sprintf(", %d issues: %v", n, l.Issues[0])
	}
	if err != nil {
		line += ", ended: " + err.Error()
	}
	return strings.ReplaceAll(line, "\n", " ")
}
