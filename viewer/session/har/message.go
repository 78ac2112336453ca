package har

import (
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
)

func (d *decoder) request(f *frame) outcome {
	r := &f.request
	again := f.flow.Request != nil && d.is('{')
	if again {
		*r, f.har.Url = flowpb.HTTPRequest{}, nil
	}
	text, binary := d.texts[0].reset(), d.texts[1].reset()
	left, ok := d.object("request.", func(key []byte) outcome {
		switch string(key) {
		case "postData":
			return d.content("postData", "request.postData.", text)
		case "_content":
			return d.content("_content", "request._content.", binary)
		}
		return d.requestMember(f, key)
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
	r.Content, r.Body = d.bodyOf(text, &f.bodies[0], r.Headers)
	if r.Method == nil {
		d.issue("request.method: there is none")
	}
	if f.har.Url == nil {
		d.issue("request.url: there is none")
	}
	f.address()
	d.again = again
	return done
}

func (d *decoder) requestMember(f *frame, key []byte) outcome {
	r := &f.request
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
	}
	return stays
}

func (d *decoder) response(f *frame) outcome {
	r := &f.response
	again := (f.flow.Response != nil || f.har.Response != nil) && d.is('{')
	if again {
		*r, f.flow.Response = flowpb.HTTPResponse{}, nil
	}
	text := d.texts[0].reset()
	d.head.b, d.oddStatus = d.head.b[:0], false
	left, ok := d.object("response.", func(key []byte) outcome { return d.responseMember(f, key, text) })
	if !ok {
		return odd
	}
	if r.GetStatusCode() <= 0 && len(r.Headers) == 0 && r.Trailers == nil && !text.present() {
		if r.Headers != nil {
			d.head.add([]byte("headers"), []byte("[]"))
		}
		d.head.join(d.rests[d.depth])
		f.har.Response, d.again = d.keep(d.head.end()), again
		return done
	}
	if r.StatusCode == nil && !d.oddStatus {
		d.issue("response.status: there is none")
	}
	f.har.Response = d.keep(left)
	f.flow.Response = r
	r.Content, r.Body = d.bodyOf(text, &f.bodies[1], r.Headers)
	d.again = again
	return done
}

func (d *decoder) responseMember(f *frame, key []byte, text *bodyText) outcome {
	r := &f.response
	switch string(key) {
	case "status":
		d.firstLine(key, func(value []byte) bool { return d.status(r, value) })
	case "statusText":
		d.firstLine(key, func(value []byte) bool { return d.keepText(&r.Reason, value) })
	case "httpVersion":
		d.firstLine(key, func(value []byte) bool { return d.keepText(&r.HttpVersion, value) })
	case "headers":
		return d.fieldLines("response.headers", &r.Headers)
	case "_trailers":
		return d.trailers("response._trailers", &r.Trailers)
	case "content":
		return d.content("content", "response.content.", text)
	case "_error", "_failureText":
		d.failure(f, d.stay(key))
	default:
		return stays
	}
	return done
}

// firstLine offers a member of the first line of a response to take, and keeps
// it as written for the case that there is no response. One that is of another
// type stays.
func (d *decoder) firstLine(key []byte, take func(value []byte) bool) {
	d.head.key(key)
	from := len(d.head.b)
	d.head.b = d.copy(d.head.b)
	value := d.head.b[from:]
	if d.err == nil && !take(value) {
		d.isOdd("response."+string(key), value)
		d.rests[d.depth-1].add(key, value)
		d.head.undo()
	}
}

func (d *decoder) status(r *flowpb.HTTPResponse, value []byte) bool {
	d.oddStatus = string(value) != "null"
	if c := value[0]; c != '-' && !isDigit(c) {
		return false
	}
	n, ok := integer(parseNumber(value))
	if ok {
		d.again = r.StatusCode != nil
		r.StatusCode = &n
	}
	return ok
}

func (d *decoder) keepText(to *[]byte, value []byte) bool {
	text, ok := d.textOf(value)
	if ok {
		d.again = *to != nil
		*to = d.page.keep(text)
	}
	return ok
}

// fieldLines reads a list of field lines. What stays of them is a list of
// objects at their places, as long as is needed.
func (d *decoder) fieldLines(where string, to *[]*flowpb.HTTPHeader) outcome {
	if !d.is('[') {
		return odd
	}
	d.pos++
	d.lines, d.stayed = d.lines[:0], d.stayed[:0]
	n, kept := 0, 0
	for first := true; d.another(&first, ']'); {
		n++
		h := d.page.line()
		if d.fieldLine(h); h.Name == nil || h.Value == nil {
			if d.err == nil {
				d.issue(where + ": number " + strconv.Itoa(n) + " is not a name with a value, and not shown")
			}
			continue
		}
		if d.again {
			d.again = false
			d.issue(where + ": number " + strconv.Itoa(n) + " has a name or a value twice, and the last is shown")
		}
		if left := d.ofLine.end(); left != nil {
			for ; kept < len(d.lines); kept++ {
				d.stayed = append(d.stayed, ",{}"...)
			}
			d.stayed = append(append(d.stayed, ','), left...)
			kept++
		}
		d.lines = append(d.lines, h)
	}
	if kept > 0 {
		d.stayed[0] = '['
		d.rests[d.depth-1].add([]byte(where[strings.IndexByte(where, '.')+1:]), append(d.stayed, ']'))
	}
	d.again = *to != nil
	*to = d.page.list(d.lines)
	return done
}

// fieldLine reads {name, value} or a list of name and value. Other values have
// no value. Other members of an object are in ofLine.
func (d *decoder) fieldLine(h *flowpb.HTTPHeader) {
	d.ofLine.b = d.ofLine.b[:0]
	switch d.next() {
	case '{':
		d.pos++
		for first := true; ; {
			switch key, more := d.member(&first); {
			case !more:
				return
			case string(key) == "name":
				d.stringOrSkip(&h.Name)
			case string(key) == "value":
				d.stringOrSkip(&h.Value)
			default:
				d.ofLine.key(key)
				d.ofLine.b = d.copy(d.ofLine.b)
			}
		}
	case '[':
		d.pos++
		to := [...]*[]byte{&h.Name, &h.Value}
		i := 0
		for first := true; d.another(&first, ']'); i++ {
			if i == len(to) {
				h.Value = nil
			}
			if i < len(to) {
				d.stringOrSkip(to[i])
			} else {
				d.skip()
			}
		}
	default:
		d.skip()
	}
}

func (d *decoder) stringOrSkip(to *[]byte) {
	if d.string(to) != done {
		d.skip()
	}
}

func (d *decoder) trailers(where string, to **flowpb.Headers) outcome {
	t := new(flowpb.Headers)
	how := d.fieldLines(where, &t.Fields)
	if how == done {
		d.again = *to != nil
		*to = t
	}
	return how
}
