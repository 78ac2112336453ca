package corpus_test

import (
	"os"
	"path/filepath"
	"testing"

	"flowpane/viewer/session/corpus"
)

func TestFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "b"), []byte("c"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(corpus.Variable, dir)
	if got := string(corpus.File(t, "a/b")); got != "c" {
		t.Errorf("the file has %q", got)
	}
}

// TestBeside: where none is named, the corpus is beside the module, or the test
// is skipped.
func TestBeside(t *testing.T) {
	t.Setenv(corpus.Variable, "")
	skipped := false
	t.Run("unnamed", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		want, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "shared", "corpus"))
		if got := corpus.Dir(t); err != nil || got != want {
			t.Errorf("the corpus is %s, want %s, %v", got, want, err)
		}
	})
	if _, err := os.Stat(filepath.Join("..", "..", "..", "..", "shared", "corpus")); (err != nil) != skipped {
		t.Errorf("skipped is %t, and %v", skipped, err)
	}
}
