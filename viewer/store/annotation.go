package store

import (
	"cmp"
	"context"
	"fmt"

	"flowpane/viewer/flow"
	"flowpane/viewer/schema"
)

// An Annotation is what a person said of a flow. It goes before what the flow
// says itself: a text that is empty takes that away, nil leaves it.
type Annotation struct {
	Marker, Comment *string
}

// Annotate stores what a person says of the flow of a number, in place of what
// was said of it before; what a is silent of stays. It is on the disk when
// Annotate returns.
func (s *Store) Annotate(number int64, a Annotation) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return err
	}
	s.closeBody()
	if err = s.annotateBoth(number, a); err == nil {
		err = s.sync()
	}
	if err != nil {
		return fmt.Errorf("store: annotation of flow %d: %w", number, full(err))
	}
	return nil
}

// annotateBoth stores an annotation, or nothing of it.
func (s *Store) annotateBoth(number int64, a Annotation) (err error) {
	tx, err := s.conn.BeginImmediate()
	if err != nil {
		return err
	}
	defer tx.End(&err)
	if a.Marker != nil {
		err = s.annotate(number, schema.MarkerType, *a.Marker,
			"UPDATE flow_index SET marker = nullif(?1, ''), flags = flags & ~?2 | iif(?1 = '', 0, ?2) WHERE number = ?3")
	}
	if a.Comment != nil && err == nil {
		err = s.annotate(number, schema.CommentType, *a.Comment,
			"UPDATE flow_index SET comment = nullif(?1, '') WHERE number = ?3")
	}
	return err
}

func (s *Store) annotate(number int64, kind, text, index string) error {
	err := s.exec("DELETE FROM annotation WHERE flow_id = (SELECT key FROM flow_index WHERE number = ?3) AND type = ?1", kind, 0, number)
	if err == nil {
		err = s.exec("INSERT INTO annotation (flow_id, type, content) SELECT key, '"+kind+"', CAST(?1 AS BLOB) FROM flow_index WHERE number = ?3", text, 0, number)
	}
	if err == nil && s.conn.Changes() == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = s.exec(index, text, int64(flow.FlagMarked), number)
	}
	return err
}

// exec runs a statement with a text, a flag and a number as its parameters, of
// which it need not use all but the last.
func (s *Store) exec(sql, text string, flag, number int64) error {
	stmt, _, err := s.conn.Prepare(sql)
	if err != nil {
		return err
	}
	err = cmp.Or(stmt.BindText(1, text), stmt.BindInt64(2, flag), stmt.BindInt64(3, number))
	if err == nil {
		err = stmt.Exec()
	}
	return cmp.Or(err, stmt.Close())
}

// Annotations returns what was annotated, by the keys of the flows.
func (s *Store) Annotations() (map[string]Annotation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return nil, err
	}
	stmt, _, err := s.conn.Prepare("SELECT flow_id, type, CAST(content AS BLOB) FROM annotation WHERE type IN (?, ?) ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("store: annotations: %w", err)
	}
	defer stmt.Close()
	all := map[string]Annotation{}
	err = cmp.Or(stmt.BindText(1, schema.MarkerType), stmt.BindText(2, schema.CommentType))
	for err == nil && stmt.Step() {
		key, text := stmt.ColumnText(0), string(stmt.ColumnRawBlob(2))
		a := all[key]
		if stmt.ColumnText(1) == schema.MarkerType {
			a.Marker = &text
		} else {
			a.Comment = &text
		}
		all[key] = a
	}
	if err = cmp.Or(err, stmt.Err()); err != nil {
		return nil, fmt.Errorf("store: annotations: %w", err)
	}
	return all, nil
}
