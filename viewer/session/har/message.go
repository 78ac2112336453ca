package har

import (
	"slices"
	"strconv"

	"flowpane/proto/flowpb"
)

func (d *decoder) request(f *frame) outcome {
	r := &f.request
	var text, binary bodyText
	left, ok := d.object("request.", func(key []byte) outcome {
		switch string(key) {
		case "method":
			return d.string(&r.Method)
		case "url":
			return d.string(&f.har.Url)
		case "httpVersion":
			return d.string(&r.HttpVersion)
		case "headers":
			return d.fieldLines("request.headers", &r.Headers)
		case "_trailers":
			return d.trailers("request._trailers", &r.Trailers)
		case "postData":
			return d.content("postData", "request.", &text)
		case "_content":
			return d.content("_content", "request.", &binary)
		}
		return stays
	})
	if !ok {
		return odd
	}
	f.har.Request = d.keep(left)
	f.flow.Request = r
	if binary.present() && (!text.present() || text.empty()) {
		text = binary
	} else if binary.present() {
		d.issue("request._content: it stands beside postData, and is not shown")
	}
	r.Content, r.Body = d.body(text, &f.bodies[0], charsetOf(r.Headers), "request")
	f.address()
	if r.Method == nil {
		d.issue("request.method: there is none")
	}
	if f.har.Url == nil {
		d.issue("request.url: there is none")
	}
	return moved
}

func (d *decoder) response(f *frame) outcome {
	r := &f.response
	var text bodyText
	start := d.i
	left, ok := d.object("response.", func(key []byte) outcome {
		switch string(key) {
		case "status":
			n, ok := d.integer()
			if !ok {
				return odd
			}
			r.StatusCode = &n
		case "statusText":
			return d.string(&r.Reason)
		case "httpVersion":
			return d.string(&r.HttpVersion)
		case "headers":
			return d.fieldLines("response.headers", &r.Headers)
		case "_trailers":
			return d.trailers("response._trailers", &r.Trailers)
		case "content":
			return d.content("content", "response.", &text)
		case "_error", "_failureText":
			d.failure(f)
			return stays
		default:
			return stays
		}
		return moved
	})
	if !ok {
		return odd
	}
	if r.GetStatusCode() == 0 && len(r.Headers) == 0 && !text.present() {
		f.har.Response = d.keep(d.unmarked(d.b[start:d.i]))
		return moved
	}
	f.har.Response = d.keep(left)
	f.flow.Response = r
	r.Content, r.Body = d.body(text, &f.bodies[1], charsetOf(r.Headers), "response")
	return moved
}

func (d *decoder) fieldLines(where string, to *[]*flowpb.HTTPHeader) outcome {
	if !d.cursor.list() {
		return odd
	}
	d.headers = d.headers[:0]
	for i := 1; d.item(); i++ {
		start := d.i
		h, ok := d.fieldLine()
		if !ok {
			d.i = start
			d.issue(where + ": number " + strconv.Itoa(i) + " is not a name with a value")
			d.skip()
			continue
		}
		d.headers = append(d.headers, h)
	}
	lines := slices.Clone(d.headers)
	*to = make([]*flowpb.HTTPHeader, len(lines))
	for i := range lines {
		(*to)[i] = &lines[i]
	}
	return moved
}

// fieldLine reads {name, value} or a list of name and value. If it is not ok it
// may have stopped anywhere.
func (d *decoder) fieldLine() (h flowpb.HTTPHeader, ok bool) {
	switch {
	case d.cursor.object():
		for {
			key, more := d.member()
			if !more {
				break
			}
			text, ok := d.str()
			switch {
			case ok && string(key) == "name":
				h.Name = d.keep(text)
			case ok && string(key) == "value":
				h.Value = d.keep(text)
			case !ok:
				d.skip()
			}
		}
	case d.cursor.list():
		for _, to := range [...]*[]byte{&h.Name, &h.Value} {
			if !d.item() || d.string(to) != moved {
				return h, false
			}
		}
		if d.item() {
			return h, false
		}
	}
	return h, h.Name != nil && h.Value != nil
}

func (d *decoder) trailers(where string, to **flowpb.Headers) outcome {
	t := new(flowpb.Headers)
	if d.fieldLines(where, &t.Fields) != moved {
		return odd
	}
	*to = t
	return moved
}
