package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

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
const indexColumns = 31

// Parameters of flow_index by number, from 1. Instead of pretty_url, sameURL may be
// bound.
const (
	urlParameter       = 12
	prettyURLParameter = 13
	sameURL            = 1
)

// putIndex returns the statement that stores a row of flow_index.
func putIndex() string {
	var values []string
	for n := 1; n <= indexColumns; n++ {
		values = append(values, fmt.Sprint("?", n))
	}
	values[prettyURLParameter-1] = fmt.Sprintf("CASE ?%d WHEN %d THEN ?%d ELSE ?%[1]d END", prettyURLParameter, sameURL, urlParameter)
	return "INSERT OR REPLACE INTO flow_index VALUES (" + strings.Join(values, ", ") + ")"
}

// append appends the row of flow_index to b, its columns in order, as values
// that [bindRow] binds.
func (x *Index) append(b []byte, key string) []byte {
	r := record{b}
	r.number(x.Number, true)
	r.b = append(binary.AppendUvarint(append(r.b, isText), uint64(len(key))), key...) // whatever it is, as in flow
	r.number(int64(x.Source), true)
	r.number(int64(x.Kind), true)
	r.number(int64(x.Flags), true)
	for _, text := range []string{x.Method, x.RawMethod, x.Scheme, x.Host, x.PrettyHost, x.Path, x.URL} {
		r.text(text)
	}
	if x.SearchableURL && x.PrettyURL == x.URL && x.URL != "" {
		r.b = append(r.b, isURL)
	} else {
		r.known(x.PrettyURL, x.SearchableURL)
	}
	r.text(x.Version)
	r.number(int64(x.Status), x.Status != 0)
	r.text(x.StatusText)
	r.text(x.ContentType)
	r.lines(x.RequestContentTypes)
	r.lines(x.ContentTypes)
	r.number(x.RequestSize, true)
	r.number(x.ResponseSize, true)
	r.number(x.OrderSize, true)
	r.float(x.Created)
	r.number(x.Start, x.Start != 0)
	r.number(x.Duration, x.Duration >= 0)
	for _, text := range []string{x.Marker, x.Comment, x.Error, x.Replay, x.Client, x.Server} {
		r.text(text)
	}
	return r.b
}

// What a value in a record is. Text has its length before it.
const (
	isNull = iota
	isInteger
	isFloat
	isText
	isBlob // text that is not UTF-8
	isURL  // the same as url, which is bound once
)

// A record is values one behind another, NULL where nothing is known.
type record struct{ b []byte }

func (r *record) number(v int64, known bool) {
	if known {
		r.b = binary.LittleEndian.AppendUint64(append(r.b, isInteger), uint64(v))
	} else {
		r.b = append(r.b, isNull)
	}
}

func (r *record) float(v float64) {
	r.b = binary.LittleEndian.AppendUint64(append(r.b, isFloat), math.Float64bits(v))
}

// text appends a text, of which the empty one is unknown.
func (r *record) text(v string) { r.known(v, v != "") }

func (r *record) known(v string, known bool) {
	if !known {
		r.b = append(r.b, isNull)
		return
	}
	kind := byte(isText)
	if !utf8.ValidString(v) {
		kind = isBlob
	}
	r.b = append(binary.AppendUvarint(append(r.b, kind), uint64(len(v))), v...)
}

// lines appends values, one a line: headers have no line feeds in them.
func (r *record) lines(values [][]byte) {
	r.known(string(bytes.Join(values, []byte("\n"))), len(values) > 0)
}

// bindRow binds the values of a record to the parameters of s, but for those
// that are as in last, the record that was bound before: a statement keeps them,
// and half of the columns repeat from flow to flow.
func bindRow(s *sqlite3.Stmt, row, last []byte) error {
	for n := 1; len(row) > 0; n++ {
		size := valueSize(row)
		lastSize := size
		if !bytes.HasPrefix(last, row[:size]) { // no value is the beginning of another
			lastSize = valueSize(last)
			if err := bindValue(s, n, row[:size]); err != nil {
				return err
			}
		}
		row, last = row[size:], last[lastSize:]
	}
	return nil
}

// valueSize returns how many bytes the first value of a record takes, 0 if
// there is none.
func valueSize(record []byte) int {
	if len(record) == 0 {
		return 0
	}
	switch record[0] {
	case isInteger, isFloat:
		return 1 + 8
	case isText, isBlob:
		if length := record[1]; length < 0x80 { // as a rule
			return 1 + 1 + int(length)
		}
		length, size := binary.Uvarint(record[1:])
		return 1 + size + int(length)
	}
	return 1
}

func bindValue(s *sqlite3.Stmt, n int, value []byte) error {
	kind, value := value[0], value[1:]
	switch kind {
	case isInteger:
		return s.BindInt64(n, int64(binary.LittleEndian.Uint64(value)))
	case isFloat:
		return s.BindFloat(n, math.Float64frombits(binary.LittleEndian.Uint64(value)))
	case isText:
		_, size := binary.Uvarint(value)
		return s.BindRawText(n, value[size:])
	case isBlob:
		_, size := binary.Uvarint(value)
		return s.BindBlob(n, value[size:])
	case isURL:
		return s.BindInt64(n, sameURL)
	}
	return s.BindNull(n)
}
