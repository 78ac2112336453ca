package har

import (
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// losses is [session.Writer].Losses. What the reader of this package gives
// back is none.
func losses(f *flowpb.Flow) []string {
	switch flow.Kind(f) {
	case flowpb.Kind_TCP:
		return []string{"TCP flows"}
	case flowpb.Kind_UDP:
		return []string{"UDP flows"}
	case flowpb.Kind_DNS:
		return []string{"DNS flows"}
	}
	var lost []string
	for _, loss := range [...]struct {
		text string
		is   bool
	}{
		{"bodies as compressed", compressed(f)},
		{"hosts unlike the Host header", f.GetHar() == nil && f.GetRequest() != nil && !sameHost(f)},
		{"creation times", f.GetTimestampCreated() != 0},
		{"marks", flow.IsMarked(f)},
		{"metadata", hasMetadata(f)},
		{"versions before edits", f.GetBackup() != nil},
		{"replay flags", flow.Replay(f) != ""},
		{"interception flags", f.GetIntercepted()},
		{"times of errors", f.GetError() != nil && f.Error.Timestamp != nil},
		{"flags of WebSocket messages", hasMessageFlags(f)},
		{"ends of WebSockets", f.GetWebsocket() != nil && (f.Websocket.ClosedByClient != nil || f.Websocket.TimestampEnd != nil)},
		{"connection details", hasConnectionDetails(f)},
		{"TLS details", hasTLSDetails(f)},
		{"certificates", hasCertificates(f)},
	} {
		if loss.is {
			lost = append(lost, loss.text)
		}
	}
	return lost
}

// compressed reports whether a body has a content encoding, which is undone.
func compressed(f *flowpb.Flow) bool {
	for _, side := range [...]struct {
		headers []*flowpb.HTTPHeader
		content []byte
		body    *flowpb.Body
	}{
		{f.GetRequest().GetHeaders(), f.GetRequest().GetContent(), f.GetRequest().GetBody()},
		{f.GetResponse().GetHeaders(), f.GetResponse().GetContent(), f.GetResponse().GetBody()},
	} {
		encoding, _ := flow.Value(side.headers, "content-encoding")
		switch strings.ToLower(encoding) {
		case "", "identity", "none":
			continue
		}
		if !side.body.GetDecoded() && (len(side.content) > 0 || side.body != nil) {
			return true
		}
	}
	return false
}

// sameHost reports whether the URL says where the request went.
func sameHost(f *flowpb.Flow) bool {
	host, port, _ := flow.ParseAuthority(flow.HostHeader(f.Request))
	if port == 0 {
		port = flow.DefaultPort(string(f.Request.Scheme))
	}
	return host == "" || strings.EqualFold(host, flow.Host(f)) && port == int(f.Request.GetPort())
}

func hasMetadata(f *flowpb.Flow) bool {
	m := f.GetMetadata()
	return m != nil && len(m.GetDict().GetPairs()) > 0
}

func hasMessageFlags(f *flowpb.Flow) bool {
	for _, m := range f.GetWebsocket().GetMessages() {
		if m.GetDropped() || m.GetInjected() {
			return true
		}
	}
	return false
}

// hasConnectionDetails reports whether more is known of the connections than
// what HAR tells: the addresses of the peers, and times of the first entry.
func hasConnectionDetails(f *flowpb.Flow) bool {
	c, s := f.GetClientConn(), f.GetServerConn()
	return c.GetTimestampStart() != 0 || s.GetTimestampStart() != 0 || c.GetTimestampEnd() != 0 || s.GetTimestampEnd() != 0 ||
		len(c.GetId()) > 0 ||
		c.GetSockname() != nil || s.GetSourceAddress() != nil ||
		s.GetVia() != nil || s.GetViaSpec() != nil || len(c.GetProxyMode()) > 0 || len(f.GetMode()) > 0
}

func hasTLSDetails(f *flowpb.Flow) bool {
	c, s := f.GetClientConn(), f.GetServerConn()
	return c.GetTlsEstablished() || len(c.GetTlsVersion()) > 0 || len(c.GetCipherName()) > 0 || len(s.GetCipherName()) > 0 ||
		c.GetTimestampTlsSetup() != 0 || len(c.GetSni()) > 0 || len(s.GetSni()) > 0 ||
		len(c.GetAlpnProtoNegotiated()) > 0 || len(s.GetAlpnProtoNegotiated()) > 0 ||
		len(s.GetCommon().GetCipherList()) > 0 || len(c.GetCommon().GetCipherList()) > 0
}

func hasCertificates(f *flowpb.Flow) bool {
	c, s := f.GetClientConn(), f.GetServerConn()
	return len(c.GetClientcert()) > 0 || len(c.GetMitmcert()) > 0 || len(s.GetCert()) > 0 ||
		len(s.GetCommon().GetCertificateList()) > 0 || len(c.GetCommon().GetCertificateList()) > 0
}
