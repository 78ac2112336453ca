// Package corpus finds the corpus of captures that tests read, which is no part
// of the module: the folder that the environment variable FLOWPANE_CORPUS
// names, or else shared/corpus beside the module. Only tests import it.
package corpus

import (
	"os"
	"path/filepath"
	"testing"
)

// Variable is the name of the environment variable that names the corpus.
const Variable = "FLOWPANE_CORPUS"

// Dir returns the absolute path of the corpus. Where there is none it skips the
// test; where one is named that is not there, the test fails.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv(Variable)
	named := dir != ""
	if !named {
		dir = filepath.Join(module(t), "..", "shared", "corpus")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil && named {
		t.Fatal(err)
	} else if err != nil {
		t.Skip("no corpus: set " + Variable)
	}
	return dir
}

// module returns the folder of the module that the test is of: tests run in
// the folder of their package.
func module(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("no folder above the test has a go.mod")
		}
		dir = above
	}
}

// Path returns the absolute path of a file of the corpus, whose name has
// slashes. As Dir it skips the test where there is no corpus.
func Path(t testing.TB, name string) string {
	t.Helper()
	return filepath.Join(Dir(t), filepath.FromSlash(name))
}

// File returns a file of the corpus, which the caller owns. The test fails if
// it is not there, and is skipped where there is no corpus.
func File(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
