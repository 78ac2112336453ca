package screen

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"flowpane/proto/viewerpb"
)

// An Overview is what the flows that are shown have in common.
type Overview struct {
	// Offered: there are flows.
	Offered, Open bool
	// Serial is another one whenever what follows may be.
	Serial int
	// Summary says of how many flows it is.
	Summary string
	Figures []Figure
	// Headings are those of the tables, without that of notes.
	Headings []GroupHeading
	Tree     GroupTable
	Tables   []GroupTable
	Lists    []OutlierList
}

// A Figure is a number of flows. Term is the condition of those that it is of, if
// there is one.
type Figure struct{ Label, Value, Term string }

// A GroupHeading heads a column of groups. Hint says how groups are ordered by it;
// empty, if they cannot be. Sorted: they are.
type GroupHeading struct {
	Label, Hint string
	Sorted      bool
}

// A GroupTable is groups of one kind, the first ones of their order.
type GroupTable struct {
	Title string
	Rows  []GroupRow
	// Noted says what the notes of the rows are; empty, if they have none.
	Noted string
	// More says how many are left out, or is empty.
	More string
}

// A GroupRow is a group of flows.
type GroupRow struct {
	ID, Name, Term string
	Flows, Failed  string
	// FailedTerm is the condition of those that failed; empty, if none did.
	FailedTerm string
	Size       string // of all bodies
	Note       string
	// Percentiles are p50, p95 and p99 of the durations.
	Percentiles []Figure
	// Share is its part of the flows of the whole table, from 0 to 1.
	Share float64
	// Depth is how deep in the tree it is. Inner: it has something in it. Open:
	// that is shown.
	Depth       int
	Inner, Open bool

	at place
}

// An OutlierList is the flows with the highest values of something.
type OutlierList struct {
	Title string
	// Of says what the values are.
	Of   string
	Rows []OutlierRow
}

// An OutlierRow is a flow and its value.
type OutlierRow struct{ Key, Name, Value string }

// A heading is of a column of groups.
type heading struct {
	label string
	by    viewerpb.GroupOrder
	most  string // what is first in that order has; empty: groups have no such order
}

var headings = [...]heading{
	{label: "Name"}, {"Flows", viewerpb.GroupOrder_BY_FLOWS, "the most flows"}, {"Failed", viewerpb.GroupOrder_BY_FAILED, "the most failures"},
	{"Bytes", viewerpb.GroupOrder_BY_BYTES, "the most bytes"}, {label: "p50"}, {"p95", viewerpb.GroupOrder_BY_P95, "the highest p95"}, {label: "p99"},
}

// orders reports whether groups in an order are in that of the heading.
func (h heading) orders(by viewerpb.GroupOrder) bool { return h.most != "" && h.by == by }

// failedTerm is the condition of flows that failed.
const failedTerm = "(~e | ~c >=400)"

func (s *Screen) overviewState() Overview {
	v := &s.overview
	st := Overview{Offered: s.phase == Reading || s.phase == Opened, Open: v.open, Serial: v.serial}
	o := v.of
	if !v.open || o == nil {
		return st
	}
	st.Summary = "Of all " + formatPlural(o.All.Flows, "flow")
	if s.filter.applied != "" {
		st.Summary = "Of the " + formatPlural(o.All.Flows, "flow") + " that match " + s.filter.applied
	}
	st.Figures = figures(o.All)
	for _, h := range headings {
		head := GroupHeading{Label: h.label, Sorted: h.orders(v.shown)}
		if h.most != "" {
			head.Hint = "First those with " + h.most
		}
		st.Headings = append(st.Headings, head)
	}
	st.Tree = GroupTable{Title: "Hosts and paths", Rows: s.treeRows(), More: s.leftOut(o.Hosts.Others)}
	for _, t := range []struct {
		title, empty, noted string
		of                  *viewerpb.Branch
	}{
		{"Status", "no response", "", o.Statuses}, {"Type", "none", "", o.Types}, {"Method", "none", "", o.Methods},
		{"Connections of the client", "unknown", "TLS, protocol, name asked for", o.Connections}, {"Connections to servers", "unknown", "TLS", o.Servers},
	} {
		table := GroupTable{Title: t.title, Noted: t.noted, More: s.leftOut(t.of.Others)}
		for _, g := range t.of.Groups {
			table.Rows = append(table.Rows, groupRow(g, o.All.Flows, t.empty))
		}
		st.Tables = append(st.Tables, table)
	}
	slowest, largest := OutlierList{Title: "Slowest", Of: "Duration"}, OutlierList{Title: "Largest", Of: "Bytes"}
	for _, r := range o.Slowest {
		slowest.Rows = append(slowest.Rows, OutlierRow{r.Key, outlierName(r), formatDuration(r.Duration)})
	}
	for _, r := range o.Largest {
		largest.Rows = append(largest.Rows, OutlierRow{r.Key, outlierName(r), formatSize(uint64(max(r.RequestSize, 0) + max(r.ResponseSize, 0)))})
	}
	st.Lists = []OutlierList{slowest, largest}
	return st
}

func outlierName(r *viewerpb.Row) string { return r.Method + " " + r.Host + r.Path }

func figures(all *viewerpb.Group) []Figure {
	list := []Figure{{"Flows", formatCount(all.Flows), ""}, {"Failed", formatCount(all.Failed), ""},
		{"Sent", formatSize(all.Sent), ""}, {"Received", formatSize(all.Received), ""}}
	if all.Failed > 0 {
		list[1].Term = failedTerm
	}
	if all.Sent > 0 {
		list[2].Term = "~reqsize >0"
	}
	if all.Received > 0 {
		list[3].Term = "~size >0"
	}
	return append(list, durations(all)...)
}

// durations are the percentiles of a group, and its longest one, each with the flows
// of it that took as long.
func durations(g *viewerpb.Group) (list []Figure) {
	for _, p := range []struct {
		label string
		ns    int64
	}{{"Half took up to", g.P50}, {"95 % took up to", g.P95}, {"99 % took up to", g.P99}, {"Longest", g.Longest}} {
		f := Figure{Label: p.label, Value: formatDuration(p.ns)}
		if g.Longest == 0 {
			f.Value = "–"
		} else if least := leastDuration(p.ns); least != "" {
			f.Term = strings.TrimSpace(g.Term + " ~dur >=" + least)
		}
		list = append(list, f)
	}
	return list
}

// leastDuration writes a duration for a filter, never longer than it is: the flow
// that took it must be among those that took as long. It is empty below 1 µs.
func leastDuration(ns int64) string {
	us := ns / int64(time.Microsecond)
	if us >= 100_000 {
		us -= us % 1000
	}
	if us == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(us)/1000, 'f', -1, 64) + "ms"
}

// leftOut says of groups that they come after others, not that they have less: many
// may have the same.
func (s *Screen) leftOut(n uint32) string {
	if n == 0 {
		return ""
	}
	i := slices.IndexFunc(headings[:], func(h heading) bool { return h.orders(s.overview.shown) })
	return "and " + formatCount(uint64(n)) + " more after those with " + headings[i].most
}

func groupRow(g *viewerpb.Group, of uint64, empty string) GroupRow {
	r := GroupRow{
		ID: g.Term, Name: g.Name, Term: g.Term, Flows: formatCount(g.Flows), Size: formatSize(g.Sent + g.Received), Note: g.Note,
		Percentiles: durations(g)[:3], Share: float64(g.Flows) / float64(max(of, 1)), Inner: g.Inner,
	}
	if g.Failed > 0 {
		r.Failed, r.FailedTerm = formatCount(g.Failed), g.Term+" "+failedTerm
	}
	if r.Name == "" {
		r.Name = empty
	}
	return r
}

// treeRows returns the tree as far as it is open, from top to bottom.
func (s *Screen) treeRows() (rows []GroupRow) {
	v := &s.overview
	if v.of == nil {
		return nil
	}
	var add func(g *viewerpb.Group, at place, depth int)
	add = func(g *viewerpb.Group, at place, depth int) {
		r := groupRow(g, v.of.All.Flows, "without more")
		r.at, r.ID, r.Depth = at, at.id(), depth
		branch, open := v.branches[at]
		r.Open = r.Inner && open
		rows = append(rows, r)
		if !r.Open || branch == nil {
			return
		}
		for _, g := range branch.Groups {
			add(g, place{at.host, at.path + g.Name}, depth+1)
		}
		if branch.Others > 0 {
			rows = append(rows, GroupRow{Name: s.leftOut(branch.Others), Depth: depth + 1})
		}
	}
	for _, g := range v.of.Hosts.Groups {
		add(g, place{host: g.Name}, 0)
	}
	return rows
}
