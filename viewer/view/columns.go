package view

import (
	"slices"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// pageRows is how many rows are allocated at once.
const (
	pageBits = 10
	pageRows = 1 << pageBits
)

// A page is some of the rows, one array per column: 97 bytes a row and not
// one pointer. What repeats is a symbol; the text of the address is elsewhere.
type page struct {
	key       [pageRows]key
	longKey   [pageRows]bool // the key is the place of a text
	exchange  [pageRows]symbol
	site      [pageRows]symbol
	path      [pageRows]textRef
	reqSize   [pageRows]int64
	respSize  [pageRows]int64
	orderSize [pageRows]int64
	created   [pageRows]float64
	start     [pageRows]int64
	duration  [pageRows]int64
	comment   [pageRows]symbol
	err       [pageRows]symbol
	client    [pageRows]symbol
	server    [pageRows]symbol

	// snapshot is the number of snapshots that there were when this page was
	// made: one that is older may be read by others.
	snapshot int
}

// An exchange is what many flows have in common: how it was asked and answered.
type exchange struct {
	kind       uint8
	flags      flow.Flags
	status     int32
	method     symbol
	rawMethod  symbol
	version    symbol
	mediaType  symbol
	statusText symbol
	replay     symbol
	marker     symbol
	reqTypes   symbol
	types      symbol
}

// columns hold the summaries of flows. A row is a number from 0, the place of
// its flow in the session.
//
// A snapshot of the rows there are may be read while others are added to the
// original, and rows of it are changed.
type columns struct {
	n         int
	pages     []*page
	names     symbols
	lists     lists
	exchanges interned[exchange]
	sites     interned[site]
	texts     texts
	removed   bitmap
	removals  int      // how often rows were removed
	changed   []uint32 // the rows that were changed, in the order of the changes
	snapshots int
	ownPages  int // snapshots when pages was made
	ownBits   int // and removed

	// What rows before were like, to compare with. No part of a snapshot.
	lastHost, lastType     symbol
	lastClient, lastServer symbol
	lastPath               textRef // + 1
	siteOf, exchangeOfType last    // by host, by media type
}

// snapshot returns a copy that does not change any more.
func (c *columns) snapshot() columns {
	copied := *c
	c.snapshots++
	return copied
}

func (c *columns) at(row int) (*page, int) { return c.pages[row>>pageBits], row & (pageRows - 1) }

// append adds a row.
func (c *columns) append(key string, s *flow.Summary) {
	row := c.n
	if row>>pageBits == len(c.pages) {
		c.pages = append(c.pages, &page{snapshot: c.snapshots})
	}
	p, i := c.at(row)
	if k, ok := flow.UUID(key); ok {
		p.key[i] = k
	} else {
		p.setLongKey(i, c.texts.add(key))
	}
	c.setSummary(p, i, s)
	c.n++
}

// set replaces the summary of a row. Snapshots keep the former one.
func (c *columns) set(row int, s *flow.Summary) {
	if c.ownPages != c.snapshots {
		c.pages, c.ownPages = slices.Clone(c.pages), c.snapshots
	}
	p, i := c.at(row)
	if p.snapshot != c.snapshots {
		own := *p
		p, own.snapshot = &own, c.snapshots
		c.pages[row>>pageBits] = p
	}
	c.setSummary(p, i, s)
	c.changed = append(c.changed, uint32(row))
}

func (c *columns) setSummary(p *page, i int, s *flow.Summary) {
	p.exchange[i] = c.exchangeOf(s)
	c.setAddress(p, i, s)
	p.reqSize[i], p.respSize[i], p.orderSize[i] = s.RequestSize, s.ResponseSize, s.OrderSize
	p.created[i], p.start[i], p.duration[i] = s.Created, s.Start, s.Duration
	p.comment[i] = c.names.like(p.comment[i], s.Comment)
	p.err[i] = c.names.like(p.err[i], s.Error)
	c.lastClient, c.lastServer = c.names.like(c.lastClient, s.Client), c.names.like(c.lastServer, s.Server)
	p.client[i], p.server[i] = c.lastClient, c.lastServer
}

// exchangeOf interns what s says of how it was asked and answered. Most are
// like the last one of the same media type.
func (c *columns) exchangeOf(s *flow.Summary) symbol {
	mediaType := c.names.like(c.lastType, s.ContentType)
	near, known := c.exchangeOfType.get(mediaType)
	var was exchange
	if known {
		was = c.exchanges.values[near]
	}
	is := exchange{
		kind: uint8(s.Kind), flags: s.Flags, status: s.Status, mediaType: mediaType,
		method:     c.names.like(was.method, s.Method),
		rawMethod:  c.names.like(was.rawMethod, s.RawMethod),
		version:    c.names.like(was.version, s.Version),
		statusText: c.names.like(was.statusText, s.StatusText),
		replay:     c.names.like(was.replay, s.Replay),
		marker:     c.names.like(was.marker, s.Marker),
		reqTypes:   c.lists.like(was.reqTypes, s.RequestContentTypes),
		types:      c.lists.like(was.types, s.ContentTypes),
	}
	if !known || is != was {
		near = c.exchanges.intern(is)
		c.exchangeOfType.set(mediaType, near)
	}
	c.lastType = mediaType
	return near
}

// remove takes rows out of every view. They keep their numbers.
func (c *columns) remove(rows []uint32) {
	if c.ownBits != c.snapshots || c.removed == nil {
		c.removed, c.ownBits = slices.Clone(c.removed), c.snapshots
	}
	c.removed = c.removed.grow(c.n)
	for _, r := range rows {
		c.removed.set(r)
	}
	c.removals++
}

// exchangeAt returns the exchange of a row. It is not to be changed.
func (c *columns) exchangeAt(row int) *exchange {
	p, i := c.at(row)
	return &c.exchanges.values[p.exchange[i]]
}

func (c *columns) marked(row int) bool { return c.exchangeAt(row).flags.Has(flow.FlagMarked) }

func (p *page) setLongKey(i int, ref textRef) {
	p.longKey[i] = true
	for b := range 8 {
		p.key[i][b] = byte(ref >> (8 * b))
	}
}

// key returns the key of a row as it is kept, and whether it is a UUID.
func (c *columns) key(row int) (k *key, short bool) {
	p, i := c.at(row)
	return &p.key[i], !p.longKey[i]
}

// keyText returns the key of a row.
func (c *columns) keyText(row int) string {
	k, short := c.key(row)
	if short {
		return string(flow.AppendUUID(make([]byte, 0, 36), *k))
	}
	var ref textRef
	for b := range 8 {
		ref |= textRef(k[b]) << (8 * b)
	}
	return c.texts.text(ref)
}

// keyTexts returns the keys of rows. They share one piece of memory.
func (c *columns) keyTexts(rows []uint32) []string {
	var all strings.Builder
	all.Grow(36 * len(rows))
	keys := make([]string, len(rows))
	var text [36]byte
	for n, r := range rows {
		if k, short := c.key(int(r)); short {
			from := all.Len()
			all.Write(flow.AppendUUID(text[:0], *k))
			keys[n] = all.String()[from:]
		} else {
			keys[n] = c.keyText(int(r))
		}
	}
	return keys
}

// row returns row i as the flow table shows it.
func (c *columns) row(row int) *viewerpb.Row {
	p, i := c.at(row)
	x, s := &c.exchanges.values[p.exchange[i]], c.siteAt(row)
	return &viewerpb.Row{
		Key:            c.keyText(row),
		Number:         uint64(row + 1),
		Kind:           x.kindName(),
		Method:         c.names.text(x.method),
		Host:           c.names.text(s.pretty),
		Path:           c.path(row),
		Scheme:         c.names.text(s.scheme),
		Status:         x.status,
		StatusText:     c.names.text(x.statusText),
		ContentType:    c.names.text(x.mediaType),
		RequestSize:    p.reqSize[i],
		ResponseSize:   p.respSize[i],
		Start:          p.start[i],
		Duration:       p.duration[i],
		Marker:         c.names.text(x.marker),
		Comment:        c.names.text(p.comment[i]),
		Error:          c.names.text(p.err[i]),
		Tls:            x.flags.Has(flow.FlagTLS),
		Replay:         c.names.text(x.replay),
		Edited:         x.flags.Has(flow.FlagEdited),
		Intercepted:    x.flags.Has(flow.FlagIntercepted),
		ResponseAbsent: x.flags.Has(flow.FlagResponseAbsent),
		Contested:      x.flags.Has(flow.FlagContested),
		Version:        c.names.text(x.version),
		Client:         c.names.text(p.client[i]),
		Server:         c.names.text(p.server[i]),
	}
}

// RowOf returns the row of a flow that no view has yet, as the view will that has
// it at a place in the session, from 0.
func RowOf(key string, number int, s *flow.Summary) *viewerpb.Row {
	var c columns
	c.append(key, s)
	row := c.row(0)
	row.Number = uint64(number) + 1
	return row
}

func (x *exchange) kindName() string { return flow.Protocol(flowpb.Kind(x.kind), x.flags) }

// summary returns what append and set were given for a row.
func (c *columns) summary(row int) flow.Summary {
	p, i := c.at(row)
	x, s := c.exchangeAt(row), c.siteAt(row)
	before, path := c.url(row)
	return flow.Summary{
		Kind: flowpb.Kind(x.kind), Flags: x.flags, Status: x.status,
		Method: c.names.text(x.method), RawMethod: c.names.text(x.rawMethod),
		Scheme: c.names.text(s.scheme), Host: c.names.text(s.host), PrettyHost: c.names.text(s.pretty),
		Path: c.path(row), URL: before + path, PrettyURL: string(c.appendPrettyURL(nil, row)), SearchableURL: s.searchable,
		Version: c.names.text(x.version), StatusText: c.names.text(x.statusText), ContentType: c.names.text(x.mediaType),
		RequestContentTypes: c.lists.values(x.reqTypes), ContentTypes: c.lists.values(x.types),
		RequestSize: p.reqSize[i], ResponseSize: p.respSize[i], OrderSize: p.orderSize[i],
		Created: p.created[i], Start: p.start[i], Duration: p.duration[i],
		Marker: c.names.text(x.marker), Comment: c.names.text(p.comment[i]), Error: c.names.text(p.err[i]),
		Replay: c.names.text(x.replay), Client: c.names.text(p.client[i]), Server: c.names.text(p.server[i]),
	}
}
