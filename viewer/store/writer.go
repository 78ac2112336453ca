package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/viewer/schema"
)

// maxContent is how long a stored flow may be, in bytes: SQLite holds it in
// memory whole, which is bounded. Bodies lie elsewhere, so that only a
// conversation of very many messages comes near.
const maxContent = 64 << 20

// Flush stores up to max flows of the hot store, the oldest first, in one
// transaction, and returns how many it took; 0 says that none is waiting. If
// it fails or ctx is cancelled, none is stored and all stay where they are.
//
// A flow too large to be stored stays in memory for good.
func (s *Store) Flush(ctx context.Context, max int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil && s.start == nil {
		return 0, errClosed
	}
	batch := s.hot.oldest(max)
	if len(batch) == 0 {
		return 0, nil
	}
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	s.conn.SetInterrupt(ctx)
	defer s.conn.SetInterrupt(context.Background())
	tooLarge, err := s.write(batch)
	if stop := ctx.Err(); err != nil && stop != nil {
		return 0, stop
	}
	if err != nil {
		return 0, fmt.Errorf("store: writing %d flows: %w", len(batch), full(err))
	}
	s.hot.done(batch, func(p *pending) bool { return !tooLarge[p] })
	return len(batch), nil
}

// Finish stores all that waits, records that every source was read to its end,
// and brings both to the disk. Of a source that is not complete the flows are
// there up to the last batch. A flow that is too large to be stored leaves them
// all incomplete, and is an error.
func (s *Store) Finish(ctx context.Context) error {
	for {
		n, err := s.Flush(ctx, finishBatch)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	if flows, _ := s.Hot(); flows > 0 {
		return fmt.Errorf("store: %d flows are too large to be stored", flows)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(ctx); err != nil {
		return err
	}
	s.closeBody()
	err := s.conn.Exec("UPDATE source SET complete = 1")
	if err == nil {
		err = s.sync()
	}
	if err != nil {
		return fmt.Errorf("store: %w", full(err))
	}
	return nil
}

// sync brings what was written to the disk, out of the log: nothing does so
// before the log is long. It must be within no transaction, and no body open.
func (s *Store) sync() error {
	if !s.logged {
		return nil
	}
	return s.conn.Exec("PRAGMA wal_checkpoint(truncate)")
}

// full returns err as [ErrFull], with its words, if it is that of a full disk.
func full(err error) error {
	if errors.Is(err, sqlite3.FULL) && !errors.Is(err, ErrFull) {
		return fullError{err}
	}
	return err
}

// A fullError is ErrFull, and whatever its cause is.
type fullError struct{ cause error }

func (fullError) Error() string     { return ErrFull.Error() }
func (e fullError) Unwrap() []error { return []error{ErrFull, e.cause} }

// finishBatch is how many flows [Store.Finish] stores at a time.
const finishBatch = 500

// write stores a batch, or nothing. It returns which flows were left out.
func (s *Store) write(batch []*pending) (tooLarge map[*pending]bool, err error) {
	if err := s.connections.load(s.conn); err != nil {
		return nil, err
	}
	s.closeBody() // a log that is being read only grows
	tx, err := s.conn.BeginImmediate()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.connections.forget() // ids that are rolled back
		}
	}()
	defer tx.End(&err)
	var buf []byte
	var joined flowpb.Flow
	for _, p := range batch {
		if err := s.join(&joined, p); err != nil {
			return nil, err
		}
		if buf = joined.Append(append(buf[:0], p.content...)); len(buf) > maxContent {
			if tooLarge == nil {
				tooLarge = map[*pending]bool{}
			}
			tooLarge[p] = true
			continue
		}
		if err := s.writeFlow(p, buf); err != nil {
			return nil, fmt.Errorf("flow %s: %w", p.key, err)
		}
	}
	return tooLarge, nil
}

func (s *Store) writeFlow(p *pending, content []byte) error {
	put := s.statements.putFlow
	err := errors.Join(put.BindText(1, p.key), put.BindBlob(2, content))
	if err == nil {
		err = put.Exec()
	}
	if err == nil {
		err = s.writeRow(p.row)
	}
	return err
}

func (s *Store) writeRow(row []byte) error {
	put, last := s.statements.putIndex, s.statements.row
	s.statements.row = nil // until all of the new one is bound
	if err := bindRow(put, row, last); err != nil {
		return err
	}
	s.statements.row = row
	return put.Exec()
}

// join makes f what a stored flow has besides its content: references to its
// connections, or one that is too large to be stored itself. Encoded messages
// are joined by writing one behind the other.
func (s *Store) join(f *flowpb.Flow, p *pending) (err error) {
	f.ClientConn, f.ClientRef, f.ServerConn, f.ServerRef = nil, nil, nil, nil
	if p.client != nil {
		if f.ClientRef, err = s.connection(p.client); f.ClientRef == nil {
			f.ClientConn = p.client
		}
	}
	if p.server != nil && err == nil {
		if f.ServerRef, err = s.connection(p.server); f.ServerRef == nil {
			f.ServerConn = p.server
		}
	}
	return err
}

// owned returns f without references to connections: those of another store
// mean nothing here, and a file may bring along what it likes.
func owned(f *flowpb.Flow) *flowpb.Flow {
	if f.ClientRef == nil && f.ServerRef == nil {
		return f
	}
	own := *f
	own.ClientRef, own.ServerRef = nil, nil
	return &own
}

// read returns the flow of key from the database, with its connections.
func (s *Store) read(key string) (*flowpb.Flow, error) {
	content, err := s.content(s.statements.getFlow, func(stmt *sqlite3.Stmt) error { return stmt.BindText(1, key) })
	if err != nil {
		return nil, err
	}
	f := new(flowpb.Flow)
	if err := f.Unmarshal(content); err != nil {
		return nil, err
	}
	f = schema.Restore(f)
	if f.ClientRef != nil {
		f.ClientConn = new(flowpb.ClientConnection)
		err = s.readConnection(*f.ClientRef, f.ClientConn)
	}
	if f.ServerRef != nil && err == nil {
		f.ServerConn = new(flowpb.ServerConnection)
		err = s.readConnection(*f.ServerRef, f.ServerConn)
	}
	f.ClientRef, f.ServerRef = nil, nil
	return f, err
}

// content returns a copy of the one value that a query finds.
func (s *Store) content(stmt *sqlite3.Stmt, bind func(*sqlite3.Stmt) error) ([]byte, error) {
	defer stmt.Reset()
	if err := bind(stmt); err != nil {
		return nil, err
	}
	if !stmt.Step() {
		if err := stmt.Err(); err != nil {
			return nil, err
		}
		return nil, ErrNotFound
	}
	return stmt.ColumnBlob(0, nil), stmt.Err()
}
