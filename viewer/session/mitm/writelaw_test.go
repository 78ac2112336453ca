package mitm_test

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
	"flowpane/viewer/session/pbstream"
	"flowpane/viewer/session/sessiondb"
)

func list(t testing.TB, format session.Format, file []byte) *session.List {
	t.Helper()
	r, err := format.Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	l, _ := session.ReadAll(r) // what was read before an error stands
	return l
}

// A tally counts the flows of which each loss is told.
type tally map[string]int

// law writes flows, reads them, and fails unless they are the same but for the
// losses that are told, or there is what mitmproxy refuses. What is read is
// written as the same bytes.
func law(t testing.TB, given session.Flows, count tally) {
	t.Helper()
	file := mitm.WrittenDump(t, given)
	mitm.Strict(t, file)
	read := list(t, mitm.Format, file)
	if len(read.Issues) > 0 {
		t.Fatal(read.Issues)
	}
	n := 0
	for f, err := range given.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n > len(read.Flows) {
			continue
		}
		lost := mitm.Writer.Losses(f)
		for _, loss := range lost {
			count[loss]++
		}
		got, want := detached(t, read, read.Flows[n-1]), detached(t, given, f)
		keep(t, got, want, lost)
		if !bytes.Equal(got.Append(nil), want.Append(nil)) {
			t.Fatalf("flow %d: %s", n, difference("flow", reflect.ValueOf(got), reflect.ValueOf(want)))
		}
		if again := mitm.Writer.Losses(read.Flows[n-1]); len(again) > 0 {
			t.Errorf("flow %d: what was written still has %q", n, again)
		}
	}
	if n != len(read.Flows) {
		t.Fatalf("%d flows, want %d", len(read.Flows), n)
	}
	mitm.SameBytes(t, mitm.WrittenDump(t, read), file)
}

// same fails unless the counts of a test are want.
func (c tally) same(t *testing.T, files, flows, wantFiles, wantFlows int, want tally) {
	t.Helper()
	if files != wantFiles || flows != wantFlows {
		t.Errorf("%d files with %d flows, want %d with %d", files, flows, wantFiles, wantFlows)
	}
	if !maps.Equal(c, want) {
		t.Errorf("losses %v, want %v", c, want)
	}
}

// difference says where two messages differ.
func difference(where string, a, b reflect.Value) string {
	switch {
	case a.Kind() == reflect.Pointer && !a.IsNil() && !b.IsNil():
		return difference(where, a.Elem(), b.Elem())
	case a.Kind() == reflect.Struct:
		for i := range a.NumField() {
			if s := difference(where+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i)); s != "" {
				return s
			}
		}
		return ""
	case a.Kind() == reflect.Slice && a.Type().Elem().Kind() == reflect.Pointer && a.Len() == b.Len():
		for i := range a.Len() {
			if s := difference(where, a.Index(i), b.Index(i)); s != "" {
				return s
			}
		}
		return ""
	case a.Kind() == reflect.Float64 && math.IsNaN(a.Float()) && math.IsNaN(b.Float()), reflect.DeepEqual(a.Interface(), b.Interface()):
		return ""
	case a.Kind() == reflect.Slice && a.Type().Elem().Kind() == reflect.Uint8 && !a.IsNil() && !b.IsNil():
		return where + ": " + string(a.Bytes()) + ", want " + string(b.Bytes())
	}
	return where + " differs"
}

// TestWriteDumps: the flows of every dump, of whatever format, are those that
// were written.
func TestWriteDumps(t *testing.T) {
	count := tally{}
	files, flows := 0, 0
	for name, n := range mitm.CorpusDumps() {
		l := list(t, mitm.Format, corpus.File(t, name))
		if len(l.Flows) != n {
			t.Errorf("%s: %d flows, want %d", name, len(l.Flows), n)
		}
		files++
		flows += n
		t.Run(name, func(t *testing.T) { law(t, l, count) })
	}
	count.same(t, files, flows, 35, 4649, tally{
		"TLS extensions": 1137, "connections of upstream proxies": 2, "forms of request lines": 42,
		"proxy modes of old formats": 5, "states of connections": 564,
	})
}

// TestWriteOthers: so are those of every HTTP Archive and session database.
func TestWriteOthers(t *testing.T) {
	for _, test := range []struct {
		format       session.Format
		extension    string
		files, flows int
		losses       tally
	}{
		{har.Format, ".har", 143, 2802, tally{
			"timings of the archive": 2802, "pages and initiators": 2557, "other members of the archive": 2802,
			"content encodings of decoded bodies": 380, "values that mitmproxy refuses": 57,
		}},
		{sessiondb.Format, ".sqlite", 8, 936, tally{
			"TLS extensions": 935, "connections of upstream proxies": 1, "content encodings of decoded bodies": 186,
		}},
	} {
		count := tally{}
		files, flows := 0, 0
		eachOf(t, test.extension, func(t *testing.T, file []byte) {
			l := list(t, test.format, file)
			files++
			flows += len(l.Flows)
			law(t, l, count)
		})
		count.same(t, files, flows, test.files, test.flows, test.losses)
	}
}

// TestWriteThroughSessions: a dump that was kept as a session, or as protobuf,
// is the same dump again.
func TestWriteThroughSessions(t *testing.T) {
	for _, name := range []string{"captured/versions/captured-v21.mitm", "golden/vectors/flows_v21.mitm"} {
		dump := corpus.File(t, name)
		for _, by := range []struct {
			format session.Format
			writer session.Writer
		}{{sessiondb.Format, sessiondb.Writer}, {pbstream.Format, pbstream.Writer}} {
			var file bytes.Buffer
			if err := by.writer.Write(context.Background(), &file, list(t, mitm.Format, dump)); err != nil {
				t.Fatal(err)
			}
			mitm.SameBytes(t, mitm.WrittenDump(t, list(t, by.format, file.Bytes())), dump)
		}
	}
}

// eachOf runs test on every file of the corpus with an extension.
func eachOf(t *testing.T, extension string, test func(t *testing.T, file []byte)) {
	root := corpus.Dir(t)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, extension) {
			return err
		}
		file, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		t.Run(filepath.ToSlash(name), func(t *testing.T) { test(t, file) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// FuzzWrite: whatever flows are read of any bytes, they are written as a dump
// that reads as the same.
func FuzzWrite(f *testing.F) {
	seeds := mitm.Seeds(f)
	if len(seeds) < 30 {
		f.Fatalf("%d seeds", len(seeds))
	}
	for _, dump := range append(seeds, string(mitm.WrittenDump(f, whole())), string(mitm.TurnedDump(f))) {
		f.Add([]byte(dump))
	}
	f.Fuzz(func(t *testing.T, dump []byte) {
		law(t, list(t, mitm.Format, dump), tally{})
	})
}
