package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"flowpane/viewer/flow"
)

// An Order is the name of an order: "" for the order of the files, one of the
// four of mitmproxy, or that of another column.
type Order string

// The orders. Rows that are equal stay in the order of the files; what is
// unknown or absent comes first.
const (
	ByFile   Order = ""
	ByTime   Order = "time"   // when the flow was created
	ByMethod Order = "method" // as shown
	ByURL    Order = "url"    // as requested, not the pretty one
	BySize   Order = "size"   // of both bodies, without WebSocket messages

	ByStart        Order = "start"
	ByDuration     Order = "duration"
	ByStatus       Order = "status" // of HTTP; for DNS the response code
	ByHost         Order = "host"   // as shown
	ByPath         Order = "path"
	ByType         Order = "type" // the media type of the response
	ByRequestSize  Order = "request-size"
	ByResponseSize Order = "response-size"
	ByVersion      Order = "version" // of HTTP
	ByMarker       Order = "marker"
	ByComment      Order = "comment"
	ByError        Order = "error"
	ByClient       Order = "client" // the address of who connected
	ByServer       Order = "server" // the address that was connected to
	ByScheme       Order = "scheme"
	ByTLS          Order = "tls"   // what is encrypted comes last
	ByState        Order = "state" // intercepted, edited, replayed, and what is more of these
)

// Orders returns the names of all orders but that of the files, sorted.
func Orders() []Order {
	return []Order{
		ByClient, ByComment, ByDuration, ByError, ByHost, ByMarker, ByMethod, ByPath, ByRequestSize, ByResponseSize,
		ByScheme, ByServer, BySize, ByStart, ByState, ByStatus, ByTime, ByTLS, ByType, ByURL, ByVersion,
	}
}

// An ordering is an order over the rows of a snapshot: by a number a row, and
// where those are equal by a text, if there is one.
type ordering struct {
	key  func(row uint32) uint64              // nil where all are equal
	text func(row uint32) (head, tail string) // one text in two parts
}

// over returns the ordering of the rows of c, which must not change while it
// is in use.
//
// Columns of numbers and of what repeats are ordered by one number a row: a
// sort of 100,000 rows takes some milliseconds in a browser. URLs and paths
// take several times as long.
func (o Order) over(c *columns) (*ordering, error) {
	switch o {
	case ByFile:
		return &ordering{key: func(row uint32) uint64 { return uint64(row) }}, nil
	case ByTime:
		return &ordering{key: func(row uint32) uint64 { p, i := c.at(int(row)); return orderFloat(p.created[i]) }}, nil
	case ByPath:
		return &ordering{text: func(row uint32) (string, string) { return "", c.path(int(row)) }}, nil
	case ByURL:
		return c.byURL(), nil
	}
	if number := o.number(c); number != nil {
		return c.byNumber(number), nil
	}
	if name := o.name(c); name != nil {
		return c.byName(name), nil
	}
	return nil, fmt.Errorf("view: no order is called %q", string(o))
}

// number returns the column of an order by numbers, else nil.
func (o Order) number(c *columns) func(p *page, i int) int64 {
	switch o {
	case BySize:
		return func(p *page, i int) int64 { return p.orderSize[i] }
	case ByStart:
		return func(p *page, i int) int64 { return p.start[i] }
	case ByDuration:
		return func(p *page, i int) int64 { return p.duration[i] }
	case ByRequestSize:
		return func(p *page, i int) int64 { return p.reqSize[i] }
	case ByResponseSize:
		return func(p *page, i int) int64 { return p.respSize[i] }
	case ByStatus:
		return func(p *page, i int) int64 { return int64(c.exchanges.values[p.exchange[i]].status) }
	case ByTLS:
		return func(p *page, i int) int64 { return bit(c.exchanges.values[p.exchange[i]].flags.Has(flow.FlagTLS)) }
	case ByState:
		return func(p *page, i int) int64 { return c.exchanges.values[p.exchange[i]].state() }
	}
	return nil
}

// state returns a number by which rows are ordered by what was done to them.
func (x *exchange) state() int64 {
	return 4*bit(x.replay != 0) + 2*bit(x.flags.Has(flow.FlagEdited)) + bit(x.flags.Has(flow.FlagIntercepted))
}

func bit(on bool) int64 {
	if on {
		return 1
	}
	return 0
}

// name returns the column of an order by names, else nil.
func (o Order) name(c *columns) func(p *page, i int) symbol {
	switch o {
	case ByMethod:
		return func(p *page, i int) symbol { return c.exchanges.values[p.exchange[i]].method }
	case ByType:
		return func(p *page, i int) symbol { return c.exchanges.values[p.exchange[i]].mediaType }
	case ByVersion:
		return func(p *page, i int) symbol { return c.exchanges.values[p.exchange[i]].version }
	case ByMarker:
		return func(p *page, i int) symbol { return c.exchanges.values[p.exchange[i]].marker }
	case ByScheme:
		return func(p *page, i int) symbol { return c.sites.values[p.site[i]].scheme }
	case ByHost:
		return func(p *page, i int) symbol { return c.sites.values[p.site[i]].pretty }
	case ByComment:
		return func(p *page, i int) symbol { return p.comment[i] }
	case ByError:
		return func(p *page, i int) symbol { return p.err[i] }
	case ByClient:
		return func(p *page, i int) symbol { return p.client[i] }
	case ByServer:
		return func(p *page, i int) symbol { return p.server[i] }
	}
	return nil
}

func (c *columns) byNumber(column func(p *page, i int) int64) *ordering {
	return &ordering{key: func(row uint32) uint64 {
		p, i := c.at(int(row))
		return uint64(column(p, i)) ^ 1<<63
	}}
}

// byName is the ordering of a column of strings that repeat: each is ranked
// once.
func (c *columns) byName(column func(p *page, i int) symbol) *ordering {
	ranks := make([]uint32, c.names.len())
	var used []symbol
	for row := range c.n {
		if s := column(c.at(row)); ranks[s] == 0 {
			ranks[s] = 1
			used = append(used, s)
		}
	}
	slices.SortFunc(used, func(a, b symbol) int { return strings.Compare(c.names.text(a), c.names.text(b)) })
	for i, s := range used {
		ranks[s] = uint32(i)
	}
	return &ordering{key: func(row uint32) uint64 { return uint64(ranks[column(c.at(int(row)))]) }}
}

// byURL is the order of URLs: that of what they begin with, which repeats and
// is ranked once, and then of paths.
func (c *columns) byURL() *ordering {
	text := func(row uint32) (string, string) { return c.url(int(row)) }
	begins := make([]string, len(c.sites.values))
	for i := range c.sites.values {
		s := &c.sites.values[i]
		if begins[i] = c.names.text(s.before); s.split {
			begins[i] += "/"
		}
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(begins)))
	ranks := make([]uint64, len(begins))
	for i, begin := range begins {
		n, _ := slices.BinarySearch(sorted, begin)
		if c.sites.values[i].split && n+1 < len(sorted) && strings.HasPrefix(sorted[n+1], begin) {
			return &ordering{text: text} // what follows decides between the two
		}
		ranks[i] = uint64(n)
	}
	return &ordering{
		key:  func(row uint32) uint64 { p, i := c.at(int(row)); return ranks[p.site[i]] },
		text: func(row uint32) (string, string) { return "", c.pathInURL(int(row)) },
	}
}

// orderFloat returns a number that is ordered as f is. Both zeros are one, and
// what is no number comes first.
func orderFloat(f float64) uint64 {
	bits := math.Float64bits(f)
	switch {
	case f != f:
		return 0
	case f == 0:
		return 1 << 63
	case bits>>63 != 0:
		return ^bits
	}
	return bits | 1<<63
}

// compare compares two rows; equal ones are in the order of the files.
func (o *ordering) compare(a, b uint32) int {
	c := 0
	if o.key != nil {
		c = cmp.Compare(o.key(a), o.key(b))
	}
	if c == 0 && o.text != nil {
		c = o.compareText(a, b)
	}
	if c == 0 {
		c = cmp.Compare(a, b)
	}
	return c
}

// compareText compares texts that are each in two parts.
func (o *ordering) compareText(a, b uint32) int {
	head, tail := o.text(a)
	otherHead, otherTail := o.text(b)
	for {
		n := min(len(head), len(otherHead))
		if c := strings.Compare(head[:n], otherHead[:n]); c != 0 {
			return c
		}
		head, otherHead = head[n:], otherHead[n:]
		if head == "" {
			head, tail = tail, ""
		}
		if otherHead == "" {
			otherHead, otherTail = otherTail, ""
		}
		if head == "" || otherHead == "" {
			return cmp.Compare(len(head), len(otherHead))
		}
	}
}
