// Package schema is what stores and session databases have in common: their
// tables, and how a flow is told to those who know only the tables of 2018.
package schema

import "strings"

const (
	// ApplicationID says "Flow" in the header of a database.
	//
	// Source: https://sqlite.org/pragma.html#pragma_application_id
	ApplicationID = 0x466c6f77
	// Version is the user_version of a database with the tables of [Session]
	// and [Packed].
	Version = 4
)

// Types of rows in the table annotation that say what the fields of the same
// name do: they go before the flow.
const (
	CommentType = "comment"
	MarkerType  = "marker"
)

// An Object is a table or a view.
type Object struct {
	Type string // "table" or "view"
	Name string
	SQL  string // the statement that creates it, without a semicolon
}

// SQL returns the statements that create objects.
func SQL(objects []Object) string {
	var b strings.Builder
	for _, o := range objects {
		b.WriteString(o.SQL)
		b.WriteString(";\n")
	}
	return b.String()
}

// Session returns the tables of 2018, unchanged in names and columns, and
// ours. Unknown and absent values are NULL throughout. What is new goes to the
// end of a table, with a new Version and a step of the store that leads there.
func Session() []Object {
	return []Object{
		{"table", "flow", `CREATE TABLE flow (
	id VARCHAR(36) PRIMARY KEY, -- the key of the flow
	content BLOB -- flow.proto, with references into connection
)`},
		{"table", "body", `CREATE TABLE body (
	id INTEGER PRIMARY KEY,
	flow_id VARCHAR(36),
	type_id INTEGER, -- 1 request, 2 response
	content BLOB, -- decoded
	FOREIGN KEY (flow_id) REFERENCES flow (id)
)`},
		{"table", "annotation", `CREATE TABLE annotation (
	id INTEGER PRIMARY KEY,
	flow_id VARCHAR(36),
	type VARCHAR(16),
	content BLOB,
	FOREIGN KEY (flow_id) REFERENCES flow (id)
)`},
		{"table", "source", `CREATE TABLE source (
	id INTEGER PRIMARY KEY, -- as in references to bodies
	name TEXT NOT NULL,
	format TEXT NOT NULL,
	size INTEGER NOT NULL, -- bytes
	complete INTEGER NOT NULL DEFAULT 0 -- whether all its flows are here
)`},
		{"table", "connection", `CREATE TABLE connection (
	id INTEGER PRIMARY KEY,
	content BLOB NOT NULL -- ClientConnection or ServerConnection of flow.proto
)`},
		{"table", "flow_index", `CREATE TABLE flow_index (
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
	replay TEXT, -- request or response
	client TEXT, -- address of who connected, host:port
	server TEXT -- address that was connected to
)`},
		{"view", "flows", `CREATE VIEW flows AS
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
FROM flow_index LEFT JOIN source ON source.id = source`},
		{"view", "bodies", `CREATE VIEW bodies AS
SELECT
	body.id, number, key,
	CASE type_id WHEN 1 THEN 'request' WHEN 2 THEN 'response' END AS side,
	method, url, status,
	length(content) AS size,
	content
FROM body JOIN flow_index ON key = flow_id`},
	}
}

// Packed returns the tables that a packed session database has besides those
// of [Session]. It describes the flows of the database as it was written: who
// changes one does not keep them, and who reads them makes sure that nobody
// did.
func Packed() []Object {
	return []Object{
		{"table", "flow_columns", `CREATE TABLE flow_columns (
	chunk INTEGER NOT NULL, -- from 0, of up to 10000 flows
	name TEXT NOT NULL, -- of the column
	content BLOB NOT NULL -- of all flows of the chunk, deflated
)`},
		{"table", "flow_keys", `CREATE TABLE flow_keys (
	chunk INTEGER PRIMARY KEY,
	content BLOB NOT NULL
)`},
		{"table", "flow_nodes", `CREATE TABLE flow_nodes (
	name TEXT NOT NULL, -- of a table or an index
	pages INTEGER NOT NULL, -- of its b-tree
	content BLOB NOT NULL -- the interior pages, deflated
)`},
		{"table", "about", `CREATE TABLE about (
	source INTEGER PRIMARY KEY,
	content BLOB NOT NULL -- About of flow.proto
)`},
	}
}
