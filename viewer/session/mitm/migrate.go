package mitm

import (
	"errors"
	"math"
	"strconv"

	"flowpane/proto/flowpb"
)

// Flow formats are numbered in their order. Up to mitmproxy 3 a format is a
// tuple: (0, n) has the number zero + n, and (n, 0) the number n, which leads on
// to the integers that came after.
const (
	zero   = -19
	oldest = zero + 11
	newest = 21
	// firstInteger is the first format that is no tuple.
	firstInteger = 4
	// lastApart is the last format in which a WebSocket conversation is a
	// record of its own.
	lastApart = 11
)

// version returns the number of the flow format of a record.
func (d *decoder) version(e element) int {
	switch e.tag {
	case 0, tagNull:
		d.fail(errors.New("it does not say its flow format"))
		return 0
	case tagList:
		return d.tupleVersion(e)
	}
	n, _ := d.integer(e, 0, 1<<31-1)
	switch {
	case d.err != nil:
	case n > newest:
		d.fail(errors.New("flow format " + strconv.FormatInt(n, 10) + " is newer than this viewer reads (up to " + strconv.Itoa(newest) + ", mitmproxy 13)"))
	case n < firstInteger:
		d.fail(errors.New("flow format " + strconv.FormatInt(n, 10) + " is none that mitmproxy wrote"))
	}
	return int(n)
}

// tupleVersion is version for a tuple, of which two numbers count: the third
// is that of the release.
func (d *decoder) tupleVersion(e element) int {
	l := d.items(e)
	major, _ := d.integer(l.take(), 0, math.MaxInt32)
	minor, _ := d.integer(l.take(), 0, math.MaxInt32)
	name := strconv.FormatInt(major, 10) + "." + strconv.FormatInt(minor, 10)
	switch {
	case d.err != nil:
	case major == 0 && minor < oldest-zero:
		d.fail(errors.New("flow format " + name + " (mitmproxy " + name + ") is older than what mitmproxy itself can convert (0.11)"))
	case major == 0 && minor <= -zero:
		return zero + int(minor)
	case major > 0 && major < firstInteger && minor == 0:
		return int(major)
	default:
		d.fail(errors.New("flow format " + name + " is none that mitmproxy wrote"))
	}
	return 0
}

// migrate gives a flow of an older format the meaning of the newest, one step
// a format, as mitmproxy does when it loads one.
//
// Steps that rename a key, drop one or wrap its value are no steps here: the
// readers of requests, responses and connections know every name and shape
// that a value had. Connections migrate by themselves, for they are shared;
// conversations apart from their handshake are joined by the reader.
//
// Four steps are left out, for they invent: connections have random ids in
// format 5, a mode of the proxy is made up for format 0.19, a response without
// times gets those of its request in format 14, a connection without a start
// began in 1970 in format 19. Here all these stay unknown.
func (d *decoder) migrate(f *flowpb.Flow, version int) {
	for ; version < newest && d.err == nil; version++ {
		switch version {
		case zero + 17:
			d.addMark(f)
		case zero + 18:
			d.addMetadata(f)
		case 8:
			d.addAuthority(f)
			d.moveReplay(f)
		case 12:
			d.nameDefaultMark(f)
		case 13:
			d.addComment(f)
		case 14:
			d.addInjected(f)
		case 15:
			d.addCreated(f)
		}
	}
}

// addMark: format 0.18 has marks.
func (d *decoder) addMark(f *flowpb.Flow) {
	if f.Marked == nil {
		f.Marked = d.bools.put(false)
	}
}

// addMetadata: format 0.19 has metadata.
func (d *decoder) addMetadata(f *flowpb.Flow) {
	if f.Metadata == nil {
		f.Metadata = &flowpb.Value{Dict: new(flowpb.Value_Dict)}
	}
}

// addAuthority: format 9 has the authority of a request target in place of the
// form of its line. What an older format says of the form is kept, for it does
// not lead to the authority.
func (d *decoder) addAuthority(f *flowpb.Flow) {
	if f.Request != nil && f.Request.Authority == nil {
		f.Request.Authority = []byte{}
	}
}

// moveReplay: since format 9 the flow says which side was replayed, before that
// either side said so of itself.
func (d *decoder) moveReplay(f *flowpb.Flow) {
	switch {
	case f.Request.GetIsReplay():
		f.IsReplay = []byte("request")
	case f.Response.GetIsReplay():
		f.IsReplay = []byte("response")
	}
	if f.Request != nil {
		f.Request.IsReplay = nil
	}
	if f.Response != nil {
		f.Response.IsReplay = nil
	}
}

// nameDefaultMark: a mark became the name of an emoji in format 13.
func (d *decoder) nameDefaultMark(f *flowpb.Flow) {
	f.Marker = []byte{}
	if f.GetMarked() {
		f.Marker = []byte(":default:")
	}
}

// addComment: format 14 has comments.
func (d *decoder) addComment(f *flowpb.Flow) { f.Comment = []byte{} }

// addInjected: format 15 tells messages that a person injected.
func (d *decoder) addInjected(f *flowpb.Flow) {
	for _, m := range f.GetWebsocket().GetMessages() {
		m.Injected = d.bools.put(false)
	}
}

// addCreated: format 16 knows when a flow was created. Before that, it is when
// its request or its connection began.
func (d *decoder) addCreated(f *flowpb.Flow) {
	var start *float64
	var integral uint32
	switch {
	case f.Request != nil:
		start, integral = f.Request.TimestampStart, f.Request.GetIntegral()
	case f.DnsRequest != nil:
		start, integral = f.DnsRequest.Timestamp, f.DnsRequest.GetIntegral()
	case f.ClientConn != nil:
		start, integral = f.ClientConn.TimestampStart, f.ClientConn.Common.GetIntegral()
	}
	if start == nil {
		return
	}
	f.TimestampCreated = d.floats.put(*start)
	f.Integral = d.mask(f.GetIntegral()&^1 | integral&1)
}

// migrateClient is migrate for a client connection.
func (d *decoder) migrateClient(c *flowpb.ClientConnection, version int) {
	for ; version < newest && d.err == nil; version++ {
		switch version {
		case 9:
			addSockname(c)
			c.Common.Tls = c.TlsEstablished
			offerNegotiated(c.Common, c.AlpnProtoNegotiated, c.CipherName)
		case 17:
			c.ProxyMode = []byte("regular")
		case 18:
			addTransport(c.Common)
			c.TlsEstablished = nil
		case 20:
			c.TlsVersion = nameQUIC(c.TlsVersion)
		}
	}
}

// migrateServer is migrate for a server connection.
func (d *decoder) migrateServer(c *flowpb.ServerConnection, version int) {
	for ; version < newest && d.err == nil; version++ {
		switch version {
		case 9:
			c.Common.Tls = c.TlsEstablished
			offerNegotiated(c.Common, c.AlpnProtoNegotiated, nil)
		case 18:
			addTransport(c.Common)
			c.TlsEstablished = nil
		case 20:
			c.TlsVersion = nameQUIC(c.TlsVersion)
		}
	}
}

// addSockname: since format 10 a client has the address that it connected to,
// which mitmproxy writes so where it does not know it.
func addSockname(c *flowpb.ClientConnection) {
	if c.Sockname == nil {
		c.Sockname = &flowpb.Address{Host: []byte{}, Port: new(int32)}
	}
}

// offerNegotiated: since format 10 a connection has what was offered. What was
// agreed upon was.
func offerNegotiated(c *flowpb.Connection, alpn, cipher []byte) {
	if len(alpn) > 0 {
		c.AlpnOffers = [][]byte{alpn}
	}
	if len(cipher) > 0 {
		c.CipherList = [][]byte{cipher}
	}
}

// addTransport: since format 19 a connection names its transport.
func addTransport(c *flowpb.Connection) {
	if c.TransportProtocol == nil {
		c.TransportProtocol = []byte("tcp")
	}
}

// nameQUIC: format 21 names the version of QUIC.
func nameQUIC(version []byte) []byte {
	if string(version) == "QUIC" {
		return []byte("QUICv1")
	}
	return version
}
