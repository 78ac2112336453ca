package mitm_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

// detached returns a copy of f with all bodies in it, and without what is said
// of its file.
func detached(t testing.TB, flows session.Flows, f *flowpb.Flow) *flowpb.Flow {
	t.Helper()
	g := new(flowpb.Flow)
	if err := g.Unmarshal(f.Append(nil)); err != nil {
		t.Fatal(err)
	}
	for b := g; b != nil; b = b.Backup {
		b.Source, b.FormatVersion, b.ClientRef, b.ServerRef = nil, nil, nil, nil
		if b.Kind == nil {
			b.Kind = new(flowpb.Kind_HTTP)
		}
		if r := b.Request; r != nil {
			r.Content, r.Body = body(t, flows, r.Content, r.Body)
		}
		if r := b.Response; r != nil {
			r.Content, r.Body = body(t, flows, r.Content, r.Body)
		}
		for _, m := range b.Messages {
			m.Content, _ = body(t, flows, m.Content, m.Body)
			m.Body = nil
		}
		for _, m := range b.GetWebsocket().GetMessages() {
			m.Content, _ = body(t, flows, m.Content, m.Body)
			m.Body = nil
		}
	}
	return g
}

// body returns the bytes of a body, and a reference only to say that they are
// decoded.
func body(t testing.TB, flows session.Flows, content []byte, ref *flowpb.Body) ([]byte, *flowpb.Body) {
	t.Helper()
	if content == nil && ref != nil {
		src, err := flows.Body(ref)
		if err != nil {
			t.Fatal(err)
		}
		if content, err = blob.ReadAll(src); err != nil {
			t.Fatal(err)
		}
	}
	if ref.GetDecoded() {
		return content, &flowpb.Body{Decoded: new(true)}
	}
	return content, nil
}

// A keeper says what becomes of a flow in a dump: got is what was read, want
// what was written, which it changes by the contract of Writer and by the
// losses, and by nothing else.
type keeper struct {
	t         testing.TB
	got, want *flowpb.Flow
	lost      []string
	began     float64
	mode      []byte // of the flow, if that of the connection is lost
}

func (k *keeper) loses(loss string) bool { return slices.Contains(k.lost, loss) }

// keep makes of want what is to be got.
func keep(t testing.TB, got, want *flowpb.Flow, lost []string) {
	t.Helper()
	k := &keeper{t: t, got: got, want: want, lost: lost}
	k.began = k.beginning()
	k.common()
	k.id(&want.Id, got.Id)
	k.client()
	k.server()
	switch want.GetKind() {
	case flowpb.Kind_HTTP:
		k.http()
	case flowpb.Kind_DNS:
		if want.DnsRequest == nil && k.loses("the absence of requests") {
			want.DnsRequest = &flowpb.DNSMessage{Query: new(true)}
		}
		k.dns(want.DnsRequest)
		k.dns(want.DnsResponse)
	default:
		for _, m := range want.Messages {
			fill(&m.FromClient, false)
			fillBytes(&m.Content, "")
			k.integral(&m.Integral, m.Timestamp)
		}
	}
	if k.loses("bytes that are not UTF-8") {
		k.escape()
	}
	if want.Backup != nil && got.Backup != nil {
		if want.Backup.Id == nil {
			want.Backup.Id = got.Id
		}
		keep(t, got.Backup, want.Backup, lost)
	}
}

// beginning returns when the flow began, as the contract says.
func (k *keeper) beginning() float64 {
	f := k.want
	switch {
	case f.Request != nil && f.Request.TimestampStart != nil:
		return *f.Request.TimestampStart
	case f.DnsRequest != nil && f.DnsRequest.Timestamp != nil:
		return *f.DnsRequest.Timestamp
	case len(f.Messages) > 0 && f.Messages[0].Timestamp != nil:
		return *f.Messages[0].Timestamp
	case f.ClientConn != nil && f.ClientConn.TimestampStart != nil:
		return *f.ClientConn.TimestampStart
	}
	return f.GetTimestampCreated()
}

func fill[T any](p **T, v T) {
	if *p == nil {
		*p = &v
	}
}

func fillBytes(p *[]byte, v string) {
	if *p == nil {
		*p = []byte(v)
	}
}

// id takes an id that was made up, if it is a UUID of version 8.
func (k *keeper) id(want *[]byte, got []byte) {
	if *want != nil {
		return
	}
	if len(got) != 36 || got[14] != '8' || !strings.ContainsRune("89ab", rune(got[19])) {
		k.t.Errorf("id %q is no UUID of version 8", got)
	}
	*want = got
}

// integral clears the bits of times that are no integers.
func (k *keeper) integral(mask **uint32, times ...*float64) {
	if *mask == nil {
		return
	}
	bits := **mask
	for i, t := range times {
		if t == nil || *t != math.Trunc(*t) || math.IsInf(*t, 0) {
			bits &^= 1 << i
		}
	}
	*mask = nil
	if bits != 0 {
		*mask = &bits
	}
}

func (k *keeper) common() {
	f := k.want
	for _, loss := range []string{"timings of the archive", "pages and initiators", "other members of the archive"} {
		if h := f.Har; h != nil && k.loses(loss) {
			switch loss {
			case "timings of the archive":
				h.Timings, h.Time = nil, nil
			case "pages and initiators":
				h.Pageref, h.Initiator = nil, nil
			default:
				if *h = (flowpb.HAR{Timings: h.Timings, Time: h.Time, Pageref: h.Pageref, Initiator: h.Initiator}); len(h.Append(nil)) == 0 {
					f.Har = nil
				}
			}
		}
	}
	if m := string(f.Mode); m == "" || m == string(k.got.ClientConn.ProxyMode) || k.loses("proxy modes of old formats") {
		f.Mode = nil
		if !k.loses("proxy modes of old formats") && m != "" {
			k.mode = []byte(m)
		}
	}
	f.Marker = []byte(flow.Marker(f))
	f.Marked = new(len(f.Marker) > 0)
	if replay := flow.Replay(f); replay != "" {
		f.IsReplay = []byte(replay)
	}
	fill(&f.Intercepted, false)
	fill(&f.Metadata, flowpb.Value{Dict: new(flowpb.Value_Dict)})
	fillBytes(&f.Comment, "")
	fill(&f.TimestampCreated, k.began)
	var failed *float64
	if f.Error != nil {
		fillBytes(&f.Error.Msg, "")
		fill(&f.Error.Timestamp, k.began)
		failed = f.Error.Timestamp
	}
	k.integral(&f.Integral, f.TimestampCreated, failed)
}

// connection is what both ends of a connection go through.
func (k *keeper) connection(common **flowpb.Connection, established **bool, version *[]byte, start, tcp, tls, end *float64) {
	fill(common, flowpb.Connection{})
	c := *common
	if c.Tls == nil {
		c.Tls = *established
	}
	fill(&c.Tls, false)
	*established = nil
	if k.loses("states of connections") {
		c.State = nil
	}
	transport := "tcp"
	if k.want.GetKind() == flowpb.Kind_UDP {
		transport = "udp"
	}
	fillBytes(&c.TransportProtocol, transport)
	if len(*version) == 0 {
		*version = nil
	}
	if k.loses("values that mitmproxy refuses") {
		if p := string(c.TransportProtocol); p != "tcp" && p != "udp" {
			c.TransportProtocol = []byte(transport)
		}
		if known := map[string]string{
			"SSLv3": "SSLv3", "TLSv1": "TLSv1", "TLSv1.1": "TLSv1.1", "TLSv1.2": "TLSv1.2", "TLSv1.3": "TLSv1.3",
			"DTLSv0.9": "DTLSv0.9", "DTLSv1": "DTLSv1", "DTLSv1.2": "DTLSv1.2", "QUICv1": "QUICv1", "QUIC": "QUICv1",
			"TLS 1.0": "TLSv1", "TLS 1.1": "TLSv1.1", "TLS 1.2": "TLSv1.2", "TLS 1.3": "TLSv1.3",
		}[string(*version)]; known != string(*version) {
			*version = nil
			fillBytes(version, known)
			if known == "" {
				*version = nil
			}
		}
	}
	if c.GetState() == 0 {
		c.State = nil
	}
	k.integral(&c.Integral, start, tcp, tls, end)
}

// pem leaves out what is no certificate in PEM.
func (k *keeper) pem(c *flowpb.Connection, one *[]byte) {
	if len(*one) > 0 && len(c.CertificateList) == 0 {
		c.CertificateList = [][]byte{*one}
	}
	*one = nil
	if k.loses("values that mitmproxy refuses") {
		c.CertificateList = slices.DeleteFunc(c.CertificateList, isNoPEM)
	}
}

func isNoPEM(b []byte) bool { return !strings.Contains(string(b), "-----BEGIN CERTIFICATE-----") }

func address(a *flowpb.Address) {
	if a == nil {
		return
	}
	fillBytes(&a.Host, "")
	fill(&a.Port, 0)
	if a.Flowinfo != nil || a.ScopeId != nil {
		fill(&a.Flowinfo, 0)
		fill(&a.ScopeId, 0)
	}
}

// requested is address for one that has no flow and scope.
func requested(a *flowpb.Address) {
	if a != nil {
		a.Flowinfo, a.ScopeId = nil, nil
	}
	address(a)
}

func (k *keeper) client() {
	fill(&k.want.ClientConn, flowpb.ClientConnection{})
	c := k.want.ClientConn
	k.id(&c.Id, k.got.ClientConn.Id)
	fill(&c.TimestampStart, k.began)
	fill(&c.Address, flowpb.Address{Host: []byte("127.0.0.1")})
	fill(&c.Sockname, flowpb.Address{})
	address(c.Address)
	address(c.Sockname)
	k.connection(&c.Common, &c.TlsEstablished, &c.TlsVersion, c.TimestampStart, nil, c.TimestampTlsSetup, c.TimestampEnd)
	if k.loses("TLS extensions") {
		c.TlsExtensions = nil
	}
	if mode := string(c.ProxyMode); mode == "" || k.loses("values that mitmproxy refuses") && !bytes.Equal(c.ProxyMode, k.got.ClientConn.ProxyMode) {
		c.ProxyMode = []byte("regular")
		if k.mode != nil {
			c.ProxyMode = k.mode
		}
	}
	k.pem(c.Common, &c.Clientcert)
	if isNoPEM(c.Mitmcert) && k.loses("values that mitmproxy refuses") {
		c.Mitmcert = nil
	}
}

func (k *keeper) server() {
	fill(&k.want.ServerConn, flowpb.ServerConnection{})
	c := k.want.ServerConn
	k.id(&c.Id, k.got.ServerConn.Id)
	requested(c.Address)
	address(c.IpAddress)
	address(c.SourceAddress)
	k.connection(&c.Common, &c.TlsEstablished, &c.TlsVersion, c.TimestampStart, c.TimestampTcpSetup, c.TimestampTlsSetup, c.TimestampEnd)
	if k.loses("connections of upstream proxies") {
		c.Via = nil
	}
	if v := c.ViaSpec; v != nil {
		requested(v.Address)
		known := slices.Contains([]string{"http", "https", "http3", "tls", "dtls", "tcp", "udp", "dns", "quic"}, string(v.Scheme))
		if (!known || v.Address == nil) && k.loses("values that mitmproxy refuses") {
			c.ViaSpec = nil
		}
	}
	k.pem(c.Common, &c.Cert)
}
