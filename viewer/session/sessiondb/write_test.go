package sessiondb

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
)

// packedFile returns flows as Writer writes them.
func packedFile(t testing.TB, flows session.Flows) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Writer.Write(context.Background(), &b, flows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// openSQLite opens a database with SQLite and nothing else.
func openSQLite(t testing.TB, file []byte) *sqlite3.Conn {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("SQLite has no files of its own under js")
	}
	name := filepath.Join(t.TempDir(), "packed.sqlite")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// ask returns the rows of a query, columns joined by "|".
func ask(t testing.TB, conn *sqlite3.Conn, sql string) (rows []string) {
	t.Helper()
	stmt, _, err := conn.Prepare(sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer stmt.Close()
	for stmt.Step() {
		var columns []string
		for i := range stmt.ColumnCount() {
			columns = append(columns, stmt.ColumnText(i))
		}
		rows = append(rows, strings.Join(columns, "|"))
	}
	if stmt.Err() != nil {
		t.Fatalf("%s: %v", sql, stmt.Err())
	}
	return rows
}

// sound fails unless SQLite finds nothing wrong with a file.
func sound(t testing.TB, conn *sqlite3.Conn) {
	t.Helper()
	if got := ask(t, conn, "PRAGMA integrity_check"); len(got) != 1 || got[0] != "ok" {
		t.Fatalf("integrity check: %q", got)
	}
	if got := ask(t, conn, "PRAGMA foreign_key_check"); len(got) != 0 {
		t.Errorf("foreign keys: %q", got)
	}
}

// TestPackedSizes writes sessions whose trees have every depth.
func TestPackedSizes(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 300, 3000} {
		file := packedFile(t, synthetic{flows: n})
		conn := openSQLite(t, file)
		sound(t, conn)
		if got := ask(t, conn, "SELECT count(*) FROM flow"); got[0] != itoa(n) {
			t.Errorf("%d flows: found %s", n, got[0])
		}
		if len(file)%writtenPage != 0 {
			t.Errorf("%d flows: %d bytes", n, len(file))
		}
	}
}

// TestRowsOfEverySize has rows around each size from which on SQLite puts a
// part of them elsewhere.
func TestRowsOfEverySize(t *testing.T) {
	m := new(inMemory)
	for n := range 40 {
		for _, length := range []int{450, 980, 4020, 8100, 12_200} {
			id := append(noise(length+n), fmt.Sprint(length, n)...)
			f := &flowpb.Flow{Id: id[:length+n], Kind: new(flowpb.Kind_TCP), Marker: id[:n]}
			f.Messages = []*flowpb.Message{{Body: m.ref(noise(length + n))}, {Body: m.ref(noise(length + n + 3000))}}
			f.ClientConn = &flowpb.ClientConnection{Id: noise(length + n)}
			m.Flows = append(m.Flows, f)
		}
	}
	checkLaw(t, m)
}
