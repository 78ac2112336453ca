package mitm

import (
	"bytes"
	"slices"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// An end is a connection to the client or to the server: what both have.
type end struct {
	peer, sock              *flowpb.Address
	id                      []byte
	common                  *flowpb.Connection
	transport               string // unless common has one
	established             *bool
	certificate             []byte // unless common has some
	alpn, cipher            []byte
	version, sni            []byte
	start, stop, handshaken *float64
}

func (w *writer) client(f *flowpb.Flow, flowID []byte, began float64) {
	c := f.ClientConn
	if c == nil {
		c = new(flowpb.ClientConnection)
	}
	e := end{
		peer: c.Address, sock: c.Sockname, common: c.GetCommon(), transport: transportOf(f),
		id:          connID(c.Id, "client", c.TimestampStart, c.Address, c.Sockname, flowID),
		established: c.TlsEstablished, certificate: c.Clientcert, alpn: c.AlpnProtoNegotiated, cipher: c.CipherName,
		version: c.TlsVersion, sni: c.Sni, start: orTime(c.TimestampStart, began), stop: c.TimestampEnd, handshaken: c.TimestampTlsSetup,
	}
	if e.peer == nil {
		e.peer = &flowpb.Address{Host: []byte("127.0.0.1")}
	}
	if e.sock == nil {
		e.sock = new(flowpb.Address)
	}
	at := w.open(tagDict)
	w.end(&e)
	if isNoPEM(c.Mitmcert) {
		w.null("mitmcert")
	} else {
		w.bytes("mitmcert", c.Mitmcert)
	}
	w.text("proxy_mode", proxyMode(f))
	w.close("client_conn", at)
}

func (w *writer) server(f *flowpb.Flow, flowID []byte) {
	c := f.ServerConn
	if c == nil {
		c = new(flowpb.ServerConnection)
	}
	e := end{
		peer: c.IpAddress, sock: c.SourceAddress, common: c.GetCommon(), transport: transportOf(f),
		id:          connID(c.Id, "server", c.TimestampStart, c.Address, c.SourceAddress, flowID),
		established: c.TlsEstablished, certificate: c.Cert, alpn: c.AlpnProtoNegotiated, cipher: c.CipherName,
		version: c.TlsVersion, sni: c.Sni, start: c.TimestampStart, stop: c.TimestampEnd, handshaken: c.TimestampTlsSetup,
	}
	at := w.open(tagDict)
	w.end(&e)
	w.hostPort("address", c.Address)
	w.time("timestamp_tcp_setup", c.TimestampTcpSetup, c.GetCommon().GetIntegral()&2 != 0)
	w.via(c.ViaSpec)
	w.close("server_conn", at)
}

func (w *writer) end(e *end) {
	c := e.common
	integral := c.GetIntegral()
	w.address("peername", e.peer)
	w.address("sockname", e.sock)
	w.text("id", e.id)
	w.text("transport_protocol", transport(c, e.transport))
	w.textOrNull("error", c.GetError())
	w.bool("tls", c.GetTls() || (c == nil || c.Tls == nil) && e.established != nil && *e.established)
	w.blobs("certificate_list", certificates(c, e.certificate))
	w.bytesOrNull("alpn", e.alpn)
	w.blobs("alpn_offers", c.GetAlpnOffers())
	w.textOrNull("cipher", e.cipher)
	w.list("cipher_list", len(c.GetCipherList()), func(i int) { w.text(noKey, c.CipherList[i]) })
	w.textOrNull("tls_version", tlsVersion(e.version))
	w.textOrNull("sni", e.sni)
	w.time("timestamp_start", e.start, integral&1 != 0)
	w.time("timestamp_end", e.stop, integral&8 != 0)
	w.time("timestamp_tls_setup", e.handshaken, integral&4 != 0)
}

func (w *writer) blobs(key string, all [][]byte) {
	w.list(key, len(all), func(i int) { w.bytes(noKey, all[i]) })
}

// certificates returns those of a connection: all, or the one that the schema
// of 2018 has. What is no PEM is left out.
func certificates(c *flowpb.Connection, one []byte) [][]byte {
	all := c.GetCertificateList()
	if len(all) == 0 && len(one) > 0 {
		all = [][]byte{one}
	}
	if slices.ContainsFunc(all, isNoPEM) {
		all = slices.DeleteFunc(slices.Clone(all), isNoPEM)
	}
	return all
}

func isNoPEM(certificate []byte) bool {
	return !bytes.Contains(certificate, []byte("-----BEGIN CERTIFICATE-----"))
}

// address puts host and port, and for IPv6 flow and scope if they are known.
func (w *writer) address(key string, a *flowpb.Address) {
	if a == nil {
		w.null(key)
		return
	}
	at := w.open(tagList)
	if a.Flowinfo != nil || a.ScopeId != nil {
		w.int(noKey, int64(a.GetScopeId()))
		w.int(noKey, int64(a.GetFlowinfo()))
	}
	w.int(noKey, int64(a.GetPort()))
	w.text(noKey, a.Host)
	w.close(key, at)
}

// hostPort puts host and port, which are all that a requested address has.
func (w *writer) hostPort(key string, a *flowpb.Address) {
	if a != nil && (a.Flowinfo != nil || a.ScopeId != nil) {
		a = &flowpb.Address{Host: a.Host, Port: a.Port}
	}
	w.address(key, a)
}

func (w *writer) via(v *flowpb.Via) {
	if !isVia(v) {
		w.null("via")
		return
	}
	at := w.open(tagList)
	w.hostPort(noKey, v.Address)
	w.text(noKey, v.Scheme)
	w.close("via", at)
}

// isVia reports whether v is an upstream proxy that mitmproxy knows.
func isVia(v *flowpb.Via) bool {
	if v == nil || v.Address == nil {
		return false
	}
	switch string(v.Scheme) {
	case "http", "https", "http3", "tls", "dtls", "tcp", "udp", "dns", "quic":
		return true
	}
	return false
}

// transportOf returns the transport of a flow that does not say it.
func transportOf(f *flowpb.Flow) string {
	if flow.Kind(f) == flowpb.Kind_UDP {
		return typeUDP
	}
	return typeTCP
}

func transport(c *flowpb.Connection, instead string) []byte {
	switch t := c.GetTransportProtocol(); string(t) {
	case typeTCP, typeUDP:
		return t
	}
	return []byte(instead)
}

// tlsVersion returns the version of TLS as mitmproxy names it, or nil. Browsers
// write "TLS 1.3".
func tlsVersion(v []byte) []byte {
	switch string(v) {
	case "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "DTLSv0.9", "DTLSv1", "DTLSv1.2", "QUICv1":
		return v
	case "TLS 1.0":
		return []byte("TLSv1")
	case "TLS 1.1", "TLS 1.2", "TLS 1.3":
		return []byte("TLSv" + string(v[len("TLS "):]))
	case "QUIC":
		return []byte("QUICv1")
	}
	return nil
}
