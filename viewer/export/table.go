package export

import (
	"context"
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

// Table writes flows as a table of comma-separated values, a line each, for
// programs that calculate. Unknown is an empty cell. Times are UTC, to the
// nanosecond; durations are in milliseconds, sizes in bytes. A cell that such a
// program would take for a formula has an apostrophe in front: what a capture
// holds is not to be run.
//
// https://www.rfc-editor.org/rfc/rfc4180
var Table = session.Writer{
	Name:      "csv",
	Label:     "Table of flows (CSV)",
	Extension: ".csv",
	Media:     "text/csv",
	Losses: func(f *flowpb.Flow) []string {
		if len(flow.Bodies(f)) == 0 {
			return []string{"headers"}
		}
		return []string{"headers", "bodies and messages"}
	},
	Write: writeTable,
}

// columns of a Table, in order.
var columns = []struct {
	name string
	of   func(*flow.Summary) string
}{
	{"start", func(s *flow.Summary) string { return date(s.Start) }},
	{"protocol", func(s *flow.Summary) string { return flow.Protocol(s.Kind, s.Flags) }},
	{"method", func(s *flow.Summary) string { return s.Method }},
	{"scheme", func(s *flow.Summary) string { return s.Scheme }},
	{"host", func(s *flow.Summary) string { return s.PrettyHost }},
	{"path", func(s *flow.Summary) string { return s.Path }},
	{"url", func(s *flow.Summary) string { return s.URL }},
	{"version", func(s *flow.Summary) string { return s.Version }},
	{"status", status},
	{"content_type", func(s *flow.Summary) string { return s.ContentType }},
	{"request_bytes", func(s *flow.Summary) string { return strconv.FormatInt(s.RequestSize, 10) }},
	{"response_bytes", responseSize},
	{"duration_ms", duration},
	{"client", func(s *flow.Summary) string { return s.Client }},
	{"server", func(s *flow.Summary) string { return s.Server }},
	{"tls", func(s *flow.Summary) string { return strconv.FormatBool(s.Flags.Has(flow.FlagTLS)) }},
	{"replay", func(s *flow.Summary) string { return s.Replay }},
	{"error", func(s *flow.Summary) string { return s.Error }},
	{"marker", func(s *flow.Summary) string { return s.Marker }},
	{"comment", func(s *flow.Summary) string { return s.Comment }},
}

func writeTable(ctx context.Context, w io.Writer, flows session.Flows) error {
	table := csv.NewWriter(w)
	cells := []string{"id"}
	for _, c := range columns {
		cells = append(cells, c.name)
	}
	if err := table.Write(cells); err != nil {
		return err
	}
	var m flow.Summarizer
	for f, err := range flows.All(ctx) {
		if err != nil {
			return err
		}
		s := m.Summarize(f)
		cells = append(cells[:0], harmless(flow.ID(f)))
		for _, c := range columns {
			cells = append(cells, harmless(c.of(&s)))
		}
		if err := table.Write(cells); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// Rows yields the cells of each line of a [Table] as they were before it was
// written, the names of the columns first. The cells are the caller's.
func Rows(r io.Reader) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		table := csv.NewReader(r)
		for {
			cells, err := table.Read()
			if err == io.EOF {
				return
			}
			for i, cell := range cells {
				if bare, ok := strings.CutPrefix(cell, "'"); ok && isFormula(bare) {
					cells[i] = bare
				}
			}
			if !yield(cells, err) || err != nil {
				return
			}
		}
	}
}

// harmless returns a cell that is no formula.
func harmless(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}

// isFormula reports whether programs would take a cell for a formula.
//
// https://owasp.org/www-community/attacks/CSV_Injection
func isFormula(cell string) bool {
	return cell != "" && strings.IndexByte("=+-@\t\r\n", cell[0]) >= 0
}

func status(s *flow.Summary) string {
	switch {
	case s.StatusText != "":
		return s.StatusText
	case s.Status != 0:
		return strconv.Itoa(int(s.Status))
	}
	return ""
}

func responseSize(s *flow.Summary) string {
	if s.Flags.Has(flow.FlagResponseAbsent) {
		return ""
	}
	return strconv.FormatInt(s.ResponseSize, 10)
}

func date(nanoseconds int64) string {
	if nanoseconds == 0 {
		return ""
	}
	return time.Unix(0, nanoseconds).UTC().Format(time.RFC3339Nano)
}

func duration(s *flow.Summary) string {
	if s.Duration < 0 {
		return ""
	}
	return strconv.FormatFloat(float64(s.Duration)/1e6, 'f', -1, 64)
}
