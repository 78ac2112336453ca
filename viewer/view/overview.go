package view

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

const (
	// maxGroups is how many groups of a kind an overview has at the most,
	// maxBranch how many a branch of the tree has, and maxOutliers how many of
	// the slowest and largest flows there are.
	maxGroups   = 50
	maxBranch   = 500
	maxOutliers = 10
)

// A gathering is rows in the order of their duration: those whose duration is
// unknown are first. So the rows of each group come in that order too, and
// percentiles need no sorting of their own.
type gathering struct {
	c       *columns
	rows    []uint32
	unknown int // so many of rows
	by      viewerpb.GroupOrder
	pause   func() error
}

func (v *View) gather(by viewerpb.GroupOrder, pause func() error) (*gathering, uint64, error) {
	v.mu.Lock()
	c, shown, revision := v.list.columns.snapshot(), v.list.shown.rows, v.revision
	v.mu.Unlock()
	g := &gathering{c: &c, rows: make([]uint32, len(shown)), by: by, pause: pause}
	keyed := make([]keyedRow, len(shown))
	for i, row := range shown {
		p, at := c.at(int(row))
		keyed[i] = keyedRow{uint64(max(p.duration[at], -1) + 1), row}
		if p.duration[at] < 0 {
			g.unknown++
		}
		if err := pauseAt(i, pause); err != nil {
			return nil, 0, err
		}
	}
	for i, k := range radixSort(keyed) {
		g.rows[i] = k.row
	}
	return g, revision, pause()
}

// Overview counts the flows that are shown, all of them and by what they have in
// common, with the groups in an order. Groups have no terms. It calls pause now and
// then, and stops where that returns an error; 100,000 flows take about 35 ms.
func (v *View) Overview(by viewerpb.GroupOrder, pause func() error) (*viewerpb.Overview, error) {
	g, revision, err := v.gather(by, pause)
	if err != nil {
		return nil, err
	}
	s := &viewerpb.Overview{Revision: revision}
	all, err := g.group(1, func(int) (string, bool) { return "", false })
	if err != nil {
		return nil, err
	}
	s.All = &viewerpb.Group{}
	if len(all.Groups) > 0 {
		s.All = all.Groups[0]
	}
	c := g.c
	for _, kind := range []struct {
		to   **viewerpb.Branch
		name func(row int) (string, bool)
	}{
		{&s.Hosts, c.hostName},
		{&s.Statuses, c.statusName},
		{&s.Types, func(row int) (string, bool) {
			return flow.MediaType(c.names.text(c.exchangeAt(row).mediaType)), false
		}},
		{&s.Methods, func(row int) (string, bool) { return c.names.text(c.exchangeAt(row).rawMethod), false }},
		{&s.Connections, c.clientName},
		{&s.Servers, c.serverName},
	} {
		if *kind.to, err = g.group(maxGroups, kind.name); err != nil {
			return nil, err
		}
	}
	for _, row := range slices.Backward(g.rows[max(g.unknown, len(g.rows)-maxOutliers):]) {
		s.Slowest = append(s.Slowest, c.row(int(row)))
	}
	s.Largest, err = g.largest()
	return s, err
}

// hostName is the host that was asked, in lower case, whose paths make a tree, or else a
// protocol without such.
func (c *columns) hostName(row int) (name string, inner bool) {
	if kind := c.exchangeAt(row).kindName(); kind != "http" && kind != "websocket" {
		return kind, false
	}
	return strings.ToLower(c.names.text(c.siteAt(row).pretty)), true
}

// statusName is a status in digits, or what there is in its place.
func (c *columns) statusName(row int) (string, bool) {
	x := c.exchangeAt(row)
	switch kind := x.kindName(); {
	case x.status > 0:
		return strconv.Itoa(int(x.status)), false
	case x.flags.Has(flow.FlagError):
		return "error", false
	case kind != "http" && kind != "websocket":
		return kind, false
	}
	return "", false
}

// clientName is the address of who connected, which tells connections apart.
func (c *columns) clientName(row int) (string, bool) {
	p, i := c.at(row)
	return c.names.text(p.client[i]), false
}

// serverName is the address that was connected to.
func (c *columns) serverName(row int) (string, bool) {
	p, i := c.at(row)
	return c.names.text(p.server[i]), false
}

// Branch counts the flows that are shown of a host and below a path, by the next
// part of their paths: up to the next slash, which is part of it. Groups have no
// terms. It orders them and calls pause as Overview does.
func (v *View) Branch(host, path string, by viewerpb.GroupOrder, pause func() error) (*viewerpb.Branch, error) {
	g, _, err := v.gather(by, pause)
	if err != nil {
		return nil, err
	}
	c := g.c
	below, unknown := make([]uint32, 0, len(g.rows)), 0
	for i, row := range g.rows {
		if name, inner := c.hostName(int(row)); inner && name == host && strings.HasPrefix(c.path(int(row)), path) {
			below = append(below, row)
			if i < g.unknown {
				unknown++
			}
		}
		if err := pauseAt(i, pause); err != nil {
			return nil, err
		}
	}
	g.rows, g.unknown = below, unknown
	return g.group(maxBranch, func(row int) (string, bool) {
		whole, _, _ := strings.Cut(c.path(row), "?")
		if len(whole) <= len(path) {
			return "", false
		}
		rest := whole[len(path):]
		if i := strings.IndexByte(rest[1:], '/'); i >= 0 {
			return rest[:i+2], true
		}
		return rest, false
	})
}

// A tally is a group that is being counted.
type tally struct {
	group *viewerpb.Group
	first uint32 // row
	known uint64 // durations
	seen  uint64
	marks [3]uint64 // which of them are p50, p95 and p99
}

// group counts the rows by name, and returns the first groups of their order. Names
// of the same text are one group, unless one of them is inner.
func (g *gathering) group(most int, name func(row int) (string, bool)) (*viewerpb.Branch, error) {
	type id struct {
		name  string
		inner bool
	}
	found := map[id]int{}
	var tallies []tally
	of := make([]int32, len(g.rows))
	for i, row := range g.rows {
		name, inner := name(int(row))
		n, ok := found[id{name, inner}]
		if !ok {
			name = strings.Clone(name)
			n = len(tallies)
			found[id{name, inner}] = n
			tallies = append(tallies, tally{group: &viewerpb.Group{Name: name, Inner: inner}, first: row})
		}
		of[i] = int32(n)
		g.c.count(tallies[n].group, int(row))
		if i >= g.unknown {
			tallies[n].known++
		}
		if err := pauseAt(i, g.pause); err != nil {
			return nil, err
		}
	}
	g.percentiles(tallies, of)
	b := &viewerpb.Branch{}
	for _, n := range first(tallies, g.by, most) {
		t := &tallies[n]
		t.group.Example = g.c.keyText(int(t.first))
		b.Groups = append(b.Groups, t.group)
	}
	b.Others = uint32(len(tallies) - len(b.Groups))
	return b, nil
}

// first returns which tallies come first in an order. There may be one of each flow,
// so it is by radix: first by their flows, and those that are there by what is asked.
func first(tallies []tally, by viewerpb.GroupOrder, most int) (list []int) {
	keyed := make([]keyedRow, len(tallies))
	for i := range tallies {
		keyed[i].row = uint32(i)
	}
	for _, by := range [...]viewerpb.GroupOrder{viewerpb.GroupOrder_BY_FLOWS, by} {
		for i := range keyed {
			keyed[i].key = ^rank(tallies[keyed[i].row].group, by)
		}
		keyed = radixSort(keyed)
	}
	for _, k := range keyed[:min(len(keyed), most)] {
		list = append(list, int(k.row))
	}
	return list
}

// rank is how much a group has of what an order is by.
func rank(g *viewerpb.Group, by viewerpb.GroupOrder) uint64 {
	switch by {
	case viewerpb.GroupOrder_BY_FAILED:
		return g.Failed
	case viewerpb.GroupOrder_BY_BYTES:
		return g.Sent + g.Received
	case viewerpb.GroupOrder_BY_P95:
		return uint64(g.P95)
	}
	return g.Flows
}

// count adds a row to a group.
func (c *columns) count(g *viewerpb.Group, row int) {
	p, i := c.at(row)
	x := &c.exchanges.values[p.exchange[i]]
	g.Flows++
	if x.flags.Has(flow.FlagError) || x.status >= 400 {
		g.Failed++
	}
	g.Sent += uint64(max(p.reqSize[i], 0))
	g.Received += uint64(max(p.respSize[i], 0))
}

// percentiles goes through the rows, each of a tally, by duration, and notes the
// durations at which a part of them is reached.
func (g *gathering) percentiles(tallies []tally, of []int32) {
	for i := range tallies {
		t := &tallies[i]
		for m, percent := range [...]uint64{50, 95, 99} {
			t.marks[m] = (t.known*percent + 99) / 100
		}
	}
	for i := g.unknown; i < len(g.rows); i++ {
		t := &tallies[of[i]]
		p, at := g.c.at(int(g.rows[i]))
		t.seen++
		for m, to := range [...]*int64{&t.group.P50, &t.group.P95, &t.group.P99} {
			if t.seen == t.marks[m] {
				*to = p.duration[at]
			}
		}
		t.group.Longest = p.duration[at]
	}
}

// largest returns the rows with the largest bodies.
func (g *gathering) largest() ([]*viewerpb.Row, error) {
	size := func(row uint32) int64 {
		p, i := g.c.at(int(row))
		return max(p.reqSize[i], 0) + max(p.respSize[i], 0)
	}
	var top []uint32
	for i, row := range g.rows {
		if n := size(row); n > 0 && (len(top) < maxOutliers || n > size(top[len(top)-1])) {
			at, _ := slices.BinarySearchFunc(top, n, func(r uint32, n int64) int { return cmp.Compare(n, size(r)) })
			top = slices.Insert(top, at, row)
			top = top[:min(len(top), maxOutliers)]
		}
		if err := pauseAt(i, g.pause); err != nil {
			return nil, err
		}
	}
	var rows []*viewerpb.Row
	for _, row := range top {
		rows = append(rows, g.c.row(int(row)))
	}
	return rows, nil
}
