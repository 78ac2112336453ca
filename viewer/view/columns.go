package view

import (
	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
)

// columns hold one slice per field of an Entry. A row is a number from 0, the
// place of its flow in the session.
//
// Rows are only ever added: a copy of the struct is a snapshot of the rows it
// has, which may be read while others are added to the original.
type columns struct {
	n         int
	key       []string
	kind      []uint8
	flags     []Flags
	method    []symbol
	rawMethod []symbol
	scheme    []symbol
	host      []symbol
	pretty    []symbol
	version   []symbol
	mediaType []symbol
	status    []int32
	statusTxt []symbol
	path      []string
	url       []string
	prettyURL []string
	noURL     []bool
	reqTypes  []symbol
	types     []symbol
	reqSize   []int64
	respSize  []int64
	orderSize []int64
	created   []float64
	start     []int64
	duration  []int64
	marker    []symbol
	comment   []string
	err       []symbol
	replay    []symbol

	names symbols
	lists lists
}

// append adds a row. Strings that repeat are interned; the three forms of the
// address share their bytes where they are equal.
func (c *columns) append(e *Entry) {
	c.key = append(c.key, e.Key)
	c.kind = append(c.kind, uint8(e.Kind))
	c.flags = append(c.flags, e.Flags)
	c.method = append(c.method, c.names.intern(e.Method))
	c.rawMethod = append(c.rawMethod, c.names.intern(e.RawMethod))
	c.scheme = append(c.scheme, c.names.intern(e.Scheme))
	c.host = append(c.host, c.names.intern(e.Host))
	c.pretty = append(c.pretty, c.names.intern(e.PrettyHost))
	c.version = append(c.version, c.names.intern(e.Version))
	c.mediaType = append(c.mediaType, c.names.intern(e.ContentType))
	c.status = append(c.status, e.Status)
	c.statusTxt = append(c.statusTxt, c.names.intern(e.StatusText))
	c.appendAddress(e)
	c.reqTypes = append(c.reqTypes, c.lists.intern(e.RequestContentTypes))
	c.types = append(c.types, c.lists.intern(e.ContentTypes))
	c.reqSize = append(c.reqSize, e.RequestSize)
	c.respSize = append(c.respSize, e.ResponseSize)
	c.orderSize = append(c.orderSize, e.OrderSize)
	c.created = append(c.created, e.Created)
	c.start = append(c.start, e.Start)
	c.duration = append(c.duration, e.Duration)
	c.marker = append(c.marker, c.names.intern(e.Marker))
	c.comment = append(c.comment, e.Comment)
	c.err = append(c.err, c.names.intern(e.Error))
	c.replay = append(c.replay, c.names.intern(e.Replay))
	c.n++
}

func (c *columns) appendAddress(e *Entry) {
	pretty := e.PrettyURL
	if pretty == e.URL {
		pretty = e.URL
	}
	path := e.Path
	if n := len(e.URL) - len(path); n >= 0 && e.URL[n:] == path {
		path = e.URL[n:]
	}
	c.url = append(c.url, e.URL)
	c.prettyURL = append(c.prettyURL, pretty)
	c.noURL = append(c.noURL, !e.SearchableURL)
	c.path = append(c.path, path)
}

// row returns row i as the flow table shows it.
func (c *columns) row(i int) *viewerpb.Row {
	flags := c.flags[i]
	return &viewerpb.Row{
		Key:            c.key[i],
		Number:         uint64(i + 1),
		Kind:           c.kindName(i),
		Method:         c.names.text(c.method[i]),
		Host:           c.names.text(c.pretty[i]),
		Path:           c.path[i],
		Scheme:         c.names.text(c.scheme[i]),
		Status:         c.status[i],
		StatusText:     c.names.text(c.statusTxt[i]),
		ContentType:    c.names.text(c.mediaType[i]),
		RequestSize:    c.reqSize[i],
		ResponseSize:   c.respSize[i],
		Start:          c.start[i],
		Duration:       c.duration[i],
		Marker:         c.names.text(c.marker[i]),
		Comment:        c.comment[i],
		Error:          c.names.text(c.err[i]),
		Tls:            flags.Has(TLS),
		Replay:         c.names.text(c.replay[i]),
		Edited:         flags.Has(Edited),
		Intercepted:    flags.Has(Intercepted),
		ResponseAbsent: flags.Has(ResponseAbsent),
		Version:        c.names.text(c.version[i]),
	}
}

func (c *columns) kindName(i int) string {
	switch flowpb.Kind(c.kind[i]) {
	case flowpb.Kind_TCP:
		return "tcp"
	case flowpb.Kind_UDP:
		return "udp"
	case flowpb.Kind_DNS:
		return "dns"
	}
	if c.flags[i].Has(WebSocket) {
		return "websocket"
	}
	return "http"
}
