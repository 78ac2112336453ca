package mitm

import (
	"errors"
	"strconv"

	"flowpane/proto/flowpb"
)

const (
	// oldest and newest are the flow formats that this package reads.
	oldest = 10
	newest = 21
	// lastApart is the last format in which a WebSocket conversation is a
	// record of its own.
	lastApart = 11
)

// version returns the flow format of a record. Up to mitmproxy 3 it was a
// tuple, of which two numbers count.
func (d *decoder) version(e element) int {
	if e.absent() {
		d.fail(errors.New("it does not say its flow format"))
		return 0
	}
	if e.tag == tagList {
		l := d.items(e)
		major, _ := d.integer(l.take(), 0, 1000)
		minor, _ := d.integer(l.take(), 0, 1000)
		name := strconv.FormatInt(major, 10) + "." + strconv.FormatInt(minor, 10)
		d.fail(errors.New("flow format " + name + " (mitmproxy " + name + "): not supported yet"))
		return 0
	}
	n, _ := d.integer(e, 0, 1<<31-1)
	switch {
	case d.err != nil:
	case n > newest:
		d.fail(errors.New("flow format " + strconv.FormatInt(n, 10) + " is newer than this viewer reads (" + strconv.Itoa(newest) + ")"))
	case n < oldest:
		d.fail(errors.New("flow format " + strconv.FormatInt(n, 10) + " (" + writer(n) + "): not supported yet"))
	}
	return int(n)
}

// writer names the releases that wrote a flow format before oldest.
func writer(version int64) string {
	switch {
	case version == 9:
		return "mitmproxy 5.3"
	case version == 8:
		return "mitmproxy 5.2"
	case version == 7:
		return "mitmproxy 3 to 5.1"
	}
	return "a development version of mitmproxy"
}

// migrate gives a flow of an older format the meaning of the newest, one step
// a format, as mitmproxy does when it loads one.
//
// Steps that rename a key or drop one are no steps here: the readers of
// requests, responses and connections know every name that a value had.
// Connections migrate by themselves, for they are shared; conversations apart
// from their handshake are joined by the reader.
//
// Two steps are left out, for they invent: a response without times gets those
// of its request in format 14, a connection without a start began in 1970 in
// format 19. Here both stay unknown.
func (d *decoder) migrate(f *flowpb.Flow, version int) {
	for ; version < newest && d.err == nil; version++ {
		switch version {
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
		case 17:
			c.ProxyMode = []byte("regular")
		case 18:
			addTransport(c.Common)
		case 20:
			c.TlsVersion = nameQUIC(c.TlsVersion)
		}
	}
}

// migrateServer is migrate for a server connection.
func (d *decoder) migrateServer(c *flowpb.ServerConnection, version int) {
	for ; version < newest && d.err == nil; version++ {
		switch version {
		case 18:
			addTransport(c.Common)
		case 20:
			c.TlsVersion = nameQUIC(c.TlsVersion)
		}
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
