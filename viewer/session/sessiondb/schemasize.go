package sessiondb

import (
	"encoding/binary"
	"errors"

	"flowpane/viewer/blob"
)

// maxSchema is how many bytes the pages of the schema of a database may have.
// That of a session has one page. SQLite reads all of it before it answers
// anything, and cannot be stopped: ten times as many tables take a hundred times
// as long.
const maxSchema = 400 << 10

var errSchema = errors.New("its schema has more tables than any session")

// checkSchema returns an error if the schema is too large. Where it is
// damaged, SQLite says so itself.
func checkSchema(src blob.Source, size int64) error {
	page := make([]byte, size)
	if n, _ := src.ReadAt(page, 0); int64(n) < size {
		return nil
	}
	seen := len(page)
	return countSchema(src, page, headerSize, &seen)
}

// countSchema counts the bytes of the pages below a page, whose header begins at
// an offset.
//
// Source: https://sqlite.org/fileformat2.html#b_tree_pages
func countSchema(src blob.Source, page []byte, header int, seen *int) error {
	const interior, cells = 5, 12
	if page[header] != interior {
		return nil
	}
	child := func(at int) error {
		if at+4 > len(page) {
			return nil
		}
		if *seen += len(page); *seen > maxSchema {
			return errSchema
		}
		next := make([]byte, len(page))
		if _, err := src.ReadAt(next, (int64(binary.BigEndian.Uint32(page[at:]))-1)*int64(len(page))); err != nil {
			return nil
		}
		return countSchema(src, next, 0, seen)
	}
	for cell := range int(binary.BigEndian.Uint16(page[header+3:])) {
		pointer := header + cells + 2*cell
		if pointer+2 > len(page) {
			return nil
		}
		if err := child(int(binary.BigEndian.Uint16(page[pointer:]))); err != nil {
			return err
		}
	}
	return child(header + 8)
}
