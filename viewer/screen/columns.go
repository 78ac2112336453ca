package screen

import (
	"strconv"
	"strings"

	"flowpane/proto/viewerpb"
)

// A Column is a column that the flow table can show.
type Column struct {
	// Name is its key, in data-column and in the order of a link.
	Name string
	// Label is its heading.
	Label string
	// About says what it holds.
	About string
	// Hint says what a click on the heading does.
	Hint string

	order string // what the engine calls the order by it
	text  func(*viewerpb.Row, Zone) string

	width int // in pixels, unless a person chose another; the least, if it grows
	grow  int // its part of what is left, in tenths; 0 is none
	// crowded is that of it in a table that is narrower than crowdedBelow; 0 is the same.
	crowded int
	// shownFrom is how wide the table must be, in pixels, for the column to be
	// shown without having been chosen; 0 is never.
	shownFrom float64
}

// waterfallColumn is the name of the column that draws a flow on the timeline.
const waterfallColumn = "waterfall"

// crowdedBelow is the width of a table, in pixels, below which a host would be cut
// off after a few letters, had it no more than its part of a wide one.
const crowdedBelow = 1200

// always is the width from which on a column is shown that always is.
const always = 1

// columns are all there are, from left to right while nobody has chosen others.
// The first holds the order of the files.
var columns = [...]Column{
	{Name: "number", Label: "#", About: "Place in the file", Hint: "Sort by place in the file", width: 74, shownFrom: 640, text: func(r *viewerpb.Row, _ Zone) string {
		return strconv.FormatUint(r.Number, 10)
	}},
	{Name: "time", Label: "Time", About: "When it began", Hint: "Sort by start time", order: "time", width: 116, shownFrom: 860, text: func(r *viewerpb.Row, zone Zone) string {
		return formatClock(r.Start, zone(r.Start))
	}},
	{Name: "method", Label: "Method", About: "Method, or protocol", Hint: "Sort by method", order: "method", width: 80, shownFrom: always, text: func(r *viewerpb.Row, _ Zone) string {
		return r.Method
	}},
	{Name: "status", Label: "Status", About: "Status, or the code of a DNS answer", Hint: "Sort by status", order: "status", width: 86, shownFrom: always, text: statusText},
	{Name: "host", Label: "Host", About: "Host that was asked", Hint: "Sort by URL", order: "url", width: 120, grow: 10, crowded: 16, shownFrom: always, text: func(r *viewerpb.Row, _ Zone) string {
		return r.Host
	}},
	{Name: "path", Label: "Path", About: "Path and query; both ends, or the question", Hint: "Sort by path", order: "path", width: 150, grow: 24, shownFrom: always, text: func(r *viewerpb.Row, _ Zone) string { return r.Path }},
	{Name: "type", Label: "Type", About: "Kind of content, or protocol", Hint: "Sort by type", order: "type", width: 106, shownFrom: 640, text: typeText},
	{Name: "size", Label: "Size", About: "Bytes of both bodies", Hint: "Sort by size", order: "size", width: 80, shownFrom: 460, text: sizeText},
	{Name: "duration", Label: "Duration", About: "From the first byte of the request to the last of the response", Hint: "Sort by duration", order: "duration", width: 88, shownFrom: 860, text: func(r *viewerpb.Row, _ Zone) string {
		return formatDuration(r.Duration)
	}},
	{Name: waterfallColumn, Label: "Waterfall", About: "When it took place, and how long it took", Hint: "Sort by start", order: "start", width: 200, grow: 10, text: func(r *viewerpb.Row, _ Zone) string {
		return formatDuration(r.Duration)
	}},
	{Name: "sent", Label: "Sent", About: "Bytes of the request body", Hint: "Sort by bytes sent", order: "request-size", width: 80, text: func(r *viewerpb.Row, _ Zone) string {
		return formatSize(uint64(max(r.RequestSize, 0)))
	}},
	{Name: "received", Label: "Received", About: "Bytes of the response body", Hint: "Sort by bytes received", order: "response-size", width: 88, text: receivedText},
	{Name: "date", Label: "Date", About: "Day and time at which it began", Hint: "Sort by start", order: "start", width: 190, text: func(r *viewerpb.Row, zone Zone) string {
		if r.Start == 0 {
			return ""
		}
		return formatDate(r.Start, zone(r.Start)) + " " + formatClock(r.Start, zone(r.Start))
	}},
	{Name: "scheme", Label: "Scheme", About: "https, http, or what else", Hint: "Sort by scheme", order: "scheme", width: 80, text: func(r *viewerpb.Row, _ Zone) string { return r.Scheme }},
	{Name: "tls", Label: "TLS", About: "Whether the client's connection was encrypted", Hint: "Sort by whether it was encrypted", order: "tls", width: 60, text: func(r *viewerpb.Row, _ Zone) string {
		if r.Tls {
			return "TLS"
		}
		return "–"
	}},
	{Name: "version", Label: "Version", About: "Version of HTTP", Hint: "Sort by version", order: "version", width: 92, text: func(r *viewerpb.Row, _ Zone) string { return r.Version }},
	{Name: "media", Label: "Content-Type", About: "Media type of the response", Hint: "Sort by type", order: "type", width: 150, text: func(r *viewerpb.Row, _ Zone) string { return r.ContentType }},
	{Name: "client", Label: "Client", About: "Address of who asked, and the port of the connection", Hint: "Sort by client address", order: "client", width: 150, text: func(r *viewerpb.Row, _ Zone) string { return r.Client }},
	{Name: "server", Label: "Server", About: "Address that was connected to", Hint: "Sort by server address", order: "server", width: 150, text: func(r *viewerpb.Row, _ Zone) string { return r.Server }},
	{Name: "state", Label: "State", About: "Replayed, edited or intercepted", Hint: "Sort by what was done to it", order: "state", width: 110, text: stateText},
	{Name: "error", Label: "Error", About: "What went wrong", Hint: "Sort by error", order: "error", width: 150, grow: 10, text: func(r *viewerpb.Row, _ Zone) string { return r.Error }},
	{Name: "marker", Label: "Mark", About: "The mark of the flow", Hint: "Sort by mark", order: "marker", width: 120, text: markText},
	{Name: "comment", Label: "Comment", About: "What was said of the flow", Hint: "Sort by comment", order: "comment", width: 150, grow: 10, text: func(r *viewerpb.Row, _ Zone) string { return r.Comment }},
}

// A Zone returns the offset from UTC, in seconds east, that clocks here show
// at a Unix time in nanoseconds.
type Zone func(unixNano int64) int

// A Row is a row of the flow table, as text.
type Row struct {
	// Key is the flow's key.
	Key string
	// Cells holds the text of each column that is shown.
	Cells []string
	// Class holds CSS classes: the class of its status ("s2" for 2xx),
	// "failed", "marked" and the colour of the mark ("m-red"), "commented",
	// "contested", what was done to it ("replayed", "edited", "intercepted"); and
	// that of its kind.
	Class string
}

func newRow(r *viewerpb.Row, zone Zone, shown []int) *Row {
	row := &Row{Key: r.Key, Class: rowClass(r), Cells: make([]string, len(shown))}
	for i, c := range shown {
		row.Cells[i] = columns[c].text(r, zone)
	}
	return row
}

func rowClass(r *viewerpb.Row) string {
	class := statusClass(r.Status) + " " + kindClass(r)
	if r.Error != "" {
		class += " failed"
	}
	if r.Marker != "" {
		class += markClass(r)
	}
	if r.Comment != "" {
		class += " commented"
	}
	if r.Contested {
		class += " contested"
	}
	for _, done := range doneTo(r) {
		class += " " + done
	}
	return class
}

// kindClass returns the CSS class of what a flow carries, which has a sign of
// its own: "k-image".
func kindClass(r *viewerpb.Row) string {
	if r.Kind != "http" {
		return "k-" + r.Kind
	}
	media, _, _ := strings.Cut(r.ContentType, "/")
	media = strings.ToLower(strings.TrimSpace(media))
	switch media {
	case "image":
		return "k-image"
	case "font":
		return "k-font"
	case "audio", "video":
		return "k-media"
	}
	switch typeText(r, nil) {
	case "":
		return "k-none"
	case "json", "ndjson", "jsonl", "json-seq":
		return "k-json"
	case "html", "xml", "xhtml":
		return "k-markup"
	case "js":
		return "k-script"
	case "css":
		return "k-style"
	case "form", "form-data":
		return "k-form"
	}
	if media == "text" {
		return "k-text"
	}
	return "k-other"
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

func receivedText(r *viewerpb.Row, _ Zone) string {
	if r.ResponseAbsent {
		return "–"
	}
	return formatSize(uint64(max(r.ResponseSize, 0)))
}

// stateText says what was done to a flow.
func stateText(r *viewerpb.Row, _ Zone) string { return strings.Join(doneTo(r), ", ") }

// doneTo returns a word for each thing that was done to a flow, which is a CSS
// class too.
func doneTo(r *viewerpb.Row) (words []string) {
	if r.Replay != "" {
		words = append(words, "replayed")
	}
	if r.Edited {
		words = append(words, "edited")
	}
	if r.Intercepted {
		words = append(words, "intercepted")
	}
	return words
}
