package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// A table collects the fields of a section that are known: what was not
// captured has no line.
type table struct {
	viewerpb.Section
}

func (t *table) add(name, value string) {
	if value != "" {
		t.Fields = append(t.Fields, &viewerpb.Field{Name: name, Value: value})
	}
}

func (t *table) bytes(name string, value []byte) { t.add(name, text(value)) }

func (t *table) address(name string, a *flowpb.Address) {
	if a != nil && len(a.Host) > 0 {
		t.add(name, flow.FormatAddress(a))
	}
}

// sections returns the tables of the detail pane: connection, timing, DNS, and
// those in more.
func sections(f *flowpb.Flow, more ...*table) []*viewerpb.Section {
	tables := slices.Concat(
		parameters(f),
		[]*table{client(f.ClientConn), server(f.ServerConn)},
		certificates(f.ServerConn),
		[]*table{timing(f), kept(f), dns("dns-request", f.DnsRequest), dns("dns-response", f.DnsResponse)},
		more)
	var list []*viewerpb.Section
	for _, t := range tables {
		if len(t.Fields) > 0 {
			list = append(list, &t.Section)
		}
	}
	return list
}

func client(c *flowpb.ClientConnection) *table {
	t := &table{viewerpb.Section{Tab: "connection", Title: "Client"}}
	if c == nil {
		return t
	}
	t.address("Address", c.Address)
	t.address("Received at", c.Sockname)
	t.bytes("Server name (SNI)", c.Sni)
	t.bytes("Protocol (ALPN)", c.AlpnProtoNegotiated)
	t.bytes("TLS version", c.TlsVersion)
	t.bytes("TLS cipher", c.CipherName)
	t.bytes("Proxy mode", c.ProxyMode)
	t.bytes("Transport", c.GetCommon().GetTransportProtocol())
	t.bytes("Error", c.GetCommon().GetError())
	t.bytes("Connection id", c.Id)
	return t
}

func server(c *flowpb.ServerConnection) *table {
	t := &table{viewerpb.Section{Tab: "connection", Title: "Server"}}
	if c == nil {
		return t
	}
	t.address("Address", c.Address)
	t.address("Resolved address", c.IpAddress)
	t.address("Source address", c.SourceAddress)
	t.bytes("Server name (SNI)", c.Sni)
	t.bytes("Protocol (ALPN)", c.AlpnProtoNegotiated)
	t.bytes("TLS version", c.TlsVersion)
	t.bytes("TLS cipher", c.CipherName)
	if n := len(c.GetCommon().GetCertificateList()); n > 0 {
		t.add("Certificates", strconv.Itoa(n))
	}
	if v := c.ViaSpec; v != nil {
		t.add("Through", text(v.Scheme)+"://"+flow.FormatAddress(v.Address))
	}
	t.bytes("Transport", c.GetCommon().GetTransportProtocol())
	t.bytes("Error", c.GetCommon().GetError())
	t.bytes("Connection id", c.Id)
	return t
}

// timing lists what happened when, in order, and how long after the start.
func timing(f *flowpb.Flow) *table {
	t := &table{viewerpb.Section{Tab: "timing", Title: "Timing"}}
	start, known := flow.Start(f)
	for _, e := range events(f) {
		at := time.Unix(0, flow.Nanos(e.at)).UTC().Format("2006-01-02 15:04:05.000000 UTC")
		if known {
			at += "  (" + offset(flow.Nanos(e.at)-flow.Nanos(start)) + ")"
		}
		t.add(e.name, at)
	}
	return t
}

type event struct {
	name string
	at   float64
}

// events returns what is known to have happened in the life of f, in order of
// time. A time of 0 is how the databases of 2018 say unknown.
func events(f *flowpb.Flow) []event {
	var list []event
	add := func(name string, at *float64) {
		if at != nil && *at != 0 {
			list = append(list, event{name, *at})
		}
	}
	if c := f.ClientConn; c != nil {
		add("Client connected", c.TimestampStart)
		add("Client TLS established", c.TimestampTlsSetup)
		add("Client closed", c.TimestampEnd)
	}
	if c := f.ServerConn; c != nil {
		add("Server connection initiated", c.TimestampStart)
		add("Server TCP established", c.TimestampTcpSetup)
		add("Server TLS established", c.TimestampTlsSetup)
		add("Server closed", c.TimestampEnd)
	}
	if r := f.Request; r != nil {
		add("First request byte", r.TimestampStart)
		add("Request complete", r.TimestampEnd)
	}
	if r := f.Response; r != nil {
		add("First response byte", r.TimestampStart)
		add("Response complete", r.TimestampEnd)
	}
	if m := f.DnsRequest; m != nil {
		add("Query", m.Timestamp)
	}
	if m := f.DnsResponse; m != nil {
		add("Answer", m.Timestamp)
	}
	if w := f.Websocket; w != nil {
		add("WebSocket closed", w.TimestampEnd)
	}
	slices.SortStableFunc(list, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return list
}

func offset(ns int64) string {
	ms := strconv.FormatFloat(float64(ns)/1e6, 'f', 3, 64) + " ms"
	if ns >= 0 {
		return "+" + ms
	}
	return ms
}

// kept is what the capture says of the flow itself.
func kept(f *flowpb.Flow) *table {
	t := &table{viewerpb.Section{Tab: "comment", Title: "Flow"}}
	t.bytes("Id", f.Id)
	t.add("Marker", flow.Marker(f))
	t.bytes("Replayed", f.IsReplay)
	if f.GetIntercepted() {
		t.add("Intercepted", "yes")
	}
	if f.Backup != nil {
		t.add("Edited", "yes")
	}
	if f.FormatVersion != nil {
		t.add("Flow format", formatVersion(int(f.GetFormatVersion())))
	}
	for _, p := range f.GetMetadata().GetDict().GetPairs() {
		t.add("Metadata "+literal(p.Key), literal(p.Value))
	}
	return t
}

// formatVersion names a flow format of mitmproxy: up to 0.19 it was a tuple,
// numbered here so that formats run on into the integers.
func formatVersion(n int) string {
	if n <= 0 {
		return "0." + strconv.Itoa(n+19)
	}
	return strconv.Itoa(n)
}

func dns(tab string, m *flowpb.DNSMessage) *table {
	t := &table{viewerpb.Section{Tab: strings.TrimPrefix(tab, "dns-"), Title: "DNS message"}}
	if m == nil {
		return t
	}
	t.add("Operation", flow.OpCode(m.GetOpCode()))
	if !m.GetQuery() {
		t.add("Response code", flow.ResponseCode(m.GetResponseCode()))
	}
	t.add("Id", strconv.Itoa(int(m.GetId())))
	for _, q := range m.Questions {
		t.add("Question", text(q.Name)+" "+flow.RecordType(q.GetType())+" "+flow.RecordClass(q.GetClass()))
	}
	records := func(name string, list []*flowpb.DNSRecord) {
		for _, r := range list {
			t.add(name, text(r.Name)+" "+flow.RecordType(r.GetType())+" ttl "+strconv.Itoa(int(r.GetTtl()))+": "+flow.RecordText(r))
		}
	}
	records("Answer", m.Answers)
	records("Authority", m.Authorities)
	records("Additional", m.Additionals)
	return t
}

// literal returns a metadata value as one would write it down.
func literal(v *flowpb.Value) string {
	switch {
	case v == nil:
		return ""
	case v.Text != nil:
		return text(v.Text)
	case v.Bytes != nil:
		return strconv.QuoteToASCII(string(v.Bytes))
	case v.Integer != nil:
		return text(v.Integer)
	case v.Number != nil:
		return strconv.FormatFloat(*v.Number, 'g', -1, 64)
	case v.Boolean != nil:
		return strconv.FormatBool(*v.Boolean)
	case v.List != nil:
		items := make([]string, len(v.List.Items))
		for i, item := range v.List.Items {
			items[i] = literal(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case v.Dict != nil:
		pairs := make([]string, len(v.Dict.Pairs))
		for i, p := range v.Dict.Pairs {
			pairs[i] = literal(p.Key) + ": " + literal(p.Value)
		}
		return "{" + strings.Join(pairs, ", ") + "}"
	}
	return "null"
}
