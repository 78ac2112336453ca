package screen

import (
	"testing"
	"time"

	"flowpane/proto/viewerpb"
)

func TestFormatCount(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 100000: "100,000", 12345678: "12,345,678",
	} {
		if got := formatCount(n); got != want {
			t.Errorf("formatCount(%d) = %q, want %q", n, got, want)
		}
	}
	if got := formatPlural(1, "flow") + formatPlural(0, "flow") + formatPlural(2000, "flow"); got != "1 flow0 flows2,000 flows" {
		t.Errorf("formatPlural: %q", got)
	}
}

func TestFormatSize(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1 KB", 1536: "1.5 KB", 10 << 10: "10 KB",
		99<<10 + 512: "99.5 KB", 102300: "99.9 KB", 102399: "100 KB", 150<<10 + 512: "150 KB", 1023 << 10: "1 MB", 999 << 10: "999 KB",
		3 << 20: "3 MB", 5 << 30: "5 GB", 1 << 40: "1 TB", 5000 << 40: "5000 TB",
	} {
		if got := formatSize(n); got != want {
			t.Errorf("formatSize(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "", 0: "0 ms", 1: "<0.1 ms", 49 * time.Microsecond: "<0.1 ms", 50 * time.Microsecond: "0.1 ms",
		1234 * time.Microsecond: "1.2 ms", 12 * time.Millisecond: "12 ms", 345678 * time.Microsecond: "346 ms",
		999499 * time.Microsecond: "999 ms", 999500 * time.Microsecond: "1 s", 1500 * time.Millisecond: "1.5 s",
		59940 * time.Millisecond: "59.9 s", 59960 * time.Millisecond: "1 min 0 s", 125 * time.Second: "2 min 5 s",
		time.Hour - time.Second: "59 min 59 s", time.Hour: "1 h 0 min", 2*time.Hour + 3*time.Minute + 59*time.Second: "2 h 3 min",
	} {
		if got := formatDuration(int64(d)); got != want {
			t.Errorf("formatDuration(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestFormatTimes(t *testing.T) {
	at := time.Date(2026, 1, 31, 23, 59, 1, 2e6, time.UTC).UnixNano()
	for offset, want := range map[int]string{
		0:                 "2026-01-31 23:59:01.002 UTC",
		3600:              "2026-02-01 00:59:01.002 UTC+1",
		-5 * 3600:         "2026-01-31 18:59:01.002 UTC−5",
		5*3600 + 45*60:    "2026-02-01 05:44:01.002 UTC+5:45",
		-(3*3600 + 30*60): "2026-01-31 20:29:01.002 UTC−3:30",
	} {
		got := formatDate(at, offset) + " " + formatClock(at, offset) + " " + formatZone(offset)
		if got != want {
			t.Errorf("offset %d: %q, want %q", offset, got, want)
		}
	}
	if got := formatDate(0, 3600) + formatClock(0, 3600); got != "" {
		t.Errorf("an unknown time is %q", got)
	}
}

func TestRows(t *testing.T) {
	utc := func(int64) int { return 0 }
	for _, test := range []struct {
		row                       viewerpb.Row
		status, kind, size, class string
	}{
		{viewerpb.Row{Kind: "http", Status: 200, ContentType: "application/json; charset=utf-8", ResponseSize: 2048}, "200", "json", "2 KB", "s2 k-json"},
		{viewerpb.Row{Kind: "http", Status: 404, ContentType: "text/html", RequestSize: 10, ResponseSize: 5}, "404", "html", "15 B", "s4 k-markup"},
		{viewerpb.Row{Kind: "http", Status: 200, ContentType: "application/problem+json"}, "200", "json", "0 B", "s2 k-json"},
		{viewerpb.Row{Kind: "http", Status: 200, ContentType: "image/svg+xml"}, "200", "svg", "0 B", "s2 k-image"},
		{viewerpb.Row{Kind: "http", Status: 200, ContentType: "text/JavaScript"}, "200", "js", "0 B", "s2 k-script"},
		{viewerpb.Row{Kind: "http", Status: 200, ContentType: "application/x-www-form-urlencoded"}, "200", "form", "0 B", "s2 k-form"},
		{viewerpb.Row{Kind: "http", Status: 200, ContentType: "audio/mpeg"}, "200", "mpeg", "0 B", "s2 k-media"},
		{viewerpb.Row{Kind: "http", Status: 200, ContentType: "Text/Plain"}, "200", "plain", "0 B", "s2 k-text"},
		{viewerpb.Row{Kind: "http", Status: 200, ContentType: "nonsense"}, "200", "nonsense", "0 B", "s2 k-other"},
		{viewerpb.Row{Kind: "http", Error: "reset", ResponseAbsent: true}, "failed", "", "–", "s0 k-none failed"},
		{viewerpb.Row{Kind: "http", ResponseAbsent: true, RequestSize: 7}, "–", "", "7 B", "s0 k-none"},
		{viewerpb.Row{Kind: "http", Status: 999, Marker: ":x:", Comment: "look"}, "999", "", "0 B", "s0 k-none marked commented"},
		{viewerpb.Row{Kind: "http", Status: 200, Marker: ":large_blue_circle:"}, "200", "", "0 B", "s2 k-none marked m-blue"},
		{viewerpb.Row{Kind: "http", Status: 200, Marker: "a lit picked_circle:"}, "200", "", "0 B", "s2 k-none marked"},
		{viewerpb.Row{Kind: "http", Status: 200, Replay: "request", Edited: true, Intercepted: true}, "200", "", "0 B", "s2 k-none replayed edited intercepted"},
		{viewerpb.Row{Kind: "websocket", Status: 101, ContentType: "text/html"}, "101", "websocket", "0 B", "s1 k-websocket"},
		{viewerpb.Row{Kind: "dns", StatusText: "NXDOMAIN"}, "NXDOMAIN", "dns", "0 B", "s0 k-dns"},
		{viewerpb.Row{Kind: "tcp", RequestSize: -1, ResponseSize: 3}, "", "tcp", "3 B", "s0 k-tcp"},
	} {
		r := newRow(&test.row, utc, []int{columnOf("status"), columnOf("type"), columnOf("size")})
		got := [...]string{r.Cells[0], r.Cells[1], r.Cells[2], r.Class}
		if want := [...]string{test.status, test.kind, test.size, test.class}; got != want {
			t.Errorf("%+v: %q, want %q", test.row, got, want)
		}
	}
}

// TestMarks shows marks as they were chosen, and as they are called where nobody
// knows how they look.
func TestMarks(t *testing.T) {
	for marker, want := range map[string]string{
		"": "", ":default:": "● marked", ":red_circle:": "🔴 red", ":brown_circle:": "🟤 brown", ":bug:": "🐛 bug", ":eyes:": ":eyes:", "X": "X",
	} {
		if got := newRow(&viewerpb.Row{Marker: marker}, nil, []int{columnOf("marker")}).Cells[0]; got != want {
			t.Errorf("%s: %q, want %q", marker, got, want)
		}
	}
}
