package sessiondb

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// tables are those of 2018.
const tables = `
	CREATE TABLE flow (id VARCHAR(36) PRIMARY KEY, content BLOB);
	CREATE TABLE body (id INTEGER PRIMARY KEY, flow_id VARCHAR(36), type_id INTEGER, content BLOB,
		FOREIGN KEY (flow_id) REFERENCES flow (id));
	CREATE TABLE annotation (id INTEGER PRIMARY KEY, flow_id VARCHAR(36), type VARCHAR(16), content BLOB,
		FOREIGN KEY (flow_id) REFERENCES flow (id));`

// statement is SQL with its arguments: strings, blobs, integers or nil.
type statement struct {
	sql  string
	args []any
}

func do(sql string, args ...any) statement { return statement{sql, args} }

// build returns a database file that the statements made.
func build(t testing.TB, statements ...statement) []byte {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("SQLite has no files of its own under js")
	}
	name := filepath.Join(t.TempDir(), "built.sqlite")
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	// The writer of 2018 asked for foreign keys in databases that it made, not
	// in those that it opened.
	statements = append([]statement{do("PRAGMA foreign_keys = off")}, statements...)
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

func run(conn *sqlite3.Conn, s statement) error {
	if len(s.args) == 0 {
		return conn.Exec(s.sql)
	}
	stmt, _, err := conn.Prepare(s.sql)
	if err != nil {
		return err
	}
	for i, arg := range s.args {
		switch arg := arg.(type) {
		case string:
			err = stmt.BindText(i+1, arg)
		case []byte:
			err = stmt.BindBlob(i+1, arg)
		case int:
			err = stmt.BindInt(i+1, arg)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(stmt.Exec(), stmt.Close())
}

// listing is all that a Reader yields.
type listing struct {
	r      *Reader
	flows  []*flowpb.Flow
	byID   map[string]*flowpb.Flow
	issues []string
}

func list2018(t testing.TB, file []byte) *listing {
	t.Helper()
	r, err := Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	l := &listing{r: r, byID: map[string]*flowpb.Flow{}}
	for {
		f, err := r.Next()
		var issue *session.Issue
		switch {
		case err == io.EOF:
			if got := r.Progress(); got != int64(len(file)) {
				t.Errorf("progress at the end is %d of %d bytes", got, len(file))
			}
			return l
		case errors.As(err, &issue):
			l.issues = append(l.issues, issue.Error())
		case err != nil:
			t.Fatal(err)
		default:
			l.flows = append(l.flows, f)
			l.byID[string(f.Id)] = f
		}
	}
}

// bytesOf reads a body through its reference, and checks that content beside
// the reference, if any, is the same.
func (l *listing) bytesOf(t testing.TB, content []byte, ref *flowpb.Body) []byte {
	t.Helper()
	if ref == nil {
		if content != nil {
			t.Error("content without a reference that says it is decoded")
		}
		return nil
	}
	if !ref.GetDecoded() {
		t.Error("a body is not said to be decoded")
	}
	src, err := l.r.Body(ref)
	if err != nil {
		t.Fatal(err)
	}
	b, err := blob.ReadAll(src)
	if err != nil {
		t.Fatal(err)
	}
	if uint64(len(b)) != ref.GetLength() {
		t.Errorf("a body has %d bytes, its reference says %d", len(b), ref.GetLength())
	}
	if content != nil && string(content) != string(b) {
		t.Errorf("inline content %.20q is not the body %.20q", content, b)
	}
	return b
}

func (l *listing) request(t testing.TB, id string) []byte {
	t.Helper()
	r := l.byID[id].GetRequest()
	return l.bytesOf(t, r.GetContent(), r.GetBody())
}

func (l *listing) response(t testing.TB, id string) []byte {
	t.Helper()
	r := l.byID[id].GetResponse()
	return l.bytesOf(t, r.GetContent(), r.GetBody())
}
