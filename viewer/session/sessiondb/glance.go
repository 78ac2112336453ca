package sessiondb

import (
	"context"
	"errors"
	"fmt"

	"flowpane/viewer/blob"
)

// Glance says of a store of Flowpane how many flows it has, and whether it has
// all flows of its sources. It reads little of src, and writes nothing: as
// against opening the store, it leaves the file as it is.
func Glance(ctx context.Context, src blob.Source) (flows int64, complete bool, err error) {
	h, err := readHeader(src)
	if err != nil {
		return 0, false, fmt.Errorf("sessiondb: %w", err)
	}
	db, err := openDatabase(ctx, src, h)
	if err != nil {
		return 0, false, fmt.Errorf("sessiondb: %w", err)
	}
	defer func() { err = errors.Join(err, db.close()) }()
	s, _, err := db.conn.Prepare(`
		SELECT (SELECT ifnull(max(number), -1) + 1 FROM main.flow_index), (SELECT ifnull(min(complete), 0) FROM main.source)`)
	if err != nil {
		return 0, false, fmt.Errorf("sessiondb: %w", err)
	}
	defer s.Close()
	if s.Step() {
		flows, complete = s.ColumnInt64(0), s.ColumnBool(1)
	}
	if err := s.Err(); err != nil {
		return 0, false, fmt.Errorf("sessiondb: %w", err)
	}
	return flows, complete, nil
}
