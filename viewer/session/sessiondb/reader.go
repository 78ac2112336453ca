package sessiondb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// inlineMax is how long inline bodies may be, in bytes, to be yielded with
// their flow. It is the bound of the writer: only what it left inline by
// mistake is longer.
const inlineMax = 1000

// A Reader yields the flows of a session database in their order: for that of
// 2018 the start of their request, then the row. It implements
// [session.Reader].
//
// Every body is said to be decoded, by a reference: to a row of body, or to
// the inline content of the flow's row. Short inline content stands beside its
// reference, so that it need not be read again.
type Reader struct {
	src  blob.Source
	size int64

	// SQLite allows one call at a time on a connection. In the browser a read
	// may park the goroutine that makes it, and others run.
	mu     sync.Mutex
	db     *database // nil once closed
	index  index
	flow   *sqlite3.Stmt
	note   *sqlite3.Stmt // nil where there are no annotations to read
	row    *sqlite3.Blob // the body row that was read last
	rowID  int64
	listed bool
	next   int // in index.flows
	issues []*session.Issue
	packing
	nodesRead bool
	passed    int64 // bytes of the file for which the list stands that was read
}

// Open returns a Reader over src. It fails if src is no SQLite database, or
// one with other tables, which the error names.
func Open(ctx context.Context, src blob.Source) (*Reader, error) {
	r, err := open(ctx, src)
	if err != nil {
		return nil, fmt.Errorf("sessiondb: %w", err)
	}
	return r, nil
}

func open(ctx context.Context, src blob.Source) (_ *Reader, err error) {
	h, err := readHeader(src)
	if err != nil {
		return nil, err
	}
	db, err := openDatabase(ctx, src, h)
	if err != nil {
		return nil, err
	}
	defer func() { err = db.vfs.cause(err) }()
	r := &Reader{src: src, size: src.Size(), db: db}
	if _, remote := src.(blob.Blocked); remote {
		db.reachFront()
	}
	if r.index.layout, err = db.layout(h); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	if r.packing, err = db.packing(h); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.flow, _, err = db.conn.Prepare(r.index.layout.flow)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("table %s: %w", r.index.layout.table, err), r.Close())
	}
	db.conn.SetInterrupt(ctx)
	if h.wal {
		r.report("header", errors.New("the database was in use: what its -wal file holds is not shown"))
	}
	if h.declared > r.size {
		r.report("byte "+strconv.FormatInt(r.size, 10), fmt.Errorf("the file is cut: its header tells of %d bytes", h.declared))
	}
	return r, nil
}

func (r *Reader) report(place string, err error) {
	r.issues = append(r.issues, &session.Issue{Place: place, Err: err})
}

// Progress implements session.Reader. The first half is the pass that finds
// the order of the flows, the second half that which yields them. While flows
// are listed it is their share of the file.
func (r *Reader) Progress() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		return r.size // whoever closed it no longer asks
	}
	first := min(r.db.vfs.seen.Load(), r.size) / 2
	switch {
	case !r.listed && r.fresh:
		return r.passed
	case !r.listed:
		return first
	case r.next == len(r.index.flows):
		return r.size
	}
	return first + int64(float64(r.size-first)*float64(r.next)/float64(len(r.index.flows)))
}

// Next implements session.Reader.
func (r *Reader) Next() (*flowpb.Flow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		return nil, errClosed
	}
	if !r.listed {
		r.list()
	}
	if err := r.db.conn.GetInterrupt().Err(); err != nil {
		return nil, err
	}
	if len(r.issues) > 0 {
		issue := r.issues[0]
		r.issues = r.issues[1:]
		return nil, issue
	}
	if r.next == len(r.index.flows) {
		return nil, io.EOF
	}
	row := r.index.flows[r.next].row
	f, err := r.read(row)
	if stop := r.db.conn.GetInterrupt().Err(); stop != nil {
		return nil, stop
	}
	r.next++
	if err != nil {
		return nil, atRow("row", row, err)
	}
	return f, nil
}

// list makes the index. What a damaged database does not give is an issue.
func (r *Reader) list() {
	flows, bodies := r.index.indexFlows, r.index.indexBodies
	if r.packed {
		flows = r.index.indexPacked
	}
	if r.fresh {
		bodies = func(*database) error { return nil } // each is referred to
	}
	for _, pass := range []struct {
		table string
		run   func(*database) error
	}{
		{"flow", flows},
		{"body", bodies},
		{"annotation", r.index.indexAnnotations},
	} {
		if err := pass.run(r.db); err != nil {
			r.report("table "+pass.table, err)
		}
	}
	if len(r.index.annotations) > 0 {
		r.note, _, _ = r.db.conn.Prepare("SELECT type, content FROM main.annotation WHERE rowid = ?")
	}
	r.listed = true
}

// errGone is met in databases that are damaged or made up.
var errGone = errors.New("it is listed but not there")

func atRow(what string, row int64, err error) *session.Issue {
	return &session.Issue{Place: what + " " + strconv.FormatInt(row, 10), Err: err}
}

// read returns the flow of a row, with its bodies and annotations.
func (r *Reader) read(row int64) (*flowpb.Flow, error) {
	id, content, err := r.content(row)
	if err != nil {
		return nil, err
	}
	f := new(flowpb.Flow)
	if err := f.Unmarshal(content); err != nil {
		return nil, err
	}
	if r.packed && f.Kind != nil {
		return r.readPacked(f, row), nil
	}
	if f.Kind == nil {
		f.Kind = new(flowpb.Kind_HTTP)
	}
	if f.Id == nil && id != "" {
		f.Id = []byte(id)
	}
	r.join(f, row)
	r.annotate(f, row)
	if r.refer(f, row) {
		// The fields alias content, most of which is of no more use.
		f, content = new(flowpb.Flow), f.Append(nil)
		return f, f.Unmarshal(content)
	}
	return f, nil
}

// content returns the columns of a row of flow, copied.
func (r *Reader) content(row int64) (id string, content []byte, err error) {
	s := r.flow
	defer s.Reset()
	if err := s.BindInt64(1, row); err != nil {
		return "", nil, err
	}
	if !s.Step() {
		return "", nil, cmp.Or(s.Err(), errGone)
	}
	if s.ColumnBool(2) {
		return "", nil, errors.New("it has no content")
	}
	return s.ColumnText(0), s.ColumnBlob(1, nil), s.Err()
}

// annotate adds the annotations of a row of flow to f.
func (r *Reader) annotate(f *flowpb.Flow, row int64) {
	var others []*flowpb.Value
	for _, id := range r.index.annotations[row] {
		kind, content, err := r.annotation(id)
		switch {
		case err != nil:
			r.issues = append(r.issues, atRow("annotation", id, err))
		case r.packed && kind == commentType:
			f.Comment = content
		case r.packed && kind == markerType:
			mark(f, content)
		case f.Comment == nil && (kind == "note" || kind == "comment"):
			f.Comment = content
		case f.Marker == nil && kind == "marker":
			f.Marker = content
		default:
			others = append(others, values(&flowpb.Value{Text: []byte(kind)}, &flowpb.Value{Bytes: content}))
		}
	}
	if others == nil {
		return
	}
	if f.Metadata == nil {
		f.Metadata = new(flowpb.Value)
	}
	if f.Metadata.Dict == nil {
		f.Metadata.Dict = new(flowpb.Value_Dict)
	}
	f.Metadata.Dict.Pairs = append(f.Metadata.Dict.Pairs, &flowpb.Value_Pair{
		Key:   &flowpb.Value{Text: []byte("annotations")},
		Value: values(others...),
	})
}

func values(items ...*flowpb.Value) *flowpb.Value {
	return &flowpb.Value{List: &flowpb.Value_List{Items: items}}
}

func (r *Reader) annotation(id int64) (kind string, content []byte, err error) {
	s := r.note
	if s == nil {
		return "", nil, errors.New("the table has no columns type and content")
	}
	defer s.Reset()
	if err := s.BindInt64(1, id); err != nil {
		return "", nil, err
	}
	if !s.Step() {
		return "", nil, cmp.Or(s.Err(), errGone)
	}
	content = s.ColumnRawBlob(1)
	if s.ColumnType(1) != sqlite3.BLOB { // which would be in the encoding of the database
		content = s.ColumnRawText(1)
	}
	return s.ColumnText(0), append([]byte{}, content...), s.Err()
}

// Close implements session.Reader.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		return nil
	}
	err := errors.Join(r.row.Close(), r.flow.Close(), r.note.Close(), r.db.close())
	r.db = nil
	return err
}
