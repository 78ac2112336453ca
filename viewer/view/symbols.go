package view

import (
	"strconv"
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

func (s *symbols) text(n symbol) string { return s.texts[n] }

// lists intern lists of values, such as the content-type headers of a message:
// few differ in a session.
type lists struct {
	values [][][]byte
	byText map[string]symbol
}

func (l *lists) intern(values [][]byte) symbol {
	var key strings.Builder
	for _, v := range values {
		key.WriteString(strconv.Itoa(len(v)))
		key.WriteByte(':')
		key.Write(v)
	}
	if n, ok := l.byText[key.String()]; ok {
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
	l.byText[key.String()] = n
	return n
}
