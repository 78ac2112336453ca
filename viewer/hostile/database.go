package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/serdes"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session/sessiondb"
)

// tables are those that a session has had since 2018.
const tables = `CREATE TABLE flow (id VARCHAR(36) PRIMARY KEY, content BLOB);
CREATE TABLE body (id INTEGER PRIMARY KEY, flow_id VARCHAR(36), type_id INTEGER, content BLOB);
CREATE TABLE annotation (id INTEGER PRIMARY KEY, flow_id VARCHAR(36), type VARCHAR(16), content BLOB);`

// database returns a file that SQL makes. Where it has an argument, that is
// each of args in turn.
func database(sql string, args ...any) []byte {
	conn, err := sqlite3.Open(":memory:")
	must(err)
	defer conn.Close()
	must(conn.Exec("PRAGMA writable_schema = on"))
	for sql != "" {
		s, rest, err := conn.Prepare(sql)
		must(err)
		sql = rest
		if s == nil {
			continue
		}
		for i := range s.BindCount() {
			switch arg := args[0].(type) {
			case []byte:
				must(s.BindBlob(i+1, arg))
			case string:
				must(s.BindText(i+1, arg))
			}
			args = args[1:]
		}
		must(s.Exec())
		must(s.Close())
	}
	file, err := serdes.Serialize(conn, "main")
	must(err)
	return file
}

func must(err error) {
	if err != nil {
		panic("hostile: " + err.Error())
	}
}

// of2018 returns a database with flows as they were stored in 2018, all of them
// in full, and what else SQL does to it.
func of2018(f flows, more string) []byte {
	sql, args := tables, []any(nil)
	for i, f := range f {
		sql += "INSERT INTO flow VALUES (?, ?);"
		args = append(args, fmt.Sprintf("%s-%d", f.Id, i), f.Append(nil))
	}
	return database(sql+more, args...)
}

func someFlows(n int) (all flows) {
	for i := range n {
		all = append(all, sound(i))
	}
	return all
}

// databaseInputs are SQLite files that would have SQLite go in circles, run what
// they bring along, or believe them.
func databaseInputs(home string) []Input {
	texts := everyField(home)
	some := someFlows(300)
	endless := "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT "
	const body, note = "CREATE TABLE body (id INTEGER PRIMARY KEY, flow_id, type_id, content);", "CREATE TABLE annotation (id INTEGER PRIMARY KEY, flow_id, type, content);"
	made := func(name string, n int, make func() []byte) Input {
		return Input{Name: "sqlite: " + name, Records: n, Flows: n, Make: make}
	}
	inputs := []Input{
		made("every field, 2018", len(texts), func() []byte { return of2018(texts, "") }),
		made("annotations and bodies", 300, func() []byte {
			return of2018(some, strings.Repeat(`INSERT INTO annotation (flow_id, type, content) VALUES ('sound-1-1', '<b>'||x'001b', '<script>'), (NULL, 1, 2.5), ('sound-1-1', 'marker', x'ff'), (zeroblob(9), zeroblob(9), zeroblob(9));
				INSERT INTO body (flow_id, type_id, content) VALUES ('sound-1-1', '2', 'text'), ('sound-1-1', 2, 5), ('sound-1-1', -9e99, 1.5), (NULL, NULL, NULL), ('sound-2-2', 2, zeroblob(100000));`, 50))
		}),
		made("handler", 0, func() []byte {
			return database("CREATE TABLE FLOWS (id INTEGER PRIMARY KEY, pbuf_blob BLOB); INSERT INTO FLOWS VALUES (-9223372036854775808, ?), (1, 'text'), (9223372036854775807, NULL)", sound(0).Append(nil))
		}),
		made("triggers", 300, func() []byte {
			return of2018(some, `CREATE TABLE t (x); CREATE TRIGGER a AFTER INSERT ON flow BEGIN SELECT load_extension('/tmp/x'), writefile('/tmp/x', 'x'); INSERT INTO t VALUES (zeroblob(1000000000)); END;
				CREATE TRIGGER b BEFORE UPDATE ON body BEGIN DELETE FROM flow; END;`)
		}),
		made("views that call functions", 300, func() []byte {
			return of2018(some, `CREATE VIEW flows AS SELECT load_extension('x'), readfile('/etc/passwd'), edit('x'), fts3_tokenizer('x'), randomblob(1000000000); CREATE VIEW headers AS `+endless+`x FROM r; CREATE VIEW bodies AS SELECT * FROM headers, headers, headers;`)
		}),
		made("views in place of tables", 0, func() []byte {
			return database("CREATE VIEW flow AS " + endless + "x AS id, zeroblob(1000000) AS content FROM r; CREATE VIEW body AS SELECT 1 AS id, 1 AS flow_id, 1 AS type_id, randomblob(1000000000) AS content; CREATE VIEW annotation AS SELECT * FROM flow;")
		}),
		made("columns that are computed", 0, func() []byte {
			return database("CREATE TABLE flow (id, x, content AS (zeroblob(900000000)));" + body + note + "INSERT INTO flow VALUES ('a', 1)")
		}),
		made("indexes that compute", 0, func() []byte {
			return database("CREATE TABLE flow (id, content); CREATE INDEX i ON flow (length(hex(content)) + abs(id)); CREATE UNIQUE INDEX j ON flow (id COLLATE NOCASE) WHERE content LIKE '%a%';" + body + note + "INSERT INTO flow VALUES (1, x'ff')")
		}),
		made("virtual tables", 0, func() []byte {
			return database(tables + `INSERT INTO sqlite_schema VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING csv(filename=''/etc/passwd'')'), ('table', 'f', 'f', 0, 'CREATE VIRTUAL TABLE f USING fts3(tokenize=unknown)')`)
		}),
		made("a schema that is no SQL", 0, func() []byte {
			return database(tables + `INSERT INTO sqlite_schema VALUES ('table', '<img src=x onerror=hostile=1>', x'00ff', -1, 'CREATE TABLE x AS SELECT 1; DROP TABLE flow'), ('index', 'sqlite_autoindex_x', 'flow', 2, 'garbage'), (NULL, NULL, NULL, NULL, NULL)`)
		}),
		made("a table that is the schema", 0, func() []byte { return database(tables + "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'flow'") }),
		made("tables that are one", 0, func() []byte {
			return of2018(some, "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'flow')")
		}),
		made("pages that are nowhere", 0, func() []byte { return of2018(some, "UPDATE sqlite_schema SET rootpage = 2147483647") }),
		made("100,000 tables", 0, func() []byte {
			return database(tables + `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
				INSERT INTO sqlite_schema SELECT 'table', '<b>' || i, '<b>' || i, 2, 'CREATE TABLE "<b>' || i || '" (x)' FROM n`)
		}),
		made("a version to come", 0, func() []byte {
			return of2018(some, "PRAGMA user_version = 2147483647; PRAGMA application_id = 0x466c6f77;")
		}),
		made("a version before all", 0, func() []byte {
			return of2018(some, "PRAGMA user_version = -2147483648; PRAGMA application_id = 0x466c6f77;")
		}),
		made("UTF-16", 0, func() []byte {
			return database("PRAGMA encoding = 'UTF-16be';"+tables+"INSERT INTO flow VALUES (x'd800', ?)", sound(0).Append(nil))
		}),
		made("pages of 512 bytes", 300, func() []byte {
			return append(database("PRAGMA page_size = 512;"+ofSome(some), stored(some)...), make([]byte, 100)...)
		}),
		made("overlapping bodies", 0, func() []byte {
			return of2018(append(overlapping(flowpb.Body_ROW), overlapping(flowpb.Body_INLINE)...), "INSERT INTO body VALUES (7, 'overlapping-1', 2, 'x')")
		}),
	}
	return append(inputs, circles(some)...)
}

// ofSome and stored are the SQL for some flows, and its arguments.
func ofSome(f flows) string {
	return tables + strings.Repeat("INSERT INTO flow VALUES (?, ?);", len(f))
}

func stored(f flows) (args []any) {
	for _, f := range f {
		args = append(args, string(f.Id), f.Append(nil))
	}
	return args
}

// circles are files whose pages lead back to pages before them.
func circles(some flows) []Input {
	whole := func() []byte {
		return written(sessiondb.Writer, append(someFlows(2000), exchange("long", "text/plain", bytes.Repeat([]byte("x"), 200_000))))
	}
	old := func() []byte {
		return of2018(append(some, exchange("long", "text/plain", bytes.Repeat([]byte("x"), 200_000))), "")
	}
	var inputs []Input
	for kind, make := range map[string]func() []byte{"packed": whole, "2018": old} {
		inputs = append(inputs,
			Input{Name: "sqlite: trees that lead to their roots, " + kind, Make: func() []byte { return relink(make(), func(page, _ uint32) uint32 { return page }) }},
			Input{Name: "sqlite: trees that lead to the schema, " + kind, Make: func() []byte { return relink(make(), func(_, _ uint32) uint32 { return 1 }) }},
			Input{Name: "sqlite: trees that share a leaf, " + kind, Make: func() []byte {
				var first uint32
				return relink(make(), func(_, child uint32) uint32 {
					if first == 0 {
						first = child
					}
					return first
				})
			}},
			Input{Name: "sqlite: long values that go in circles, " + kind, Make: func() []byte { return chain(make()) }},
			Input{Name: "sqlite: cells everywhere, " + kind, Make: func() []byte { return cells(make()) }},
			Input{Name: "sqlite: a header that lies, " + kind, Make: func() []byte { return mislead(make()) }},
		)
	}
	return sortedByName(inputs)
}

// pageOf returns a page by its number, and where its header begins in it.
func pageOf(file []byte, number int) (p []byte, header int) {
	size := int(binary.BigEndian.Uint16(file[16:]))
	if size == 1 {
		size = 65536
	}
	if number == 1 {
		header = 100
	}
	return file[(number-1)*size : number*size], header
}

func pages(file []byte) int {
	first, _ := pageOf(file, 1)
	return len(file) / len(first)
}

// relink gives each inner page of each tree other children.
func relink(file []byte, other func(page, child uint32) uint32) []byte {
	for n := 2; n <= pages(file); n++ {
		p, _ := pageOf(file, n)
		if p[0] != 5 && p[0] != 2 {
			continue
		}
		point := func(at int) { binary.BigEndian.PutUint32(p[at:], other(uint32(n), binary.BigEndian.Uint32(p[at:]))) }
		point(8)
		for cell := range int(binary.BigEndian.Uint16(p[3:])) {
			if at := int(binary.BigEndian.Uint16(p[12+2*cell:])); 12+2*cell+2 <= at && at+4 <= len(p) {
				point(at)
			}
		}
	}
	return file
}

// chain has each page of a long value lead to itself.
func chain(file []byte) []byte {
	for n := 2; n <= pages(file); n++ {
		p, _ := pageOf(file, n)
		if next := binary.BigEndian.Uint32(p); p[0] == 0 && int(next) == n+1 {
			binary.BigEndian.PutUint32(p, uint32(n))
		}
	}
	return file
}

// cells has pages say that they have more cells than there is room for, all of
// them in one place.
func cells(file []byte) []byte {
	for n := 2; n <= pages(file); n++ {
		if p, _ := pageOf(file, n); n%3 == 0 && (p[0] == 13 || p[0] == 10) {
			binary.BigEndian.PutUint16(p[3:], 0xffff)
			for at := 8; at+2 <= len(p)/2; at += 2 {
				binary.BigEndian.PutUint16(p[at:], uint16(len(p)-20))
			}
		}
	}
	return file
}

// mislead has the header name another size, free pages that are none, and room
// at the end of pages that is taken.
func mislead(file []byte) []byte {
	binary.BigEndian.PutUint32(file[28:], 0x7fffffff)
	copy(file[92:96], file[24:28])
	binary.BigEndian.PutUint32(file[32:], 2)
	binary.BigEndian.PutUint32(file[36:], 0xffffffff)
	file[20] = 32
	return file
}
