package har

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// sameScanned compares what Scan yields with what Next yields, and each flow
// with what is read again where it lies. It returns how many flows there are.
func sameScanned(t *testing.T, name string, src blob.Source) int {
	t.Helper()
	_, l, wantErr := readAll(t, src)
	r := newReader(t.Context(), src)
	var flows, issues int
	for {
		f, at, err := r.Scan()
		var issue *session.Issue
		switch {
		case err == nil && flows < len(l.Flows):
			want := string(l.Flows[flows].Append(nil))
			if string(f.Append(nil)) != want {
				t.Errorf("%s, flow %d: scanned it is %v", name, flows, f)
			}
			again, err := r.Reread(at)
			if err != nil || string(again.Append(nil)) != want {
				t.Errorf("%s, flow %d: read again it is %v, %v", name, flows, again, err)
			}
			flows++
		case errors.As(err, &issue) && issues < len(l.Issues) && issue.Error() == l.Issues[issues].Error():
			issues++
		case err == io.EOF && wantErr == nil, err != nil && wantErr != nil && err.Error() == wantErr.Error():
			if flows != len(l.Flows) || issues != len(l.Issues) {
				t.Errorf("%s: %d flows and %d issues, want %d and %d", name, flows, issues, len(l.Flows), len(l.Issues))
			}
			return flows
		default:
			t.Fatalf("%s: after %d flows and %d issues: %v", name, flows, issues, err)
		}
	}
}

// TestScan: Scan yields what Next yields, for the files of all producers, also
// where reads end anywhere.
func TestScan(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.har*")
	flows := 0
	for _, name := range files {
		if filepath.Ext(name) == ".golden" {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		flows += sameScanned(t, name, playwrightFolder(blob.Bytes(b)))
		sameScanned(t, name, playwrightFolder(drip{blob.Bytes(b), 7}))
	}
	if flows != 27 {
		t.Errorf("%d flows in %d files", flows, len(files))
	}
}

// TestScanCorpus is TestScan for the HARs of the corpus.
func TestScanCorpus(t *testing.T) {
	flows := 0
	for _, file := range corpusFiles {
		if b := corpus.File(t, file.name); sniff(b[:min(len(b), session.SniffLen)]) == nil {
			flows += sameScanned(t, file.name, blob.Bytes(b))
		}
	}
	if flows != 2850 {
		t.Errorf("%d flows", flows)
	}
}

// TestRereadElsewhere: a place that is not one is an error.
func TestRereadElsewhere(t *testing.T) {
	har := []byte(file(simple))
	size := int64(len(har))
	r := newReader(t.Context(), blob.Bytes(har))
	var f *flowpb.Flow
	var err error
	for _, at := range []session.Place{{}, {Offset: -1, Length: 5}, {Offset: size, Length: 1}, {Offset: 1, Length: size}, {Offset: 0, Length: 9}, {Offset: 3, Length: 2}} {
		if f, err = r.Reread(at); err == nil {
			t.Errorf("%v is %v", at, f)
		}
	}
}
