package view

import (
	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// columns hold one slice per field of a flow.Summary. A row is a number from 0, the
// place of its flow in the session.
//
// Rows are only ever added: a copy of the struct is a snapshot of the rows it
// has, which may be read while others are added to the original.
type columns struct {
	n         int
	key       []string
	kind      []uint8
	flags     []flow.Flags
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

	generation int // how often a row was changed
}

// append adds a row. Strings that repeat are interned; the three forms of the
// address share their bytes where they are equal.
func (c *columns) append(key string, s *flow.Summary) {
	c.key = append(c.key, key)
	c.kind = append(c.kind, uint8(s.Kind))
	c.flags = append(c.flags, s.Flags)
	c.method = c.names.append(c.method, s.Method)
	c.rawMethod = c.names.append(c.rawMethod, s.RawMethod)
	c.scheme = c.names.append(c.scheme, s.Scheme)
	c.host = c.names.append(c.host, s.Host)
	c.pretty = c.names.append(c.pretty, s.PrettyHost)
	c.version = c.names.append(c.version, s.Version)
	c.mediaType = c.names.append(c.mediaType, s.ContentType)
	c.status = append(c.status, s.Status)
	c.statusTxt = c.names.append(c.statusTxt, s.StatusText)
	c.appendAddress(s)
	c.reqTypes = append(c.reqTypes, c.lists.intern(s.RequestContentTypes))
	c.types = append(c.types, c.lists.intern(s.ContentTypes))
	c.reqSize = append(c.reqSize, s.RequestSize)
	c.respSize = append(c.respSize, s.ResponseSize)
	c.orderSize = append(c.orderSize, s.OrderSize)
	c.created = append(c.created, s.Created)
	c.start = append(c.start, s.Start)
	c.duration = append(c.duration, s.Duration)
	c.marker = c.names.append(c.marker, s.Marker)
	c.comment = append(c.comment, s.Comment)
	c.err = c.names.append(c.err, s.Error)
	c.replay = c.names.append(c.replay, s.Replay)
	c.n++
}

func (c *columns) appendAddress(s *flow.Summary) {
	pretty := s.PrettyURL
	if pretty == s.URL {
		pretty = s.URL
	}
	path := s.Path
	if n := len(s.URL) - len(path); n >= 0 && s.URL[n:] == path {
		path = s.URL[n:]
	}
	c.url = append(c.url, s.URL)
	c.prettyURL = append(c.prettyURL, pretty)
	c.noURL = append(c.noURL, !s.SearchableURL)
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
		Tls:            flags.Has(flow.FlagTLS),
		Replay:         c.names.text(c.replay[i]),
		Edited:         flags.Has(flow.FlagEdited),
		Intercepted:    flags.Has(flow.FlagIntercepted),
		ResponseAbsent: flags.Has(flow.FlagResponseAbsent),
		Contested:      flags.Has(flow.FlagContested),
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
	if c.flags[i].Has(flow.FlagWebSocket) {
		return "websocket"
	}
	return "http"
}
