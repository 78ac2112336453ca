package screen

import (
	"cmp"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
)

// What a person does with a table of fields.
type (
	// HeadersSorted: headers are wanted in the order of their names, or as they
	// were sent.
	HeadersSorted struct{}
	// TableCopied: the fields of a table are wanted on the clipboard, by its
	// place.
	TableCopied struct{ Index int }
)

func (s *Screen) updateHeaders(do *commands, msg Msg) {
	d := &s.detail
	switch m := msg.(type) {
	case HeadersSorted:
		s.sortHeaders = !s.sortHeaders
		d.serial++
	case TableCopied:
		if d.flow == nil {
			return
		}
		tables := s.panel().Tables
		if m.Index >= len(tables) {
			return
		}
		d.exported.then = "Copied: " + tables[m.Index].Title + "."
		do.add(Copy{fieldLines(tables[m.Index].Fields)})
	}
}

// headerTable returns headers as they were sent, or a sorted copy. What has the
// same name stays in order.
func (s *Screen) headerTable(headers []*viewerpb.Field, of string) FieldTable {
	t := FieldTable{Title: countLabel("Headers", len(headers)), Empty: "There are no headers.", Of: of, Sorted: s.sortHeaders}
	for i := range headers {
		t.Places = append(t.Places, i)
	}
	if s.sortHeaders {
		slices.SortStableFunc(t.Places, func(a, b int) int {
			return cmp.Compare(strings.ToLower(headers[a].Name), strings.ToLower(headers[b].Name))
		})
	}
	for _, place := range t.Places {
		t.Fields = append(t.Fields, headers[place])
	}
	return t
}

// fieldLines returns fields as lines of "name: value".
func fieldLines(fields []*viewerpb.Field) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	return b.String()
}
