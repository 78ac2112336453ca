package har

import (
	"context"
	"errors"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// Format describes HTTP Archives. Its Reader is a [session.Describer]. Issues
// about an entry have its number as their place, from 1, and give paths within
// it and offsets in the file.
//
// Bodies in files of their own, which Playwright writes, are found if the
// source is a [session.Folder].
var Format = session.Format{
	Name:     "har",
	Label:    "HTTP Archive (HAR)",
	Priority: 30,
	Sniff:    sniff,
	Open: func(ctx context.Context, src blob.Source) (session.Reader, error) {
		return newReader(ctx, src), nil
	},
}

var (
	errNoJSON  = errors.New("it does not begin with a JSON object")
	errUTF16   = errors.New("it is UTF-16 text, and JSON is UTF-8")
	errNoLog   = errors.New("its JSON object has no member log")
	errLogKind = errors.New("its log is not an object")
)

// sniff accepts a JSON object, perhaps in a callback, that has an object log,
// or may have one behind head.
func sniff(head []byte) error {
	s := scanner{stream: blob.NewStream(context.Background(), blob.Bytes(head))}
	if err := s.prelude(); err != nil {
		return err
	}
	for first := true; s.another(&first, '}'); {
		if string(s.key()) == "log" {
			if c := s.next(); s.err == nil && c != '{' {
				return errLogKind
			}
			return nil
		}
		s.skip()
	}
	switch {
	case s.err == errCut && len(head) >= session.SniffLen:
		return nil
	case s.err == nil, s.err == errCut:
		return errNoLog
	}
	return s.err
}

// prelude passes what comes before the members of the JSON object: a byte
// order mark, and the call of a function that has it as its argument.
func (s *scanner) prelude() error {
	b, err := s.stream.Peek(3)
	if err != nil && len(b) == 0 {
		return err
	}
	switch {
	case string(b) == "\xef\xbb\xbf":
		s.stream.Advance(3)
	case string(b[:min(len(b), 2)]) == "\xff\xfe", string(b[:min(len(b), 2)]) == "\xfe\xff":
		return errUTF16
	}
	called := isName(s.next())
	for isName(s.next()) {
		s.pos++
	}
	if called && s.is('(') {
		s.pos++
	}
	switch {
	case s.is('{'):
		s.pos++
		return nil
	case s.err == nil, s.err == errCut:
		return errNoJSON
	}
	return s.err
}

// isName reports whether c may be part of the name of a function.
func isName(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$' || c == '.'
}
