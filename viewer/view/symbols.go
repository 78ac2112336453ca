package view

import (
	"encoding/binary"
	"strings"
)

// A symbol stands for a string that repeats in many rows.
type symbol uint32

// symbols intern strings. A copy is a snapshot, as a copy of columns is.
type symbols struct {
	texts  []string
	byText map[string]symbol
}

func (s *symbols) intern(text string) symbol {
	if n, ok := s.byText[text]; ok {
		return n
	}
	if s.byText == nil {
		s.byText = map[string]symbol{}
	}
	text = strings.Clone(text)
	n := symbol(len(s.texts))
	s.texts = append(s.texts, text)
	s.byText[text] = n
	return n
}

// append adds text to a column. It is that of the row before as a rule, which
// costs less to find out than to look it up.
func (s *symbols) append(column []symbol, text string) []symbol {
	if n := len(column); n > 0 && s.texts[column[n-1]] == text {
		return append(column, column[n-1])
	}
	return append(column, s.intern(text))
}

func (s *symbols) text(n symbol) string { return s.texts[n] }

// lists intern lists of values, such as the content-type headers of a message:
// few differ in a session.
type lists struct {
	values [][][]byte
	byText map[string]symbol
	key    []byte
}

func (l *lists) intern(values [][]byte) symbol {
	key := l.key[:0]
	for _, v := range values {
		key = binary.AppendUvarint(key, uint64(len(v)))
		key = append(key, v...)
	}
	l.key = key
	if n, ok := l.byText[string(key)]; ok {
		return n
	}
	if l.byText == nil {
		l.byText = map[string]symbol{}
	}
	kept := make([][]byte, len(values))
	for i, v := range values {
		kept[i] = []byte(string(v))
	}
	n := symbol(len(l.values))
	l.values = append(l.values, kept)
	l.byText[string(key)] = n
	return n
}
