package view

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"flowpane/viewer/flow"
)

// A symbol stands for a value that repeats in many rows.
type symbol uint32

// interned gives values symbols. A copy is a snapshot, as a copy of columns is.
type interned[T comparable] struct {
	values  []T
	byValue map[T]symbol
}

// intern returns the symbol of v, which is kept if it is new.
func (s *interned[T]) intern(v T) symbol {
	if n, ok := s.byValue[v]; ok {
		return n
	}
	return s.add(v)
}

func (s *interned[T]) add(v T) symbol {
	if s.byValue == nil {
		s.byValue = map[T]symbol{}
	}
	n := symbol(len(s.values))
	s.values = append(s.values, v)
	s.byValue[v] = n
	return n
}

// last remembers per symbol another one: 0 is none, else it is that and one.
type last []symbol

func (l last) get(of symbol) (n symbol, ok bool) {
	if int(of) >= len(l) || l[of] == 0 {
		return 0, false
	}
	return l[of] - 1, true
}

func (l *last) set(of, n symbol) {
	if missing := int(of) + 1 - len(*l); missing > 0 {
		*l = append(*l, make([]symbol, missing)...)
	}
	(*l)[of] = n + 1
}

// symbols intern strings. The symbol 0 is the empty one.
type symbols struct {
	set    interned[string]
	recent flow.Recent[symbol]
}

// like interns text. It is that of near as a rule, the symbol in the row
// before, which costs less to find out than to look it up.
func (s *symbols) like(near symbol, text string) symbol {
	switch text {
	case "":
		return 0
	case s.text(near):
		return near
	}
	known := s.recent.At([]byte(text))
	if known.Text != text {
		n, ok := s.set.byValue[text]
		if !ok {
			n = s.set.add(strings.Clone(text))
		}
		*known = flow.Slot[symbol]{Text: s.set.values[n], Value: n + 1}
	}
	return known.Value
}

// len returns the number of symbols, the empty one included.
func (s *symbols) len() int { return len(s.set.values) + 1 }

func (s *symbols) text(n symbol) string {
	if n == 0 {
		return ""
	}
	return s.set.values[n-1]
}

// lists intern lists of values, such as the content-type headers of a message:
// few differ in a session. The symbol 0 is the empty list.
type lists struct {
	set   interned[string]
	parts [][][]byte // by symbol - 1
	key   []byte
}

// like interns values, which are those of near as a rule.
func (l *lists) like(near symbol, values [][]byte) symbol {
	if len(values) == 0 {
		return 0
	}
	if slices.EqualFunc(l.values(near), values, bytes.Equal) {
		return near
	}
	key := l.key[:0]
	for _, v := range values {
		key = binary.AppendUvarint(key, uint64(len(v)))
		key = append(key, v...)
	}
	l.key = key
	if n, ok := l.set.byValue[string(key)]; ok {
		return n + 1
	}
	kept := make([][]byte, len(values))
	for i, v := range values {
		kept[i] = []byte(string(v))
	}
	l.parts = append(l.parts, kept)
	return l.set.add(string(key)) + 1
}

func (l *lists) values(n symbol) [][]byte {
	if n == 0 {
		return nil
	}
	return l.parts[n-1]
}
