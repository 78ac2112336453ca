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
	f.begin()
	return f
}

// begin makes f a frame that nothing was read into.
func (f *frame) begin() {
	*f = frame{}
	f.flow.Kind = &f.kind
	f.flow.Har = &f.har
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
	texts run[byte]
	lines run[flowpb.HTTPHeader]
	lists run[*flowpb.HTTPHeader]
}

// reuse gives the memory of all flows that were read to those that follow.
// Nobody may look at them any more.
func (p *page) reuse() {
	p.texts.reuse()
	p.lines.reuse()
	p.lists.reuse()
}

// line returns a field line that nobody else has.
func (p *page) line() *flowpb.HTTPHeader {
	l := &p.lines.take(1, pageLines)[0]
	*l = flowpb.HTTPHeader{}
	return l
}

// list returns a copy of lines, which is never nil.
func (p *page) list(lines []*flowpb.HTTPHeader) []*flowpb.HTTPHeader {
	copied := p.lists.take(len(lines), pageLines)
	copy(copied, lines)
	return copied
}

// keep returns a copy of text, which is never nil.
func (p *page) keep(text []byte) []byte {
	if len(text) > pageLen/8 {
		return append([]byte(nil), text...)
	}
	copied := p.texts.take(len(text), pageLen)
	copy(copied, text)
	return copied
}

// A run is memory for values of one type, allocated at once.
type run[T any] struct{ all, free []T }

// take returns memory for n values, of whatever value; if there is none, for
// no less than most are allocated.
func (r *run[T]) take(n, most int) []T {
	if n > len(r.free) || r.free == nil {
		r.all = make([]T, max(n, most))
		r.free = r.all
	}
	t := r.free[:n:n]
	r.free = r.free[n:]
	return t
}

func (r *run[T]) reuse() { r.free = r.all }

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
