package sessiondb

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/schema"
	"flowpane/viewer/session"
	"flowpane/viewer/store"
)

// onDisk is a file as a source.
type onDisk struct {
	*os.File
	size int64
}

func (f onDisk) Size() int64 { return f.size }

// written writes flows to a file.
func written(t testing.TB, flows synthetic) blob.Source {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("a browser has no files of its own")
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "packed.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := Writer.Write(context.Background(), f, flows); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return onDisk{f, info.Size()}
}

// remote is a source as over HTTP: its first bytes came with its size.
type remote struct {
	*counted
	head int64
}

// firstRequest is how many bytes come with the size.
const firstRequest = 193 << 10

func newRemote(file blob.Source) remote {
	return remote{&counted{Source: file}, min(firstRequest, file.Size())}
}

// asked returns how many requests there were, and for how many bytes.
func (r remote) asked() (requests, bytes int64) { return 1 + r.reads, r.head + r.bytes }

func (r remote) Blocks() (size, run int) { return 64 << 10, 4 }

func (r remote) ReadAt(p []byte, offset int64) (int, error) {
	here := int(max(min(r.head-offset, int64(len(p))), 0))
	if n, err := r.Source.ReadAt(p[:here], offset); here == len(p) || err != nil {
		return n, err
	}
	n, err := r.counted.ReadAt(p[here:], offset+int64(here))
	return here + n, err
}

// TestListsRemotely counts requests and bytes of a list of 100,000 flows: those
// of the first rows, and of all.
func TestListsRemotely(t *testing.T) {
	src := newRemote(written(t, synthetic{flows: 100_000, scale: 50}))
	r, err := Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	parts := 0
	for _, err := range r.List() {
		if err != nil {
			t.Fatal(err)
		}
		if parts++; parts == 1 {
			requests, bytes := src.asked()
			t.Logf("first rows: %d requests, %d bytes", requests, bytes)
			if requests > 1 || bytes > 512_000 {
				t.Errorf("first rows take %d requests, %d bytes", requests, bytes)
			}
		}
	}
	requests, bytes := src.asked()
	t.Logf("all: %d requests, %d bytes", requests, bytes)
	if bytes > 3_800_000 || parts != 11 {
		t.Errorf("the list takes %d bytes, in %d parts", bytes, parts)
	}
	before := src.reads
	if _, err := r.Flow(77_777); err != nil {
		t.Fatal(err)
	}
	t.Logf("a flow: %d requests", src.reads-before)
}

// TestListsOverRanges counts what is read to list 20,000 flows, as over HTTP, and
// compares each of them.
func TestListsOverRanges(t *testing.T) {
	const flows, most = 20_000, 1_000_000
	given := synthetic{flows: flows, scale: 50}
	file := written(t, given)
	src := &counted{Source: file}
	r, err := Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	opened := src.bytes
	var chunks []*Chunk
	for c, err := range r.Summaries() {
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, c)
	}
	t.Logf("%d bytes, opened with %d, listed with %d in %d reads", file.Size(), opened, src.bytes, src.reads)
	if src.bytes > most {
		t.Errorf("read %d bytes to list %d flows, %d are the most", src.bytes, flows, most)
	}
	checkListed(t, r, given, chunks)
	before := src.bytes
	f, err := r.Flow(17_777)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a flow with %d more", src.bytes-before)
	if key := string(f.Id); len(key) != 36 || src.bytes-before > 2<<20 {
		t.Errorf("flow %q with %d bytes", key, src.bytes-before)
	}
}

// checkListed compares chunks with the flows that were written, whose bodies
// all have a size that is known.
func checkListed(t *testing.T, r *Reader, given synthetic, chunks []*Chunk) {
	t.Helper()
	var keys []string
	n, at, i := 0, 0, 0
	for f := range given.All(context.Background()) {
		if i == len(chunks[at].Summaries) {
			at, i = at+1, 0
		}
		if i == 0 {
			var err error
			if keys, err = r.Keys(chunks[at]); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := chunks[at].Summaries[i], flow.Summarize(f); !reflect.DeepEqual(got, want) || keys[i] != string(f.Id) {
			t.Fatalf("flow %d, key %q:\n%+v, want\n%+v", n, keys[i], got, want)
		}
		n, i = n+1, i+1
	}
	if n != given.flows || len(chunks) != 1+(n-firstChunk+ChunkLen-1)/ChunkLen {
		t.Errorf("%d flows in %d chunks", n, len(chunks))
	}
}

// TestSchemaIsThatOfSQLite compares the schema with what SQLite makes of the
// same statements.
func TestSchemaIsThatOfSQLite(t *testing.T) {
	file := packedFile(t, synthetic{flows: 3})
	const rows = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
	want := ask(t, openSQLite(t, build(t, do(schema.SQL(append(schema.Session(), schema.Packed()...))))), rows)
	conn := openSQLite(t, file)
	if got := ask(t, conn, rows); !slices.Equal(got, want) {
		t.Errorf("schema:\n%q, want\n%q", got, want)
	}
	for pragma, want := range map[string]string{
		"application_id": itoa(schema.ApplicationID), "user_version": itoa(schema.Version), "encoding": "UTF-8",
		"freelist_count": "0", "page_count": itoa(len(file) / writtenPage), "journal_mode": "delete", "auto_vacuum": "0",
	} {
		if got := ask(t, conn, "PRAGMA "+pragma); got[0] != want {
			t.Errorf("%s is %s, want %s", pragma, got[0], want)
		}
	}
}

// TestOpensAsAStore compares flow_index with what the store writes of
// the same flows, and reads flows with the store.
func TestOpensAsAStore(t *testing.T) {
	m := everything()
	file := packedFile(t, m)
	_, l := listed(t, file)
	name := filepath.Join(t.TempDir(), "packed.sqlite")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	packed, err := store.Open(context.Background(), store.Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "store.sqlite")
	made, err := store.Open(context.Background(), store.Options{Name: other})
	if err != nil {
		t.Fatal(err)
	}
	var names flow.Keys
	for i, f := range l.Flows {
		key := names.Next(string(f.Id))
		made.Put(key, f, store.Index{Number: int64(i), Source: int(m.Flows[i].GetSource()), Summary: flow.Summarize(f)})
		got, err := packed.Get(key)
		if err != nil {
			t.Fatal(err)
		}
		if (f.GetRequest().GetBody().GetEncoding()|f.GetResponse().GetBody().GetEncoding())&^flowpb.Body_ROW != 0 {
			continue // the row is not in what is stored
		}
		if got, want := got.Append(nil), f.Append(nil); !slices.Equal(got, want) {
			t.Errorf("flow %s:\n%.1000q, want\n%.1000q", key, got, want)
		}
	}
	for n := 1; n > 0; {
		if n, err = made.Flush(context.Background(), 1000); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(packed.Close(), made.Close()); err != nil {
		t.Fatal(err)
	}
	const rows = "SELECT * FROM flow_index ORDER BY number"
	b, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	got, want := ask(t, openSQLite(t, file), rows), ask(t, openSQLite(t, b), rows)
	if len(want) != len(m.Flows) || !slices.Equal(got, want) {
		t.Errorf("%d rows of flow_index, want %d:\n%q, want\n%q", len(got), len(want), got, want)
	}
}

// edited returns a packed file after statements.
func edited(t *testing.T, file []byte, statements ...statement) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "edited.sqlite")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if err := run(conn, s); err != nil {
			t.Fatalf("%s: %v", s.sql, err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEdited changes a packed file with SQLite, as other tools may, and as the
// writer of 2018 would.
func TestEdited(t *testing.T) {
	m := everything()
	file := edited(t, packedFile(t, m),
		do("INSERT INTO annotation (flow_id, type, content) VALUES ('inline1', 'comment', 'seen'), ('inline1', 'marker', ':eyes:'), ('ws~2', 'marker', ''), ('inline2', 'tag', 'x')"),
		do("DELETE FROM body WHERE flow_id = 'inline9' AND type_id = 2"),
		do("INSERT OR REPLACE INTO flow (id, content) VALUES ('gzip1', ?)", stored("gzip1", 5, []byte{}, []byte("short"))),
		do("INSERT INTO body (flow_id, type_id, content) VALUES ('gzip1', 1, ?)", noise(2000)),
		do("VACUUM"))
	sound(t, openSQLite(t, file))
	r, l := listed(t, file)
	for _, err := range r.Summaries() {
		if !errors.Is(err, ErrNotPacked) {
			t.Errorf("summaries: %v", err)
		}
	}
	if _, err := r.Flow(0); !errors.Is(err, ErrNotPacked) {
		t.Errorf("flow 0: %v", err)
	}
	if len(l.Flows) != len(m.Flows) {
		t.Fatalf("%d flows, want %d", len(l.Flows), len(m.Flows))
	}
	byID := map[string]*flowpb.Flow{}
	for _, f := range l.Flows {
		if byID[string(f.Id)] == nil {
			byID[string(f.Id)] = f
		}
	}
	if f := byID["inline1"]; string(f.Comment) != "seen" || string(f.Marker) != ":eyes:" {
		t.Errorf("comment %q, marker %q", f.Comment, f.Marker)
	}
	if f := byID["inline2"]; f.Metadata.GetDict() == nil {
		t.Error("the tag is lost")
	}
	body := byID["gzip1"].Request.Body
	src, err := l.Body(body)
	if err != nil || src.Size() != 2000 || !body.GetDecoded() {
		t.Errorf("body of 2018: %v, %v", body, err)
	}
	if src, err := l.Body(byID["inline9"].Response.Body); err == nil {
		t.Errorf("a body that is gone has %d bytes", src.Size())
	}
}

// refreshed returns a file that says that nobody changed it.
func refreshed(file []byte) []byte {
	file = slices.Clone(file)
	binary.BigEndian.PutUint32(file[24:], unchanged)
	binary.BigEndian.PutUint32(file[92:], unchanged)
	return file
}

// wordy are flows of which few fill a chunk.
func wordy(flows int) *inMemory {
	m := new(inMemory)
	path := bytes.Repeat([]byte("/way"), 1<<18)
	for i := range flows {
		f := &flowpb.Flow{Id: []byte(itoa(i)), Kind: new(flowpb.Kind_HTTP), Request: &flowpb.HTTPRequest{Scheme: []byte("http"), Host: []byte("x"), Port: new(int32(i)), Path: path}}
		m.Flows = append(m.Flows, f)
	}
	return m
}

func TestChunksEndAfterMuchText(t *testing.T) {
	m := wordy(8)
	file := checkLaw(t, m)
	r, _ := listed(t, file)
	var first []int
	for c := range r.Summaries() {
		first = append(first, c.First)
	}
	if !slices.Equal(first, []int{0, 3, 6}) {
		t.Errorf("chunks begin with the flows %d", first)
	}
}

// troubles returns all errors of reading a packed file in every way.
func troubles(file []byte) string {
	r, err := Open(context.Background(), blob.Bytes(file))
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	var errs []error
	for c, err := range r.Summaries() {
		if errs = append(errs, err); err == nil {
			_, err = r.Keys(c)
			errs = append(errs, err)
		}
	}
	for i := range 5 {
		_, err := r.Flow(i)
		errs = append(errs, err)
	}
	r.About()
	l, err := session.ReadAll(r)
	for _, issue := range l.Issues {
		errs = append(errs, issue)
	}
	if err := errors.Join(append(errs, err)...); err != nil {
		return err.Error()
	}
	return ""
}

// TestDamagedPacking reads packed files that are not as they were written, and
// do not say so.
func TestDamagedPacking(t *testing.T) {
	file := packedFile(t, wordy(5))
	for _, test := range []struct{ sql, want string }{
		{"DELETE FROM flow_columns WHERE rowid = 1", "chunk 0: column rows: it is missing"},
		{"DELETE FROM flow_columns WHERE name = 'url'", "chunk 0: column url: it is missing"},
		{"UPDATE flow_columns SET chunk = 1 - chunk", "chunk 0: it is listed but not there"},
		{"DELETE FROM flow_columns", "the database is not packed"},
		{"DELETE FROM flow_columns WHERE chunk = 1", "chunk 1: it is listed but not there"},
		{"UPDATE flow_columns SET rowid = rowid + 100, chunk = 1 - chunk WHERE chunk = 0; UPDATE flow_columns SET chunk = 0 WHERE rowid < 100", "chunk 0: the column is damaged"},
		{"UPDATE flow_columns SET content = x'02ff' WHERE name = 'host'", "chunk 0: column host: the column was written by a newer version of Flowpane"},
		{"UPDATE flow_columns SET content = x'01ff' WHERE name = 'host'", "chunk 0: column host: the column is damaged"},
		{"UPDATE flow_columns SET content = 7 WHERE name = 'host'", "chunk 0: column host: the column was written by a newer version of Flowpane"},
		{"UPDATE flow_columns SET content = x'01' WHERE name = 'key'", "keys of chunk 0: the column is damaged"},
		{"UPDATE flow_keys SET content = x'01'", "keys of chunk 1: the column is damaged"},
		{"DELETE FROM flow_keys", "keys of chunk 1: it is listed but not there"},
		{"DELETE FROM flow", "flow 0: it is listed but not there"},
		{"UPDATE flow SET content = x'ff'", "flow 0: flow.Flow: field 0: "},
		{"UPDATE flow SET content = x'a00100' || x'800201'", "flow 0: row 1: connection 1: it is listed but not there"},
		{"UPDATE flow SET content = x'a001000a05b20102180a'", "row 1: 1 bodies lie in another file"},
		{"UPDATE about SET content = x'ff'; UPDATE flow SET rowid = rowid + 100", "flow 0: it is listed but not there"},
	} {
		got := troubles(refreshed(edited(t, file, do(test.sql))))
		if !strings.Contains(got, test.want) {
			t.Errorf("%s:\n%s\nwant %q", test.sql, got, test.want)
		}
	}
	if got := troubles(file); got != "" {
		t.Errorf("undamaged: %s", got)
	}
}

// packedFiles returns packed files whose list is as fresh as their flows.
func packedFiles(t testing.TB) [][]byte {
	t.Helper()
	m := everything()
	m.Flows = m.Flows[30:]
	files := [][]byte{packedFile(t, m), packedFile(t, synthetic{flows: 40, scale: 50})}
	for i, file := range files {
		r, err := Open(context.Background(), blob.Bytes(file))
		if err != nil || !r.fresh {
			t.Fatalf("file %d: %v", i, err)
		}
		r.Close()
	}
	return files
}

// TestPackedDamage changes packed files in many places, and cuts them: reading
// them in every way ends, and never panics.
func TestPackedDamage(t *testing.T) {
	for _, file := range packedFiles(t) {
		for at := 0; at < len(file); at += 7001 {
			troubles(damaged(file, at, 0, uint32(at)*2654435761+1))
		}
		troubles(damaged(file, 0, len(file)/2, 0))
	}
}

// FuzzPacked is TestPackedDamage in any place and by any change.
func FuzzPacked(f *testing.F) {
	files := packedFiles(f)
	for i, file := range files {
		f.Add(uint8(i), uint32(0), uint32(0), uint32(0))
		f.Add(uint8(i), uint32(len(file)/3), uint32(len(file)/4), uint32(0xff00ff80))
	}
	f.Fuzz(func(t *testing.T, number uint8, at, cut, change uint32) {
		troubles(damaged(files[int(number)%len(files)], int(at), int(cut), change))
	})
}
