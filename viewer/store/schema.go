package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"flowpane/viewer/schema"
)

// ErrNewer is the error of [Open] where a newer version of the program made
// the store.
var ErrNewer = errors.New("the store was made by a newer version of Flowpane")

// create returns what makes an empty database one of [schema.Version].
func create() string { return schema.SQL(schema.Session()) + schema.SQL(schema.Packed()) }

// migrations returns the steps from each version of the schema to the next, the
// first of them from version 1. A step that was released does not change any
// more.
func migrations() []string {
	return []string{
		// Whether all flows of a source are there. A database of version 1 was
		// saved whole.
		"ALTER TABLE source ADD COLUMN complete INTEGER NOT NULL DEFAULT 0; UPDATE source SET complete = 1",
		// What files say of themselves, and the sign by which readers know that
		// bodies are as sent. A packed database has both.
		strings.ReplaceAll(schema.SQL(schema.Packed()), "CREATE TABLE", "CREATE TABLE IF NOT EXISTS"),
		// The addresses of both ends. Of flows that were stored before, they are
		// in the flow alone.
		"ALTER TABLE flow_index ADD COLUMN client TEXT; ALTER TABLE flow_index ADD COLUMN server TEXT",
	}
}

// migrate takes the database from its version to that of the last step, or
// creates it.
func migrate(conn *sqlite3.Conn, steps []string) error {
	version, err := count(conn, "PRAGMA user_version")
	if err != nil {
		return err
	}
	app, err := count(conn, "PRAGMA application_id")
	if err != nil {
		return err
	}
	tables, err := count(conn, "SELECT count(*) FROM sqlite_schema")
	last := int64(len(steps)) + 1
	switch {
	case err != nil:
		return err
	case tables == 0:
		if err := step(conn, schema.Version, create()); err != nil {
			return fmt.Errorf("creating the tables: %w", err)
		}
		version = schema.Version
	case app != schema.ApplicationID:
		return errors.New("the database is not a store of Flowpane")
	case version > last:
		return fmt.Errorf("%w: its schema has version %d, known is %d", ErrNewer, version, last)
	}
	for version = max(version, 1); version < last; version++ {
		if err := step(conn, version+1, steps[version-1]); err != nil {
			return fmt.Errorf("migrating to version %d: %w", version+1, err)
		}
	}
	return nil
}

// step migrates to a version, or not at all.
func step(conn *sqlite3.Conn, version int64, sql string) (err error) {
	tx, err := conn.BeginImmediate()
	if err != nil {
		return err
	}
	defer tx.End(&err)
	return conn.Exec(sql +
		"; PRAGMA user_version = " + strconv.FormatInt(version, 10) +
		"; PRAGMA application_id = " + strconv.Itoa(schema.ApplicationID))
}

// count returns the one number that a query answers.
func count(conn *sqlite3.Conn, sql string) (int64, error) {
	s, _, err := conn.Prepare(sql)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	if !s.Step() {
		return 0, s.Err()
	}
	return s.ColumnInt64(0), s.Err()
}
