package sessiondb

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"flowpane/viewer/blob"
)

// TestManyTables: other tables are welcome, but not without end.
func TestManyTables(t *testing.T) {
	many := func(page, n int) []byte {
		return build(t, do(fmt.Sprintf("PRAGMA page_size = %d", page)), do(tables), flowRow("a", stored("a", 1, none, none)), do("PRAGMA writable_schema = on"),
			do(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO sqlite_schema SELECT 'table', 't' || i, 't' || i, 2, 'CREATE TABLE t' || i || ' (x /* %s */)' FROM n`, n, strings.Repeat("x", 300))))
	}
	for _, page := range []int{65536, 4096, 512} {
		if l := list2018(t, many(page, 500)); len(l.flows) != 1 {
			t.Errorf("pages of %d bytes: %d flows", page, len(l.flows))
		}
		_, err := Open(context.Background(), blob.Bytes(many(page, 2000)))
		if err == nil || !strings.Contains(err.Error(), "more tables than any session") {
			t.Errorf("pages of %d bytes: Open = %v", page, err)
		}
	}
	// A schema that leads to itself has no end either.
	const header = 100
	some := many(4096, 500)
	if some[header] != 5 {
		t.Fatalf("the schema begins with a page of type %d", some[header])
	}
	binary.BigEndian.PutUint32(some[header+8:], 1)
	for cell := range int(binary.BigEndian.Uint16(some[header+3:])) {
		binary.BigEndian.PutUint32(some[binary.BigEndian.Uint16(some[header+12+2*cell:]):], 1)
	}
	if _, err := Open(context.Background(), blob.Bytes(some)); err == nil {
		t.Error("a schema in a circle opens")
	}
}
