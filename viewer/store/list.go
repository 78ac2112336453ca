package store

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// A Part is what the index says of some flows that follow each other.
type Part struct {
	Keys      []string
	Summaries []flow.Summary
}

// listed is how many flows a Part has at most: the rows of one screen come
// before a second is over.
const (
	listedFirst = 200
	listed      = 5000
)

// List yields what the index says of all flows that are stored, in their order:
// the summaries that they were put with, and what was annotated since. It
// reads no flow.
func (s *Store) List(ctx context.Context) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) {
		next, size := int64(0), listedFirst
		for {
			p, after, err := s.part(ctx, next, size)
			if err == nil && len(p.Keys) == 0 {
				return
			}
			if err != nil {
				err = fmt.Errorf("store: list of flows: %w", err)
			}
			if !yield(p, err) || err != nil {
				return
			}
			next, size = after, listed
		}
	}
}

// part returns up to size flows from number from on, and the number after them.
func (s *Store) part(ctx context.Context, from int64, size int) (p Part, after int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(ctx); err != nil {
		return p, 0, err
	}
	s.conn.SetInterrupt(ctx)
	defer s.conn.SetInterrupt(context.Background())
	stmt := s.statements.list
	defer stmt.Reset()
	if err := stmt.BindInt64(1, from); err != nil {
		return p, 0, err
	}
	var c columns
	for len(p.Keys) < size && stmt.Step() {
		c.stmt, c.n = stmt, 0
		var x Index
		key := c.row(&x)
		after = x.Number + 1
		p.Keys = append(p.Keys, key)
		p.Summaries = append(p.Summaries, x.Summary)
	}
	return p, after, stmt.Err()
}

// columns reads the columns of a row one after the other. Texts that repeat are
// allocated once.
type columns struct {
	stmt  *sqlite3.Stmt
	n     int
	texts map[string]string
}

// row is the inverse of [Index.append]. It returns the key.
func (c *columns) row(x *Index) (key string) {
	x.Number = c.int()
	key = c.own()
	x.Source = int(c.int())
	x.Kind = flowpb.Kind(c.int())
	x.Flags = flow.Flags(c.int())
	x.Method, x.RawMethod, x.Scheme = c.text(), c.text(), c.text()
	x.Host, x.PrettyHost = c.text(), c.text()
	x.Path, x.URL = c.own(), c.own()
	x.SearchableURL = c.stmt.ColumnType(c.n) != sqlite3.NULL
	if x.PrettyURL = c.own(); x.PrettyURL == x.URL {
		x.PrettyURL = x.URL
	}
	x.Version = c.text()
	x.Status = int32(c.int())
	x.StatusText, x.ContentType = c.text(), c.text()
	x.RequestContentTypes, x.ContentTypes = c.lines(), c.lines()
	x.RequestSize, x.ResponseSize, x.OrderSize = c.int(), c.int(), c.int()
	x.Created = c.stmt.ColumnFloat(c.n)
	c.n++
	x.Start = c.int()
	x.Duration = -1
	if known := c.stmt.ColumnType(c.n) != sqlite3.NULL; known {
		x.Duration = c.stmt.ColumnInt64(c.n)
	}
	c.n++
	x.Marker, x.Comment, x.Error, x.Replay = c.text(), c.own(), c.text(), c.text()
	x.Client, x.Server = c.text(), c.text()
	return key
}

func (c *columns) int() int64 {
	c.n++
	return c.stmt.ColumnInt64(c.n - 1)
}

// own returns a text of which few rows have the same.
func (c *columns) own() string {
	c.n++
	return string(c.stmt.ColumnRawBlob(c.n - 1)) // as bytes, whatever they are
}

// text returns a text that repeats.
func (c *columns) text() string {
	c.n++
	raw := c.stmt.ColumnRawBlob(c.n - 1)
	if len(raw) == 0 {
		return ""
	}
	if text, ok := c.texts[string(raw)]; ok {
		return text
	}
	if c.texts == nil {
		c.texts = map[string]string{}
	}
	text := string(raw)
	c.texts[text] = text
	return text
}

// lines returns the values that were joined by line feeds.
func (c *columns) lines() [][]byte {
	if c.stmt.ColumnType(c.n) == sqlite3.NULL {
		c.n++
		return nil
	}
	var values [][]byte
	for line := range strings.SplitSeq(c.text(), "\n") {
		values = append(values, []byte(line))
	}
	return values
}

// Stored returns how many flows are stored, and how many bytes the database
// has. It looks at the last flow alone.
func (s *Store) Stored() (flows int, bytes int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return 0, 0, err
	}
	last, err := count(s.conn, "SELECT ifnull(max(number), -1) FROM flow_index")
	if err == nil {
		bytes, err = count(s.conn, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	}
	if err != nil {
		err = fmt.Errorf("store: %w", err)
	}
	return int(last) + 1, bytes, err
}

// At returns the flow of a number, with its connections, and its key.
func (s *Store) At(number int64) (key string, f *flowpb.Flow, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return "", nil, err
	}
	raw, err := s.content(s.statements.keyAt, func(stmt *sqlite3.Stmt) error { return stmt.BindInt64(1, number) })
	if err != nil {
		return "", nil, fmt.Errorf("store: flow %d: %w", number, err)
	}
	if f, err = s.read(string(raw)); err != nil {
		return "", nil, fmt.Errorf("store: flow %s: %w", raw, err)
	}
	return string(raw), f, nil
}
