package mitm

import (
	"bytes"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

const (
	// maxConnections is how many connections of each side are remembered.
	maxConnections = 1024
	// maxPEMs is how many certificates are remembered.
	maxPEMs = 4096
	// maxRemembered is the size in bytes up to which a connection or a
	// certificate is worth remembering.
	maxRemembered = 64 << 10
)

// connections remembers what the connections of recent flows decoded to, by
// the bytes of the record: each flow repeats its connections with all
// certificates, which are most of it.
type connections struct {
	version int // the flow format they were decoded from
	clients map[uint64]known[*flowpb.ClientConnection]
	servers map[uint64]known[*flowpb.ServerConnection]
	pems    map[string][]byte
	chain   known[[][]byte] // the chain of certificates read last
}

// known is what a payload decoded to.
type known[T any] struct {
	payload []byte
	value   T
}

// of returns the connections remembered for a flow format.
func (c *connections) of(version int) *connections {
	if c.version != version || c.clients == nil {
		c.version = version
		c.clients = map[uint64]known[*flowpb.ClientConnection]{}
		c.servers = map[uint64]known[*flowpb.ServerConnection]{}
	}
	return c
}

// recall returns what payload decoded to, if that is in m.
func recall[T any](m map[uint64]known[T], fingerprint uint64, payload []byte) (value T, ok bool) {
	k, ok := m[fingerprint]
	if !ok || !flow.Same(k.payload, payload) {
		return value, false
	}
	return k.value, true
}

// remember puts value into m, which it empties when it is full.
func remember[T any](m map[uint64]known[T], fingerprint uint64, payload []byte, value T) {
	if len(payload) > maxRemembered {
		return
	}
	if len(m) >= maxConnections {
		clear(m)
	}
	m[fingerprint] = known[T]{bytes.Clone(payload), value}
}

// client returns the client connection e of a flow, which flows may share.
func (d *decoder) client(e element, version int) *flowpb.ClientConnection {
	if e.absent() {
		return nil
	}
	known := d.conns.of(version)
	fingerprint := flow.Fingerprint(e.payload)
	if c, ok := recall(known.clients, fingerprint, e.payload); ok && e.tag == tagDict {
		return c
	}
	m := d.memory
	d.memory = &d.lasting
	c := d.newClient(e, version)
	d.memory = m
	if d.err == nil {
		remember(known.clients, fingerprint, e.payload, c)
	}
	return c
}

// server is client for the server connection.
func (d *decoder) server(e element, version int) *flowpb.ServerConnection {
	if e.absent() {
		return nil
	}
	known := d.conns.of(version)
	fingerprint := flow.Fingerprint(e.payload)
	if c, ok := recall(known.servers, fingerprint, e.payload); ok && e.tag == tagDict {
		return c
	}
	m := d.memory
	d.memory = &d.lasting
	c := d.newServer(e, version)
	d.memory = m
	if d.err == nil {
		remember(known.servers, fingerprint, e.payload, c)
	}
	return c
}

// newClient knows the keys of all formats: where a key was renamed, no format
// uses the old name for something else.
func (d *decoder) newClient(e element, version int) *flowpb.ClientConnection {
	common := new(flowpb.Connection)
	c := &flowpb.ClientConnection{Common: common}
	var integral uint32
	p := d.pairs(e)
	for p.next() {
		switch v := p.value; string(p.key) {
		case "id":
			c.Id = d.data(v)
		case "peername", "address":
			c.Address = d.address(v)
		case "sockname":
			c.Sockname = d.address(v)
		case "mitmcert":
			c.Mitmcert = d.pem(v)
		case "proxy_mode":
			c.ProxyMode = d.data(v)
		case "sni":
			c.Sni = d.data(v)
		case "alpn", "alpn_proto_negotiated":
			c.AlpnProtoNegotiated = d.data(v)
		case "cipher", "cipher_name":
			c.CipherName = d.data(v)
		case "tls_version":
			c.TlsVersion = d.data(v)
		case "tls_extensions":
			c.TlsExtensions = d.tlsExtensions(v)
		case "timestamp_start":
			c.TimestampStart = d.time(v, &integral, 0)
		case "timestamp_tls_setup", "timestamp_ssl_setup":
			c.TimestampTlsSetup = d.time(v, &integral, 2)
		case "timestamp_end":
			c.TimestampEnd = d.time(v, &integral, 3)
		case "tls_established", "ssl_established":
			c.TlsEstablished = d.bool(v)
		default:
			d.common(common, p.key, v)
		}
	}
	common.Integral = d.mask(integral)
	d.migrateClient(c, version)
	return c
}

func (d *decoder) newServer(e element, version int) *flowpb.ServerConnection {
	common := new(flowpb.Connection)
	c := &flowpb.ServerConnection{Common: common}
	var integral uint32
	var sniIsAddress bool
	p := d.pairs(e)
	for p.next() {
		switch v := p.value; string(p.key) {
		case "id":
			c.Id = d.data(v)
		case "address":
			c.Address = d.address(v)
		case "peername", "ip_address", "peer_address":
			c.IpAddress = d.address(v)
		case "sockname", "source_address":
			c.SourceAddress = d.address(v)
		case "via", "via2":
			d.via(c, v, version)
		case "sni":
			c.Sni, sniIsAddress = d.serverSNI(v)
		case "alpn", "alpn_proto_negotiated":
			c.AlpnProtoNegotiated = d.data(v)
		case "cipher", "cipher_name":
			c.CipherName = d.data(v)
		case "tls_version":
			c.TlsVersion = d.data(v)
		case "timestamp_start":
			c.TimestampStart = d.time(v, &integral, 0)
		case "timestamp_tcp_setup":
			c.TimestampTcpSetup = d.time(v, &integral, 1)
		case "timestamp_tls_setup", "timestamp_ssl_setup":
			c.TimestampTlsSetup = d.time(v, &integral, 2)
		case "timestamp_end":
			c.TimestampEnd = d.time(v, &integral, 3)
		case "tls_established", "ssl_established":
			c.TlsEstablished = d.bool(v)
		default:
			d.common(common, p.key, v)
		}
	}
	common.Integral = d.mask(integral)
	if sniIsAddress {
		c.Sni = c.Address.GetHost()
	}
	d.migrateServer(c, version)
	return c
}

// common reads the keys that both ends have.
func (d *decoder) common(c *flowpb.Connection, key []byte, v element) {
	switch string(key) {
	case "transport_protocol":
		c.TransportProtocol = d.data(v)
	case "error":
		c.Error = d.data(v)
	case "tls":
		c.Tls = d.bool(v)
	case "certificate_list":
		c.CertificateList = d.chain(v)
	case "cert", "clientcert":
		c.CertificateList = d.certificate(v)
	case "alpn_offers":
		c.AlpnOffers = d.list(v, d.data)
	case "cipher_list":
		c.CipherList = d.list(v, d.data)
	case "state":
		c.State = d.state(v)
	}
}

// state reads the connection state of formats 10 to 19. Up to format 0.13 the
// key is that of a list with another meaning, which mitmproxy drops.
func (d *decoder) state(e element) *int64 {
	if e.tag == tagList {
		return nil
	}
	return d.int64(e)
}

// certificate reads the one certificate that formats before 10 have, as the
// list of them.
func (d *decoder) certificate(e element) [][]byte {
	pem := d.pem(e)
	if len(pem) == 0 {
		return nil
	}
	return [][]byte{pem}
}

// list returns what read makes of each item.
func (d *decoder) list(e element, read func(element) []byte) [][]byte {
	var all [][]byte
	l := d.items(e)
	for l.next() {
		all = append(all, read(l.value))
	}
	return all
}

// chain returns a list of certificates, which is that of the last connection
// as often as not.
func (d *decoder) chain(e element) [][]byte {
	last := &d.conns.chain
	if len(e.payload) > 0 && e.tag == tagList && flow.Same(e.payload, last.payload) {
		return last.value
	}
	chain := d.list(e, d.pem)
	if d.err == nil && len(e.payload) <= maxRemembered {
		*last = known[[][]byte]{bytes.Clone(e.payload), chain}
	}
	return chain
}

// pem returns a certificate, which connections share.
func (d *decoder) pem(e element) []byte {
	if e.tag != tagBytes {
		return d.data(e)
	}
	if b, ok := d.conns.pems[string(e.payload)]; ok {
		return b
	}
	b := append([]byte{}, e.payload...)
	if d.conns.pems == nil {
		d.conns.pems = map[string][]byte{}
	}
	if len(b) <= maxRemembered {
		if len(d.conns.pems) >= maxPEMs {
			clear(d.conns.pems)
		}
		d.conns.pems[string(b)] = b
	}
	return b
}

// address reads [host, port], which for IPv6 may go on with flowinfo and
// scope. Before format 2 it lies in a dict, which also says whether it is of
// IPv6.
func (d *decoder) address(e element) *flowpb.Address {
	if e.tag == tagDict {
		e = d.unwrapped(e)
	}
	if e.absent() {
		return nil
	}
	l := d.items(e)
	a := &flowpb.Address{Host: d.data(l.take()), Port: d.int32(l.take())}
	a.Flowinfo, a.ScopeId = d.uint32(l.take()), d.uint32(l.take())
	return a
}

// unwrapped returns the address in a dict of formats before 2.
func (d *decoder) unwrapped(e element) element {
	var address element
	p := d.pairs(e)
	for p.next() {
		if string(p.key) == "address" {
			address = p.value
		}
	}
	return address
}

// serverSNI reads the name that was asked for. True stands for the host of
// the server's address in some old files.
func (d *decoder) serverSNI(e element) (name []byte, isAddress bool) {
	if e.tag != tagBool {
		return d.data(e), false
	}
	return nil, *d.bool(e)
}

// via reads the upstream proxy: today [scheme, address], up to format 18 a
// whole connection.
func (d *decoder) via(c *flowpb.ServerConnection, e element, version int) {
	switch e.tag {
	case tagNull:
	case tagDict:
		if d.enter() {
			c.Via = d.newServer(e, version)
			d.depth--
		}
	default:
		l := d.items(e)
		c.ViaSpec = &flowpb.Via{Scheme: d.data(l.take()), Address: d.address(l.take())}
	}
}

// tlsExtensions reads [number, bytes] pairs of the ClientHello, which formats
// up to 18 have.
func (d *decoder) tlsExtensions(e element) []*flowpb.TLSExtension {
	var all []*flowpb.TLSExtension
	l := d.items(e)
	for l.next() {
		pair := d.items(l.value)
		all = append(all, &flowpb.TLSExtension{Int: d.int64(pair.take()), Bytes: d.data(pair.take())})
	}
	return all
}
