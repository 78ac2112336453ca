package har

import (
	"bytes"
	"net/netip"
	"strconv"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

func (w *writer) request(f *flowpb.Flow) {
	r, h := f.GetRequest(), f.GetHar()
	o := w.object(requestSpec, h.GetRequest())
	defer o.end()
	if r == nil {
		return
	}
	o.moved("method", r.Method)
	url := h.GetUrl()
	if h == nil {
		url = []byte(urlOf(f))
	}
	o.moved("url", url)
	o.moved("httpVersion", r.HttpVersion)
	if !o.given("cookies") {
		o.pairs("cookies", flow.Cookies(r.Headers))
	}
	o.headers("headers", r.Headers)
	if !o.given("queryString") {
		o.pairs("queryString", flow.Query(url))
	}
	p := w.payload("the request body", r.Content, r.Body, r.Headers)
	o.postData(f, p)
	if r.Trailers != nil {
		o.headers("_trailers", r.Trailers.Fields)
	}
	if h == nil {
		o.sizes(p, headSize(r.HttpVersion, r.Headers, string(r.Method)+" "+target(r)))
	}
}

// postData writes the body of a request. One that was read is where it was:
// HTTP Toolkit has binary ones in _content. A request without a body has one
// of no bytes in mitmproxy, which others take for one that has a body.
func (o *object) postData(f *flowpb.Flow, p *payload) {
	name, spec := "postData", postDataSpec
	if o.find(name) == nil {
		switch m := o.find("_content"); {
		case p.src == nil:
			return
		case f.GetHar() == nil && p.src.Size() == 0 && !takesBody(f.Request.Method):
			return
		case m != nil && m.value[0] == '{':
			name, spec = "_content", nil
		}
	}
	if m := o.find(name); m != nil && m.value[0] != '{' && p.src == nil {
		return
	}
	stayed := o.take(name)
	o.key(name)
	post := o.w.object(spec, stayed)
	if spec != nil && !post.given("mimeType") {
		post.text("mimeType", contentType(f.Request.Headers))
	}
	o.w.body(post, p, f.Request.Headers)
	post.end()
}

// takesBody reports whether a method is to have a body, if only an empty one.
func takesBody(method []byte) bool {
	switch string(method) {
	case "POST", "PUT", "PATCH":
		return true
	}
	return false
}

// response writes the response, or what stands for one that did not arrive.
func (w *writer) response(f *flowpb.Flow) {
	r, h := f.GetResponse(), f.GetHar()
	o := w.object(responseSpec, h.GetResponse())
	if r != nil {
		o.message(r, h == nil)
	} else {
		for i := range responseSpec {
			if p := &responseSpec[i]; p.required {
				o.settle(p.name)
			}
		}
	}
	if r == nil && h == nil {
		o.raw("_transferSize", []byte("0"))
	}
	if h == nil && f.GetError() != nil {
		o.text("_error", append([]byte{}, f.Error.Msg...))
	}
	o.end()
}

// message writes a response that did arrive. Sizes are derived if sized.
func (o *object) message(r *flowpb.HTTPResponse, sized bool) {
	if r.StatusCode != nil {
		o.number("status", float64(*r.StatusCode))
	} else {
		o.settle("status")
	}
	o.moved("statusText", r.Reason)
	o.moved("httpVersion", r.HttpVersion)
	if !o.given("cookies") {
		o.setCookies(flow.SetCookies(r.Headers))
	}
	o.headers("headers", r.Headers)
	p := o.w.payload("the response body", r.Content, r.Body, r.Headers)
	o.content(p, r.Headers)
	if !o.given("redirectURL") {
		location, _ := flow.Value(r.Headers, "location")
		o.text("redirectURL", []byte(location))
	}
	if r.Trailers != nil {
		o.headers("_trailers", r.Trailers.Fields)
	}
	if !sized {
		return
	}
	head := headSize(r.HttpVersion, r.Headers, strconv.Itoa(int(r.GetStatusCode()))+" "+string(r.Reason))
	o.sizes(p, head)
	if head >= 0 && p.sent >= 0 {
		o.number("_transferSize", float64(head+p.sent))
	}
}

func (o *object) content(p *payload, headers []*flowpb.HTTPHeader) {
	stayed := o.take("content")
	o.key("content")
	c := o.w.object(contentSpec, stayed)
	size := int64(-1)
	if p.src != nil {
		size = p.src.Size()
	}
	if !c.given("size") {
		c.number("size", float64(size))
	}
	if !c.given("compression") && p.undone {
		c.number("compression", float64(size-p.sent))
	}
	if !c.given("mimeType") {
		c.text("mimeType", contentType(headers))
	}
	o.w.body(c, p, headers)
	c.end()
}

func contentType(headers []*flowpb.HTTPHeader) []byte {
	value, _ := flow.Value(headers, "content-type")
	return []byte(value)
}

// headers writes a list of header fields, with what stayed of each.
func (o *object) headers(name string, fields []*flowpb.HTTPHeader) {
	var stayed [][]byte
	if m := o.find(name); m != nil {
		all, ok := items(m.value)
		if m.passed = ok; ok {
			stayed = all
		}
	}
	o.key(name)
	w := o.w
	w.list(len(fields), func(i int) {
		if i < len(stayed) {
			h := w.object(pairSpec, stayed[i])
			h.text("name", fields[i].GetName())
			h.text("value", fields[i].GetValue())
			h.end()
			return
		}
		w.b = append(w.b, `{"name":`...)
		w.b = appendQuoted(w.b, fields[i].GetName())
		w.b = append(w.b, `,"value":`...)
		w.b = appendQuoted(w.b, fields[i].GetValue())
		w.b = append(w.b, '}')
	})
}

// sizes writes sizes in bytes; what is below 0 is not known.
func (o *object) sizes(p *payload, head int64) {
	o.number("headersSize", float64(max(head, -1)))
	o.number("bodySize", float64(max(p.sent, -1)))
}

// headSize returns how many bytes the head of a message has in HTTP/1, whose
// first line is rest and the version, or -1 in other versions.
func headSize(version []byte, fields []*flowpb.HTTPHeader, rest string) int64 {
	if !bytes.HasPrefix(version, []byte("HTTP/1.")) {
		return -1
	}
	return int64(len(version)+len(" ")+len(rest)+len("\r\n")+len("\r\n")) + int64(len(flow.HeaderBlock(fields)))
}

// target returns the request target as it was sent.
func target(r *flowpb.HTTPRequest) string {
	switch flow.FirstLineFormat(r) {
	case "authority":
		return string(r.Authority)
	case "absolute":
		return string(r.Scheme) + "://" + string(r.Authority) + string(r.Path)
	}
	return string(r.Path)
}

// urlOf returns the URL that a person would type, as [flow.PrettyURL] has
// it. It is absolute even for CONNECT, and an IPv6 address is in brackets.
func urlOf(f *flowpb.Flow) string {
	r := f.Request
	scheme, path := string(r.GetScheme()), string(r.GetPath())
	authority := flow.HostHeader(r)
	switch {
	case flow.FirstLineFormat(r) == "authority":
		scheme, path = "https", "/"
		if len(r.Authority) > 0 {
			authority = string(r.Authority)
		}
	case path == "*":
		path = ""
	}
	host, port, _ := flow.ParseAuthority(authority)
	if authority == "" {
		host, port = flow.Host(f), int(r.GetPort())
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
		host = "[" + host + "]"
	}
	if port != 0 && port != flow.DefaultPort(scheme) {
		host += ":" + strconv.Itoa(port)
	}
	return scheme + "://" + host + path
}
