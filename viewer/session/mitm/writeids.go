package mitm

import (
	"encoding/binary"
	"encoding/hex"
	"hash"
	"hash/fnv"
	"math"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// beginning returns when f began, in seconds, or 0 if nothing says so.
func beginning(f *flowpb.Flow) float64 {
	var times []*float64
	if f.Request != nil {
		times = append(times, f.Request.TimestampStart)
	}
	if f.DnsRequest != nil {
		times = append(times, f.DnsRequest.Timestamp)
	}
	if len(f.Messages) > 0 {
		times = append(times, f.Messages[0].Timestamp)
	}
	if f.ClientConn != nil {
		times = append(times, f.ClientConn.TimestampStart)
	}
	for _, t := range append(times, f.TimestampCreated) {
		if t != nil {
			return *t
		}
	}
	return 0
}

// idOf returns the id of f, or one that is made of what f is.
func (w *writer) idOf(f *flowpb.Flow) []byte {
	if f.Id != nil {
		return f.Id
	}
	h := newHash("flow")
	h.number(uint64(w.n))
	h.number(uint64(flow.Kind(f)))
	h.time(beginning(f))
	h.bytes(f.GetRequest().GetMethod())
	h.bytes([]byte(flow.URL(f)))
	h.number(uint64(f.GetResponse().GetStatusCode()))
	return h.uuid()
}

// connID returns the id of a connection of a flow, or one that is made of when
// it began and of two of its addresses. Of is the side.
func connID(id []byte, of string, start *float64, a, b *flowpb.Address, flowID []byte) []byte {
	if id != nil {
		return id
	}
	h := newHash(of)
	if start == nil {
		h.bytes(flowID)
		return h.uuid()
	}
	h.time(*start)
	h.address(a)
	h.address(b)
	return h.uuid()
}

// An idHash makes ids of values, each of which says its own length.
type idHash struct{ hash.Hash }

func newHash(of string) idHash {
	h := idHash{fnv.New128a()}
	h.bytes([]byte(of))
	return h
}

func (h idHash) number(n uint64) { h.Write(binary.BigEndian.AppendUint64(nil, n)) }

func (h idHash) time(t float64) { h.number(math.Float64bits(t)) }

func (h idHash) bytes(b []byte) {
	h.number(uint64(len(b)))
	h.Write(b)
}

func (h idHash) address(a *flowpb.Address) {
	h.bytes(a.GetHost())
	h.number(uint64(a.GetPort()))
}

// uuid returns the hash as a UUID of version 8, which is for such.
//
// Source: https://www.rfc-editor.org/rfc/rfc9562#section-5.8
func (h idHash) uuid() []byte {
	b := h.Sum(nil)
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	var id []byte
	for i, c := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			id = append(id, '-')
		}
		id = hex.AppendEncode(id, []byte{c})
	}
	return id
}
