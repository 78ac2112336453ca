// Package jsontext reads JSON token by token, as it was written: nothing is made
// of numbers, and members stay in their order, also those that come twice.
//
// It stands in for encoding/json, which would cost 0.1 MB to download.
//
// Source: https://www.rfc-editor.org/rfc/rfc8259
package jsontext

import (
	"errors"
	"io"
	"strconv"
)

// A Kind is what a token is: its first byte, but "0" for each number.
type Kind byte

const (
	Object Kind = '{' // its members follow: names and values in turn, then [ObjectEnd]
	Array  Kind = '[' // its items follow, then [ArrayEnd]
	String Kind = '"' // a name or a value
	Number Kind = '0'
	True   Kind = 't'
	False  Kind = 'f'
	Null   Kind = 'n'

	ObjectEnd Kind = '}'
	ArrayEnd  Kind = ']'
)

// A Token is a part of a JSON text. Raw is as it was written, a part of the text
// itself. The zero Token is none.
type Token struct {
	Kind Kind
	Raw  []byte
}

// Text returns what a string says, as valid UTF-8, and all else as written.
func (t Token) Text() string {
	if t.Kind != String {
		return string(t.Raw)
	}
	return unquote(t.Raw[1 : len(t.Raw)-1])
}

// MaxDepth is how deep values may be nested.
const MaxDepth = 10_000

// A Reader reads one JSON text. It stops at what is no JSON, with an error that
// names the byte.
type Reader struct {
	data []byte
	at   int
	open []Kind // the objects and arrays that are open
	wait expectation
	err  error
}

type expectation uint8

const (
	aValue       expectation = iota
	aFirstItem               // or the end of the array
	aFirstMember             // or the end of the object
	aName
	aColon
	aComma // or the end of what is open, or of the text
)

// NewReader returns a Reader of data, which it does not change.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

// Next returns the next token, and io.EOF behind the last.
func (r *Reader) Next() (Token, error) {
	for r.err == nil {
		t, done := r.step()
		if done {
			return t, r.err
		}
	}
	return Token{}, r.err
}

// step passes over a separator, or reads a token.
func (r *Reader) step() (t Token, done bool) {
	r.white()
	if r.at == len(r.data) {
		if r.err = io.EOF; r.wait != aComma || len(r.open) > 0 {
			r.err = r.fail("the text ends too soon")
		}
		return t, true
	}
	c := r.data[r.at]
	switch {
	case r.wait == aColon && c == ':':
		r.at++
		r.wait = aValue
		return t, false
	case r.wait == aComma && c == ',' && len(r.open) > 0:
		r.at++
		if r.wait = aValue; r.open[len(r.open)-1] == Object {
			r.wait = aName
		}
		return t, false
	case c == '}' && r.is(Object) && (r.wait == aComma || r.wait == aFirstMember), c == ']' && r.is(Array) && (r.wait == aComma || r.wait == aFirstItem):
		r.open = r.open[:len(r.open)-1]
		return r.take(Kind(c), r.at+1, aComma), true
	case r.wait == aName || r.wait == aFirstMember:
		if c == '"' {
			return r.take(String, stringEnd(r.data, r.at), aColon), true
		}
	case r.wait == aValue || r.wait == aFirstItem:
		return r.value(c), true
	}
	r.err = r.unexpected()
	return t, true
}

func (r *Reader) is(kind Kind) bool { return len(r.open) > 0 && r.open[len(r.open)-1] == kind }

// value reads a value, or the beginning of one.
func (r *Reader) value(c byte) Token {
	switch kind := Kind(c); kind {
	case Object, Array:
		if len(r.open) == MaxDepth {
			r.err = r.fail("nested too deeply")
			return Token{}
		}
		r.open = append(r.open, kind)
		if kind == Object {
			return r.take(kind, r.at+1, aFirstMember)
		}
		return r.take(kind, r.at+1, aFirstItem)
	case String:
		return r.take(kind, stringEnd(r.data, r.at), aComma)
	case True, False, Null:
		word := map[Kind]string{True: "true", False: "false", Null: "null"}[kind]
		if end := r.at + len(word); end <= len(r.data) && string(r.data[r.at:end]) == word {
			return r.take(kind, end, aComma)
		}
	default:
		if end := numberEnd(r.data, r.at); end > 0 {
			return r.take(Number, end, aComma)
		}
	}
	r.err = r.unexpected()
	return Token{}
}

// take returns the token that ends at an offset, negative if it does not.
func (r *Reader) take(kind Kind, end int, wait expectation) Token {
	if end < 0 {
		r.err = r.unexpected()
		return Token{}
	}
	t := Token{kind, r.data[r.at:end]}
	r.at, r.wait = end, wait
	return t
}

// Value returns the next value as written, all of it.
func (r *Reader) Value() ([]byte, error) {
	t, err := r.Next()
	begin := r.at - len(t.Raw)
	for depth := 0; err == nil; t, err = r.Next() {
		switch t.Kind {
		case Object, Array:
			depth++
		case ObjectEnd, ArrayEnd:
			depth--
		}
		if depth <= 0 {
			return r.data[begin:r.at], nil
		}
	}
	return nil, err
}

// Valid reports whether data is one JSON text.
func Valid(data []byte) bool {
	r := NewReader(data)
	for {
		if _, err := r.Next(); err != nil {
			return err == io.EOF
		}
	}
}

func (r *Reader) white() {
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case ' ', '\t', '\r', '\n':
			r.at++
		default:
			return
		}
	}
}

func (r *Reader) fail(cause string) error {
	return errors.New("byte " + strconv.Itoa(r.at) + ": " + cause)
}

func (r *Reader) unexpected() error {
	return r.fail("unexpected " + strconv.QuoteToASCII(string(r.data[r.at:min(r.at+1, len(r.data))])))
}
