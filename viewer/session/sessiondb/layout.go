package sessiondb

import (
	"errors"
	"fmt"
	"strings"
)

// A layout is one of the schemas that session databases have had: where its
// flows, bodies and annotations are.
type layout struct {
	table string // that flows are in, for people
	// flow finds the id and the content of a rowid, and whether it has none.
	flow string
	// list finds the rowids of all flows in their order. Where it is empty,
	// flows are ordered by the start of the request, which their content says.
	list string
	// bodies finds, in the order of the rows of body, the rowid of the flow,
	// that of the body, its type, its size and whether it is text. Empty: bodies
	// are in the flows.
	bodies string
	// split bodies have a row of both in two columns. Their rows are numbered
	// as those of INLINE bodies.
	split bool
	// annotations finds the rowids of a flow and of an annotation. Empty: there
	// are none.
	annotations string
	// meta finds of a rowid of flow whether it is intercepted and marked, and
	// its mode. Empty: the flow says so itself.
	meta string
}

// of2018 is what mitmproxy 5 and 6 had as a Session.
func of2018() layout {
	return layout{
		table: "flow",
		flow:  "SELECT id, CAST(content AS BLOB), content IS NULL FROM main.flow WHERE rowid = ?",
		bodies: `
			SELECT flow.rowid, body.rowid, type_id, octet_length(body.content), typeof(body.content) = 'text'
			FROM main.body NOT INDEXED LEFT JOIN main.flow ON flow.id = flow_id
			WHERE type_id IN (1, 2) AND body.content IS NOT NULL ORDER BY body.rowid`,
		annotations: `
			SELECT flow.rowid, annotation.rowid
			FROM main.annotation NOT INDEXED LEFT JOIN main.flow ON flow.id = flow_id
			ORDER BY annotation.rowid`,
	}
}

// ofStore is what package store has: that of 2018, and the place of each flow
// in the session. Flows that were added by others have none, and come last.
func ofStore() layout {
	l := of2018()
	l.list = `
		SELECT flow.rowid FROM main.flow LEFT JOIN main.flow_index ON "key" = flow.id
		GROUP BY flow.rowid ORDER BY min(number) IS NULL, min(number), flow.rowid`
	return l
}

// ofHandler is what DBHandler of mitmproxy 5 and 6 wrote: whole flows, in the
// order in which they were saved.
func ofHandler() layout {
	return layout{
		table: "FLOWS",
		flow:  "SELECT '', CAST(pbuf_blob AS BLOB), pbuf_blob IS NULL FROM main.flows WHERE rowid = ?",
		list:  "SELECT rowid FROM main.flows NOT INDEXED ORDER BY rowid",
	}
}

// ofJuly2018 is the schema of the Session before it was released.
func ofJuly2018() layout {
	return layout{
		table: "flow",
		flow:  "SELECT '', CAST(content AS BLOB), content IS NULL FROM main.flow WHERE rowid = ?",
		list:  "SELECT rowid FROM main.flow NOT INDEXED ORDER BY fid",
		bodies: `
			SELECT flow.rowid, 2 * body.rowid, 1, octet_length(breq), typeof(breq) = 'text'
			FROM main.body NOT INDEXED LEFT JOIN main.flow ON flow.bid = body.bid WHERE breq IS NOT NULL
			UNION ALL
			SELECT flow.rowid, 2 * body.rowid + 1, 2, octet_length(bres), typeof(bres) = 'text'
			FROM main.body NOT INDEXED LEFT JOIN main.flow ON flow.bid = body.bid WHERE bres IS NOT NULL
			ORDER BY 2`,
		split: true,
		annotations: `
			SELECT flow.rowid, annotation.rowid
			FROM main.annotation NOT INDEXED LEFT JOIN main.flow ON flow.fid = annotation.fid
			ORDER BY annotation.rowid`,
		meta: "SELECT intercepted, marked, mode FROM main.meta JOIN main.flow ON flow.mid = meta.mid WHERE flow.rowid = ?",
	}
}

// layout returns that of a session, or an error that says what the file is
// instead. Tables beside those of a session are welcome.
func (d *database) layout(h header) (layout, error) {
	tables, err := d.tables()
	if err != nil {
		return layout{}, fmt.Errorf("its schema: %w", err)
	}
	found := map[string]bool{} // names of tables have no case
	for _, t := range tables {
		found[strings.ToLower(t)] = true
	}
	for _, name := range known {
		if found[name] && d.computes(name) {
			return layout{}, fmt.Errorf("table %s: a column of it is computed, which no session has", name)
		}
	}
	session := found["flow"] && found["body"] && found["annotation"]
	switch {
	case session && found["meta"] && d.answers(ofJuly2018().flow, ofJuly2018().meta):
		return ofJuly2018(), nil
	case session && found["flow_index"] && d.answers(ofStore().list):
		return ofStore(), nil
	case session:
		return of2018(), nil
	case found["flows"]:
		return ofHandler(), nil
	case len(tables) == 0 && h.wal:
		return layout{}, errors.New("the database has no tables: they may be in its -wal file, which is not here")
	case len(tables) == 0:
		return layout{}, errors.New("the database has no tables")
	}
	return layout{}, fmt.Errorf("not a session database: it has the tables %s, and neither flow, body and annotation nor FLOWS", list(tables))
}

// answers reports whether the database has the columns that queries name.
func (d *database) answers(queries ...string) bool {
	for _, q := range queries {
		s, _, err := d.conn.Prepare(q)
		if err != nil {
			return false
		}
		s.Close()
	}
	return true
}

// answersSomething reports whether a query has an answer.
func (d *database) answersSomething(query string) bool {
	s, _, err := d.conn.Prepare(query)
	if err != nil {
		return false
	}
	defer s.Close()
	return s.Step()
}

// column returns the column of the table body that holds a row, and its rowid.
func (l layout) column(row int64) (name string, rowid int64) {
	if !l.split {
		return "content", row
	}
	return [2]string{"BREQ", "BRES"}[row&1], row >> 1
}
