package schema

import (
	"iter"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// What [Tell] sets in Flow.Derived.
const (
	derivedMarked uint32 = 1 << iota
	derivedMode
	derivedRequestReplay
	derivedResponseReplay
	derivedFirstLine
)

// Tell returns f as a packed session database has it, so that those who know
// only the fields of 2018 find there what newer fields say, in valid UTF-8. A
// connection that f refers to is told in what fields of 2018 it has, without
// certificates. f stays as it is, and [Restore] gives it back, without the
// connections that it refers to.
//
// Source: mitmproxy 5.0, mitmproxy/io/proto/http.proto.
func Tell(f *flowpb.Flow) *flowpb.Flow {
	own := *f
	told := *f
	if f.ClientRef != nil {
		own.ClientConn, told.ClientConn = nil, clientOf2018(f.ClientConn)
	}
	if f.ServerRef != nil {
		own.ServerConn, told.ServerConn = nil, serverOf2018(f.ServerConn)
	}
	derive(&told, f.ClientConn)
	if isText(&told) {
		return &told
	}
	detach(&told)
	for text := range texts(&told) {
		*text = utf8Of(*text)
	}
	told.Exact = &own
	return &told
}

// Restore undoes [Tell], and takes away content beside a reference to a row of
// body: what lies there was sent, and the content is what 2018 is to read. The
// result shares the memory of f, which is of no more use.
func Restore(f *flowpb.Flow) *flowpb.Flow {
	if f.Exact != nil {
		f = f.Exact
		f.Exact = nil
	}
	derived := func(bit uint32) bool { return f.GetDerived()&bit != 0 }
	if derived(derivedMarked) {
		f.Marked = nil
	}
	if derived(derivedMode) {
		f.Mode = nil
	}
	if f.ClientRef != nil {
		f.ClientConn = nil
	}
	if f.ServerRef != nil {
		f.ServerConn = nil
	}
	if r := f.Request; r != nil {
		if derived(derivedRequestReplay) {
			r.IsReplay = nil
		}
		if derived(derivedFirstLine) {
			r.FirstLineFormat = nil
		}
		if r.Body.GetEncoding() == flowpb.Body_ROW {
			r.Content = nil
		}
	}
	if r := f.Response; r != nil {
		if derived(derivedResponseReplay) {
			r.IsReplay = nil
		}
		if r.Body.GetEncoding() == flowpb.Body_ROW {
			r.Content = nil
		}
	}
	f.Derived = nil
	return f
}

// derive sets what fields of 2018 have no value, and notes which.
func derive(f *flowpb.Flow, client *flowpb.ClientConnection) {
	var derived uint32
	if f.Marked == nil && len(f.Marker) > 0 {
		f.Marked = new(true)
		derived |= derivedMarked
	}
	if f.Mode == nil && client.GetProxyMode() != nil {
		f.Mode = client.ProxyMode
		derived |= derivedMode
	}
	if r := f.Request; r != nil {
		told := *r
		if r.IsReplay == nil && string(f.IsReplay) == "request" {
			told.IsReplay = new(true)
			derived |= derivedRequestReplay
		}
		if r.FirstLineFormat == nil {
			told.FirstLineFormat = []byte(flow.FirstLineFormat(r))
			derived |= derivedFirstLine
		}
		f.Request = &told
	}
	if r := f.Response; r != nil && r.IsReplay == nil && string(f.IsReplay) == "response" {
		told := *r
		told.IsReplay = new(true)
		derived |= derivedResponseReplay
		f.Response = &told
	}
	f.Derived = nil
	if derived != 0 {
		f.Derived = &derived
	}
}

// clientOf2018 returns the small fields of 2018 of a connection, or nil.
func clientOf2018(c *flowpb.ClientConnection) *flowpb.ClientConnection {
	if c == nil {
		return nil
	}
	return &flowpb.ClientConnection{
		Id: c.Id, Address: c.Address, TlsEstablished: established(c.TlsEstablished, c.Common),
		TimestampStart: c.TimestampStart, TimestampTlsSetup: c.TimestampTlsSetup, TimestampEnd: c.TimestampEnd,
		Sni: c.Sni, CipherName: c.CipherName, AlpnProtoNegotiated: c.AlpnProtoNegotiated, TlsVersion: c.TlsVersion,
	}
}

// serverOf2018 is clientOf2018 for the other side.
func serverOf2018(c *flowpb.ServerConnection) *flowpb.ServerConnection {
	if c == nil {
		return nil
	}
	return &flowpb.ServerConnection{
		Id: c.Id, Address: c.Address, IpAddress: c.IpAddress, SourceAddress: c.SourceAddress,
		TlsEstablished: established(c.TlsEstablished, c.Common), Sni: c.Sni,
		AlpnProtoNegotiated: c.AlpnProtoNegotiated, TlsVersion: c.TlsVersion,
		TimestampStart: c.TimestampStart, TimestampTcpSetup: c.TimestampTcpSetup,
		TimestampTlsSetup: c.TimestampTlsSetup, TimestampEnd: c.TimestampEnd,
	}
}

func established(said *bool, common *flowpb.Connection) *bool {
	if said == nil && common != nil {
		return common.Tls
	}
	return said
}

// detach gives f copies of all that [texts] leads into.
func detach(f *flowpb.Flow) {
	if f.Request != nil {
		f.Request = copied(f.Request)
		f.Request.Headers = detached(f.Request.Headers)
	}
	if f.Response != nil {
		f.Response = copied(f.Response)
		f.Response.Headers = detached(f.Response.Headers)
	}
	f.Error = copied(f.Error)
	if f.ClientConn = copied(f.ClientConn); f.ClientConn != nil {
		f.ClientConn.Address = copied(f.ClientConn.Address)
	}
	for c := &f.ServerConn; *c != nil; c = &(*c).Via {
		*c = copied(*c)
		(*c).Address, (*c).IpAddress, (*c).SourceAddress = copied((*c).Address), copied((*c).IpAddress), copied((*c).SourceAddress)
	}
}

func copied[T any](v *T) *T {
	if v == nil {
		return nil
	}
	return new(*v)
}

func detached(headers []*flowpb.HTTPHeader) []*flowpb.HTTPHeader {
	list := make([]*flowpb.HTTPHeader, len(headers))
	for i, h := range headers {
		list[i] = copied(h)
	}
	return list
}

func isText(f *flowpb.Flow) bool {
	for text := range texts(f) {
		if !utf8.Valid(*text) {
			return false
		}
	}
	return true
}

// utf8Of returns the text of b: UTF-8, or else Latin-1.
func utf8Of(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	text := make([]byte, 0, len(b)+8)
	for _, c := range b {
		text = utf8.AppendRune(text, rune(c))
	}
	return text
}

// texts yields the fields of f that are strings in the schema of 2018.
func texts(f *flowpb.Flow) iter.Seq[*[]byte] {
	return func(yield func(*[]byte) bool) {
		for _, list := range [][]*[]byte{{&f.Mode, &f.Id}, requestTexts(f.Request), responseTexts(f.Response), clientTexts(f.ClientConn)} {
			for _, text := range list {
				if !yield(text) {
					return
				}
			}
		}
		if f.Error != nil && !yield(&f.Error.Msg) {
			return
		}
		for c := f.ServerConn; c != nil; c = c.Via {
			for _, text := range serverTexts(c) {
				if !yield(text) {
					return
				}
			}
		}
	}
}

func requestTexts(r *flowpb.HTTPRequest) []*[]byte {
	if r == nil {
		return nil
	}
	return append(headerTexts(r.Headers), &r.FirstLineFormat, &r.Method, &r.Scheme, &r.Host, &r.Path, &r.HttpVersion)
}

func responseTexts(r *flowpb.HTTPResponse) []*[]byte {
	if r == nil {
		return nil
	}
	return append(headerTexts(r.Headers), &r.HttpVersion, &r.Reason)
}

func headerTexts(headers []*flowpb.HTTPHeader) []*[]byte {
	list := make([]*[]byte, 0, 2*len(headers)+6)
	for _, h := range headers {
		list = append(list, &h.Name, &h.Value)
	}
	return list
}

func clientTexts(c *flowpb.ClientConnection) []*[]byte {
	if c == nil {
		return nil
	}
	return append(addressTexts(c.Address), &c.Id, &c.Clientcert, &c.Mitmcert, &c.Sni, &c.CipherName, &c.TlsVersion)
}

func serverTexts(c *flowpb.ServerConnection) []*[]byte {
	return append(addressTexts(c.Address, c.IpAddress, c.SourceAddress), &c.Id, &c.Cert, &c.Sni, &c.TlsVersion)
}

func addressTexts(addresses ...*flowpb.Address) (list []*[]byte) {
	for _, a := range addresses {
		if a != nil {
			list = append(list, &a.Host)
		}
	}
	return list
}
