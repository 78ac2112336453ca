package store

import (
	"errors"
	"fmt"
	"hash/maphash"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/wire"
)

// connections knows the rows of the table connection by their contents:
// hundreds of flows share one, with certificates that are longer than all else
// in a flow.
//
// Contents are told apart by 128 bits of a hash whose seeds are chosen anew
// each time, so that no file can be made to have two that collide. Flows that a
// reader gave the same connection to need no hash.
type connections struct {
	seeds [2]maphash.Seed
	ids   map[contentHash]uint64 // nil if not loaded
	same  map[wire.Message]uint64
	last  uint64 // the highest id
	buf   []byte // never nil once loaded: nil binds NULL
}

type contentHash [2]uint64

// maxSame is how many connections are known by their address, which keeps them
// in memory.
const maxSame = 1024

func (c *connections) hash(content []byte) contentHash {
	return contentHash{maphash.Bytes(c.seeds[0], content), maphash.Bytes(c.seeds[1], content)}
}

// load reads which connections the database has, once.
func (c *connections) load(conn *sqlite3.Conn) error {
	if c.ids != nil {
		return nil
	}
	c.buf = []byte{}
	c.seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	stmt, _, err := conn.Prepare("SELECT id, content FROM connection")
	if err != nil {
		return err
	}
	defer stmt.Close()
	ids := map[contentHash]uint64{}
	c.last = 0
	for stmt.Step() {
		id := uint64(stmt.ColumnInt64(0))
		ids[c.hash(stmt.ColumnRawBlob(1))] = id
		c.last = max(c.last, id)
	}
	if err := stmt.Err(); err != nil {
		return err
	}
	c.ids = ids
	c.same = map[wire.Message]uint64{}
	return nil
}

// forget has the connections loaded again before they are next needed.
func (c *connections) forget() { c.ids, c.same = nil, nil }

// remember notes that m has an id, for the flows to come with the same m.
func (c *connections) remember(m wire.Message, id uint64) *uint64 {
	if len(c.same) >= maxSame {
		clear(c.same)
	}
	c.same[m] = id
	return &id
}

// connection returns the id of a connection, which it stores if it is new. One
// too large to be stored has none.
func (s *Store) connection(m wire.Message) (*uint64, error) {
	c := &s.connections
	if id, ok := c.same[m]; ok {
		return &id, nil
	}
	c.buf = m.Append(c.buf[:0])
	if len(c.buf) > maxContent {
		return nil, nil
	}
	hash := c.hash(c.buf)
	if id, ok := c.ids[hash]; ok {
		return c.remember(m, id), nil
	}
	id := c.last + 1
	put := s.statements.putConnection
	err := errors.Join(put.BindInt64(1, int64(id)), put.BindBlob(2, c.buf))
	if err == nil {
		err = put.Exec()
	}
	if err != nil {
		return nil, fmt.Errorf("connection %d: %w", id, err)
	}
	c.ids[hash], c.last = id, id
	return c.remember(m, id), nil
}

// readConnection decodes the connection of an id into m.
func (s *Store) readConnection(id uint64, m wire.Message) error {
	content, err := s.content(s.statements.getConnection, func(stmt *sqlite3.Stmt) error { return stmt.BindInt64(1, int64(id)) })
	if err == nil {
		err = wire.Unmarshal(content, m)
	}
	if err != nil {
		return fmt.Errorf("connection %d: %w", id, err)
	}
	return nil
}
