package redact

import (
	"bytes"
	"encoding/pem"
	"errors"
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// A walker goes through a flow, and changes it.
type walker struct {
	*Redactor
	read func(*flowpb.Body) (blob.Source, error)
	// inHAR: what is gone through are members of an HTTP Archive, where anything
	// may have a comment.
	inHAR bool
	// packings is how many compressed bodies within each other are looked into, and
	// unpacked how many bytes they were in all.
	packings, unpacked int
}

func (w *walker) flow(f *flowpb.Flow) error {
	f.Id, f.Marker, f.Mode = w.said(f.Id), w.said(f.Marker), w.said(f.Mode)
	if r := f.Request; r != nil {
		if err := w.request(f, r); err != nil {
			return err
		}
	}
	if r := f.Response; r != nil {
		if err := w.response(f, r); err != nil {
			return err
		}
	}
	if e := f.Error; e != nil {
		e.Msg = w.text(e.Msg, headerText)
	}
	w.client(f.ClientConn)
	w.server(f.ServerConn)
	for _, m := range f.GetWebsocket().GetMessages() {
		content, changed, err := w.message(m.Content, m.Body)
		if err != nil {
			return err
		}
		if changed {
			m.Content, m.Body = content, nil
		}
	}
	if ws := f.GetWebsocket(); ws != nil {
		ws.CloseReason = w.text(ws.CloseReason, headerText)
	}
	if err := w.messages(f); err != nil {
		return err
	}
	w.dns(f.DnsRequest)
	w.dns(f.DnsResponse)
	w.comment(f)
	w.value(f.Metadata, "", "")
	w.har(f.Har)
	for _, g := range [...]*flowpb.Flow{f.Backup, f.Exact} {
		if g == nil {
			continue
		}
		if err := w.flow(g); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) request(f *flowpb.Flow, r *flowpb.HTTPRequest) error {
	head := headLength(r.Headers, r.Path)
	r.Path = w.path(flow.PrettyHost(f), r.Path)
	r.Host, r.Method = w.host(r.Host), w.said(r.Method)
	r.Authority = w.authority(r.Authority)
	w.headers(r.Headers)
	w.headers(r.GetTrailers().GetFields())
	now, err := w.httpBody(r.Headers, &r.Content, &r.Body)
	now.head = headLength(r.Headers, r.Path) - head
	if f.Har != nil {
		f.Har.Request = now.resize(f.Har.Request)
	}
	return err
}

func (w *walker) response(f *flowpb.Flow, r *flowpb.HTTPResponse) error {
	head := headLength(r.Headers, r.Reason)
	w.headers(r.Headers)
	w.headers(r.GetTrailers().GetFields())
	r.Reason = w.text(r.Reason, headerText)
	now, err := w.httpBody(r.Headers, &r.Content, &r.Body)
	now.head = headLength(r.Headers, r.Reason) - head
	if f.Har != nil {
		f.Har.Response = now.resize(f.Har.Response)
	}
	return err
}

// host hides a host that is an address.
func (w *walker) host(host []byte) []byte {
	text := string(host)
	bare := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if hidden := w.hideAddress("host", bare); hidden != bare {
		return []byte(strings.Replace(text, bare, hidden, 1))
	}
	return w.leaf(host)
}

// authority hides what stands in front of a host, too: "user:password@host".
func (w *walker) authority(b []byte) []byte {
	const begin = "://"
	out := w.looked(append([]byte(begin), b...), headerText, (*walker).userInfo)[len(begin):]
	if bytes.Equal(out, b) {
		out = b
	}
	return w.text(out, headerText)
}

func (w *walker) address(a *flowpb.Address, name string) {
	if a != nil {
		a.Host = w.replaceKnown([]byte(w.hideAddress(name, string(a.Host))), false)
	}
}

func (w *walker) client(c *flowpb.ClientConnection) {
	if c == nil {
		return
	}
	w.address(c.Address, "client")
	w.address(c.Sockname, "proxy")
	c.ProxyMode, c.Sni = w.text(c.ProxyMode, headerText), w.said(c.Sni)
	w.certificate(&c.Mitmcert)
	if c.Common != nil {
		c.Common.Error = w.text(c.Common.Error, headerText)
	}
	if list := c.GetCommon().GetCertificateList(); len(c.Clientcert) > 0 || len(list) > 0 {
		w.note(PrivateKeys, "client certificate")
		if !w.keeps[PrivateKeys] {
			c.Clientcert = nil
			if c.Common != nil {
				c.Common.CertificateList = nil
			}
		}
	}
}

func (w *walker) server(c *flowpb.ServerConnection) {
	for ; c != nil; c = c.Via {
		w.address(c.Address, "server")
		w.address(c.IpAddress, "server")
		w.address(c.SourceAddress, "proxy")
		w.address(c.GetViaSpec().GetAddress(), "upstream proxy")
		c.Sni = w.said(c.Sni)
		w.certificate(&c.Cert)
		if c.Common != nil {
			c.Common.Error = w.text(c.Common.Error, headerText)
			for i := range c.Common.CertificateList {
				w.certificate(&c.Common.CertificateList[i])
			}
		}
	}
}

// certificate takes out the certificate of a server in which something stands
// that is to be gone: it cannot be changed.
func (w *walker) certificate(cert *[]byte) {
	der := *cert
	if block, _ := pem.Decode(der); block != nil {
		der = block.Bytes
	}
	if at, p := w.known.next(der, 0); w.surveyed && at < len(der) {
		w.note(p.class, "certificate")
		*cert = nil
	}
}

// message returns a message of a WebSocket, and whether it is another now.
func (w *walker) message(content []byte, ref *flowpb.Body) ([]byte, bool, error) {
	b, present, err := w.bytes(content, ref)
	if errors.Is(err, errLarge) {
		w.note(Messages, "websocket")
		return []byte(prefix + "message"), !w.keeps[Messages], nil
	}
	if err != nil || !present {
		return nil, false, err
	}
	out := w.body(b, "")
	return out, !same(out, b), nil
}

// messages hides those of protocols that are not known, as a whole.
func (w *walker) messages(f *flowpb.Flow) error {
	for _, m := range f.Messages {
		b, present, err := w.bytes(m.Content, m.Body)
		large := errors.Is(err, errLarge)
		if err != nil && !large {
			return err
		}
		if !present || len(b) == 0 && !large {
			continue
		}
		var out []byte
		if w.note(Messages, strings.ToLower(flow.Method(f))); w.keeps[Messages] {
			if out = w.body(b, ""); same(out, b) { // as a large one does, too
				continue
			}
		} else if out = []byte(prefix + "message"); !large {
			out = []byte(fit(prefix+"message-", len(b)))
		}
		m.Content, m.Body = out, nil
	}
	return nil
}

// dns hides addresses in answers.
func (w *walker) dns(m *flowpb.DNSMessage) {
	for _, q := range m.GetQuestions() {
		q.Name = w.said(q.Name)
	}
	for _, list := range [...][]*flowpb.DNSRecord{m.GetAnswers(), m.GetAuthorities(), m.GetAdditionals()} {
		for _, record := range list {
			record.Name = w.said(record.Name)
			switch t := record.GetType(); {
			case t == 1 && len(record.Data) == 4, t == 28 && len(record.Data) == 16:
				if hidden := w.addressBytes(record.Data); hidden != nil {
					record.Data = hidden
				}
			case t == 16 || t == 99:
				record.Data = w.texts(record.Data)
			default:
				record.Data = w.binary(record.Data, true)
			}
		}
	}
}

// texts goes through texts of DNS, each behind its length in a byte.
//
// Source: https://www.rfc-editor.org/rfc/rfc1035#section-3.3.14
func (w *walker) texts(b []byte) []byte {
	e := edits{b: b}
	for at := 0; at < len(b); {
		begin, end := at+1, min(at+1+int(b[at]), len(b))
		if out := w.leaf(b[begin:end]); !same(out, b[begin:end]) {
			out = out[:min(len(out), 255)]
			e.replace(at, end, append([]byte{byte(len(out))}, out...))
		}
		at = end
	}
	return e.apply()
}

// said goes through text that a program or a person chose: of most flows a word.
func (w *walker) said(b []byte) []byte { return w.host(b) }

// comment hides the comment, which a person wrote.
func (w *walker) comment(f *flowpb.Flow) {
	if len(f.Comment) == 0 {
		return
	}
	if w.note(Comments, ""); w.keeps[Comments] {
		f.Comment = w.leaf(f.Comment)
		return
	}
	f.Comment = nil
}

// value goes through metadata. class is not empty where all of it is secret, for
// the name that it is under.
func (w *walker) value(v *flowpb.Value, name, class string) {
	if v == nil {
		return
	}
	for _, item := range v.GetList().GetItems() {
		w.value(item, name, class)
	}
	for _, pair := range v.GetDict().GetPairs() {
		key := string(pair.GetKey().GetText()) + string(pair.GetKey().GetBytes())
		w.value(pair.Key, "", "")
		within := class
		if found, secret := w.secretName(key, false); secret {
			within = found
		}
		w.value(pair.Value, key, within)
	}
	for _, text := range [...]*[]byte{&v.Text, &v.Bytes} {
		switch {
		case len(*text) == 0:
		case class != "" && !trivial(string(*text)):
			*text = []byte(w.hide(class, name, string(*text)))
		default:
			*text = w.leaf(*text)
		}
	}
	if n := string(v.Integer); class != "" && !trivial(n) && w.hide(class, name, n) != n {
		v.Integer = []byte("0") // a placeholder is no number
	}
	if n := v.Number; class != "" && n != nil {
		if text := strconv.FormatFloat(*n, 'f', -1, 64); !trivial(text) && w.hide(class, name, text) != text {
			v.Number = new(0.0)
		}
	}
}

// har goes through what only HAR says.
func (w *walker) har(h *flowpb.HAR) {
	if h == nil {
		return
	}
	h.ServerIpAddress = w.host(h.ServerIpAddress)
	h.Url = w.url(h.Url)
	for _, text := range [...]*[]byte{&h.Pageref, &h.Connection} {
		*text = w.leaf(*text)
	}
	w.inHAR = true
	defer func() { w.inHAR = false }()
	for _, text := range [...]*[]byte{&h.Initiator, &h.Cache, &h.Extra, &h.Request, &h.Response} {
		if len(*text) > 0 {
			*text = w.json(*text)
		}
	}
}

// setLength makes a Content-Length that was of the body before one of the body
// that there is now.
func setLength(h []*flowpb.HTTPHeader, now int) {
	for _, f := range h {
		if strings.EqualFold(string(f.Name), "content-length") {
			f.Value = strconv.AppendInt(nil, int64(now), 10)
		}
	}
}

func same(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }
