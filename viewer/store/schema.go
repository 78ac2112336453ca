package store

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/ncruces/go-sqlite3"
)

// ErrNewer is the error of [Open] where a newer version of the program made
// the store.
var ErrNewer = errors.New("the store was made by a newer version of Flowpane")

// applicationID says "Flow" in the header of the file.
//
// Source: https://sqlite.org/pragma.html#pragma_application_id
const applicationID = 0x466c6f77

// migrations returns the steps from each version of the schema to the next.
// The first begins with an empty database. A step that was released does not
// change any more.
func migrations() []string {
	return []string{schema1}
}

// schema1 has the tables of 2018 unchanged in names and columns, and ours.
// Unknown and absent values are NULL throughout.
const schema1 = `
CREATE TABLE flow (
	id VARCHAR(36) PRIMARY KEY, -- the key of the flow
	content BLOB -- flow.proto, with references into connection
);
CREATE TABLE body (
	id INTEGER PRIMARY KEY,
	flow_id VARCHAR(36),
	type_id INTEGER, -- 1 request, 2 response
	content BLOB, -- decoded
	FOREIGN KEY (flow_id) REFERENCES flow (id)
);
CREATE TABLE annotation (
	id INTEGER PRIMARY KEY,
	flow_id VARCHAR(36),
	type VARCHAR(16),
	content BLOB,
	FOREIGN KEY (flow_id) REFERENCES flow (id)
);

CREATE TABLE source (
	id INTEGER PRIMARY KEY, -- as in references to bodies
	name TEXT NOT NULL,
	format TEXT NOT NULL,
	size INTEGER NOT NULL -- bytes
);
CREATE TABLE connection (
	id INTEGER PRIMARY KEY,
	content BLOB NOT NULL -- ClientConnection or ServerConnection of flow.proto
);
CREATE TABLE flow_index (
	number INTEGER PRIMARY KEY, -- place in the session, from 0
	key TEXT NOT NULL, -- flow.id
	source INTEGER NOT NULL,
	kind INTEGER NOT NULL, -- 0 http, 1 tcp, 2 udp, 3 dns
	flags INTEGER NOT NULL, -- bits: 1 websocket, 2 response, 4 error, 8 marked, 16 tls, 32 edited, 64 intercepted, 128 response body absent, 256 contested
	method TEXT, -- as shown
	raw_method TEXT, -- as sent
	scheme TEXT,
	host TEXT,
	pretty_host TEXT, -- as the request names it
	path TEXT,
	url TEXT,
	pretty_url TEXT, -- as searched; NULL if it is not
	version TEXT, -- of HTTP
	status INTEGER,
	status_text TEXT,
	content_type TEXT, -- media type of the response
	request_content_types TEXT, -- headers as sent, a line each
	response_content_types TEXT,
	request_size INTEGER NOT NULL, -- bytes
	response_size INTEGER NOT NULL,
	order_size INTEGER NOT NULL,
	created REAL, -- seconds since 1970
	start INTEGER, -- nanoseconds since 1970
	duration INTEGER, -- nanoseconds
	marker TEXT,
	comment TEXT,
	error TEXT,
	replay TEXT -- request or response
);

CREATE VIEW flows AS
SELECT
	number, key,
	CASE kind WHEN 0 THEN 'http' WHEN 1 THEN 'tcp' WHEN 2 THEN 'udp' WHEN 3 THEN 'dns' END AS kind,
	method, url, host, status, content_type, request_size, response_size,
	strftime('%Y-%m-%dT%H:%M:%fZ', start / 1e9, 'unixepoch') AS started,
	duration / 1e6 AS duration_ms,
	marker, comment, error, replay,
	flags & 1 <> 0 AS websocket,
	flags & 16 <> 0 AS tls,
	flags & 32 <> 0 AS edited,
	source.name AS source
FROM flow_index LEFT JOIN source ON source.id = source;

CREATE VIEW bodies AS
SELECT
	body.id, number, key,
	CASE type_id WHEN 1 THEN 'request' WHEN 2 THEN 'response' END AS side,
	method, url, status,
	length(content) AS size,
	content
FROM body JOIN flow_index ON key = flow_id;
`

// migrate takes the database from its version to that of the last step.
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
	switch {
	case err != nil:
		return err
	case tables == 0:
		version = 0
	case app != applicationID:
		return errors.New("the database is not a store of Flowpane")
	case version > int64(len(steps)):
		return fmt.Errorf("%w: its schema has version %d, known is %d", ErrNewer, version, len(steps))
	}
	for ; version < int64(len(steps)); version++ {
		if err := step(conn, version+1, steps[version]); err != nil {
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
		"; PRAGMA application_id = " + strconv.Itoa(applicationID))
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
