package mitm_test

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

func (k *keeper) http() {
	f := k.want
	if k.loses("the absence of requests") {
		fill(&f.Request, flowpb.HTTPRequest{
			Method: []byte("GET"), Scheme: []byte("http"), Host: []byte("unknown"), Port: new(int32(80)), Path: []byte("/"),
		})
	}
	q := f.Request
	q.IsReplay = nil
	form := q.FirstLineFormat
	q.FirstLineFormat = nil
	if len(form) > 0 && string(form) != flow.FirstLineFormat(q) && !k.loses("forms of request lines") {
		q.FirstLineFormat = form
	}
	for _, p := range []*[]byte{&q.Method, &q.Scheme, &q.Authority, &q.Host, &q.Path} {
		fillBytes(p, "")
	}
	fill(&q.Port, map[string]int32{"http": 80, "https": 443}[string(q.Scheme)])
	k.message(&q.HttpVersion, &q.Headers, q.Trailers, q.Content, &q.Body)
	k.integral(&q.Integral, q.TimestampStart, q.TimestampEnd)
	if p := f.Response; p != nil {
		p.IsReplay = nil
		fill(&p.StatusCode, 0)
		fillBytes(&p.Reason, "")
		k.message(&p.HttpVersion, &p.Headers, p.Trailers, p.Content, &p.Body)
		k.integral(&p.Integral, p.TimestampStart, p.TimestampEnd)
	}
	if f.Websocket != nil {
		k.webSocket(f.Websocket)
	}
}

func (k *keeper) message(version *[]byte, headers *[]*flowpb.HTTPHeader, trailers *flowpb.Headers, content []byte, ref **flowpb.Body) {
	fillBytes(version, "HTTP/1.1")
	if (*ref).GetDecoded() && len(content) > 0 && k.loses("content encodings of decoded bodies") {
		encoding, _ := flow.Value(*headers, "content-encoding")
		if !slices.Contains([]string{"", "none", "identity"}, strings.ToLower(encoding)) {
			*headers = slices.DeleteFunc(*headers, func(h *flowpb.HTTPHeader) bool {
				return strings.EqualFold(string(h.Name), "content-encoding")
			})
			for _, h := range *headers {
				if strings.EqualFold(string(h.Name), "content-length") {
					h.Value = []byte(strconv.Itoa(len(content)))
				}
			}
		}
	}
	encoding, named := flow.Value(*headers, "content-encoding")
	if named && len(content) > 0 && (*ref).GetDecoded() && encoding != "" && !strings.EqualFold(encoding, "identity") && !strings.EqualFold(encoding, "none") {
		k.t.Errorf("a decoded body is said to be %s", encoding)
	}
	*ref = nil
	for _, h := range append(slices.Clone(*headers), trailers.GetFields()...) {
		fillBytes(&h.Name, "")
		fillBytes(&h.Value, "")
	}
}

func (k *keeper) webSocket(s *flowpb.WebSocket) {
	k.integral(&s.Integral, s.TimestampEnd)
	for _, m := range s.Messages {
		fill(&m.Type, 1)
		if op := *m.Type; (op < 0 || op > 2 && op < 8 || op > 10) && k.loses("values that mitmproxy refuses") {
			*m.Type = 2
		}
		fill(&m.FromClient, false)
		fill(&m.Dropped, false)
		fill(&m.Injected, false)
		fillBytes(&m.Content, "")
		k.integral(&m.Integral, m.Timestamp)
	}
}

func (k *keeper) dns(m *flowpb.DNSMessage) {
	if m == nil {
		return
	}
	for _, p := range []**bool{&m.Query, &m.AuthoritativeAnswer, &m.Truncation, &m.RecursionDesired, &m.RecursionAvailable} {
		fill(p, false)
	}
	for _, p := range []**int32{&m.Id, &m.OpCode, &m.Reserved, &m.ResponseCode} {
		fill(p, 0)
	}
	for _, q := range m.Questions {
		fillBytes(&q.Name, "")
		fill(&q.Type, 0)
		fill(&q.Class, 0)
	}
	for _, r := range slices.Concat(m.Answers, m.Authorities, m.Additionals) {
		fillBytes(&r.Name, "")
		fillBytes(&r.Data, "")
		fill(&r.Type, 0)
		fill(&r.Class, 0)
		fill(&r.Ttl, 0)
	}
	k.integral(&m.Integral, m.Timestamp)
}

// escape writes \xff for the byte ff where text is not UTF-8.
func (k *keeper) escape() {
	f := k.want
	c, s := f.ClientConn, f.ServerConn
	texts := []*[]byte{
		&f.Id, &f.Comment, &f.Marker, &f.IsReplay, &c.Id, &c.CipherName, &c.Sni, &c.ProxyMode, &c.Address.Host, &c.Sockname.Host,
		&c.Common.Error, &s.Id, &s.CipherName, &s.Sni, &s.Common.Error,
	}
	for _, a := range []*flowpb.Address{s.Address, s.IpAddress, s.SourceAddress, s.GetViaSpec().GetAddress()} {
		if a != nil {
			texts = append(texts, &a.Host)
		}
	}
	for _, list := range [][][]byte{c.Common.CipherList, s.Common.CipherList} {
		for i := range list {
			texts = append(texts, &list[i])
		}
	}
	if f.Error != nil {
		texts = append(texts, &f.Error.Msg)
	}
	if f.Request != nil {
		texts = append(texts, &f.Request.Host)
	}
	if f.Websocket != nil {
		texts = append(texts, &f.Websocket.CloseReason)
	}
	for _, m := range []*flowpb.DNSMessage{f.DnsRequest, f.DnsResponse} {
		for _, q := range m.GetQuestions() {
			texts = append(texts, &q.Name)
		}
		for _, r := range slices.Concat(m.GetAnswers(), m.GetAuthorities(), m.GetAdditionals()) {
			texts = append(texts, &r.Name)
		}
	}
	for _, p := range texts {
		if *p != nil && !utf8.Valid(*p) {
			*p = backslashed(*p)
		}
	}
}

// backslashed is what Python's error handler backslashreplace makes of b.
func backslashed(b []byte) []byte {
	out := []byte{}
	for i, r := range string(b) {
		if r == utf8.RuneError && !bytes.HasPrefix(b[i:], []byte("\uFFFD")) {
			out = fmt.Appendf(out, `\x%02x`, b[i])
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}
