package pbstream

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// goldenFlow is a line of the golden file of a database whose flows are those
// of the stream.
type goldenFlow struct {
	ID, Method, Host, Path string
	Status                 *int32
	Request                *string `json:"req_sha256"`
	Response               *string `json:"resp_sha256"`
}

// TestCorpus compares the streams of the corpus with the golden file of a
// database that was made of the same flows.
func TestCorpus(t *testing.T) {
	want := map[string]goldenFlow{}
	lines := bufio.NewScanner(bytes.NewReader(corpus.File(t, "golden/hybrid/flows-dbhandler.jsonl")))
	for lines.Scan() {
		var g goldenFlow
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		want[g.ID] = g
	}
	for name, count := range map[string]int{"extra-delimited.pb": 50, "extra-single.pb": 1} {
		file := corpus.File(t, "hybrid/"+name)
		if err := Format.Sniff(file[:min(len(file), session.SniffLen)]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		l := read(t, file)
		if len(l.Flows) != count || len(l.Issues) > 0 {
			t.Errorf("%s: %d flows, want %d; issues %q", name, len(l.Flows), count, l.issues())
		}
		for _, f := range l.Flows {
			g, ok := want[string(f.Id)]
			if !ok {
				t.Errorf("%s: %s is in no golden file", name, f.Id)
				continue
			}
			q, p := f.Request, f.Response
			if string(q.Method) != g.Method || string(q.Host) != g.Host || string(q.Path) != g.Path || sum(q.Content) != deref(g.Request) {
				t.Errorf("%s: %s: request %s %s%s", name, f.Id, q.Method, q.Host, q.Path)
			}
			if (p == nil) != (g.Status == nil) || p != nil && (p.GetStatusCode() != *g.Status || sum(p.Content) != deref(g.Response)) {
				t.Errorf("%s: %s: response %+v, want %+v", name, f.Id, p, g)
			}
		}
	}
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// TestCorpusIsRefused sniffs every other file of the corpus.
func TestCorpusIsRefused(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(corpus.Dir(t), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), "extra-") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen++
		if head := b[:min(len(b), session.SniffLen)]; len(head) > 0 && Format.Sniff(head) == nil {
			t.Errorf("%s is accepted", path)
		}
		return nil
	})
	if err != nil || seen < 300 {
		t.Errorf("%d files, %v", seen, err)
	}
}

// TestCorpusLaw writes what was read of the corpus, and reads it again.
func TestCorpusLaw(t *testing.T) {
	file := corpus.File(t, "hybrid/extra-delimited.pb")
	r, err := Format.Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	list, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	sameFlows(t, read(t, written(t, list)).Flows, read(t, file).Flows)
}
