package view_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
	"flowpane/viewer/view"
)

// whole is a flow as a filter asks about it, without columns and without a
// summary: each answer is that of package flow for the flow itself.
type whole struct{ *flowpb.Flow }

func (w whole) Kind() filter.Kind {
	return map[flowpb.Kind]filter.Kind{flowpb.Kind_TCP: filter.TCP, flowpb.Kind_UDP: filter.UDP, flowpb.Kind_DNS: filter.DNS}[flow.Kind(w.Flow)]
}

func (w whole) http() bool        { return w.Kind() == filter.HTTP }
func (w whole) WebSocket() bool   { return flow.IsWebSocket(w.Flow) }
func (w whole) HasResponse() bool { return flow.HasResponse(w.Flow) }
func (w whole) HasError() bool    { return w.Flow.GetError() != nil }
func (w whole) Marked() bool      { return flow.IsMarked(w.Flow) }
func (w whole) Marker() string    { return flow.Marker(w.Flow) }
func (w whole) Comment() string   { return flow.Comment(w.Flow) }
func (w whole) Replay() string    { return flow.Replay(w.Flow) }

func (w whole) URL() ([]byte, bool) {
	url, ok := flow.PrettyURL(w.Flow)
	return []byte(url), ok
}

func (w whole) Hosts() (host, pretty string) { return flow.Host(w.Flow), flow.PrettyHost(w.Flow) }
func (w whole) Method() []byte               { return w.GetRequest().GetMethod() }

func (w whole) TLS() bool {
	return w.GetClientConn().GetTlsEstablished() || w.GetClientConn().GetCommon().GetTls()
}

func (w whole) Version() string {
	if !w.http() {
		return ""
	}
	return string(w.GetRequest().GetHttpVersion())
}

func (w whole) Size(side filter.Side) (int64, bool) {
	_, _, present := flow.ResponseBody(w.Flow)
	switch {
	case side == filter.Request:
		return flow.RequestSize(w.Flow), true
	case w.http() && w.GetWebsocket() != nil:
		return flow.TotalSize(w.Flow) - flow.RequestSize(w.Flow), present
	}
	return flow.OrderSize(w.Flow) - flow.RequestSize(w.Flow), present || !w.http()
}

func (w whole) Start() (int64, bool) {
	start, ok := flow.Start(w.Flow)
	return flow.Nanos(start), ok && flow.Nanos(start) != 0
}

func (w whole) Duration() (int64, bool) {
	start, ok := flow.Start(w.Flow)
	end, ended := flow.End(w.Flow)
	length := flow.Nanos(end) - flow.Nanos(start)
	return length, ok && ended && length >= 0
}

func (w whole) Status() (int, bool) {
	status, _ := flow.Status(w.Flow)
	return int(status), w.http() && w.GetResponse() != nil
}

func (w whole) headers(side filter.Side) []*flowpb.HTTPHeader {
	if side == filter.Request {
		return w.GetRequest().GetHeaders()
	}
	return w.GetResponse().GetHeaders()
}

func (w whole) ContentTypes(side filter.Side) [][]byte {
	return flow.Values(w.headers(side), "content-type")
}

func (w whole) HeaderBlock(side filter.Side) ([]byte, bool, error) {
	there := w.Request != nil
	if side == filter.Response {
		there = w.Response != nil
	}
	return flow.HeaderBlock(w.headers(side)), there, nil
}

func (w whole) Address(side filter.Side) (string, bool, error) {
	address := flow.Client(w.Flow)
	if side == filter.Response {
		address = flow.Server(w.Flow)
	}
	text, ok := flow.HostPort(address)
	return text, ok, nil
}

func (w whole) Connected() (string, bool, error) {
	text, ok := flow.HostPort(flow.Connected(w.Flow))
	return text, ok, nil
}

func (w whole) Port() (int64, bool, error) {
	if r := w.GetRequest(); r != nil && r.Port != nil {
		return int64(*r.Port), true, nil
	}
	return int64(flow.Server(w.Flow).GetPort()), flow.Server(w.Flow) != nil, nil
}

func (w whole) IPs() (ips []string, err error) {
	for _, a := range []*flowpb.Address{w.GetServerConn().GetIpAddress(), flow.Client(w.Flow)} {
		if a != nil {
			ips = append(ips, string(a.GetHost()))
		}
	}
	return ips, nil
}

func (w whole) SNI() (string, error) {
	return cmp.Or(string(w.GetClientConn().GetSni()), string(w.GetServerConn().GetSni())), nil
}

func (w whole) Metadata() (string, error) { return flow.MetadataText(w.Flow), nil }

func (w whole) Bodies(side filter.Side, match func([]byte) bool) (bool, error) {
	offer := func(from filter.Side, body []byte) bool {
		return (side == filter.Either || side == from) && match(body)
	}
	if w.Kind() == filter.DNS {
		return w.DnsRequest != nil && offer(filter.Request, []byte(flow.DNSText(w.DnsRequest))) ||
			w.DnsResponse != nil && offer(filter.Response, []byte(flow.DNSText(w.DnsResponse))), nil
	}
	if raw, _, there := flow.RequestBody(w.Flow); there && offer(filter.Request, flow.Content(w.Flow, flow.Request, raw)) {
		return true, nil
	}
	if raw, _, there := flow.ResponseBody(w.Flow); there && offer(filter.Response, flow.Content(w.Flow, flow.Response, raw)) {
		return true, nil
	}
	sender := map[bool]filter.Side{true: filter.Request, false: filter.Response}
	for _, m := range w.GetWebsocket().GetMessages() {
		if offer(sender[m.GetFromClient()], m.Content) {
			return true, nil
		}
	}
	for _, m := range w.GetMessages() {
		if offer(sender[m.GetFromClient()], m.Content) {
			return true, nil
		}
	}
	return false, nil
}

// ofEachKind returns flows of each kind, with a text in each of their texts, and
// a number in each of their numbers.
func ofEachKind(text string, n int32) []*flowpb.Flow {
	at, late := float64(1_700_000_000+int64(n)), float64(1_700_000_000+2*int64(n))
	header := func(name string) *flowpb.HTTPHeader {
		return &flowpb.HTTPHeader{Name: []byte(name), Value: []byte(text)}
	}
	address := &flowpb.Address{Host: []byte(text), Port: new(n)}
	request := func(method string) *flowpb.HTTPRequest {
		return &flowpb.HTTPRequest{
			Method: []byte(method), Scheme: []byte("https"), Host: []byte(text), Port: new(n), Path: []byte("/" + text), HttpVersion: []byte("HTTP/2.0"),
			Authority: []byte(text), Headers: []*flowpb.HTTPHeader{header("Content-Type"), header("host"), header("Cookie"), header(text)},
			Content: []byte(text), TimestampStart: &at,
		}
	}
	response := &flowpb.HTTPResponse{
		StatusCode: new(n), Headers: []*flowpb.HTTPHeader{header("content-type"), header("Set-Cookie"), header("content-type")},
		Content: []byte(strings.Repeat(text, 3)), TimestampEnd: &late,
	}
	message := &flowpb.Message{Content: []byte(text), FromClient: new(n%2 == 0), Timestamp: &late}
	question := &flowpb.DNSMessage{Questions: []*flowpb.DNSQuestion{{Name: []byte(text)}}}
	client := &flowpb.ClientConnection{Address: address, Sni: []byte(text), TlsEstablished: new(n%3 == 0)}
	kind := func(k flowpb.Kind) *flowpb.Kind { return &k }
	return []*flowpb.Flow{
		{},
		{Request: request(text), Comment: []byte(text)},
		{Request: request("GET"), Response: response, ClientConn: client},
		{Request: request("CONNECT"), Response: response, Marker: []byte(text), Error: &flowpb.Error{Msg: []byte(text)}},
		{Request: request("GET"), Response: response, Websocket: &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Content: []byte(text), FromClient: new(n%2 == 0)}}}},
		{Kind: kind(flowpb.Kind_TCP), Messages: []*flowpb.Message{message}, ServerConn: &flowpb.ServerConnection{Address: address, IpAddress: address}},
		{Kind: kind(flowpb.Kind_UDP), Messages: []*flowpb.Message{message, message}, ClientConn: client},
		{Kind: kind(flowpb.Kind_DNS), DnsRequest: question, DnsResponse: question},
	}
}

// FuzzFilter: what the view finds in its columns is what the filter finds in the
// flows themselves.
func FuzzFilter(f *testing.F) {
	const text = "a.example/x?q=1&data=Märkte; n=v"
	found := 0
	for _, op := range filter.Operators() {
		for _, expr := range []string{"~" + op.Code, "~" + op.Code + " a.ex", "~" + op.Code + " >=404", "~" + op.Code + " data", "!~" + op.Code + " (a|b)+ | ~c 404"} {
			parsed, err := filter.Parse(expr)
			if err != nil {
				continue
			}
			f.Add(expr, text, int32(404))
			for _, g := range ofEachKind(text, 404) {
				if ok, err := parsed.Match(whole{g}); ok && err == nil {
					found++
				}
			}
		}
	}
	if found < 200 {
		f.Fatalf("the seeds find %d flows", found)
	}
	f.Add("x & !~u y", "x", int32(0))
	f.Fuzz(func(t *testing.T, expr, text string, n int32) {
		parsed, err := filter.Parse(expr)
		if err != nil || len(expr) > 200 || len(text) > 200 {
			return
		}
		s := newSession()
		var want, got []string
		for i, g := range ofEachKind(text, n) {
			g.Id = []byte{byte('a' + i)}
			s.add(g)
			ok, err := parsed.Match(whole{g})
			if err != nil {
				return // a regex that takes too long
			}
			if ok {
				want = append(want, string(g.Id))
			}
		}
		if strings.TrimSpace(expr) == "" {
			return
		}
		s.watch(t, expr, view.ByFile, false)
		for _, r := range s.Rows(0, 100).Rows {
			got = append(got, r.Key)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q of %q and %d: the view has %v, the flows are %v", expr, text, n, got, want)
		}
	})
}
