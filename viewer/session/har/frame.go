package har

import (
	"flowpane/proto/flowpb"
)

// A frame is what a flow consists of, allocated at once: its parts live and die
// together.
type frame struct {
	flow     flowpb.Flow
	kind     flowpb.Kind
	har      flowpb.HAR
	timings  flowpb.HAR_Timings
	request  flowpb.HTTPRequest
	response flowpb.HTTPResponse
	bodies   [2]reference
	port     int32
	numbers  [16]float64
	used     int // of numbers
}

func newFrame() *frame {
	f := new(frame)
	f.flow.Kind = &f.kind
	f.flow.Har = &f.har
	return f
}

// number returns a pointer to n that nobody else has.
func (f *frame) number(n float64) *float64 {
	if f.used == len(f.numbers) { // members that stand twice
		return new(n)
	}
	p := &f.numbers[f.used]
	f.used++
	*p = n
	return p
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

// A reference is a Body with all that it points to.
type reference struct {
	body           flowpb.Body
	offset, length uint64
	encoding       flowpb.Body_Encoding
	decoded        bool
}

func (r *reference) set(encoding flowpb.Body_Encoding, offset, length int64) *flowpb.Body {
	r.offset, r.length, r.encoding, r.decoded = uint64(offset), uint64(length), encoding, true
	r.body = flowpb.Body{Offset: &r.offset, Length: &r.length, Encoding: &r.encoding, Decoded: &r.decoded}
	return &r.body
}

const (
	// pageLen is how many bytes of text are allocated at once.
	pageLen = 8 << 10
	// pageLines is how many field lines are.
	pageLines = 64
)

// A page is memory for the texts and field lines of a few flows.
type page struct {
	free  []byte
	lines []flowpb.HTTPHeader
	lists []*flowpb.HTTPHeader
}

// line returns a field line that nobody else has.
func (p *page) line() *flowpb.HTTPHeader {
	if len(p.lines) == 0 {
		p.lines = make([]flowpb.HTTPHeader, pageLines)
	}
	l := &p.lines[0]
	p.lines = p.lines[1:]
	return l
}

// list returns a copy of lines, which is never nil.
func (p *page) list(lines []*flowpb.HTTPHeader) []*flowpb.HTTPHeader {
	n := len(lines)
	if n > len(p.lists) || p.lists == nil {
		p.lists = make([]*flowpb.HTTPHeader, max(n, pageLines))
	}
	copied := p.lists[:n:n]
	p.lists = p.lists[copy(copied, lines):]
	return copied
}

// keep returns a copy of text, which is never nil.
func (p *page) keep(text []byte) []byte {
	if len(text) == 0 {
		return []byte{}
	}
	if len(text) > pageLen/8 {
		return append([]byte(nil), text...)
	}
	if len(text) > len(p.free) || p.free == nil {
		p.free = make([]byte, pageLen)
	}
	copied := p.free[:len(text):len(text)]
	p.free = p.free[copy(copied, text):]
	return copied
}

// A rest is a JSON object of what stays of another.
type rest struct {
	b    []byte
	last int // where its last member begins
}

// key begins a member. Key is as JSON has it, without quotes.
func (r *rest) key(key []byte) {
	r.last = len(r.b)
	if len(r.b) == 0 {
		r.b = append(r.b, '{')
	} else {
		r.b = append(r.b, ',')
	}
	r.b = append(append(append(r.b, '"'), key...), '"', ':')
}

// add adds a member, of which both key and value are JSON.
func (r *rest) add(key, value []byte) {
	r.key(key)
	r.b = append(r.b, value...)
}

// undo takes the last member away.
func (r *rest) undo() { r.b = r.b[:r.last] }

// join adds the members of another.
func (r *rest) join(other rest) {
	switch {
	case len(r.b) == 0:
		r.b = append(r.b, other.b...)
	case len(other.b) > 0:
		r.b = append(append(r.b, ','), other.b[1:]...)
	}
}

// end returns the object, or nil if it has no members. It is valid until the
// rest is used again.
func (r *rest) end() []byte {
	if len(r.b) == 0 {
		return nil
	}
	return append(r.b, '}')
}
