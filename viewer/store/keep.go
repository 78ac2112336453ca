package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

const (
	// inlineMax is how long a body may be, in bytes, to stay in its flow.
	inlineMax = 1000
	// maxBody is how long a body may be, in bytes: a row of SQLite has at most
	// 10^9.
	maxBody = 1e9 - 1000
	// bodyPiece is how much of a longer body is in memory at a time.
	bodyPiece = 1 << 20
)

// The types of rows in body. Those of 2018 are decoded; what was sent encoded,
// and messages, which 2018 does not know, have a type of their own.
const (
	otherBody    = 0
	requestBody  = 1
	responseBody = 2
)

// Kept is a flow to be stored with all that it refers to.
type Kept struct {
	Key  string
	Flow *flowpb.Flow
	Index
}

// Keep stores flows with their bodies, which it reads by body, in one
// transaction: all of them, or none. A body of a gigabyte is left out, and how
// many those were is returned. Nothing waits in the hot store.
func (s *Store) Keep(ctx context.Context, flows []Kept, body func(*flowpb.Body) (blob.Source, error)) (leftOut int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	if err := s.connections.load(s.conn); err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	tx, err := s.conn.BeginImmediate()
	if err != nil {
		return 0, fmt.Errorf("store: %w", full(err))
	}
	defer func() {
		if err != nil {
			s.connections.forget() // ids that are rolled back
			err = full(err)        // of the commit too
		}
	}()
	defer tx.End(&err)
	s.closeBody()
	for i := range flows {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := s.keep(&flows[i], body)
		if err != nil {
			return 0, fmt.Errorf("store: keeping flow %s: %w", flows[i].Key, full(err))
		}
		leftOut += n
	}
	return leftOut, nil
}

func (s *Store) keep(k *Kept, body func(*flowpb.Body) (blob.Source, error)) (leftOut int, err error) {
	f := flow.WithBodies(owned(k.Flow))
	f.Source = nil // of where it was read; the index says it
	for _, b := range flow.Bodies(f) {
		kept, err := s.keepBody(k.Key, f, b, body)
		if err != nil {
			return 0, err
		}
		if !kept {
			leftOut++
		}
	}
	p := &pending{key: k.Key, client: f.ClientConn, server: f.ServerConn, row: k.Index.append(nil, k.Key)}
	f.ClientConn, f.ServerConn = nil, nil
	p.content = f.Append(nil)
	var joined flowpb.Flow
	if err := s.join(&joined, p); err != nil {
		return 0, err
	}
	content := joined.Append(p.content)
	if len(content) > maxContent {
		return 0, fmt.Errorf("it takes %d bytes without its bodies", len(content))
	}
	return leftOut, s.writeFlow(p, content)
}

// keepBody puts a body of f where it is kept: in f if it is short, else in a
// row of its own. It is false for one that is too long for that.
func (s *Store) keepBody(key string, f *flowpb.Flow, b flow.BodyPart, open func(*flowpb.Body) (blob.Source, error)) (bool, error) {
	ref := *b.Ref
	if ref == nil {
		return true, nil
	}
	src := blob.Source(blob.Bytes(*b.Content))
	if *b.Content == nil {
		var err error
		if src, err = open(ref); err != nil {
			return false, err
		}
	}
	size := src.Size()
	*b.Content, *b.Ref = nil, nil
	if size > maxBody {
		return false, nil
	}
	kept := &flowpb.Body{Length: new(uint64(size)), Decoded: ref.Decoded}
	if size > inlineMax {
		row, err := s.writeBody(key, bodyType(f, b, ref), src)
		kept.Encoding, kept.Offset = new(flowpb.Body_ROW), new(uint64(row))
		*b.Ref = kept
		return true, err
	}
	content, err := blob.ReadAll(src)
	if *b.Content = content; content == nil {
		*b.Content = []byte{} // empty, not absent
	}
	if ref.GetDecoded() {
		kept.Encoding = new(flowpb.Body_INLINE)
		*b.Ref = kept
	}
	return true, err
}

func bodyType(f *flowpb.Flow, b flow.BodyPart, ref *flowpb.Body) int64 {
	headers, kind := f.GetRequest().GetHeaders(), int64(requestBody)
	if b.Side == flow.Response {
		headers, kind = f.GetResponse().GetHeaders(), responseBody
	}
	if _, encoded := flow.Value(headers, "content-encoding"); b.Message || encoded && !ref.GetDecoded() {
		return otherBody
	}
	return kind
}

// writeBody makes a row of body and returns its number. A long body passes
// through memory in pieces.
func (s *Store) writeBody(key string, kind int64, src blob.Source) (row int64, err error) {
	put := s.statements.putBody
	whole := src.Size() <= bodyPiece
	err = errors.Join(put.BindText(1, key), put.BindInt64(2, kind), put.BindZeroBlob(3, src.Size()))
	if whole && err == nil {
		var content []byte
		if content, err = blob.ReadAll(src); err == nil {
			err = put.BindBlob(3, content)
		}
	}
	if err == nil {
		err = put.Exec()
	}
	row = s.conn.LastInsertRowID()
	if err == nil && !whole {
		err = s.fillBody(row, src)
	}
	return row, err
}

func (s *Store) fillBody(row int64, src blob.Source) error {
	b, err := s.conn.OpenBlob("main", "body", "content", row, true)
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(b, io.NewSectionReader(src, 0, src.Size()), make([]byte, bodyPiece))
	return errors.Join(err, b.Close())
}

// Body returns the bytes of a body that a flow of the store refers to, and that
// the store has. It works until Close.
func (s *Store) Body(ref *flowpb.Body) (blob.Source, error) {
	if ref.GetEncoding() != flowpb.Body_ROW || ref.GetOffset() > 1<<62 || ref.GetLength() > maxBody {
		return nil, errors.New("store: no body of this store")
	}
	return &keptBody{s, int64(ref.GetOffset()), int64(ref.GetLength())}, nil
}

// A keptBody is the content of a row of body.
type keptBody struct {
	store    *Store
	id, size int64
}

// Size implements blob.Source.
func (r *keptBody) Size() int64 { return r.size }

// ReadAt implements blob.Source. Reads of the same body, one after the other,
// look it up once.
func (r *keptBody) ReadAt(p []byte, offset int64) (n int, err error) {
	s := r.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		return 0, errClosed
	}
	if s.body == nil || s.bodyRow != r.id {
		if err := s.openBody(r.id); err != nil {
			return 0, fmt.Errorf("store: body %d: %w", r.id, err)
		}
	}
	if size := s.body.Size(); size != r.size {
		return 0, fmt.Errorf("store: body %d has %d bytes, not %d", r.id, size, r.size)
	}
	if offset < 0 || offset >= r.size {
		return 0, io.EOF
	}
	short := int64(len(p)) > r.size-offset
	if short {
		p = p[:r.size-offset]
	}
	if _, err = s.body.Seek(offset, io.SeekStart); err == nil {
		n, err = io.ReadFull(s.body, p)
	}
	if err == nil && short {
		err = io.EOF
	}
	return n, err
}

func (s *Store) openBody(id int64) (err error) {
	s.closeBody()
	s.body, err = s.conn.OpenBlob("main", "body", "content", id, false)
	s.bodyRow = id
	return err
}

// closeBody ends the reading of a row: what is written to the table would end
// it anyway.
func (s *Store) closeBody() {
	if s.body != nil {
		s.body.Close()
		s.body = nil
	}
}
