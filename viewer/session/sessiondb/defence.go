package sessiondb

import (
	"errors"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"flowpane/viewer/schema"
)

// Whoever made a file may have made it for SQLite to go wrong by. It is opened
// for reading, and nothing in it is run: no trigger, no view, no virtual table, no
// column that is computed; no query here is one that an index of computed values
// would serve. What SQLite finds damaged on its way is an error of the query that
// met it.
//
// An index of the file decides nothing but the order of flows and which of them a
// body belongs to, both of which a file can say as it likes in its tables too. To
// check all of it first, as PRAGMA quick_check does, would read all of it, which
// lies far away perhaps, and would not compare an index with its table. What the
// columns of a packed database say of a flow is compared with the flow when that is
// looked at: see package engine.
//
// Source: https://sqlite.org/security.html

// The most that a query may take.
const (
	maxSQL         = 100_000 // bytes of a statement, of the file's schema too
	maxColumns     = 100     // of a table or a query
	maxExprDepth   = 10
	maxCompound    = 3 // parts of a UNION
	maxProgram     = 25_000
	maxArguments   = 8
	maxPattern     = 50 // bytes of a LIKE
	maxVariables   = 10
	leastValue     = 1e6 // bytes; no value is longer than the file it lies in
	maxValue       = 1e9
	maxAttached    = 0
	maxTriggerDeep = 1
)

// defend bounds what the schema and the contents of a file of size bytes can make
// SQLite do.
func (d *database) defend(size int64) error {
	c := d.conn
	var errs []error
	for option, on := range map[sqlite3.DBConfig]bool{
		sqlite3.DBCONFIG_DEFENSIVE:             true,
		sqlite3.DBCONFIG_TRUSTED_SCHEMA:        false,
		sqlite3.DBCONFIG_ENABLE_TRIGGER:        false,
		sqlite3.DBCONFIG_ENABLE_VIEW:           false,
		sqlite3.DBCONFIG_ENABLE_LOAD_EXTENSION: false,
		sqlite3.DBCONFIG_DQS_DDL:               false,
		sqlite3.DBCONFIG_DQS_DML:               false,
	} {
		_, err := c.Config(option, on)
		errs = append(errs, err)
	}
	for category, limit := range map[sqlite3.LimitCategory]int{
		sqlite3.LIMIT_LENGTH:              int(min(max(size, leastValue), maxValue)),
		sqlite3.LIMIT_SQL_LENGTH:          maxSQL,
		sqlite3.LIMIT_COLUMN:              maxColumns,
		sqlite3.LIMIT_EXPR_DEPTH:          maxExprDepth,
		sqlite3.LIMIT_COMPOUND_SELECT:     maxCompound,
		sqlite3.LIMIT_VDBE_OP:             maxProgram,
		sqlite3.LIMIT_FUNCTION_ARG:        maxArguments,
		sqlite3.LIMIT_ATTACHED:            maxAttached,
		sqlite3.LIMIT_LIKE_PATTERN_LENGTH: maxPattern,
		sqlite3.LIMIT_VARIABLE_NUMBER:     maxVariables,
		sqlite3.LIMIT_TRIGGER_DEPTH:       maxTriggerDeep,
	} {
		c.Limit(category, limit)
	}
	errs = append(errs, c.Exec("PRAGMA temp_store = memory; PRAGMA cell_size_check = on; PRAGMA query_only = on"))
	return errors.Join(append(errs, c.SetAuthorizer(authorize))...)
}

// known are the tables that are read, in lower case, and functions those that are
// called.
var (
	known     = append([]string{"sqlite_master", "sqlite_schema", "flow", "flows", "body", "annotation", "meta", "flow_index", "source", "connection"}, packedTables()...)
	functions = []string{"min", "max", "ifnull", "octet_length", "length", "typeof", "count"}
)

func packedTables() (names []string) {
	for _, o := range schema.Packed() {
		names = append(names, strings.ToLower(o.Name))
	}
	return names
}

// authorize lets a statement read the tables of a session, and nothing else. Inner
// is the view or the trigger that asks.
func authorize(action sqlite3.AuthorizerActionCode, name, second, _, inner string) sqlite3.AuthorizerReturnCode {
	switch {
	case inner != "":
	case action == sqlite3.AUTH_SELECT,
		action == sqlite3.AUTH_PRAGMA && name == "table_xinfo",
		action == sqlite3.AUTH_READ && slices.Contains(known, strings.ToLower(name)),
		action == sqlite3.AUTH_FUNCTION && slices.Contains(functions, strings.ToLower(second)):
		return sqlite3.AUTH_OK
	}
	return sqlite3.AUTH_DENY
}

// computes reports whether a table has a column that is computed as it is read.
//
// Source: https://sqlite.org/pragma.html#pragma_table_xinfo
func (d *database) computes(table string) bool {
	const hidden = 6 // the column that says so: 0 is stored, 1 is of a virtual table
	s, _, err := d.conn.Prepare("PRAGMA main.table_xinfo(" + sqlite3.QuoteIdentifier(table) + ")")
	if err != nil {
		return false // it is not read either
	}
	defer s.Close()
	for s.Step() {
		if s.ColumnInt(hidden) > 1 {
			return true
		}
	}
	return false
}
