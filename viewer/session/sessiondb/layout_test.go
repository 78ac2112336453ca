package sessiondb

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/viewer/schema"
	"flowpane/viewer/session/corpus"
)

// layouts makes a database of each schema, with the flows "b", of a long
// response, and "a" in that order, of which a began first.
func layouts() map[string][]statement {
	a, b, empty := stored("a", 1, []byte("q"), []byte("p")), stored("b", 2, none, big), stored("b", 2, none, none)
	return map[string][]statement{
		"2018": {do(tables), flowRow("b", empty), bodyOf("b", 2, big), flowRow("a", a), note("a", "marker", ":bug:"), note("a", "note", "x")},
		"store": {
			do(schema.SQL(schema.Session())), flowRow("a", a), flowRow("b", empty), bodyOf("b", 2, big),
			do("INSERT INTO flow_index (number, key, source, kind, flags, request_size, response_size, order_size) VALUES (0, 'b', 0, 0, 0, 0, 0, 0), (1, 'a', 0, 0, 0, 0, 0, 0)"),
			note("a", "marker", ":bug:"), note("a", "comment", "x"),
		},
		"handler": {
			do("CREATE TABLE Flows (id INTEGER PRIMARY KEY, pbuf_blob BLOB)"),
			do("INSERT INTO Flows VALUES (NULL, ?)", b), do("INSERT INTO Flows VALUES (NULL, ?)", a),
		},
		"July 2018": {
			do(`CREATE TABLE FLOW (FID INTEGER PRIMARY KEY, MID INTEGER, BID INTEGER, CONTENT BLOB);
				CREATE TABLE META (MID INTEGER PRIMARY KEY, INTERCEPTED INTEGER, MARKED INTEGER, MODE VARCHAR(20));
				CREATE TABLE BODY (BID INTEGER PRIMARY KEY, BREQ BLOB, BRES BLOB);
				CREATE TABLE ANNOTATION (AID INTEGER PRIMARY KEY, FID INTEGER, TYPE VARCHAR(20), CONTENT BLOB);
				INSERT INTO META VALUES (5, 0, 1, 'regular')`),
			do("INSERT INTO BODY VALUES (7, x'', ?)", big), do("INSERT INTO BODY VALUES (8, x'71', x'70')"),
			do("INSERT INTO FLOW VALUES (1, 4, 7, ?)", empty), do("INSERT INTO FLOW VALUES (2, 5, 8, ?)", stored("a", 1, none, none)),
			do("INSERT INTO ANNOTATION VALUES (1, 2, 'note', x'78')"),
		},
	}
}

// TestLayouts reads each schema as each variant of the file format.
func TestLayouts(t *testing.T) {
	var variants []string
	for size := 512; size <= 65536; size *= 2 {
		variants = append(variants, fmt.Sprintf("PRAGMA page_size = %d", size))
	}
	for _, encoding := range []string{"UTF-8", "UTF-16le", "UTF-16be"} {
		variants = append(variants, fmt.Sprintf("PRAGMA encoding = '%s'", encoding))
	}
	for _, vacuum := range []string{"full", "incremental"} {
		variants = append(variants, "PRAGMA auto_vacuum = "+vacuum)
	}
	if all := layouts(); len(variants) != 13 || len(all) != 4 {
		t.Fatalf("%d variants of %d layouts", len(variants), len(all))
	}
	for name, statements := range layouts() {
		for _, variant := range variants {
			t.Run(name+" "+variant, func(t *testing.T) {
				checkLayout(t, name, build(t, append([]statement{do(variant)}, statements...)...), nil)
			})
		}
		t.Run(name+" in WAL mode", func(t *testing.T) {
			file := build(t, append([]statement{do("PRAGMA journal_mode = wal")}, statements...)...)
			checkLayout(t, name, file, []string{"header: the database was in use: what its -wal file holds is not shown"})
		})
	}
}

func checkLayout(t *testing.T, name string, file []byte, issues []string) {
	t.Helper()
	l := list2018(t, file)
	var ids []string
	for _, f := range l.flows {
		ids = append(ids, string(f.Id))
	}
	want := []string{"b", "a"}
	if name == "2018" {
		want = []string{"a", "b"}
	}
	if !slices.Equal(ids, want) || !slices.Equal(l.issues, issues) {
		t.Fatalf("flows %q, want %q; issues %q", ids, want, l.issues)
	}
	for _, part := range []struct {
		what string
		got  []byte
		want string
	}{
		{"request of a", l.request(t, "a"), "q"}, {"response of a", l.response(t, "a"), "p"},
		{"request of b", l.request(t, "b"), ""}, {"response of b", l.response(t, "b"), string(big)},
	} {
		if string(part.got) != part.want {
			t.Errorf("%s is %.20q, want %.20q", part.what, part.got, part.want)
		}
	}
	a, b := l.byID["a"], l.byID["b"]
	if b.Response.Content != nil || b.Comment != nil || a.GetKind() != flowpb.Kind_HTTP || a.Kind == nil {
		t.Errorf("flows %+v, %+v", a, b)
	}
	described := map[string]string{"2018": ":bug: x false ", "store": ":bug: x false ", "handler": "  false ", "July 2018": " x true regular"}[name]
	if got := fmt.Sprintf("%s %s %t %s", a.Marker, a.Comment, a.GetMarked(), a.Mode); got != described {
		t.Errorf("a is %q, want %q", got, described)
	}
}

// TestStoreOrder lists flows that a store does not know last, and each once.
func TestStoreOrder(t *testing.T) {
	index := "INSERT INTO flow_index (number, key, source, kind, flags, request_size, response_size, order_size) VALUES (%d, '%s', 0, 0, 0, 0, 0, 0)"
	l := list2018(t, build(t, do(schema.SQL(schema.Session())),
		flowRow("new", stored("new", 1, none, none)), flowRow("x", stored("x", 9, none, none)), flowRow("y", stored("y", 5, none, none)),
		do(fmt.Sprintf(index, 4, "y")), do(fmt.Sprintf(index, 5, "x")), do(fmt.Sprintf(index, 7, "y")), do(fmt.Sprintf(index, 8, "gone"))))
	var ids []string
	for _, f := range l.flows {
		ids = append(ids, string(f.Id))
	}
	if !slices.Equal(ids, []string{"y", "x", "new"}) || len(l.issues) > 0 {
		t.Errorf("flows %q, issues %q", ids, l.issues)
	}
}

// TestDamagedHandler passes over rows that hold no flow.
func TestDamagedHandler(t *testing.T) {
	l := list2018(t, build(t, do("CREATE TABLE FLOWS (id INTEGER PRIMARY KEY, pbuf_blob BLOB)"),
		do("INSERT INTO FLOWS VALUES (3, ?)", stored("a", 1, none, none)), do("INSERT INTO FLOWS VALUES (5, x'0aff')"), do("INSERT INTO FLOWS VALUES (6, NULL)"),
		do("INSERT INTO FLOWS VALUES (9, ?)", stored("b", 1, none, none))))
	want := []string{"row 5: flow.Flow: field 1: unexpected EOF", "row 6: it has no content"}
	if len(l.flows) != 2 || !slices.Equal(l.issues, want) {
		t.Errorf("%d flows, issues %q, want %q", len(l.flows), l.issues, want)
	}
}

// TestHotJournal opens a file that was copied while somebody wrote to it,
// without the journal that would undo what was half written.
func TestHotJournal(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("SQLite has no files of its own under js")
	}
	name := filepath.Join(t.TempDir(), "hot.sqlite")
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	statements := []statement{do("PRAGMA cache_size = 1"), do(tables)}
	for i := range 50 {
		statements = append(statements, flowRow(fmt.Sprint("old", i), stored(fmt.Sprint("old", i), 1, none, big)))
	}
	statements = append(statements, do("BEGIN EXCLUSIVE"))
	for i := range 50 {
		statements = append(statements, flowRow(fmt.Sprint("new", i), stored(fmt.Sprint("new", i), 2, none, big)))
	}
	for _, s := range statements {
		if err := run(conn, s); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if journal, err := os.Stat(name + "-journal"); err != nil || journal.Size() == 0 {
		t.Fatalf("nothing is half written: %v", err)
	}
	l := list2018(t, file)
	for i := range 50 {
		if id := fmt.Sprint("old", i); l.byID[id] == nil {
			t.Errorf("%s is lost; issues %q", id, l.issues)
		}
	}
}

// goldenHandled is a line of the golden file of a FLOWS database.
type goldenHandled struct {
	ID, Method, Host, Path string
	Status                 *int32
	Request                string  `json:"req_sha256"`
	Response               *string `json:"resp_sha256"`
}

// TestHandler compares with the golden file, in its order.
func TestHandler(t *testing.T) {
	l := list2018(t, corpus.File(t, "hybrid/flows-dbhandler.sqlite"))
	if len(l.flows) != 250 || len(l.issues) > 0 {
		t.Fatalf("%d flows, issues %q", len(l.flows), l.issues)
	}
	lines := bufio.NewScanner(bytes.NewReader(corpus.File(t, "golden/hybrid/flows-dbhandler.jsonl")))
	n := 0
	for ; lines.Scan(); n++ {
		var want goldenHandled
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		f := l.flows[n]
		r := f.Request
		got := goldenHandled{ID: string(f.Id), Method: string(r.Method), Host: string(r.Host), Path: string(r.Path), Request: sum(l.bytesOf(t, r.Content, r.Body))}
		if r := f.Response; r != nil {
			got.Status, got.Response = r.StatusCode, new(sum(l.bytesOf(t, r.Content, r.Body)))
		}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		if !bytes.Equal(a, b) {
			t.Errorf("flow %d is %s, want %s", n, a, b)
		}
	}
	if n != 250 {
		t.Errorf("%d lines", n)
	}
	// Written by the code of 2018.
	original := list2018(t, corpus.File(t, "golden/vectors/dbhandler2018.sqlite"))
	if len(original.flows) != 4 || len(original.issues) > 0 {
		t.Errorf("%d flows, issues %q", len(original.flows), original.issues)
	}
}

// TestHybridCorpus counts what every database of the corpus holds.
func TestHybridCorpus(t *testing.T) {
	want := map[string]int{
		"session": 491, "session-annotated": 60, "session-empty": 0, "flows-dbhandler": 250, "variant-ps512": 60, "variant-utf16": 60,
	}
	corpus.File(t, "hybrid/session.sqlite")
	names, err := filepath.Glob(corpus.Path(t, "hybrid/*.sqlite"))
	if err != nil || len(names) != len(want) {
		t.Fatalf("%d databases, want %d, %v", len(names), len(want), err)
	}
	for _, path := range names {
		name := strings.TrimSuffix(filepath.Base(path), ".sqlite")
		l := list2018(t, corpus.File(t, "hybrid/"+name+".sqlite"))
		if n, ok := want[name]; !ok || len(l.flows) != n || len(l.issues) > 0 {
			t.Errorf("%s: %d flows, want %d; issues %q", name, len(l.flows), n, l.issues)
		}
	}
}
