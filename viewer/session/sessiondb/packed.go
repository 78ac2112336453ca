package sessiondb

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/schema"
	"flowpane/viewer/session"
)

// ErrNotPacked is the error of [Reader.Summaries] where the database has none
// that hold: it was not written by [Writer], or changed since.
var ErrNotPacked = errors.New("sessiondb: the database is not packed")

// packing says what of a packed database a Reader may rely on.
type packing struct {
	// packed: flows are told as by [schema.Tell], with references to rows of
	// body. Rows that 2018 added are told apart by having no kind.
	packed bool
	// fresh: nobody wrote to the database since. Its columns hold, and all its
	// bodies are referred to.
	fresh bool
}

func (d *database) packing(h header) (packing, error) {
	if h.application != schema.ApplicationID {
		return packing{}, nil
	}
	tables, err := d.tables()
	if err != nil {
		return packing{}, err
	}
	found := 0
	for _, t := range tables {
		for _, o := range schema.Packed() {
			if t == o.Name {
				found++
			}
		}
	}
	packed := found == len(schema.Packed())
	// A store has the tables too, without columns in them.
	fresh := packed && h.changes == unchanged && d.answersSomething("SELECT 1 FROM main.flow_columns LIMIT 1")
	return packing{packed: packed, fresh: fresh}, nil
}

// indexPacked lists the rows of flow in their order, which is that of the
// session.
func (x *index) indexPacked(d *database) error {
	return x.indexListed(d, "SELECT rowid FROM main.flow NOT INDEXED ORDER BY rowid")
}

// readPacked returns the flow of a row of a packed database.
func (r *Reader) readPacked(f *flowpb.Flow, row int64) *flowpb.Flow {
	f = schema.Restore(f)
	r.join(f, row)
	r.annotate(f, row)
	lost := 0
	for _, b := range bodiesOf(f) {
		ref := *b.ref
		switch {
		case ref == nil:
		case ref.GetEncoding() == flowpb.Body_ROW:
			ref.Source = nil
			*b.content = nil // what 2018 reads
		case *b.content != nil && b.kind != 0:
			ref.Source, ref.Encoding = nil, new(flowpb.Body_INLINE)
			ref.Offset = new(uint64(row)<<1 | uint64(b.kind-requestBody))
		case *b.content != nil:
			*b.ref = nil
		default:
			*b.ref = nil
			lost++
		}
	}
	if lost > 0 {
		r.issues = append(r.issues, atRow("row", row, fmt.Errorf("%d bodies lie in another file", lost)))
	}
	return f
}

// mark makes f bear a marker that its annotations name.
func mark(f *flowpb.Flow, marker []byte) {
	if string(f.Marker) == string(marker) {
		return
	}
	f.Marker = marker
	if f.Marked != nil {
		f.Marked = new(len(marker) > 0)
	}
}

// Summaries yields what a table shows of all flows of a packed session, in
// their order, in chunks. Of the file it reads only the columns, which lie in
// front: some 18 bytes a flow. An error ends it: [ErrNotPacked] says that only
// [Reader.Next] knows the flows.
//
// It does not change what Next returns next, and may be called again.
func (r *Reader) Summaries() iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		if !r.fresh {
			yield(nil, ErrNotPacked)
			return
		}
		row, flows, total := int64(0), 0, -1
		for number := int64(0); flows != total; number++ {
			c, next, err := r.chunk(number, row)
			if err == nil && (c.First != flows || total >= 0 && c.Total != total) {
				err = errColumn
			}
			if number == 0 && errors.Is(err, errGone) && r.empty() {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("sessiondb: chunk %d: %w", number, err))
				return
			}
			if !yield(c, nil) {
				return
			}
			row, flows, total = next, flows+len(c.Summaries), c.Total
		}
	}
}

// List implements [session.Lister] with Summaries and Keys. It yields nothing
// of a database that is not packed.
func (r *Reader) List() iter.Seq2[session.Part, error] {
	return func(yield func(session.Part, error) bool) {
		for c, err := range r.Summaries() {
			if errors.Is(err, ErrNotPacked) {
				return
			}
			p := session.Part{}
			if err == nil {
				p.Summaries = c.Summaries
				p.Keys, err = r.Keys(c)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.db != nil {
			r.readNodes()
		}
	}
}

// empty reports whether there are no flows.
func (r *Reader) empty() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		return false
	}
	s, _, err := r.db.conn.Prepare("SELECT rowid FROM main.flow NOT INDEXED LIMIT 1")
	if err != nil {
		return false
	}
	defer s.Close()
	return !s.Step() && s.Err() == nil
}

// chunk reads a chunk, whose columns follow a row of flow_columns, and returns
// its last row.
func (r *Reader) chunk(number, after int64) (c *Chunk, last int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		return nil, 0, errClosed
	}
	s, _, err := r.db.conn.Prepare("SELECT rowid, chunk, name, content FROM main.flow_columns WHERE rowid > ? ORDER BY rowid")
	if err != nil {
		return nil, 0, err
	}
	defer s.Close()
	if err := s.BindInt64(1, after); err != nil {
		return nil, 0, err
	}
	columns := map[string][]byte{}
	for s.Step() && s.ColumnInt64(1) == number {
		last = s.ColumnInt64(0)
		columns[s.ColumnText(2)] = s.ColumnBlob(3, []byte{})
	}
	if len(columns) == 0 {
		return nil, 0, cmp.Or(s.Err(), errGone)
	}
	if err := s.Err(); err != nil {
		return nil, 0, err
	}
	c, err = unpackChunk(func(name string) []byte { return columns[name] }, maxColumn)
	if err != nil {
		return nil, 0, err
	}
	c.number, c.keys = number, columns[keyColumn]
	r.passed = int64(float64(r.size) * float64(c.First+len(c.Summaries)) / float64(c.Total))
	return c, last, nil
}

// Keys returns the keys of the flows of a chunk: their ids, or where these
// repeat, ids and numbers. They lie behind the columns, in pieces of 16 bytes
// a flow; those of the first chunk are among its columns too.
func (r *Reader) Keys(c *Chunk) ([]string, error) {
	keys, err := r.chunkKeys(c)
	if err != nil {
		return nil, fmt.Errorf("sessiondb: keys of chunk %d: %w", c.number, err)
	}
	return keys, nil
}

func (r *Reader) chunkKeys(c *Chunk) (keys []string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	unpack := func(stored []byte) error {
		return unpackColumn(stored, maxColumn, func(u *unpacker) { keys = u.keys(len(c.Summaries)) })
	}
	if r.db == nil {
		return nil, errClosed
	}
	if c.keys != nil {
		err = unpack(c.keys)
		return keys, err
	}
	s, _, err := r.db.conn.Prepare("SELECT content FROM main.flow_keys WHERE chunk = ?")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := s.BindInt64(1, c.number); err != nil {
		return nil, err
	}
	if !s.Step() {
		return nil, cmp.Or(s.Err(), errGone)
	}
	err = unpack(s.ColumnBlob(0, []byte{}))
	return keys, err
}

// Flow returns the flow of a number, from 0, of a session of which Summaries
// yields the chunks. It is as from Next.
func (r *Reader) Flow(number int) (*flowpb.Flow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		return nil, errClosed
	}
	if !r.fresh {
		return nil, ErrNotPacked
	}
	defer r.uninterrupted()()
	return r.numbered(number)
}

// numbered returns the flow of a number.
func (r *Reader) numbered(number int) (*flowpb.Flow, error) {
	r.readNodes()
	before := len(r.issues)
	f, err := r.read(int64(number) + 1)
	if err == nil && len(r.issues) > before {
		err = r.issues[before]
		r.issues = r.issues[:before]
	}
	if err != nil {
		return nil, fmt.Errorf("sessiondb: flow %d: %w", number, err)
	}
	return f, nil
}

// Find implements [session.Finder], by the index of the table flow. Over HTTP it
// takes a request for the page of the index, one for the flow, and one or two
// for its connections.
func (r *Reader) Find(key string) (number int, f *flowpb.Flow, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		return 0, nil, errClosed
	}
	if !r.fresh {
		return 0, nil, ErrNotPacked
	}
	r.readNodes()
	row, err := r.rowOf(key)
	if err != nil {
		return 0, nil, fmt.Errorf("sessiondb: key %s: %w", key, err)
	}
	number = int(row - 1)
	if f, err = r.numbered(number); err != nil {
		return 0, nil, err
	}
	if !keyOf(key, f) {
		return 0, nil, fmt.Errorf("sessiondb: key %s: flow %d has another id", key, number)
	}
	return number, f, nil
}

// rowOf returns the row of flow that has a key.
func (r *Reader) rowOf(key string) (int64, error) {
	s, _, err := r.db.conn.Prepare("SELECT rowid FROM main.flow WHERE id = ?")
	if err != nil {
		return 0, err
	}
	defer s.Close()
	if err := s.BindText(1, key); err != nil {
		return 0, err
	}
	if !s.Step() {
		return 0, cmp.Or(s.Err(), session.ErrNoFlow)
	}
	return s.ColumnInt64(0), s.Err()
}

// keyOf reports whether a key can be that of f: see [flow.Keys].
func keyOf(key string, f *flowpb.Flow) bool {
	rest, found := strings.CutPrefix(key, strings.ToValidUTF8(string(f.Id), "\uFFFD"))
	return found && (rest == "" || rest[0] == '~')
}

// About implements [session.Describer]: what the first file that says
// something of itself said.
func (r *Reader) About() *flowpb.About {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil || !r.packed {
		return nil
	}
	s, _, err := r.db.conn.Prepare("SELECT content FROM main.about ORDER BY source LIMIT 1")
	if err != nil {
		return nil
	}
	defer s.Close()
	about := new(flowpb.About)
	if !s.Step() || about.Unmarshal(s.ColumnBlob(0, nil)) != nil {
		return nil
	}
	return about
}

var (
	_ session.Describer = (*Reader)(nil)
	_ session.Finder    = (*Reader)(nil)
)
