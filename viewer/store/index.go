package store

import (
	"bytes"
	"errors"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"flowpane/viewer/flow"
)

// Index is the row of flow_index that belongs to a flow: where it is in the
// session, and its summary.
type Index struct {
	// Number is the place of the flow in the session, from 0.
	Number int64
	// Source is the number of the file that it came from.
	Source int
	flow.Summary
}

// indexColumns is how many columns flow_index has.
const indexColumns = 29

func placeholders(n int) string { return strings.Repeat("?, ", n-1) + "?" }

// bind binds the columns of flow_index, in order.
func (x *Index) bind(s *sqlite3.Stmt, key string) error {
	b := binder{stmt: s}
	b.number(x.Number, true)
	b.text(key)
	b.number(int64(x.Source), true)
	b.number(int64(x.Kind), true)
	b.number(int64(x.Flags), true)
	for _, text := range []string{x.Method, x.RawMethod, x.Scheme, x.Host, x.PrettyHost, x.Path, x.URL, x.PrettyURL, x.Version} {
		b.text(text)
	}
	b.number(int64(x.Status), x.Status != 0)
	b.text(x.StatusText)
	b.text(x.ContentType)
	b.text(lines(x.RequestContentTypes))
	b.text(lines(x.ContentTypes))
	b.number(x.RequestSize, true)
	b.number(x.ResponseSize, true)
	b.number(x.OrderSize, true)
	b.float(x.Created)
	b.number(x.Start, x.Start != 0)
	b.number(x.Duration, x.Duration >= 0)
	for _, text := range []string{x.Marker, x.Comment, x.Error, x.Replay} {
		b.text(text)
	}
	return b.err
}

func lines(values [][]byte) string { return string(bytes.Join(values, []byte("\n"))) }

// binder binds one column after the other, NULL where nothing is known.
type binder struct {
	stmt *sqlite3.Stmt
	n    int
	err  error
}

func (b *binder) keep(err error) {
	if err != nil {
		b.err = errors.Join(b.err, err)
	}
}

func (b *binder) number(v int64, known bool) {
	b.n++
	if known {
		b.keep(b.stmt.BindInt64(b.n, v))
	} else {
		b.keep(b.stmt.BindNull(b.n))
	}
}

func (b *binder) float(v float64) {
	b.n++
	b.keep(b.stmt.BindFloat(b.n, v))
}

func (b *binder) text(v string) {
	b.n++
	if v != "" {
		b.keep(b.stmt.BindText(b.n, v))
	} else {
		b.keep(b.stmt.BindNull(b.n))
	}
}
