package store

import (
	"testing"

	"github.com/ncruces/go-sqlite3"
)

// TestDefend: what somebody put into a database that is kept is not run.
func TestDefend(t *testing.T) {
	s := memory(t)
	if err := s.conn.Exec("CREATE TRIGGER evil AFTER INSERT ON flow_index BEGIN DELETE FROM flow; END"); err != nil {
		t.Fatal(err)
	}
	fill(t, s, 3)
	flush(t, s)
	checkFlows(t, s, 3)
	for _, sql := range []string{"SELECT * FROM flows", "ATTACH ':memory:' AS other", "PRAGMA writable_schema = on; DELETE FROM sqlite_schema"} {
		if err := s.conn.Exec(sql); err == nil {
			t.Errorf("%s is done", sql)
		}
	}
}

// undefended lets a test use views and triggers.
func undefended(t testing.TB, s *Store) {
	t.Helper()
	for _, option := range []sqlite3.DBConfig{sqlite3.DBCONFIG_ENABLE_TRIGGER, sqlite3.DBCONFIG_ENABLE_VIEW} {
		if _, err := s.conn.Config(option, true); err != nil {
			t.Fatal(err)
		}
	}
}
