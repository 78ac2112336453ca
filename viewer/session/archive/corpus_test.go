package archive_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"path"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/archive"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
	"flowpane/viewer/session/pbstream"
	"flowpane/viewer/session/sessiondb"
)

func known() []session.Format {
	return session.Sorted(mitm.Format, har.Format, sessiondb.Format, pbstream.Format)
}

// read returns what Detect and the format that it finds make of a file.
func read(t testing.TB, file []byte, format string) (session.Reader, *session.List) {
	t.Helper()
	formats := session.Sorted(append(known(), archive.Format(known()))...)
	f, err := session.Detect(blob.Bytes(file), formats)
	if err != nil || f.Name != format {
		t.Fatalf("it is of format %q, want %q, %v", f.Name, format, err)
	}
	r, err := f.Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	list, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return r, list
}

// same compares flows and their bodies with those of the capture alone.
func same(t *testing.T, got, want *session.List) {
	t.Helper()
	if len(got.Flows) != len(want.Flows) || len(got.Issues) != len(want.Issues) {
		t.Fatalf("%d flows and %d issues, want %d and %d", len(got.Flows), len(got.Issues), len(want.Flows), len(want.Issues))
	}
	for i := range got.Flows {
		a, b := whole(t, got, got.Flows[i]), whole(t, want, want.Flows[i])
		if !bytes.Equal(a, b) {
			t.Errorf("flow %d differs", i)
		}
	}
}

// whole returns f with its bodies, and without references.
func whole(t *testing.T, l *session.List, f *flowpb.Flow) (b []byte) {
	t.Helper()
	load := func(ref **flowpb.Body) {
		if *ref == nil {
			return
		}
		src, err := l.Body(*ref)
		if err != nil {
			t.Fatal(err)
		}
		body, err := blob.ReadAll(src)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, body...)
		*ref = nil
	}
	if r := f.Request; r != nil {
		load(&r.Body)
	}
	if r := f.Response; r != nil {
		load(&r.Body)
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		load(&m.Body)
	}
	for _, m := range f.Messages {
		load(&m.Body)
	}
	if f.Backup != nil {
		b = append(b, whole(t, l, f.Backup)...)
	}
	return f.Append(b)
}

func compress(t *testing.T, file []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCompressed reads captures of each format as gzip data as they are.
func TestCompressed(t *testing.T) {
	for _, test := range []struct {
		name, format string
		flows        int
	}{
		{"captured/captured-8.1.1.mitm", "mitm", 578},
		{"hybrid/session.sqlite", "sessiondb", 491},
		{"hybrid/flows-dbhandler.sqlite", "sessiondb", 250},
		{"hybrid/extra-delimited.pb", "pbstream", 50},
		{"har/playwright-embed.har", "har", 59},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := corpus.File(t, test.name)
			_, alone := read(t, file, test.format)
			_, packed := read(t, compress(t, file), "archive")
			if len(packed.Flows) != test.flows {
				t.Errorf("%d flows, want %d", len(packed.Flows), test.flows)
			}
			same(t, packed, alone)
		})
	}
}

// TestSeveral reads captures of several formats in one archive.
func TestSeveral(t *testing.T) {
	names := []string{"hybrid/session.sqlite", "captured/captured-8.1.1.mitm", "hybrid/extra-single.pb", "har/playwright-minimal.har"}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	want := 0
	for i, name := range names {
		file := corpus.File(t, name)
		out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: []uint16{zip.Store, zip.Deflate}[i%2]})
		if err == nil {
			_, err = out.Write(file)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, list := read(t, b.Bytes(), "archive")
	for _, name := range names {
		file := corpus.File(t, name)
		f, err := session.Detect(blob.Bytes(file), known())
		if err != nil {
			t.Fatal(err)
		}
		_, alone := read(t, file, f.Name)
		n := len(alone.Flows)
		if want+n > len(list.Flows) {
			t.Fatalf("%d flows, want more than %d", len(list.Flows), want)
		}
		for i, f := range alone.Flows {
			if !bytes.Equal(whole(t, list, list.Flows[want+i]), whole(t, alone, f)) {
				t.Errorf("%s: flow %d differs", name, i)
			}
		}
		want += n
	}
	if len(list.Flows) != want || len(list.Issues) > 0 {
		t.Errorf("%d flows, want %d, %d issues", len(list.Flows), want, len(list.Issues))
	}
}

// TestZhar reads the export of mitmproxy.
func TestZhar(t *testing.T) {
	r, list := read(t, corpus.File(t, "har/mitmproxy-head-captured.zhar"), "archive")
	if len(list.Flows) != 555 || len(list.Issues) > 0 {
		t.Errorf("%d flows, issues %v", len(list.Flows), list.Issues)
	}
	if r.(session.Describer).About() == nil {
		t.Error("it says nothing of itself")
	}
}

// TestPlaywright reads a recording whose bodies are beside it, named by their
// hashes.
func TestPlaywright(t *testing.T) {
	file := corpus.File(t, "har/playwright-attach.zip")
	members, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range members.File {
		names[strings.TrimSuffix(f.Name, path.Ext(f.Name))] = true
	}
	_, list := read(t, file, "archive")
	bodies, hashed := 0, 0
	for _, f := range list.Flows {
		ref := f.GetResponse().GetBody()
		if ref.GetEncoding() != flowpb.Body_FILE {
			continue
		}
		src, err := list.Body(ref)
		if err != nil {
			t.Fatal(err)
		}
		b, err := blob.ReadAll(src)
		if err != nil || uint64(len(b)) != ref.GetLength() {
			t.Errorf("a body of %d bytes, want %d, %v", len(b), ref.GetLength(), err)
		}
		bodies++
		if sum := sha1.Sum(b); names[hex.EncodeToString(sum[:])] {
			hashed++
		}
	}
	// The name of a log of messages is no hash.
	if len(list.Flows) != 59 || bodies != 57 || hashed != 56 || len(list.Issues) > 0 {
		t.Errorf("%d flows, %d bodies, %d of them named by their hash, issues %v", len(list.Flows), bodies, hashed, list.Issues)
	}
}
