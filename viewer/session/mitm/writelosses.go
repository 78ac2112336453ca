package mitm

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// losses is [session.Writer].Losses. What mitmproxy drops when it converts a
// dump of an older format is lost here, too.
func losses(f *flowpb.Flow) []string {
	if !isHeld(f) {
		return []string{"flows of an unknown kind"}
	}
	c, s, h := f.GetClientConn(), f.GetServerConn(), f.GetHar()
	var lost []string
	for _, loss := range [...]struct {
		text string
		is   bool
	}{
		{"the absence of requests", isInvented(f)},
		{"timings of the archive", h.GetTimings() != nil || h != nil && h.Time != nil},
		{"pages and initiators", len(h.GetPageref()) > 0 || len(h.GetInitiator()) > 0},
		{"other members of the archive", h != nil},
		{"content encodings of decoded bodies", isMisnamed(f)},
		{"forms of request lines", hasForm(f)},
		{"states of connections", c.GetCommon().GetState() != 0 || s.GetCommon().GetState() != 0},
		{"TLS extensions", len(c.GetTlsExtensions()) > 0},
		{"connections of upstream proxies", s.GetVia() != nil},
		{"proxy modes of old formats", len(f.GetMode()) > 0 && !bytes.Equal(f.Mode, proxyMode(f))},
		{"values that mitmproxy refuses", hasRefused(f)},
		{"bytes that are not UTF-8", !isText(f)},
	} {
		if loss.is {
			lost = append(lost, loss.text)
		}
	}
	if f.Backup != nil {
		for _, text := range losses(f.Backup) {
			if !slices.Contains(lost, text) {
				lost = append(lost, text)
			}
		}
	}
	return lost
}

// isInvented reports whether f has no request, so that an unknown one stands in
// its place: a dump has none without.
func isInvented(f *flowpb.Flow) bool {
	switch flow.Kind(f) {
	case flowpb.Kind_HTTP:
		return f.Request == nil
	case flowpb.Kind_DNS:
		return f.DnsRequest == nil
	}
	return false
}

// isMisnamed reports whether a header that names a content encoding is left
// out.
func isMisnamed(f *flowpb.Flow) bool {
	q, p := f.GetRequest(), f.GetResponse()
	return misnamed(q.GetHeaders(), q.GetBody(), sizeOf(q.GetContent(), q.GetBody())) ||
		misnamed(p.GetHeaders(), p.GetBody(), sizeOf(p.GetContent(), p.GetBody()))
}

// sizeOf returns the size of a body in its file.
func sizeOf(content []byte, ref *flowpb.Body) int64 {
	if content != nil {
		return int64(len(content))
	}
	return int64(ref.GetLength())
}

// hasForm reports whether the form of a request line is known, and is not what
// follows from the rest.
func hasForm(f *flowpb.Flow) bool {
	r := f.GetRequest()
	if len(r.GetFirstLineFormat()) == 0 {
		return false
	}
	bare := *r
	bare.FirstLineFormat = nil
	return string(r.FirstLineFormat) != flow.FirstLineFormat(&bare)
}

// hasRefused reports whether a value is none that mitmproxy knows.
func hasRefused(f *flowpb.Flow) bool {
	c, s := f.GetClientConn(), f.GetServerConn()
	for _, v := range [...][]byte{c.GetTlsVersion(), s.GetTlsVersion()} {
		if !bytes.Equal(v, tlsVersion(v)) {
			return true
		}
	}
	for _, common := range [...]*flowpb.Connection{c.GetCommon(), s.GetCommon()} {
		if t := common.GetTransportProtocol(); t != nil && !bytes.Equal(t, transport(common, "")) {
			return true
		}
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		if m.GetType() != opcode(m) && m.Type != nil {
			return true
		}
	}
	return len(c.GetProxyMode()) > 0 && !isProxyMode(string(c.ProxyMode)) || s.GetViaSpec() != nil && !isVia(s.ViaSpec) ||
		hasNoPEM(c.GetCommon(), c.GetClientcert(), c.GetMitmcert()) || hasNoPEM(s.GetCommon(), s.GetCert())
}

// hasNoPEM reports whether a certificate is none in PEM.
func hasNoPEM(c *flowpb.Connection, others ...[]byte) bool {
	return slices.ContainsFunc(append(others, c.GetCertificateList()...), func(b []byte) bool { return b != nil && isNoPEM(b) })
}

// isText reports whether all is UTF-8 that is text in a dump.
func isText(f *flowpb.Flow) bool {
	c, s := f.GetClientConn(), f.GetServerConn()
	for _, text := range [...][]byte{
		f.Id, f.Comment, f.Marker, f.IsReplay, f.GetError().GetMsg(), f.GetRequest().GetHost(), f.GetWebsocket().GetCloseReason(),
		c.GetId(), c.GetCipherName(), c.GetSni(), c.GetProxyMode(), c.GetAddress().GetHost(), c.GetSockname().GetHost(), c.GetCommon().GetError(),
		s.GetId(), s.GetCipherName(), s.GetSni(), s.GetAddress().GetHost(), s.GetIpAddress().GetHost(), s.GetSourceAddress().GetHost(),
		s.GetCommon().GetError(), s.GetViaSpec().GetAddress().GetHost(),
	} {
		if !utf8.Valid(text) {
			return false
		}
	}
	for _, common := range [...]*flowpb.Connection{c.GetCommon(), s.GetCommon()} {
		for _, cipher := range common.GetCipherList() {
			if !utf8.Valid(cipher) {
				return false
			}
		}
	}
	return isTextDNS(f.GetDnsRequest()) && isTextDNS(f.GetDnsResponse())
}

func isTextDNS(m *flowpb.DNSMessage) bool {
	for _, q := range m.GetQuestions() {
		if !utf8.Valid(q.GetName()) {
			return false
		}
	}
	for _, section := range [...][]*flowpb.DNSRecord{m.GetAnswers(), m.GetAuthorities(), m.GetAdditionals()} {
		for _, r := range section {
			if !utf8.Valid(r.GetName()) {
				return false
			}
		}
	}
	return true
}
