// Package sessiondb reads and writes session databases: SQLite files with the tables
// flow, body and annotation, as mitmproxy's Session addon of 2018 wrote them
// and package store still does. A file that is read is read in place and never
// written.
//
// [Writer] makes files that are packed: in the same tables, but laid out to be
// listed over HTTP ([Reader.Summaries]), with bodies as they were sent, and
// with annotations that go before what the flow says. What follows is of the
// others.
//
// It reads databases of DBHandler too, which mitmproxy 5 and 6 had: whole flows
// in the table FLOWS(id, pbuf_blob). Type layout says what is where.
//
// A row of flow holds a protobuf of flow.proto. Bodies of more than 1000 bytes
// lie in rows of body of their own, which listing does not read. All bodies
// are decoded, whatever the headers say; content-length is shown as found,
// though the writer set it anew when it moved a body.
//
// Annotations were designed but never written by mitmproxy. The first "note"
// or "comment" of a flow that has no comment becomes its comment, the first
// "marker" its marker; all others are kept in its metadata, under
// "annotations", as pairs of type and content.
//
// Source: mitmproxy 5.0, mitmproxy/addons/session.py,
// mitmproxy/io/sql/session_create.sql and mitmproxy/io/db.py, with the oddities
// of their writers.
package sessiondb

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// Format is the session database.
var Format = session.Format{
	Name:     "sessiondb",
	Label:    "session database",
	Priority: 10,
	Sniff:    sniff,
	Open: func(ctx context.Context, src blob.Source) (session.Reader, error) {
		return Open(ctx, src)
	},
}

const (
	magic      = "SQLite format 3\x00"
	headerSize = 100
)

// sniff accepts any SQLite database: which tables it has is known only once it
// is open.
//
// Source: https://sqlite.org/fileformat2.html#the_database_header
func sniff(head []byte) error {
	switch {
	case !bytes.HasPrefix(head, []byte(magic)):
		return errors.New("it does not begin with the words of an SQLite file")
	case len(head) < headerSize:
		return errors.New("the SQLite header is cut off")
	case pageSize(head) == 0:
		return errors.New("the SQLite header names no valid page size")
	case !bytes.Equal(head[21:24], []byte{64, 32, 32}):
		return errors.New("the SQLite header has unknown payload fractions")
	}
	return nil
}

// pageSize returns the page size in bytes, or 0 if header names none that
// SQLite allows.
func pageSize(header []byte) int64 {
	n := int64(binary.BigEndian.Uint16(header[16:]))
	if n == 1 {
		return 65536
	}
	if n < 512 || n&(n-1) != 0 {
		return 0
	}
	return n
}

// header is what the first bytes of the file say about the whole of it.
type header struct {
	wal      bool  // the file was last written in WAL mode
	utf16    bool  // text is UTF-16
	declared int64 // bytes the file should have; 0 if it does not say
	page     int64 // bytes
	// The application_id, and how often the file was written to.
	application, changes uint32
}

func readHeader(src blob.Source) (header, error) {
	b, err := blob.Head(src, headerSize)
	if err != nil {
		return header{}, err
	}
	if err := sniff(b); err != nil {
		return header{}, err
	}
	h := header{
		wal:         b[18] == 2 || b[19] == 2,
		utf16:       binary.BigEndian.Uint32(b[56:]) > 1,
		application: binary.BigEndian.Uint32(b[68:]),
		changes:     binary.BigEndian.Uint32(b[24:]),
		page:        pageSize(b),
	}
	// The page count is valid if it was written with the last change.
	if bytes.Equal(b[24:28], b[92:96]) {
		h.declared = int64(binary.BigEndian.Uint32(b[28:])) * pageSize(b)
	}
	return h, nil
}
