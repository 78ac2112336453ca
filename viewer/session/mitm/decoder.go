package mitm

import (
	"encoding/binary"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"

	"flowpane/proto/flowpb"
)

// inlineBody is the length in bytes up to which a body is copied into its
// flow. A reference takes more memory than that.
const inlineBody = 64

// A decoder turns records into flows. The first error of a record stays in
// err, with the keys that lead to it, and what is decoded after it is void:
// that keeps some fifty fields free of error handling.
type decoder struct {
	skeleton bool // the record is a skeleton: offsets mean nothing in it
	err      error
	depth    int

	*memory        // of the flow that is decoded
	lasting memory // of flows and connections that are kept
	passing memory // of flows that are looked at, in the stream's buffer

	fields []*flowpb.HTTPHeader // scratch
	conns  connections
}

func newDecoder() *decoder {
	d := new(decoder)
	d.memory = &d.lasting
	d.passing.bytes.aliases = true
	return d
}

// bodyRef is a Body with the values that it points to.
type bodyRef struct {
	flowpb.Body
	source         uint32
	offset, length uint64
	encoding       flowpb.Body_Encoding
}

// fail notes an error unless there is one already.
func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *decoder) mismatch(want string, e element) {
	d.fail(errors.New("it should be " + want + ", and is " + tagName(e.tag)))
}

// pairs walks over the pairs of a dict.
type pairs struct {
	d      *decoder
	rest   []byte
	offset int64
	key    []byte
	value  element
}

// pairs returns the pairs of e, none if it is absent.
func (d *decoder) pairs(e element) pairs {
	if e.tag != tagDict {
		if !e.absent() {
			d.mismatch("a dict", e)
		}
		return pairs{d: d}
	}
	return pairs{d: d, rest: e.payload, offset: e.offset}
}

// next goes to the next pair. It returns false at the end of the dict and
// after an error, to which it adds the key it happened at.
func (p *pairs) next() bool {
	if p.d.err == nil {
		b := p.rest
		if begin, end := measure(b); begin > 0 {
			v := b[end+1:]
			if first, last := measure(v); first > 0 {
				p.key = b[begin:end:end]
				at := p.offset + int64(end) + 1
				p.value = element{v[last], v[first:last:last], at + int64(first)}
				p.rest, p.offset = v[last+1:], at+int64(last)+1
				return true
			}
		}
	}
	return p.slowNext()
}

// slowNext is next where there is more to it.
func (p *pairs) slowNext() bool {
	if p.d.err != nil {
		if p.key != nil {
			p.d.err = within(string(p.key[:min(len(p.key), maxKey)]), p.d.err)
		}
		return false
	}
	if len(p.rest) == 0 {
		return false
	}
	key := p.scan()
	if p.d.err != nil {
		return false
	}
	p.key = key.payload
	if len(p.rest) == 0 {
		p.d.err = errKey
	} else {
		p.value = p.scan()
	}
	if p.d.err != nil {
		p.d.err = within(string(p.key[:min(len(p.key), maxKey)]), p.d.err)
		return false
	}
	return true
}

func (p *pairs) scan() element {
	var e element
	e, p.rest, p.offset = p.d.scan(p.rest, p.offset)
	return e
}

// scan returns the element at the start of b, and what follows it.
func (d *decoder) scan(b []byte, offset int64) (element, []byte, int64) {
	if begin, end := measure(b); begin > 0 {
		return element{b[end], b[begin:end:end], offset + int64(begin)}, b[end+1:], offset + int64(end) + 1
	}
	e, size, err := scan(b, offset)
	if err == nil && e.tag == tagRef && !d.skeleton {
		err = unknownTag(tagRef)
	}
	if err != nil {
		d.fail(err)
		return element{}, nil, 0
	}
	return e, b[size:], offset + int64(size)
}

// items walks over the items of a list.
type items struct {
	d      *decoder
	rest   []byte
	offset int64
	n      int // how many were seen
	value  element
}

// items returns the items of e, none if it is absent.
func (d *decoder) items(e element) items {
	if e.tag != tagList {
		if !e.absent() {
			d.mismatch("a list", e)
		}
		return items{d: d}
	}
	return items{d: d, rest: e.payload, offset: e.offset}
}

// next is pairs.next for a list.
func (l *items) next() bool {
	if l.d.err == nil && len(l.rest) == 0 {
		return false
	}
	if l.d.err == nil {
		l.value, l.rest, l.offset = l.d.scan(l.rest, l.offset)
		l.n++
	}
	if l.d.err != nil && l.n > 0 {
		l.d.err = within(strconv.Itoa(l.n-1), l.d.err)
	}
	return l.d.err == nil
}

// take returns the next item of a tuple, or a zero element after its end.
func (l *items) take() element {
	if l.d.err != nil || len(l.rest) == 0 {
		return element{}
	}
	l.value, l.rest, l.offset = l.d.scan(l.rest, l.offset)
	return l.value
}

// within puts the place where err happened in front of it.
func within(place string, err error) error {
	if inner, ok := err.(*placed); ok {
		return &placed{place + "." + inner.place, inner.err}
	}
	return &placed{place, err}
}

// placed is an error at a place in a record: "request.headers.3".
type placed struct {
	place string
	err   error
}

func (p *placed) Error() string { return p.place + ": " + p.err.Error() }
func (p *placed) Unwrap() error { return p.err }

// data returns a copy of bytes or text, nil if e is absent.
func (d *decoder) data(e element) []byte {
	switch e.tag {
	case tagBytes:
	case tagText:
		if !utf8.Valid(e.payload) {
			d.fail(errUTF8)
		}
	default:
		if !e.absent() {
			d.mismatch("bytes or text", e)
		}
		return nil
	}
	return d.bytes.keep(e.payload)
}

// number returns a float or an integer, and whether it was an integer; nil if
// e is absent.
func (d *decoder) number(e element) (f *float64, integral bool) {
	var v float64
	var err error
	switch e.tag {
	case tagFloat:
		v, err = parseFloat(e.payload)
	case tagInt:
		if !isInt(e.payload) {
			err = errInt
		} else {
			v, err = parseFloat(e.payload)
		}
	default:
		if !e.absent() {
			d.mismatch("a number", e)
		}
		return nil, false
	}
	if err != nil {
		d.fail(err)
	}
	return d.floats.put(v), e.tag == tagInt
}

// time returns a number and sets a bit of mask if it was an integer.
func (d *decoder) time(e element, mask *uint32, bit int) *float64 {
	f, integral := d.number(e)
	if integral {
		*mask |= 1 << bit
	}
	return f
}

// mask returns an integral field: nil where no bit is set.
func (d *decoder) mask(bits uint32) *uint32 {
	if bits == 0 {
		return nil
	}
	return d.uint32s.put(bits)
}

// integer returns an integer within bounds, and false if e is absent.
func (d *decoder) integer(e element, low, high int64) (int64, bool) {
	if e.tag != tagInt {
		if !e.absent() {
			d.mismatch("an integer", e)
		}
		return 0, false
	}
	n, err := parseInt(e.payload)
	if err == nil && (n < low || n > high) {
		err = errors.New(strconv.FormatInt(n, 10) + " is out of range")
	}
	if err != nil {
		d.fail(err)
	}
	return n, true
}

func (d *decoder) int32(e element) *int32 {
	if n, ok := d.integer(e, math.MinInt32, math.MaxInt32); ok {
		return d.int32s.put(int32(n))
	}
	return nil
}

func (d *decoder) int64(e element) *int64 {
	if n, ok := d.integer(e, math.MinInt64, math.MaxInt64); ok {
		return d.int64s.put(n)
	}
	return nil
}

func (d *decoder) uint32(e element) *uint32 {
	if n, ok := d.integer(e, 0, math.MaxUint32); ok {
		return d.uint32s.put(uint32(n))
	}
	return nil
}

func (d *decoder) bool(e element) *bool {
	if e.tag != tagBool {
		if !e.absent() {
			d.mismatch("a bool", e)
		}
		return nil
	}
	v, err := parseBool(e.payload)
	if err != nil {
		d.fail(err)
	}
	return d.bools.put(v)
}

// body returns a body: a copy of its bytes if it is short, else where it lies,
// and neither if e is absent.
func (d *decoder) body(e element) ([]byte, *flowpb.Body) {
	switch {
	case e.tag == tagRef && len(e.payload) == refLen:
		return nil, d.ref(binary.BigEndian.Uint64(e.payload), binary.BigEndian.Uint64(e.payload[8:]))
	case e.tag != tagBytes && e.tag != tagText, len(e.payload) <= inlineBody, d.skeleton:
		return d.data(e), nil
	}
	return nil, d.ref(uint64(e.offset), uint64(len(e.payload)))
}

func (d *decoder) ref(offset, length uint64) *flowpb.Body {
	b := d.bodies.put(bodyRef{offset: offset, length: length, encoding: flowpb.Body_RAW})
	b.Source, b.Offset, b.Length, b.Encoding = &b.source, &b.offset, &b.length, &b.encoding
	return &b.Body
}
