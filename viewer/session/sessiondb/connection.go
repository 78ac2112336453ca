package sessiondb

import (
	"cmp"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/proto/wire"
)

// join puts in place what other tables say of a row of flow. Package store
// keeps each connection once, in a table of its own; the writer of 2018
// repeated them in every flow.
func (r *Reader) join(f *flowpb.Flow, row int64) {
	if r.index.layout.meta != "" {
		if err := r.joinMeta(f, row); err != nil {
			r.issues = append(r.issues, atRow("row", row, fmt.Errorf("table meta: %w", err)))
		}
	}
	if f.ClientRef != nil {
		if c := new(flowpb.ClientConnection); r.connect(c, *f.ClientRef, row) {
			f.ClientConn = c
		}
	}
	if f.ServerRef != nil {
		if c := new(flowpb.ServerConnection); r.connect(c, *f.ServerRef, row) {
			f.ServerConn = c
		}
	}
	f.ClientRef, f.ServerRef = nil, nil
}

// connect decodes a connection of a row of flow, or reports why it cannot.
func (r *Reader) connect(m wire.Message, id uint64, row int64) bool {
	content, err := r.connection(int64(id))
	if err == nil {
		err = wire.Unmarshal(content, m)
	}
	if err != nil {
		r.issues = append(r.issues, atRow("row", row, fmt.Errorf("connection %d: %w", id, err)))
	}
	return err == nil
}

// connection returns the content of a row of connection, copied.
func (r *Reader) connection(id int64) ([]byte, error) {
	s, _, err := r.db.conn.Prepare("SELECT CAST(content AS BLOB) FROM main.connection WHERE rowid = ?")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := s.BindInt64(1, id); err != nil {
		return nil, err
	}
	if !s.Step() {
		return nil, cmp.Or(s.Err(), errGone)
	}
	return s.ColumnBlob(0, nil), s.Err()
}

// joinMeta sets what the table meta says of a flow that does not itself.
func (r *Reader) joinMeta(f *flowpb.Flow, row int64) error {
	s, _, err := r.db.conn.Prepare(r.index.layout.meta)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.BindInt64(1, row); err != nil || !s.Step() {
		return cmp.Or(err, s.Err())
	}
	if f.Intercepted == nil && s.ColumnType(0) != sqlite3.NULL {
		f.Intercepted = new(s.ColumnBool(0))
	}
	if f.Marked == nil && s.ColumnType(1) != sqlite3.NULL {
		f.Marked = new(s.ColumnBool(1))
	}
	if f.Mode == nil && s.ColumnType(2) != sqlite3.NULL {
		f.Mode = []byte(s.ColumnText(2))
	}
	return s.Err()
}
