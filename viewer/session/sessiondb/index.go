package sessiondb

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/wire"
)

// An index says which rows make up which flow: a few words for each, whatever
// their size.
type index struct {
	layout      layout
	flows       []place
	bodies      map[bodyKey]bodyRow
	annotations map[int64][]int64 // rowids by flow, in their order
	// texts are the rows of bodies that are text in a database of UTF-16: they
	// are not read in place, as all that was written there was UTF-8.
	texts map[int64]bool
}

// place is a row of the table flow.
type place struct {
	start float64 // of the request, in seconds; 0 if unknown
	row   int64
}

// bodyKey names a body as the table does: type 1 is of the request, 2 of the
// response.
type bodyKey struct {
	flow int64
	kind int64
}

const (
	requestBody  = 1
	responseBody = 2
)

type bodyRow struct{ row, size int64 }

// indexFlows lists the rows of flow. Those of 2018 are ordered by the start of
// the request: REPLACE gave a flow a new rowid each time it was stored, so that
// their order says little.
func (x *index) indexFlows(d *database) error {
	if x.layout.list != "" {
		return x.indexListed(d, x.layout.list)
	}
	const rows = "SELECT rowid, CAST(content AS BLOB) FROM main.flow NOT INDEXED ORDER BY rowid"
	s, _, err := d.conn.Prepare(rows)
	if err != nil {
		return err
	}
	defer s.Close()
	for s.Step() {
		x.flows = append(x.flows, place{requestStart(s.ColumnRawBlob(1)), s.ColumnInt64(0)})
	}
	slices.SortFunc(x.flows, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.row, b.row))
	})
	return s.Err()
}

// indexListed lists the rows of flow in the order of a query for them.
func (x *index) indexListed(d *database, query string) error {
	s, _, err := d.conn.Prepare(query)
	if err != nil {
		return err
	}
	defer s.Close()
	for s.Step() {
		x.flows = append(x.flows, place{row: s.ColumnInt64(0)})
	}
	return s.Err()
}

// indexBodies finds the last row of each flow and type, which counts: a flow
// that was stored twice leaves the rows of the first time behind. It does not
// read the bodies, but for those whose size in UTF-8 SQLite does not know.
func (x *index) indexBodies(d *database) error {
	x.bodies, x.texts = map[bodyKey]bodyRow{}, map[int64]bool{}
	if x.layout.bodies == "" {
		return nil
	}
	s, _, err := d.conn.Prepare(x.layout.bodies)
	if err != nil {
		return err
	}
	defer s.Close()
	orphans := 0
	for s.Step() {
		if s.ColumnType(0) == sqlite3.NULL {
			orphans++
			continue
		}
		b := bodyRow{s.ColumnInt64(1), s.ColumnInt64(3)}
		if s.ColumnBool(4) && d.utf16 {
			text, err := d.text(x.layout, b.row)
			if err != nil {
				return err
			}
			b.size = int64(len(text))
			x.texts[b.row] = true
		}
		x.bodies[bodyKey{s.ColumnInt64(0), s.ColumnInt64(2)}] = b
	}
	return cmp.Or(s.Err(), orphaned(orphans))
}

func (x *index) indexAnnotations(d *database) error {
	x.annotations = map[int64][]int64{}
	if x.layout.annotations == "" {
		return nil
	}
	s, _, err := d.conn.Prepare(x.layout.annotations)
	if err != nil {
		return err
	}
	defer s.Close()
	orphans := 0
	for s.Step() {
		if s.ColumnType(0) == sqlite3.NULL {
			orphans++
			continue
		}
		flow := s.ColumnInt64(0)
		x.annotations[flow] = append(x.annotations[flow], s.ColumnInt64(1))
	}
	return cmp.Or(s.Err(), orphaned(orphans))
}

func orphaned(rows int) error {
	if rows == 0 {
		return nil
	}
	return fmt.Errorf("%d rows belong to no flow", rows)
}

// requestStart returns field 1.10 of a flow without decoding the rest, or 0.
func requestStart(content []byte) float64 {
	var start startOf
	// What does not decode is reported when the flow is read.
	_ = wire.Unmarshal(content, &start)
	return start.seconds
}

// startOf decodes the start of the request of a Flow and passes over all else.
type startOf struct {
	inRequest bool
	seconds   float64
}

const (
	fieldRequest = 1
	fieldStart   = 10
)

func (s *startOf) Decode(d *wire.Decoder) error {
	for n := d.Next(); n != 0; n = d.Next() {
		switch {
		case !s.inRequest && n == fieldRequest:
			s.inRequest = true
			d.Message(s)
			s.inRequest = false
		case s.inRequest && n == fieldStart:
			s.seconds = d.Double()
		}
	}
	return d.Err("flow")
}

// Append implements wire.Message, which only reads here.
func (*startOf) Append(b []byte) []byte { return b }
