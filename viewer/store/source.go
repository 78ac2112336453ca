package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
)

// A Source is a file that flows came from. References to bodies count sources
// from 0, in the order in which they were added.
type Source struct {
	Name   string
	Format string // as in session.Format
	Size   int64  // in bytes
	// Complete says that the store has all flows of the source: see
	// [Store.Finish].
	Complete bool
}

// AddSource records the next source of the session, as one that is yet to be
// read.
func (s *Store) AddSource(src Source) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.start != nil {
		s.waiting = append(s.waiting, src)
		return nil
	}
	if s.conn == nil {
		return errClosed
	}
	return s.addSource(src)
}

func (s *Store) addSource(src Source) error {
	stmt, _, err := s.conn.Prepare("INSERT INTO source (id, name, format, size) VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	err = errors.Join(
		stmt.BindInt(1, s.sources), stmt.BindText(2, src.Name), stmt.BindText(3, src.Format), stmt.BindInt64(4, src.Size),
		stmt.Exec(), stmt.Close())
	if err != nil {
		return fmt.Errorf("store: source %d: %w", s.sources, full(err))
	}
	s.sources++
	return nil
}

// Sources returns the sources of the session.
func (s *Store) Sources() ([]Source, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return nil, err
	}
	stmt, _, err := s.conn.Prepare("SELECT name, format, size, complete FROM source ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer stmt.Close()
	var sources []Source
	for stmt.Step() {
		sources = append(sources, Source{stmt.ColumnText(0), stmt.ColumnText(1), stmt.ColumnInt64(2), stmt.ColumnBool(3)})
	}
	return sources, stmt.Err()
}

// SetAbout stores what a source says of itself.
func (s *Store) SetAbout(source int, about *flowpb.About) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return err
	}
	stmt, _, err := s.conn.Prepare("INSERT OR REPLACE INTO about (source, content) VALUES (?, ?)")
	if err == nil {
		err = errors.Join(stmt.BindInt(1, source), stmt.BindBlob(2, about.Append([]byte{})), stmt.Exec(), stmt.Close())
	}
	if err != nil {
		return fmt.Errorf("store: source %d: %w", source, full(err))
	}
	return nil
}

// About returns what a source says of itself, nil if that is nothing.
func (s *Store) About(source int) (*flowpb.About, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return nil, err
	}
	stmt, _, err := s.conn.Prepare("SELECT content FROM about WHERE source = ?")
	if err != nil {
		return nil, fmt.Errorf("store: source %d: %w", source, err)
	}
	defer stmt.Close()
	content, err := s.content(stmt, func(stmt *sqlite3.Stmt) error { return stmt.BindInt(1, source) })
	about := new(flowpb.About)
	if err == nil {
		err = about.Unmarshal(content)
	}
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("store: source %d: %w", source, err)
	}
	return about, nil
}
