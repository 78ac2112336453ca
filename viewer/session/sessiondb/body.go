package sessiondb

import (
	"context"
	"errors"
	"fmt"
	"io"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

var errClosed = errors.New("sessiondb: the reader is closed")

// refer puts references in place of the bodies of f, the flow of a row, and
// reports whether it took long inline content away.
func (r *Reader) refer(f *flowpb.Flow, row int64) (shortened bool) {
	if n := disown(f); n > 0 {
		r.issues = append(r.issues, atRow("row", row, fmt.Errorf("%d bodies lie in another file", n)))
	}
	request, response := f.Request, f.Response
	if b, ok := r.index.bodies[bodyKey{row, requestBody}]; ok && request == nil {
		r.issues = append(r.issues, atRow("body", b.row, errors.New("its flow has no request")))
	}
	if b, ok := r.index.bodies[bodyKey{row, responseBody}]; ok && response == nil {
		r.issues = append(r.issues, atRow("body", b.row, errors.New("its flow has no response")))
	}
	if request != nil {
		n := len(request.Content)
		request.Body, request.Content = r.body(request.Content, row, requestBody)
		shortened = n > inlineMax
	}
	if response != nil {
		n := len(response.Content)
		response.Body, response.Content = r.body(response.Content, row, responseBody)
		shortened = shortened || n > inlineMax
	}
	return shortened
}

// disown takes away the references that f brings along and returns how many
// stood for content: they lead into files that this one knows nothing of, and
// nobody may take them for a part of whatever file is open beside it.
func disown(f *flowpb.Flow) (n int) {
	drop := func(ref **flowpb.Body, content []byte) {
		if *ref != nil && content == nil {
			n++
		}
		*ref = nil
	}
	if f.Request != nil {
		drop(&f.Request.Body, f.Request.Content)
	}
	if f.Response != nil {
		drop(&f.Response.Body, f.Response.Content)
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		drop(&m.Body, m.Content)
	}
	for _, m := range f.Messages {
		drop(&m.Body, m.Content)
	}
	if f.Backup != nil {
		n += disown(f.Backup)
	}
	return n
}

// body returns the reference to a body of a row of flow, and its content if
// that is short and inline. A row of body goes before inline content, as it
// did for the loader of 2018. Neither is none: it was not captured.
func (r *Reader) body(inline []byte, row, kind int64) (*flowpb.Body, []byte) {
	b := &flowpb.Body{Decoded: new(true)}
	if found, ok := r.index.bodies[bodyKey{row, kind}]; ok {
		b.Encoding = new(flowpb.Body_ROW)
		b.Offset, b.Length = new(uint64(found.row)), new(uint64(found.size))
		return b, nil
	}
	if inline == nil {
		return nil, nil
	}
	b.Encoding = new(flowpb.Body_INLINE)
	b.Offset, b.Length = new(uint64(row)<<1|uint64(kind-requestBody)), new(uint64(len(inline)))
	if len(inline) > inlineMax {
		inline = nil
	}
	return b, inline
}

// Body implements session.Reader.
func (r *Reader) Body(b *flowpb.Body) (blob.Source, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		return nil, errClosed
	}
	defer r.uninterrupted()()
	var src blob.Source
	var err error
	switch b.GetEncoding() {
	case flowpb.Body_ROW:
		src, err = r.bodyRow(int64(b.GetOffset()))
	case flowpb.Body_INLINE:
		src, err = r.inline(int64(b.GetOffset())>>1, int64(b.GetOffset()&1)+requestBody)
	default:
		err = fmt.Errorf("a session database has no bodies of encoding %d", b.GetEncoding())
	}
	if err != nil {
		return nil, fmt.Errorf("sessiondb: %w", err)
	}
	return src, nil
}

// uninterrupted lets bodies be read after the listing was cancelled, until the
// function that it returns is called.
func (r *Reader) uninterrupted() func() {
	old := r.db.conn.SetInterrupt(context.Background())
	return func() { r.db.conn.SetInterrupt(old) }
}

func (r *Reader) inline(row, kind int64) (blob.Source, error) {
	_, content, err := r.content(row)
	if err != nil {
		return nil, atRow("row", row, err)
	}
	var f flowpb.Flow
	if err := f.Unmarshal(content); err != nil {
		return nil, atRow("row", row, err)
	}
	if kind == requestBody {
		return blob.Bytes(f.GetRequest().GetContent()), nil
	}
	return blob.Bytes(f.GetResponse().GetContent()), nil
}

func (r *Reader) bodyRow(row int64) (blob.Source, error) {
	if r.index.texts[row] {
		text, err := r.db.text(r.index.layout, row)
		if err != nil {
			return nil, atRow("body", row, err)
		}
		return blob.Bytes(text), nil
	}
	if err := r.openRow(row); err != nil {
		return nil, atRow("body", row, err)
	}
	return &rowSource{r: r, row: row, size: r.row.Size()}, nil
}

// openRow makes r.row the content of a row of body.
func (r *Reader) openRow(row int64) error {
	if r.row != nil && r.rowID == row {
		return nil
	}
	r.row.Close()
	var err error
	column, id := r.index.layout.column(row)
	r.row, err = r.db.conn.OpenBlob("main", "body", column, id, false)
	r.rowID = row
	return err
}

// rowSource is the content of a row of body, read in place.
type rowSource struct {
	r         *Reader
	row, size int64
}

func (s *rowSource) Size() int64 { return s.size }

// readMax bounds the memory that SQLite takes for one read, which it keeps.
const readMax = 256 << 10

func (s *rowSource) ReadAt(p []byte, offset int64) (n int, err error) {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.r.db == nil {
		return 0, errClosed
	}
	defer s.r.uninterrupted()()
	if err := s.r.openRow(s.row); err != nil {
		return 0, fmt.Errorf("sessiondb: body %d: %w", s.row, err)
	}
	if _, err := s.r.row.Seek(offset, io.SeekStart); err != nil {
		return 0, fmt.Errorf("sessiondb: body %d: %w", s.row, err)
	}
	for n < len(p) {
		m, err := s.r.row.Read(p[n:min(len(p), n+readMax)])
		n += m
		if err != nil && err != io.EOF {
			return n, fmt.Errorf("sessiondb: body %d: %w", s.row, err)
		}
		if m == 0 {
			return n, io.EOF
		}
	}
	return n, nil
}
