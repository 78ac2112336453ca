package sessiondb

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"flowpane/viewer/blob"
)

// The reads of a File in a browser cost most of a millisecond each, whatever
// their size; 64 MiB of blocks are kept.
const (
	blockSize = 256 << 10
	blocks    = 256
)

// database is an SQLite connection to a file that may be hostile.
type database struct {
	conn  *sqlite3.Conn
	vfs   *sourceVFS
	name  string // of the VFS
	utf16 bool   // is how it has text
}

// openDatabase opens src, of which header says more.
func openDatabase(ctx context.Context, src blob.Source, h header) (*database, error) {
	// The tables of a file that was cut are found if SQLite believes in the
	// missing pages; it sees zeros there, which is no valid page.
	v := &sourceVFS{src: blob.NewCache(src, blockSize, blocks), size: max(src.Size(), h.declared)}
	if err := checkSchema(v.src, h.page); err != nil {
		return nil, err
	}
	d := &database{vfs: v, name: fmt.Sprintf("sessiondb-%p", v), utf16: h.utf16}
	vfs.Register(d.name, v)
	var err error
	d.conn, err = sqlite3.OpenContext(ctx, "file:"+fileName+"?vfs="+d.name+"&mode=ro&immutable=1")
	if err == nil {
		err = d.defend(src.Size())
	}
	if err != nil {
		d.close()
		return nil, v.cause(err)
	}
	return d, nil
}

func (d *database) close() error {
	err := d.conn.Close()
	vfs.Unregister(d.name)
	return err
}

// tables returns the names of all tables, without those that a program stands for:
// these have no page.
func (d *database) tables() ([]string, error) {
	s, _, err := d.conn.Prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var names []string
	for s.Step() {
		names = append(names, s.ColumnText(0))
	}
	return names, s.Err()
}

// text returns a row of body as UTF-8, whatever the encoding of the database.
func (d *database) text(l layout, row int64) ([]byte, error) {
	column, id := l.column(row)
	s, _, err := d.conn.Prepare("SELECT " + column + " FROM main.body WHERE rowid = ?")
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
	return append([]byte{}, s.ColumnRawText(0)...), s.Err()
}

// list names up to ten tables.
func list(tables []string) string {
	const most = 10
	if more := len(tables) - most; more > 0 {
		return strings.Join(tables[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(tables, ", ")
}
