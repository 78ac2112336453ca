package view

import (
	"cmp"

	"flowpane/proto/flowpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

// A Loader gives what columns do not hold. Its methods may be slow.
type Loader interface {
	// Flow returns the flow of key, without its bodies.
	Flow(key string) (*flowpb.Flow, error)
	// Raw returns the bytes of a body that is inline content or, where ref is
	// not nil, a reference.
	Raw(content []byte, ref *flowpb.Body) ([]byte, error)
	// Walk returns a Loader for who asks of many flows, in the order of the
	// session as a rule, and looks at each, and at its bodies, before he asks
	// of the next.
	Walk() Loader
}

// A subject is a row as a filter asks about it: from columns where they know,
// else from the flow, which is loaded once. One subject serves for many rows.
type subject struct {
	c      *columns
	row    int
	loader Loader
	loaded *flowpb.Flow // of row

	answers  *answers
	sets     map[string]*answerSet // of answers, of this scan
	searches searches
	url      []byte // for its memory
	decoder  flow.Decoder
}

// is makes s the subject of a row.
func (s *subject) is(c *columns, row int) { s.c, s.row, s.loaded = c, row, nil }

// Facet implements filter.Faceted.
func (s *subject) Facet(facet filter.Facet) uint32 { return uint32(s.c.facet(s.row, facet)) }

func (c *columns) facet(row int, facet filter.Facet) symbol {
	p, i := c.at(row)
	if facet == filter.Site {
		return p.site[i]
	}
	return p.exchange[i]
}

func (s *subject) Kind() filter.Kind {
	switch flowpb.Kind(s.c.exchangeAt(s.row).kind) {
	case flowpb.Kind_TCP:
		return filter.TCP
	case flowpb.Kind_UDP:
		return filter.UDP
	case flowpb.Kind_DNS:
		return filter.DNS
	}
	return filter.HTTP
}

func (s *subject) has(flags flow.Flags) bool { return s.c.exchangeAt(s.row).flags.Has(flags) }

func (s *subject) WebSocket() bool   { return s.has(flow.FlagWebSocket) }
func (s *subject) HasResponse() bool { return s.has(flow.FlagResponse) }
func (s *subject) HasError() bool    { return s.has(flow.FlagError) }
func (s *subject) Marked() bool      { return s.has(flow.FlagMarked) }

func (s *subject) Marker() string { return s.c.names.text(s.c.exchangeAt(s.row).marker) }

func (s *subject) Replay() string { return s.c.names.text(s.c.exchangeAt(s.row).replay) }

func (s *subject) TLS() bool { return s.has(flow.FlagTLS) }

func (s *subject) Version() string { return s.c.names.text(s.c.exchangeAt(s.row).version) }

func (s *subject) Size(side filter.Side) (int64, bool) {
	p, i := s.c.at(s.row)
	if side == filter.Request {
		return p.reqSize[i], true
	}
	return p.respSize[i], !s.has(flow.FlagResponseAbsent)
}

func (s *subject) Start() (int64, bool) {
	p, i := s.c.at(s.row)
	return p.start[i], p.start[i] != 0
}

func (s *subject) Duration() (int64, bool) {
	p, i := s.c.at(s.row)
	return p.duration[i], p.duration[i] >= 0
}

func (s *subject) Comment() string {
	p, i := s.c.at(s.row)
	return s.c.names.text(p.comment[i])
}

func (s *subject) URL() ([]byte, bool) {
	s.url = s.c.appendPrettyURL(s.url[:0], s.row)
	return s.url, s.c.siteAt(s.row).searchable
}

// Known implements filter.Faceted.
func (s *subject) Known(condition string) (holds, known bool) {
	return s.answersTo(condition).known(uint32(s.row))
}

// Note implements filter.Faceted.
func (s *subject) Note(condition string, holds bool) {
	s.answersTo(condition).note(uint32(s.row), holds)
}

func (s *subject) answersTo(condition string) *answerSet {
	set := s.sets[condition]
	if set == nil {
		if s.sets == nil {
			s.sets = map[string]*answerSet{}
		}
		set = s.answers.of(condition)
		s.sets[condition] = set
	}
	return set
}

// InURL implements filter.Faceted.
func (s *subject) InURL(n *filter.Needle) (found, known bool) {
	return s.searches.of(n).in(s.c, s.row)
}

func (s *subject) Hosts() (host, pretty string) {
	site := s.c.siteAt(s.row)
	return s.c.names.text(site.host), s.c.names.text(site.pretty)
}

func (s *subject) Method() []byte {
	return []byte(s.c.names.text(s.c.exchangeAt(s.row).rawMethod))
}

func (s *subject) Status() (int, bool) {
	return int(s.c.exchangeAt(s.row).status), s.HasResponse() && s.Kind() == filter.HTTP
}

func (s *subject) ContentTypes(side filter.Side) [][]byte {
	x := s.c.exchangeAt(s.row)
	if side == filter.Request {
		return s.c.lists.values(x.reqTypes)
	}
	return s.c.lists.values(x.types)
}

func (s *subject) load() (*flowpb.Flow, error) {
	if s.loaded == nil {
		f, err := s.loader.Flow(s.c.keyText(s.row))
		if err != nil {
			return nil, err
		}
		s.loaded = f
	}
	return s.loaded, nil
}

func (s *subject) Address(side filter.Side) (string, bool, error) {
	if p, i := s.c.at(s.row); side == filter.Request && p.client[i] != 0 {
		return s.c.names.text(p.client[i]), true, nil
	}
	f, err := s.load()
	if err != nil {
		return "", false, err
	}
	address := flow.Client(f)
	if side == filter.Response {
		address = flow.Server(f)
	}
	text, ok := flow.HostPort(address)
	return text, ok, nil
}

func (s *subject) Connected() (string, bool, error) {
	if p, i := s.c.at(s.row); p.server[i] != 0 {
		return s.c.names.text(p.server[i]), true, nil
	}
	f, err := s.load()
	if err != nil {
		return "", false, err
	}
	text, ok := flow.HostPort(flow.Connected(f))
	return text, ok, nil
}

func (s *subject) Port() (int64, bool, error) {
	f, err := s.load()
	switch {
	case err != nil:
		return 0, false, err
	case f.GetRequest() != nil && f.Request.Port != nil:
		return int64(*f.Request.Port), true, nil
	}
	address := flow.Server(f)
	return int64(address.GetPort()), address != nil, nil
}

func (s *subject) IPs() ([]string, error) {
	f, err := s.load()
	if err != nil {
		return nil, err
	}
	var ips []string
	for _, a := range []*flowpb.Address{f.GetServerConn().GetIpAddress(), flow.Client(f)} {
		if a != nil {
			ips = append(ips, string(a.GetHost()))
		}
	}
	return ips, nil
}

func (s *subject) SNI() (string, error) {
	f, err := s.load()
	if err != nil {
		return "", err
	}
	return cmp.Or(string(f.GetClientConn().GetSni()), string(f.GetServerConn().GetSni())), nil
}

func (s *subject) Metadata() (string, error) {
	f, err := s.load()
	if err != nil {
		return "", err
	}
	return flow.MetadataText(f), nil
}

func (s *subject) HeaderBlock(side filter.Side) ([]byte, bool, error) {
	f, err := s.load()
	if err != nil {
		return nil, false, err
	}
	if side == filter.Request {
		return flow.HeaderBlock(f.GetRequest().GetHeaders()), f.Request != nil, nil
	}
	return flow.HeaderBlock(f.GetResponse().GetHeaders()), f.Response != nil, nil
}

// Bodies calls match on each body and message of side until it says true.
func (s *subject) Bodies(side filter.Side, match func([]byte) bool) (bool, error) {
	f, err := s.load()
	if err != nil {
		return false, err
	}
	switch s.Kind() {
	case filter.DNS:
		return s.dnsText(f, side, match), nil
	case filter.TCP, filter.UDP:
		for _, m := range f.Messages {
			if ok, err := s.message(m.GetFromClient(), m.Content, m.Body, side, match); ok || err != nil {
				return ok, err
			}
		}
		return false, nil
	}
	if side != filter.Response {
		content, ref, present := flow.RequestBody(f)
		if ok, err := s.body(f, flow.Request, content, ref, present, match); ok || err != nil {
			return ok, err
		}
	}
	if side != filter.Request {
		content, ref, present := flow.ResponseBody(f)
		if ok, err := s.body(f, flow.Response, content, ref, present, match); ok || err != nil {
			return ok, err
		}
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		if ok, err := s.message(m.GetFromClient(), m.Content, m.Body, side, match); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (s *subject) dnsText(f *flowpb.Flow, side filter.Side, match func([]byte) bool) bool {
	if side != filter.Response && f.DnsRequest != nil && match([]byte(flow.DNSText(f.DnsRequest))) {
		return true
	}
	return side != filter.Request && f.DnsResponse != nil && match([]byte(flow.DNSText(f.DnsResponse)))
}

func (s *subject) message(fromClient bool, content []byte, ref *flowpb.Body, side filter.Side, match func([]byte) bool) (bool, error) {
	if side == filter.Request && !fromClient || side == filter.Response && fromClient {
		return false, nil
	}
	raw, err := s.loader.Raw(content, ref)
	if err != nil {
		return false, err
	}
	return match(raw), nil
}

func (s *subject) body(f *flowpb.Flow, side flow.Side, content []byte, ref *flowpb.Body, present bool, match func([]byte) bool) (bool, error) {
	if !present {
		return false, nil
	}
	raw, err := s.loader.Raw(content, ref)
	if err != nil {
		return false, err
	}
	return match(s.decoder.Content(f, side, raw)), nil
}
