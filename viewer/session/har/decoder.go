package har

import (
	"bytes"
	"errors"
	"strconv"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
)

// A decoder turns skeletons of entries into flows.
type decoder struct {
	cursor
	page     page
	rests    [3]rest // of the entry, of its request or response, of an object in that
	depth    int     // how many rests are in use
	headers  []flowpb.HTTPHeader
	place    string // of the entry: "entry 12"
	issues   []*session.Issue
	charsets func(offset int64, charset string)
	files    func(name string) (number, size int64, err error)
	noFiles  bool // it was said that there are none
}

// issue notes what is not shown of the entry.
func (d *decoder) issue(text string) {
	d.issues = append(d.issues, &session.Issue{Place: d.place, Err: errors.New(text)})
}

// An outcome is what becomes of a member.
type outcome int

const (
	stays outcome = iota // in the rest, as written
	moved                // into the flow
	odd                  // it stays because its value is of another type
)

// object walks over the object that is next, of which where is the path. Each
// member is passed by move, or stays. The object of those is valid until the
// next object of the same depth.
func (d *decoder) object(where string, move func(key []byte) outcome) (left []byte, ok bool) {
	if !d.cursor.object() {
		return nil, false
	}
	r := &d.rests[d.depth]
	d.depth++
	r.b = r.b[:0]
	for {
		key, ok := d.member()
		if !ok {
			break
		}
		start := d.i
		how := move(key)
		if how == moved {
			continue
		}
		d.i = start
		value := d.skip()
		if how == odd && string(value) != "null" && string(value) != "[]" { // PHP's empty object
			d.issue(where + string(key) + ": it is " + typeOf(value) + ", and not shown")
		}
		r.add(key, d.unmarked(value))
	}
	d.depth--
	return r.end(), true
}

func typeOf(value []byte) string {
	switch c := value[0]; {
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"', c == tagBody:
		return "a string"
	case c == '-' || isDigit(c):
		return "the number " + string(value[:min(len(value), 20)])
	}
	return string(value)
}

// unmarked returns value without the marks of bodies, which is rarely needed:
// for objects that stand twice. Strings that were left out are empty then.
func (d *decoder) unmarked(value []byte) []byte {
	if bytes.IndexByte(value, tagBody) < 0 {
		return value
	}
	var out []byte
	for c := (cursor{b: value}); c.i < len(value); {
		if m, raw, ok := c.body(); ok {
			out = append(append(append(out, '"'), raw...), '"')
			if raw == nil {
				d.issue(atByte(m.offset, "a body that stands twice is not shown"))
			}
			continue
		}
		if start := c.i; value[start] == '"' {
			c.raw()
			out = append(out, value[start:c.i]...)
		} else {
			out = append(out, value[start])
			c.i++
		}
	}
	return out
}

// entry returns the flow of an entry, nil if there is nothing of one in it.
func (d *decoder) entry(skeleton []byte) *flowpb.Flow {
	d.cursor = cursor{b: skeleton, text: d.text}
	d.depth = 0
	f := newFrame()
	extra, ok := d.object("", func(key []byte) outcome { return d.entryMember(f, key) })
	if !ok {
		d.issue("it is " + typeOf(skeleton) + ", not an object")
		return nil
	}
	f.har.Extra = d.keep(extra)
	if f.flow.Request == nil {
		d.issue("request: there is none")
		if f.flow.Response == nil {
			return nil
		}
	}
	f.times()
	f.connection()
	return &f.flow
}

func (d *decoder) entryMember(f *frame, key []byte) outcome {
	switch string(key) {
	case "request":
		return d.request(f)
	case "response":
		return d.response(f)
	case "startedDateTime":
		return d.string(&f.har.Started)
	case "time":
		return d.positive(f, &f.har.Time)
	case "timings":
		return d.timings(f)
	case "pageref":
		return d.string(&f.har.Pageref)
	case "serverIPAddress":
		return d.string(&f.har.ServerIpAddress)
	case "connection":
		return d.string(&f.har.Connection)
	case "comment":
		return d.string(&f.flow.Comment)
	case "cache":
		return d.json(&f.har.Cache)
	case "_initiator":
		return d.json(&f.har.Initiator)
	case "_priority":
		return d.json(&f.har.Priority)
	case "_resourceType":
		return d.json(&f.har.ResourceType)
	case "_webSocketMessages":
		return d.messages(f)
	}
	return d.entryDialect(f, key)
}

// entryDialect reads members of single producers, which stay.
func (d *decoder) entryDialect(f *frame, key []byte) outcome {
	switch string(key) {
	case "_webSocketClose":
		d.webSocketClose(f)
	case "_serverPort":
		if n, ok := d.port(); ok {
			f.peer.Port = n
		}
	case "_securityDetails":
		d.securityDetails(f)
	case "_clientAddress":
		if text, ok := d.str(); ok {
			f.client().Host = d.keep(text)
		}
	case "_clientPort":
		if n, ok := d.port(); ok {
			f.client().Port = n
		}
	case "_error", "_failureText":
		d.failure(f)
	}
	return stays
}

// string moves a string.
func (d *decoder) string(to *[]byte) outcome {
	text, ok := d.str()
	if !ok {
		return odd
	}
	*to = d.keep(text)
	return moved
}

// json moves any value.
func (d *decoder) json(to *[]byte) outcome {
	*to = d.keep(d.unmarked(d.skip()))
	return moved
}

// positive moves a number that is not negative: -1 says that it is unknown.
func (d *decoder) positive(f *frame, to **float64) outcome {
	n, ok := d.number()
	switch {
	case !ok:
		return odd
	case n < 0:
		return stays
	}
	*to = f.number(n)
	return moved
}

func (d *decoder) port() (*int32, bool) {
	n, ok := d.integer()
	if !ok || n < 0 || n > 65535 {
		return nil, false
	}
	return &n, true
}

// keep returns a copy of text, and nil of nil.
func (d *decoder) keep(text []byte) []byte {
	if text == nil {
		return nil
	}
	return d.page.keep(text)
}

func (d *decoder) timings(f *frame) outcome {
	t := &f.timings
	left, ok := d.object("timings.", func(key []byte) outcome {
		switch string(key) {
		case "blocked":
			return d.duration(f, &t.Blocked)
		case "dns":
			return d.duration(f, &t.Dns)
		case "connect":
			return d.duration(f, &t.Connect)
		case "ssl":
			return d.duration(f, &t.Ssl)
		case "send":
			return d.duration(f, &t.Send)
		case "wait":
			return d.duration(f, &t.Wait)
		case "receive":
			return d.duration(f, &t.Receive)
		}
		return stays
	})
	if !ok {
		return odd
	}
	f.har.Timings = t
	d.leave("timings", left)
	return moved
}

// duration moves a number; a negative one says that it is unknown.
func (d *decoder) duration(f *frame, to **float64) outcome {
	n, ok := d.number()
	if !ok {
		return odd
	}
	if n >= 0 {
		*to = f.number(n)
	}
	return moved
}

// leave adds what stays of an object to what stays of the object around it.
func (d *decoder) leave(key string, left []byte) {
	if left != nil {
		d.rests[d.depth-1].add([]byte(key), left)
	}
}

// securityDetails reads what browsers say of TLS.
func (d *decoder) securityDetails(f *frame) {
	if !d.cursor.object() {
		return
	}
	f.server.TlsEstablished = new(true)
	for {
		key, ok := d.member()
		if !ok {
			return
		}
		if text, ok := d.str(); !ok {
			d.skip()
		} else if string(key) == "protocol" {
			f.server.TlsVersion = d.keep(text)
		}
	}
}

// failure reads why there is no response: a text, or an object with one.
func (d *decoder) failure(f *frame) {
	if d.cursor.object() {
		for {
			key, ok := d.member()
			if !ok {
				return
			}
			if string(key) == "message" {
				d.failure(f)
			} else {
				d.skip()
			}
		}
	}
	if text, ok := d.str(); !ok {
		d.skip()
	} else if f.flow.Error == nil && len(text) > 0 {
		f.flow.Error = &flowpb.Error{Msg: d.keep(text)}
	}
}

// webSocketClose reads how HTTP Toolkit says that a conversation ended.
func (d *decoder) webSocketClose(f *frame) {
	if !d.cursor.object() {
		return
	}
	w := f.webSocket()
	for {
		key, ok := d.member()
		if !ok {
			return
		}
		switch string(key) {
		case "code":
			if n, ok := d.integer(); ok {
				w.CloseCode = new(int64(n))
				continue
			}
		case "reason":
			if text, ok := d.str(); ok {
				w.CloseReason = d.keep(text)
				continue
			}
		}
		d.skip()
	}
}

func (f *frame) webSocket() *flowpb.WebSocket {
	if f.flow.Websocket == nil {
		f.flow.Websocket = new(flowpb.WebSocket)
	}
	return f.flow.Websocket
}

func (f *frame) client() *flowpb.Address {
	if f.flow.ClientConn == nil {
		f.flow.ClientConn = &flowpb.ClientConnection{Address: new(flowpb.Address)}
	}
	return f.flow.ClientConn.Address
}

// msAbove tells milliseconds since 1970, which Playwright writes, from seconds.
const msAbove = 1e11

func (d *decoder) messages(f *frame) outcome {
	if !d.cursor.list() {
		return odd
	}
	w := f.webSocket()
	for i := 1; d.item(); i++ {
		where := "_webSocketMessages, message " + strconv.Itoa(i)
		if d.b[d.i] != '{' {
			d.issue(where + ": it is " + typeOf(d.skip()) + ", not an object")
			continue
		}
		w.Messages = append(w.Messages, d.message(where))
	}
	return moved
}

func (d *decoder) message(where string) *flowpb.WebSocketMessage {
	m := new(flowpb.WebSocketMessage)
	var data bodyText
	left, _ := d.object(where+": ", func(key []byte) outcome {
		switch string(key) {
		case "type":
			text, ok := d.str()
			if !ok {
				return odd
			}
			m.FromClient = new(string(text) == "send")
		case "time":
			n, ok := d.number()
			if !ok {
				return odd
			}
			if n > msAbove {
				n /= 1000
			}
			if n >= 0 {
				m.Timestamp = &n
			}
		case "opcode":
			n, ok := d.integer()
			if !ok {
				return odd
			}
			m.Type = &n
		case "data":
			return d.bodyText(&data)
		default:
			return stays
		}
		return moved
	})
	if left != nil {
		d.issue(where + ": there is no place for " + string(left[:min(len(left), 80)]))
	}
	const binary = 2
	data.base64 = m.GetType() == binary
	m.Content, m.Body = d.body(data, new(reference), charsetUTF8, where)
	return m
}
