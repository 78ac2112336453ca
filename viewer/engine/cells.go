package engine

import (
	"strconv"
	"unicode/utf8"

	"flowpane/proto/viewerpb"
)

// What is longer than a person reads, and than a browser lays out at once, is
// shown up to here, and how much more there is. Exports and files have all of it.
const (
	// maxCell is how many bytes of a text the table shows, maxValue how many the
	// detail shows of a header, an address or another value.
	maxCell  = 2 << 10
	maxValue = 64 << 10
	// maxFields is how many headers the detail lists.
	maxFields = 2000
)

// cut returns a text that is not much longer than most bytes.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "… (" + strconv.Itoa(len(text)-end) + " more bytes)"
}

// cutRow shortens what the table shows of a flow.
func cutRow(r *viewerpb.Row) *viewerpb.Row {
	for _, text := range []*string{&r.Method, &r.Host, &r.Path, &r.Scheme, &r.StatusText, &r.ContentType, &r.Marker, &r.Comment, &r.Error, &r.Replay, &r.Version, &r.Client, &r.Server} {
		*text = cut(*text, maxCell)
	}
	return r
}

// cutFlow shortens what the detail shows of a flow.
func cutFlow(f *viewerpb.Flow) *viewerpb.Flow {
	if f.Row != nil {
		row := *f.Row // which others may have
		f.Row = cutRow(&row)
	}
	f.Url, f.Error = cut(f.Url, maxValue), cut(f.Error, maxValue)
	for _, h := range []*viewerpb.Head{f.Request, f.Response} {
		if h != nil {
			h.Line = cut(h.Line, maxValue)
			h.Headers, h.Trailers = cutFields(h.Headers, "headers"), cutFields(h.Trailers, "trailers")
		}
	}
	for _, s := range f.Sections {
		s.Fields = cutFields(s.Fields, "values")
	}
	return f
}

func cutFields(list []*viewerpb.Field, what string) []*viewerpb.Field {
	if more := len(list) - maxFields; more > 0 {
		list = append(list[:maxFields:maxFields], &viewerpb.Field{Name: "…", Value: strconv.Itoa(more) + " more " + what})
	}
	for _, f := range list {
		f.Name, f.Value = cut(f.Name, maxCell), cut(f.Value, maxValue)
	}
	return list
}
