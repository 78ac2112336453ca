package screen

import (
	"strconv"
	"strings"

	"flowpane/proto/viewerpb"
)

// A Column is a column of the flow table.
type Column struct {
	// Name is its key, in data-column and in the order of a link.
	Name string
	// Label is its heading.
	Label string
	// Hint says what a click on the heading does, or is empty.
	Hint string
	// Sortable: the engine orders by it.
	Sortable bool

	order string // what the engine calls that order
	text  func(*viewerpb.Row, Zone) string
}

// Columns are all columns of the flow table, from left to right. The first
// holds the order of the files.
var columns = [...]Column{
	{Name: "number", Label: "#", Hint: "Sort by place in the file", Sortable: true, text: func(r *viewerpb.Row, _ Zone) string {
		return strconv.FormatUint(r.Number, 10)
	}},
	{Name: "time", Label: "Time", Hint: "Sort by start time", Sortable: true, order: "time", text: func(r *viewerpb.Row, zone Zone) string {
		return formatClock(r.Start, zone(r.Start))
	}},
	{Name: "method", Label: "Method", Hint: "Sort by method", Sortable: true, order: "method", text: func(r *viewerpb.Row, _ Zone) string {
		return r.Method
	}},
	{Name: "status", Label: "Status", Hint: "Sort by status", Sortable: true, order: "status", text: statusText},
	{Name: "host", Label: "Host", Hint: "Sort by URL", Sortable: true, order: "url", text: func(r *viewerpb.Row, _ Zone) string {
		return r.Host
	}},
	{Name: "path", Label: "Path", Hint: "Sort by path", Sortable: true, order: "path", text: func(r *viewerpb.Row, _ Zone) string { return r.Path }},
	{Name: "type", Label: "Type", Hint: "Sort by type", Sortable: true, order: "type", text: typeText},
	{Name: "size", Label: "Size", Hint: "Sort by size", Sortable: true, order: "size", text: sizeText},
	{Name: "duration", Label: "Duration", Hint: "Sort by duration", Sortable: true, order: "duration", text: func(r *viewerpb.Row, _ Zone) string {
		return formatDuration(r.Duration)
	}},
}

// ColumnCount is the number of columns.
const ColumnCount = len(columns)

// Columns returns the columns of the flow table, from left to right.
func Columns() []Column { return columns[:] }

// A Zone returns the offset from UTC, in seconds east, that clocks here show
// at a Unix time in nanoseconds.
type Zone func(unixNano int64) int

// A Row is a row of the flow table, as text.
type Row struct {
	// Key is the flow's key.
	Key string
	// Cells holds the text of each column.
	Cells [ColumnCount]string
	// Class holds CSS classes: the class of its status ("s2" for 2xx),
	// "failed", "marked", "commented", "contested".
	Class string
}

func newRow(r *viewerpb.Row, zone Zone) *Row {
	row := &Row{Key: r.Key, Class: rowClass(r)}
	for i := range columns {
		row.Cells[i] = columns[i].text(r, zone)
	}
	return row
}

func rowClass(r *viewerpb.Row) string {
	class := statusClass(r.Status)
	if r.Error != "" {
		class += " failed"
	}
	if r.Marker != "" {
		class += " marked"
	}
	if r.Comment != "" {
		class += " commented"
	}
	if r.Contested {
		class += " contested"
	}
	return class
}

// statusClass returns the CSS class of an HTTP status: "s4" for 404.
func statusClass(status int32) string {
	if status < 100 || status > 599 {
		return "s0"
	}
	return "s" + strconv.Itoa(int(status/100))
}

func statusText(r *viewerpb.Row, _ Zone) string {
	switch {
	case r.Status != 0:
		return strconv.Itoa(int(r.Status))
	case r.StatusText != "":
		return r.StatusText
	case r.Error != "":
		return "failed"
	case r.Kind == "http":
		return "–" // there is no response
	}
	return ""
}

// typeText says what kind of thing a flow carries in a word: "json" for
// application/json; for what is not plain HTTP, its protocol.
func typeText(r *viewerpb.Row, _ Zone) string {
	if r.Kind != "http" {
		return r.Kind
	}
	media, _, _ := strings.Cut(r.ContentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	_, sub, found := strings.Cut(media, "/")
	if !found {
		return media
	}
	if _, suffix, found := strings.Cut(sub, "+"); found && suffix != "" && !strings.HasPrefix(sub, "svg") {
		return suffix
	}
	for _, prefix := range [...]string{"x-", "vnd."} {
		sub = strings.TrimPrefix(sub, prefix)
	}
	switch sub {
	case "javascript", "ecmascript":
		return "js"
	case "svg+xml":
		return "svg"
	case "www-form-urlencoded":
		return "form"
	case "octet-stream":
		return "binary"
	}
	return sub
}

func sizeText(r *viewerpb.Row, _ Zone) string {
	total := max(r.RequestSize, 0) + max(r.ResponseSize, 0)
	if total == 0 && r.ResponseAbsent {
		return "–"
	}
	return formatSize(uint64(total))
}
