package sessiondb

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"strings"
	"unicode/utf8"

	"flowpane/viewer/schema"
)

// A record is the content of a row, a column after the other.
//
// Source: https://sqlite.org/fileformat2.html#record_format
type record struct{ types, values []byte }

func (r *record) reset() { r.types, r.values = r.types[:0], r.values[:0] }

func (r *record) null() { r.types = append(r.types, 0) }

func (r *record) int(v int64) {
	switch {
	case v == 0 || v == 1:
		r.types = append(r.types, byte(8+v))
	case v == int64(int8(v)):
		r.types, r.values = append(r.types, 1), append(r.values, byte(v))
	case v == int64(int16(v)):
		r.types, r.values = append(r.types, 2), binary.BigEndian.AppendUint16(r.values, uint16(v))
	case v == int64(int32(v)):
		r.int32(int32(v))
	default:
		r.types, r.values = append(r.types, 6), binary.BigEndian.AppendUint64(r.values, uint64(v))
	}
}

// int32 appends v in four bytes, whatever it is.
func (r *record) int32(v int32) {
	r.types, r.values = append(r.types, 4), binary.BigEndian.AppendUint32(r.values, uint32(v))
}

// real appends v; SQLite knows no NaN.
func (r *record) real(v float64) {
	if math.IsNaN(v) {
		r.null()
		return
	}
	r.types, r.values = append(r.types, 7), binary.BigEndian.AppendUint64(r.values, math.Float64bits(v))
}

// text appends v. What is not UTF-8 cannot be text in SQLite.
func (r *record) text(v string) {
	v = strings.ToValidUTF8(v, "\uFFFD")
	r.types, r.values = appendVarint(r.types, uint64(13+2*len(v))), append(r.values, v...)
}

// known appends v, or NULL for none.
func (r *record) known(v string) {
	if v == "" {
		r.null()
	} else {
		r.text(v)
	}
}

// exact appends v, as a blob if it is not UTF-8, or NULL.
func (r *record) exact(v string, known bool) {
	switch {
	case !known:
		r.null()
	case utf8.ValidString(v):
		r.text(v)
	default:
		r.blob([]byte(v))
	}
}

func (r *record) blob(v []byte) { r.streamed(int64(len(v))); r.values = append(r.values, v...) }

// streamed is a blob of n bytes that follow the record: the last column.
func (r *record) streamed(n int64) { r.types = appendVarint(r.types, uint64(12+2*n)) }

// bytes returns the record. It is valid until the next call.
func (r *record) bytes() []byte {
	// The header counts itself.
	n := len(r.types) + 1
	if n > 0x7f {
		n++
	}
	b := appendVarint(make([]byte, 0, n+len(r.values)), uint64(n))
	return append(append(b, r.types...), r.values...)
}

// An object is a row of sqlite_schema.
type object struct {
	schema.Object
	table string
	root  uint32 // 0 for a view
}

// keyIndex is the index that SQLite makes of the primary key of flow.
const keyIndex = "sqlite_autoindex_flow_1"

// objects returns what a packed database has, with roots by name.
func objects(roots map[string]uint32) []object {
	var list []object
	for _, o := range append(schema.Session(), schema.Packed()...) {
		list = append(list, object{o, o.Name, roots[o.Name]})
		if o.Name == "flow" {
			list = append(list, object{schema.Object{Type: "index", Name: keyIndex}, o.Name, roots[keyIndex]})
		}
	}
	return list
}

// writerVersion is the version of SQLite that is said to have written the
// file: one that knows all that is used here.
const writerVersion = 3_045_000

// unchanged is the change counter of a database that nobody wrote to since it
// was packed. SQLite counts on with each transaction.
const unchanged = 1

// head returns the first pages of a database of that many pages: its header
// and its schema. They are as many whatever the numbers in them.
//
// Source: https://sqlite.org/fileformat2.html#the_database_header
func head(list []object, total uint32) ([]byte, error) {
	var leaves bytes.Buffer
	t := newTable(&pages{ctx: context.Background(), w: &leaves, last: 1})
	for i, o := range list {
		var r record
		r.text(o.Type)
		r.text(o.Name)
		r.text(o.table)
		r.int32(int32(o.root))
		r.known(o.SQL)
		if err := t.add(int64(i+1), r.bytes(), nil); err != nil {
			return nil, err
		}
	}
	page := make([]byte, writtenPage, writtenPage+leaves.Len())
	if err := t.finishAt(page, headerSize); err != nil {
		return nil, err
	}
	copy(page, magic)
	binary.BigEndian.PutUint16(page[16:], writtenPage)
	copy(page[18:], []byte{1, 1, 0, 64, 32, 32}) // no WAL, no reserved bytes, payload fractions
	binary.BigEndian.PutUint32(page[24:], unchanged)
	binary.BigEndian.PutUint32(page[28:], total)
	binary.BigEndian.PutUint32(page[40:], 1) // schema cookie
	binary.BigEndian.PutUint32(page[44:], 4) // schema format
	binary.BigEndian.PutUint32(page[56:], 1) // UTF-8
	binary.BigEndian.PutUint32(page[60:], schema.Version)
	binary.BigEndian.PutUint32(page[68:], schema.ApplicationID)
	binary.BigEndian.PutUint32(page[92:], unchanged) // for which the page count is valid
	binary.BigEndian.PutUint32(page[96:], writerVersion)
	return append(page, leaves.Bytes()...), nil
}
