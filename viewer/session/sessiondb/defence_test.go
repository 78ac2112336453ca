package sessiondb

import (
	"context"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// schemaOf is a statement that has the schema say something else of a table than
// what it was made by, as a file may.
func schemaOf(table, sql string) []statement {
	return []statement{
		do("PRAGMA writable_schema = on"),
		do("UPDATE sqlite_schema SET sql = ? WHERE name = ?", sql, table),
		do("PRAGMA writable_schema = reset"),
	}
}

// TestHostileSchemas opens databases whose schema would have SQLite run something.
// Each is refused, or shows what is in its tables and says what it does not.
func TestHostileSchemas(t *testing.T) {
	flow := (&flowpb.Flow{Id: []byte("a"), Request: &flowpb.HTTPRequest{}, Response: &flowpb.HTTPResponse{}}).Append(nil)
	insert := []statement{
		do("INSERT INTO flow VALUES ('a', ?)", flow),
		do("INSERT INTO body (flow_id, type_id, content) VALUES ('a', 2, 'text')"),
	}
	whole := append([]statement{do(tables)}, insert...)
	for _, c := range []struct {
		name    string
		make    []statement
		refused string // why it does not open
		issue   string // or what it says
		flows   int
	}{
		{name: "a view in place of a table", make: []statement{
			do(tables), do("DROP TABLE body"), do("CREATE VIEW body AS SELECT 1 AS id, 'a' AS flow_id, 1 AS type_id, randomblob(1000000000) AS content"),
		}, refused: "not a session database"},
		{name: "a view that calls itself a table", make: append(append(whole, do("CREATE VIEW other AS SELECT randomblob(1000000000) AS content")),
			do("PRAGMA writable_schema = on"), do("DELETE FROM sqlite_schema WHERE name = 'annotation'"),
			do("UPDATE sqlite_schema SET type = 'table', name = 'annotation', tbl_name = 'annotation' WHERE name = 'other'")), refused: "its schema"},
		{name: "a virtual table", make: append([]statement{do(tables), do("DROP TABLE body")},
			do("PRAGMA writable_schema = on"),
			do("INSERT INTO sqlite_schema VALUES ('table', 'body', 'body', 0, 'CREATE VIRTUAL TABLE body USING rtree(id, a, b)')")), refused: "not a session database"},
		{name: "a column that is computed", make: []statement{
			do(strings.Replace(tables, "flow_id VARCHAR(36), type_id INTEGER, content BLOB,", "flow_id VARCHAR(36), type_id INTEGER, content AS (hex(zeroblob(1000))),", 1)),
			do("INSERT INTO flow VALUES ('a', ?)", flow), do("INSERT INTO body (flow_id, type_id) VALUES ('a', 2)"),
		}, refused: "table body: a column of it is computed"},
		{name: "flows that are computed", make: []statement{
			do(strings.Replace(tables, "content BLOB);", "content AS (zeroblob(1000000000)));", 1)), do("INSERT INTO flow (id) VALUES ('a')"),
		}, refused: "table flow: a column of it is computed"},
		{name: "a comparison that nobody has", make: append(whole, schemaOf("flow", "CREATE TABLE flow (id VARCHAR(36) PRIMARY KEY COLLATE evil, content BLOB)")...), issue: "table body", flows: 1},
		{name: "a table without rows by number", make: []statement{
			do(strings.Replace(tables, "content BLOB);", "content BLOB) WITHOUT ROWID;", 1)), do("INSERT INTO flow VALUES ('a', ?)", flow),
		}, refused: "table flow"},
		{name: "a trigger", make: append(whole, do("CREATE TRIGGER evil AFTER INSERT ON flow BEGIN DELETE FROM flow; END")), flows: 1},
		{name: "an index that computes", make: append(whole, do("CREATE INDEX evil ON flow (hex(hex(hex(id))))")), flows: 1},
		{name: "part of an index", make: append(whole, do("CREATE INDEX evil ON flow (id) WHERE abs(length(content)) > 5")), flows: 1},
		{name: "a schema that is no SQL", make: append(whole, schemaOf("annotation", "CREATE TABLE annotation (((")...), refused: "its schema"},
		{name: "a schema of another page", make: append(whole, do("PRAGMA writable_schema = on"), do("UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'annotation'")), refused: "its schema"},
		{name: "a schema of the schema's page", make: append(whole, do("PRAGMA writable_schema = on"), do("UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'annotation'")), refused: "its schema"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := build(t, c.make...)
			r, err := Open(context.Background(), blob.Bytes(file))
			if c.refused != "" {
				if err == nil {
					r.Close()
				}
				if err == nil || !strings.Contains(err.Error(), c.refused) {
					t.Fatalf("%v, want %q", err, c.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			r.Close()
			l := list2018(t, file)
			if len(l.flows) != c.flows || !strings.Contains(strings.Join(l.issues, "\n"), c.issue) || c.issue == "" && len(l.issues) > 0 {
				t.Errorf("%d flows, issues %q", len(l.flows), l.issues)
			}
		})
	}
}

// TestDefence: whatever a statement would do but read the tables of a session is
// refused, and the options that help against a file are on.
func TestDefence(t *testing.T) {
	file := build(t, do(tables), do("CREATE TABLE other (x)"), do("CREATE VIEW glimpse AS SELECT id FROM flow"))
	r, err := Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := r.db.conn
	for _, sql := range []string{
		"SELECT * FROM other", "SELECT * FROM glimpse", "SELECT randomblob(5)", "SELECT load_extension('x')", "ATTACH 'x' AS y",
		"PRAGMA writable_schema = on", "PRAGMA query_only = off", "DELETE FROM flow", "UPDATE flow SET id = 1", "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)",
		"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT * FROM n", "SELECT * FROM pragma_table_info('flow')", "BEGIN", "REINDEX",
		`SELECT id FROM flow WHERE id = "text"`,
	} {
		if s, _, err := c.Prepare(sql); err == nil {
			s.Close()
			t.Errorf("%s is prepared", sql)
		}
	}
	if authorize(sqlite3.AUTH_READ, "flow", "id", "main", "") != sqlite3.AUTH_OK || authorize(sqlite3.AUTH_READ, "flow", "id", "main", "glimpse") != sqlite3.AUTH_DENY {
		t.Error("a view or a trigger may read what a query may")
	}
	for option, want := range map[sqlite3.DBConfig]bool{
		sqlite3.DBCONFIG_DEFENSIVE: true, sqlite3.DBCONFIG_TRUSTED_SCHEMA: false, sqlite3.DBCONFIG_ENABLE_TRIGGER: false, sqlite3.DBCONFIG_ENABLE_VIEW: false,
	} {
		if on, err := c.Config(option); err != nil || on != want {
			t.Errorf("option %d is %v, %v", option, on, err)
		}
	}
}

// TestValueTooLong meets the limit of a value.
func TestValueTooLong(t *testing.T) {
	file := build(t, do(tables))
	r, err := Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s, _, err := r.db.conn.Prepare("SELECT id FROM main.flow WHERE id = ?")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.BindBlob(1, make([]byte, leastValue+1)); err == nil {
		t.Error("a value longer than the file and a megabyte is taken")
	}
	if _, _, err := r.db.conn.Prepare("SELECT id FROM main.flow WHERE id = '" + strings.Repeat("x", maxSQL) + "'"); err == nil {
		t.Error("a statement of any length is prepared")
	}
	if _, _, err := r.db.conn.Prepare("SELECT " + strings.Repeat("- ", 2*maxExprDepth) + "1"); err == nil {
		t.Error("an expression of any depth is prepared")
	}
}
